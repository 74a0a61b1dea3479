#include "dynamo/request.h"

#include <array>

namespace ddbplan::dynamo {

HalfUnits ConsumedCapacity::total() const {
  HalfUnits sum = table_units;
  for (const auto& [name, units] : global_indexes) sum += units;
  for (const auto& [name, units] : local_indexes) sum += units;
  return sum;
}

bool may_write(const Request& request) {
  return !std::holds_alternative<GetItemRequest>(request) &&
         !std::holds_alternative<QueryRequest>(request) &&
         !std::holds_alternative<ScanRequest>(request) &&
         !std::holds_alternative<BatchGetItemRequest>(request) &&
         !std::holds_alternative<TransactGetItemsRequest>(request);
}

std::string_view legacy_operator_name(LegacyOperator op) {
  constexpr std::array<std::string_view, 13> kNames = {
      "EQ",      "NE",       "IN",   "LE",       "LT",           "GE",         "GT",
      "BETWEEN", "NOT_NULL", "NULL", "CONTAINS", "NOT_CONTAINS", "BEGINS_WITH"};
  return kNames.at(static_cast<std::size_t>(op));
}

}  // namespace ddbplan::dynamo
