#include "model/evaluate.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <variant>

#include "model/timestamp.h"

namespace ddbplan::model {
namespace {

using dynamo::AttributeValue;
using dynamo::Decimal;

struct Instant {
  std::int64_t ms = 0;
};
struct Span {
  double seconds = 0;
};
/// A value on the way: of the row, the parameters or the expression, where it stands there, or one worked out.
/// Instants keep their precision until something says how they are written.
using Evaluated = std::variant<const AttributeValue*, AttributeValue, Instant, Span>;
using MaybeEvaluated = std::optional<Evaluated>;

/// Null: an instant or a span.
const AttributeValue* plain(const Evaluated& value) {
  if (const auto* there = std::get_if<const AttributeValue*>(&value)) return *there;
  return std::get_if<AttributeValue>(&value);
}

const AttributeValue* plain(const MaybeEvaluated& value) {
  return value ? plain(*value) : nullptr;
}

std::int64_t milliseconds(const Span& span) {
  return static_cast<std::int64_t>(std::llround(span.seconds * 1000));
}

MaybeEvaluated wrap(std::optional<AttributeValue> value) {
  if (!value) return std::nullopt;
  return Evaluated(*std::move(value));
}

MaybeEvaluated look_up(const AttributeRef& reference, const Scope& scope) {
  if (scope.related && (reference.via || !reference.through.empty())) {
    return wrap(scope.related(reference));
  }
  if (scope.row == nullptr) return std::nullopt;
  const auto* found = scope.row->find(reference.name);
  if (found == scope.row->end()) return std::nullopt;
  return Evaluated(&found->second);
}

std::int64_t utf8_code_units(const std::string& text) {
  return static_cast<std::int64_t>(text.size());
}

/// DynamoDB's size(): bytes of a text or binary, elements of a collection.
std::optional<AttributeValue> size_of(const AttributeValue& value) {
  struct Size {
    std::optional<std::int64_t> operator()(const std::string& text) const {
      return utf8_code_units(text);
    }
    std::optional<std::int64_t> operator()(const dynamo::Binary& binary) const {
      return static_cast<std::int64_t>(binary.bytes.size());
    }
    std::optional<std::int64_t> operator()(const dynamo::List& list) const {
      return static_cast<std::int64_t>(list.size());
    }
    std::optional<std::int64_t> operator()(const dynamo::Map& map) const {
      return static_cast<std::int64_t>(map.size());
    }
    std::optional<std::int64_t> operator()(const dynamo::StringSet& set) const {
      return static_cast<std::int64_t>(set.elements.size());
    }
    std::optional<std::int64_t> operator()(const dynamo::NumberSet& set) const {
      return static_cast<std::int64_t>(set.elements.size());
    }
    std::optional<std::int64_t> operator()(const dynamo::BinarySet& set) const {
      return static_cast<std::int64_t>(set.elements.size());
    }
    std::optional<std::int64_t> operator()(const Decimal&) const { return std::nullopt; }
    std::optional<std::int64_t> operator()(bool) const { return std::nullopt; }
    std::optional<std::int64_t> operator()(const dynamo::Null&) const { return std::nullopt; }
  };
  const std::optional<std::int64_t> size = std::visit(Size{}, value.data);
  if (!size) return std::nullopt;
  return AttributeValue::number(*size);
}

/// Products and quotients: fifteen significant digits, which is what a derived number needs.
std::optional<AttributeValue> inexact_arithmetic(char op, const Decimal& a, const Decimal& b) {
  if (op == '/' && b.is_zero()) return std::nullopt;
  const double result = op == '*' ? a.to_double() * b.to_double() : a.to_double() / b.to_double();
  std::array<char, 64> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), result,
                                          std::chars_format::scientific, 14);
  if (error != std::errc()) return std::nullopt;
  const auto parsed =
      Decimal::parse(std::string_view(text.data(), static_cast<std::size_t>(end - text.data())));
  if (!parsed) return std::nullopt;
  return AttributeValue::number(*parsed);
}

std::optional<AttributeValue> number_arithmetic(char op, const Decimal& a, const Decimal& b) {
  if (op == '*' || op == '/') return inexact_arithmetic(op, a, b);
  const auto result = op == '+' ? Decimal::add(a, b) : Decimal::subtract(a, b);
  if (!result) return std::nullopt;
  return AttributeValue::number(*result);
}

std::optional<Instant> as_instant(const Evaluated& value) {
  if (const Instant* instant = std::get_if<Instant>(&value)) return *instant;
  const AttributeValue* written = plain(value);
  const std::optional<std::int64_t> ms = written == nullptr ? std::nullopt : instant_of(*written);
  if (!ms) return std::nullopt;
  return Instant{*ms};
}

