// Consumed capacity of requests that touch several items or tables.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "dynamo/request.h"

namespace ddbplan::engine {

/// Sums what the parts of one request consume, by table.
class CapacityByTable {
 public:
  void add(const dynamo::ConsumedCapacity& part);
  /// In the order of the tables' names.
  [[nodiscard]] std::vector<dynamo::ConsumedCapacity> list() const;

 private:
  std::map<std::string, dynamo::ConsumedCapacity> tables_;
};

/// A read of a table itself, as GetItem makes it.
dynamo::ConsumedCapacity table_read(const std::string& table, support::Bytes bytes,
                                    dynamo::Consistency consistency);

}  // namespace ddbplan::engine
