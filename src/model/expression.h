// Expressions of the language (`where`, `if`, `range`, `derive`), resolved: attributes are known to exist,
// constants have the attribute's type. A value; trees are shared, never edited.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dynamo/value.h"
#include "model/ids.h"
#include "support/source.h"
#include "support/units.h"

namespace ddbplan::model {

/// An attribute of the pattern's entity, of one of its ancestors or of a related entity (`Bid.user_id`).
struct AttributeRef {
  std::string name;
  /// The entity that holds it, when it is not the pattern's own entity.
  std::optional<EntityId> via;
  /// The relation's attribute on the way there (`room_id` of `room_id.last_at`); empty when the entity itself
  /// was named (`Bid.user_id`) or an ancestor's attribute was used without saying so.
  std::string through;
  support::Span span;
  bool operator==(const AttributeRef& other) const {
    return name == other.name && via == other.via;
  }
  /// It is the entity's own, not another one's that the entity is related to.
  [[nodiscard]] bool is_of(EntityId entity) const { return !via || *via == entity; }
};

struct Operand;
using OperandPtr = std::shared_ptr<const Operand>;

struct ParameterRef {  // :name, known at run time
  std::string name;
};
struct Constant {
  dynamo::AttributeValue value;
};
struct Now {};
struct SizeOf {
  AttributeRef attribute;
};
/// `now - 24 hours`, `total * 2`; a duration stands as a Constant in seconds with `is_duration`.
struct Arithmetic {
  char op = '+';  // + - * /
  OperandPtr left;
  OperandPtr right;
};
struct DurationConstant {
  support::Duration duration;
};
enum class TimeUnit { second, minute, hour, day, week, month, year };
/// `placed_at to day`.
struct Truncate {
  OperandPtr operand;
  TimeUnit unit = TimeUnit::day;
};
struct Operand {
  std::variant<AttributeRef, ParameterRef, Constant, Now, SizeOf, Arithmetic, DurationConstant,
               Truncate>
      node;
  support::Span span;
};

enum class CompareOp { eq, ne, lt, le, gt, ge };

struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;

struct Compare {
  CompareOp op = CompareOp::eq;
  OperandPtr left;
  OperandPtr right;
};
struct Between {  // both bounds included
  OperandPtr operand;
  OperandPtr low;
  OperandPtr high;
};
struct OneOf {  // status = OPEN | PAID
  AttributeRef attribute;
  std::vector<OperandPtr> alternatives;
};
struct BeginsWith {
  AttributeRef attribute;
  OperandPtr prefix;
};
struct Contains {
  AttributeRef attribute;
  OperandPtr element;
};
struct Exists {
  AttributeRef attribute;
};
struct Missing {
  AttributeRef attribute;
};
struct And {
  std::vector<ExpressionPtr> terms;
};
struct Or {
  std::vector<ExpressionPtr> terms;
};
struct Not {
  ExpressionPtr term;
};
struct Expression {
  std::variant<Compare, Between, OneOf, BeginsWith, Contains, Exists, Missing, And, Or, Not> node;
  support::Span span;
  /// Share of the rows for which it holds, where the schema says so (`matches`).
  std::optional<double> share = std::nullopt;
};

/// A canonical one-line dump in the language's own syntax: "status = OPEN | PAID and total > :least".
std::string to_string(const Expression& expression);
std::string to_string(const Operand& operand);

/// Adds the attributes that an expression or an operand reads, each once.
void collect_attributes(const Expression& expression, std::vector<std::string>& out);
void collect_attributes(const Operand& operand, std::vector<std::string>& out);

}  // namespace ddbplan::model