MaybeEvaluated arithmetic(char op, const Evaluated& left, const Evaluated& right) {
  const Span* span = std::get_if<Span>(&right);
  if (span != nullptr && (op == '+' || op == '-')) {
    if (const Span* base = std::get_if<Span>(&left)) {
      return Evaluated(
          Span{op == '+' ? base->seconds + span->seconds : base->seconds - span->seconds});
    }
    const std::optional<Instant> instant = as_instant(left);
    if (!instant) return std::nullopt;
    const std::int64_t shift = milliseconds(*span);
    return Evaluated(Instant{op == '+' ? instant->ms + shift : instant->ms - shift});
  }
  const AttributeValue* a = plain(left);
  const AttributeValue* b = plain(right);
  if (a == nullptr || b == nullptr || !a->as_number() || !b->as_number()) return std::nullopt;
  std::optional<AttributeValue> result = number_arithmetic(op, *a->as_number(), *b->as_number());
  if (!result) return std::nullopt;
  return Evaluated(*std::move(result));
}

MaybeEvaluated evaluate_operand(const Operand& operand, const Scope& scope);

struct OperandEvaluator {
  const Scope& scope;

  MaybeEvaluated operator()(const AttributeRef& node) const { return look_up(node, scope); }
  MaybeEvaluated operator()(const ParameterRef& node) const {
    if (scope.parameters == nullptr) return std::nullopt;
    const auto* found = scope.parameters->find(node.name);
    if (found == scope.parameters->end()) return std::nullopt;
    return Evaluated(&found->second);
  }
  MaybeEvaluated operator()(const Constant& node) const { return Evaluated(&node.value); }
  MaybeEvaluated operator()(const Now&) const { return Evaluated(Instant{scope.now_ms}); }
  MaybeEvaluated operator()(const SizeOf& node) const {
    const MaybeEvaluated value = look_up(node.attribute, scope);
    return value ? wrap(size_of(*plain(value))) : std::nullopt;
  }
  MaybeEvaluated operator()(const Arithmetic& node) const {
    const MaybeEvaluated left = evaluate_operand(*node.left, scope);
    const MaybeEvaluated right = evaluate_operand(*node.right, scope);
    if (!left || !right) return std::nullopt;
    return arithmetic(node.op, *left, *right);
  }
  MaybeEvaluated operator()(const DurationConstant& node) const {
    return Evaluated(Span{node.duration.seconds});
  }
  MaybeEvaluated operator()(const Truncate& node) const {
    const MaybeEvaluated value = evaluate_operand(*node.operand, scope);
    const std::optional<Instant> instant = value ? as_instant(*value) : std::nullopt;
    if (!instant) return std::nullopt;
    // A number stays a number of the same unit; text becomes the bucket's name.
    const AttributeValue* written = plain(value);
    if (written != nullptr && written->as_number() != nullptr) {
      return Evaluated(time_value_like(*written, truncate_instant(instant->ms, node.unit)));
    }
    return Evaluated(AttributeValue::string(bucket_text(instant->ms, node.unit)));
  }
};

MaybeEvaluated evaluate_operand(const Operand& operand, const Scope& scope) {
  return std::visit(OperandEvaluator{scope}, operand.node);
}

AttributeValue written(const Evaluated& value, ValueType time_type) {
  if (const Instant* instant = std::get_if<Instant>(&value))
    return time_value(time_type, instant->ms);
  if (const Span* span = std::get_if<Span>(&value)) {
    return AttributeValue::number(static_cast<std::int64_t>(std::llround(span->seconds)));
  }
  return *plain(value);
}

/// Both sides as plain values; an instant takes the other side's form.
bool compare_evaluated(CompareOp op, const MaybeEvaluated& left, const MaybeEvaluated& right) {
  if (!left || !right) return op == CompareOp::ne;
  const AttributeValue* a = plain(left);
  const AttributeValue* b = plain(right);
  if (a != nullptr && b != nullptr) return compare_values(op, *a, *b);
  const auto as_value = [](const Evaluated& value, const Evaluated& other) {
    const Instant* instant = std::get_if<Instant>(&value);
    const AttributeValue* sample = plain(other);
    if (instant != nullptr && sample != nullptr) return time_value_like(*sample, instant->ms);
    return written(value, ValueType::timestamp);
  };
  return compare_values(op, as_value(*left, *right), as_value(*right, *left));
}

bool contains(const AttributeValue& collection, const AttributeValue& element) {
  if (const std::string* text = collection.as_string()) {
    const std::string* part = element.as_string();
    return part != nullptr && text->find(*part) != std::string::npos;
  }
  if (const auto* set = std::get_if<dynamo::StringSet>(&collection.data)) {
    const std::string* text = element.as_string();
    return text != nullptr && std::binary_search(set->elements.begin(), set->elements.end(), *text);
  }
  if (const auto* set = std::get_if<dynamo::NumberSet>(&collection.data)) {
    const Decimal* number = element.as_number();
    return number != nullptr &&
           std::find(set->elements.begin(), set->elements.end(), *number) != set->elements.end();
  }
  if (const auto* list = std::get_if<dynamo::List>(&collection.data)) {
    return std::find(list->begin(), list->end(), element) != list->end();
  }
  return false;
}

bool begins_with(const AttributeValue& value, const AttributeValue& prefix) {
  const std::string* text = value.as_string();
  const std::string* start = prefix.as_string();
  return text != nullptr && start != nullptr && text->compare(0, start->size(), *start) == 0;
}

