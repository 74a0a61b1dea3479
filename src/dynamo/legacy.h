// The parameters of requests from before expressions (2012): AttributesToGet, AttributeUpdates,
// Expected, KeyConditions, QueryFilter, ScanFilter and ConditionalOperator. (API Reference, "Legacy
// conditional parameters".) Few programs send them, so requests carry them behind a pointer.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dynamo/value.h"

namespace ddbplan::dynamo {

enum class LegacyOperator {
  equal,
  not_equal,
  in,
  less_equal,
  less,
  greater_equal,
  greater,
  between,
  not_null,
  null,
  contains,
  not_contains,
  begins_with,
};
/// "EQ", "NE", "IN", ...
std::string_view legacy_operator_name(LegacyOperator op);

/// A member of KeyConditions, QueryFilter or ScanFilter.
struct LegacyCondition {
  LegacyOperator op = LegacyOperator::equal;
  std::vector<AttributeValue> values;
};

/// A member of Expected, as it was sent: which of its members go together is checked later.
struct ExpectedAttribute {
  std::optional<AttributeValue> value;
  std::optional<bool> exists;
  std::optional<LegacyOperator> op;
  std::optional<std::vector<AttributeValue>> values;
};

enum class LegacyAction { put, add, erase };
struct AttributeUpdate {
  LegacyAction action = LegacyAction::put;
  std::optional<AttributeValue> value;
};

struct LegacyParameters {
  std::optional<std::vector<std::string>> attributes_to_get;
  std::optional<std::map<std::string, AttributeUpdate>> attribute_updates;
  std::optional<std::map<std::string, ExpectedAttribute>> expected;
  std::optional<std::map<std::string, LegacyCondition>> key_conditions;
  /// QueryFilter or ScanFilter.
  std::optional<std::map<std::string, LegacyCondition>> filter;
  /// ConditionalOperator: OR instead of AND.
  std::optional<bool> any_of;
};
/// nullptr: the request has none of them.
using LegacyRef = std::shared_ptr<const LegacyParameters>;

}  // namespace ddbplan::dynamo
