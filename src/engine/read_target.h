// What a Query or Scan reads: a table or one of its indexes, seen alike.
#pragma once

#include <optional>
#include <string>

#include "dynamo/request.h"
#include "engine/errors.h"
#include "engine/state.h"

namespace ddbplan::engine {

class ReadTarget {
 public:
  ReadTarget(const TableStore& table, const IndexStore* index) : table_(&table), index_(index) {}

  [[nodiscard]] const TableStore& table() const { return *table_; }
  /// nullptr when the table itself is read.
  [[nodiscard]] const IndexStore* index() const { return index_; }
  [[nodiscard]] const Collections& entries() const {
    return index_ == nullptr ? table_->items() : index_->entries;
  }
  [[nodiscard]] const dynamo::KeySchema& key() const {
    return index_ == nullptr ? table_->description().key : index_->description.key;
  }
  [[nodiscard]] Position position_of(const dynamo::Item& entry) const;
  /// The attributes of LastEvaluatedKey: those of the index's key and of the table's.
  [[nodiscard]] dynamo::Item key_of(const dynamo::Item& entry) const;
  /// Whether an attribute is in every entry whose item has it.
  [[nodiscard]] bool projects(const std::string& attribute) const;

 private:
  const TableStore* table_;
  const IndexStore* index_;
};

ApiResult<ReadTarget> find_target(EngineState& state, const std::string& table,
                                  const std::optional<std::string>& index, bool consistent_read);

/// An ExclusiveStartKey has exactly the attributes of LastEvaluatedKey, of their types.
std::optional<dynamo::ApiError> check_start_key(const ReadTarget& target,
                                                const dynamo::Item& start);

}  // namespace ddbplan::engine