struct ExpressionEvaluator {
  const Scope& scope;

  bool operator()(const Compare& node) const {
    return compare_evaluated(node.op, evaluate_operand(*node.left, scope),
                             evaluate_operand(*node.right, scope));
  }
  bool operator()(const Between& node) const {
    const MaybeEvaluated value = evaluate_operand(*node.operand, scope);
    return compare_evaluated(CompareOp::ge, value, evaluate_operand(*node.low, scope)) &&
           compare_evaluated(CompareOp::le, value, evaluate_operand(*node.high, scope));
  }
  bool operator()(const OneOf& node) const {
    const MaybeEvaluated value = look_up(node.attribute, scope);
    return std::any_of(
        node.alternatives.begin(), node.alternatives.end(), [&](const OperandPtr& alternative) {
          return compare_evaluated(CompareOp::eq, value, evaluate_operand(*alternative, scope));
        });
  }
  bool operator()(const BeginsWith& node) const {
    const MaybeEvaluated value = look_up(node.attribute, scope);
    const std::optional<AttributeValue> prefix = evaluate(*node.prefix, scope);
    return value && prefix && begins_with(*plain(value), *prefix);
  }
  bool operator()(const Contains& node) const {
    const MaybeEvaluated value = look_up(node.attribute, scope);
    const std::optional<AttributeValue> element = evaluate(*node.element, scope);
    return value && element && contains(*plain(value), *element);
  }
  bool operator()(const Exists& node) const { return look_up(node.attribute, scope).has_value(); }
  bool operator()(const Missing& node) const { return !look_up(node.attribute, scope).has_value(); }
  bool operator()(const And& node) const {
    return std::all_of(node.terms.begin(), node.terms.end(),
                       [&](const ExpressionPtr& term) { return holds(*term, scope); });
  }
  bool operator()(const Or& node) const {
    return std::any_of(node.terms.begin(), node.terms.end(),
                       [&](const ExpressionPtr& term) { return holds(*term, scope); });
  }
  bool operator()(const Not& node) const { return !holds(*node.term, scope); }
};

}  // namespace

std::optional<AttributeValue> evaluate(const Operand& operand, const Scope& scope,
                                       ValueType time_type) {
  const MaybeEvaluated value = evaluate_operand(operand, scope);
  if (!value) return std::nullopt;
  return written(*value, time_type);
}

bool holds(const Expression& expression, const Scope& scope) {
  return std::visit(ExpressionEvaluator{scope}, expression.node);
}

bool holds(const ExpressionPtr& expression, const Scope& scope) {
  return expression == nullptr || holds(*expression, scope);
}

bool compare_values(CompareOp op, const AttributeValue& left, const AttributeValue& right) {
  if (op == CompareOp::eq) return left == right;
  if (op == CompareOp::ne) return !(left == right);
  const bool has_order = left.as_string() || left.as_number() || left.as_binary();
  if (!has_order || left.data.index() != right.data.index()) return false;
  const std::strong_ordering order = dynamo::compare_keys(left, right);
  switch (op) {
    case CompareOp::lt:
      return order < 0;
    case CompareOp::le:
      return order <= 0;
    case CompareOp::gt:
      return order > 0;
    default:
      return order >= 0;
  }
}

std::strong_ordering compare_in_order(const Attribute* attribute, const AttributeValue* a,
                                      const AttributeValue* b) {
  if (a == nullptr || b == nullptr) return (a != nullptr) <=> (b != nullptr);
  if (a->data.index() != b->data.index()) return std::strong_ordering::equal;
  if (const bool* flag = std::get_if<bool>(&a->data)) return *flag <=> std::get<bool>(b->data);
  if (!a->as_string() && !a->as_number() && !a->as_binary()) return std::strong_ordering::equal;
  if (attribute != nullptr && !attribute->values.empty() && a->as_string() != nullptr) {
    const auto rank = [&](const std::string& name) {
      const auto value =
          std::find_if(attribute->values.begin(), attribute->values.end(),
                       [&](const EnumValue& candidate) { return candidate.name == name; });
      return value == attribute->values.end() ? -1 : value->rank;
    };
    return rank(*a->as_string()) <=> rank(*b->as_string());
  }
  return dynamo::compare_keys(*a, *b);
}

bool refers_to_attribute(const Operand& operand) {
  struct Visitor {
    bool operator()(const AttributeRef&) const { return true; }
    bool operator()(const SizeOf&) const { return true; }
    bool operator()(const ParameterRef&) const { return false; }
    bool operator()(const Constant&) const { return false; }
    bool operator()(const Now&) const { return false; }
    bool operator()(const DurationConstant&) const { return false; }
    bool operator()(const Arithmetic& node) const {
      return refers_to_attribute(*node.left) || refers_to_attribute(*node.right);
    }
    bool operator()(const Truncate& node) const { return refers_to_attribute(*node.operand); }
  };
  return std::visit(Visitor{}, operand.node);
}

}  // namespace ddbplan::model
