#include "engine/capacity.h"

namespace ddbplan::engine {

void CapacityByTable::add(const dynamo::ConsumedCapacity& part) {
  dynamo::ConsumedCapacity& sum = tables_[part.table];
  sum.table = part.table;
  sum.is_write = part.is_write;
  sum.table_units += part.table_units;
  for (const auto& [index, units] : part.global_indexes) sum.global_indexes[index] += units;
  for (const auto& [index, units] : part.local_indexes) sum.local_indexes[index] += units;
}

std::vector<dynamo::ConsumedCapacity> CapacityByTable::list() const {
  std::vector<dynamo::ConsumedCapacity> all;
  all.reserve(tables_.size());
  for (const auto& [table, consumed] : tables_) all.push_back(consumed);
  return all;
}

dynamo::ConsumedCapacity table_read(const std::string& table, support::Bytes bytes,
                                    dynamo::Consistency consistency) {
  dynamo::ConsumedCapacity consumed;
  consumed.table = table;
  consumed.table_units = dynamo::read_units(bytes, consistency);
  return consumed;
}

}  // namespace ddbplan::engine
