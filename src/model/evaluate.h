// Expressions of the language over one row: what `where`, `if`, `when` and `derive` mean. Pure;
// knows nothing of keys. Comparisons are DynamoDB's, so that a filter and the oracle agree: values
// of different types are never equal and have no order; a missing attribute makes every comparison
// false, except `!=`, which holds.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>

#include "model/entity.h"

namespace ddbplan::model {

/// What names in an expression stand for.
struct Scope {
  const dynamo::Item* row = nullptr;
  /// By name without the colon; null: there are none.
  const dynamo::Item* parameters = nullptr;
  std::int64_t now_ms = 0;
  /// Attributes of other entities (AttributeRef::via or ::through). Empty: looked up in `row` by
  /// name.
  std::function<std::optional<dynamo::AttributeValue>(const AttributeRef&)> related;
};

/// The operand's value; nullopt when an attribute or parameter in it is missing, or arithmetic is
/// impossible. `time_type` says how an instant (`now - 24 hours`) is written.
std::optional<dynamo::AttributeValue> evaluate(const Operand& operand, const Scope& scope,
                                               ValueType time_type = ValueType::timestamp);

[[nodiscard]] bool holds(const Expression& expression, const Scope& scope);
/// Null is "no condition": true.
[[nodiscard]] bool holds(const ExpressionPtr& expression, const Scope& scope);

/// `left op right` over two values that are there.
[[nodiscard]] bool compare_values(CompareOp op, const dynamo::AttributeValue& left,
                                  const dynamo::AttributeValue& right);

/// How two rows stand in `order` by one attribute: texts of a declared enum by rank, other values
/// by value, a missing one (null) first. Values of different types count as equal.
std::strong_ordering compare_in_order(const Attribute* attribute, const dynamo::AttributeValue* a,
                                      const dynamo::AttributeValue* b);

/// Whether the operand names an attribute, so that its value differs from row to row.
[[nodiscard]] bool refers_to_attribute(const Operand& operand);

}  // namespace ddbplan::model
