#include "model/row_times.h"

#include <algorithm>

namespace ddbplan::model {
namespace {

std::optional<double> tighter_of(const std::optional<double>& a, const std::optional<double>& b,
                                 bool greater) {
  if (!a || !b) return a ? a : b;
  return greater ? std::max(*a, *b) : std::min(*a, *b);
}

}  // namespace

support::Duration age_span(const Entity& entity) {
  if (entity.retention && entity.retention->after) return *entity.retention->after;
  if (entity.rollup && entity.rollup->spans) return *entity.rollup->spans;
  return {support::kSecondsPerYear};
}

bool is_expiry_time(const Entity& entity, const Attribute& attribute) {
  const std::optional<Retention>& retention = entity.retention;
  return retention && (retention->attribute == attribute.name ||
                       (!retention->after && retention->base_attribute == attribute.name));
}

bool may_lie_ahead(const Entity& entity, const Attribute& attribute) {
  return is_expiry_time(entity, attribute) || attribute.ahead.value_or(0) > 0;
}

double time_share(const Entity& entity, const Attribute& attribute, const TimeBounds& bounds) {
  const double span = age_span(entity).seconds;
  if (span <= 0) return 1;
  double last = span * attribute.ahead.value_or(0);
  if (is_expiry_time(entity, attribute)) {
    const Attribute* base = entity.find(entity.retention->base_attribute);
    last = span * (1 + (base == nullptr || base == &attribute ? 0 : base->ahead.value_or(0)));
  }
  const double first = last - span;
  const double kept =
      std::min(bounds.high.value_or(last), last) - std::max(bounds.low.value_or(first), first);
  return std::clamp(kept / span, 0.0, 1.0);
}

std::optional<double> seconds_after_now(const Operand& operand) {
  if (std::holds_alternative<Now>(operand.node)) return 0;
  const auto* sum = std::get_if<Arithmetic>(&operand.node);
  if (sum == nullptr || (sum->op != '+' && sum->op != '-')) return std::nullopt;
  const auto* duration = std::get_if<DurationConstant>(&sum->right->node);
  if (duration == nullptr || !std::holds_alternative<Now>(sum->left->node)) return std::nullopt;
  return sum->op == '+' ? duration->duration.seconds : -duration->duration.seconds;
}

std::optional<TimeComparison> time_comparison(const Expression& expression) {
  if (const auto* between = std::get_if<Between>(&expression.node)) {
    const auto* attribute = std::get_if<AttributeRef>(&between->operand->node);
    const auto low = seconds_after_now(*between->low);
    const auto high = seconds_after_now(*between->high);
    if (attribute == nullptr || !low || !high) return std::nullopt;
    return TimeComparison{*attribute, {low, high}};
  }
  const auto* compare = std::get_if<Compare>(&expression.node);
  if (compare == nullptr) return std::nullopt;
  const auto* attribute = std::get_if<AttributeRef>(&compare->left->node);
  const auto at = seconds_after_now(*compare->right);
  if (attribute == nullptr || !at) return std::nullopt;
  switch (compare->op) {
    case CompareOp::lt:
    case CompareOp::le:
      return TimeComparison{*attribute, {std::nullopt, at}};
    case CompareOp::gt:
    case CompareOp::ge:
      return TimeComparison{*attribute, {at, std::nullopt}};
    case CompareOp::eq:
    case CompareOp::ne:
      break;
  }
  return std::nullopt;
}

std::optional<TimeComparison> known_side(const Expression& expression) {
  const auto* between = std::get_if<Between>(&expression.node);
  if (between == nullptr) return std::nullopt;
  const auto* attribute = std::get_if<AttributeRef>(&between->operand->node);
  const auto low = seconds_after_now(*between->low);
  const auto high = seconds_after_now(*between->high);
  const OperandPtr& other = low ? between->high : between->low;
  if (attribute == nullptr || low.has_value() == high.has_value() ||
      !std::holds_alternative<ParameterRef>(other->node))
    return std::nullopt;
  return TimeComparison{*attribute, {low, high}};
}

TimeBounds tighter(const TimeBounds& a, const TimeBounds& b) {
  return {tighter_of(a.low, b.low, true), tighter_of(a.high, b.high, false)};
}

}  // namespace ddbplan::model
