#include "seed/satisfy.h"

#include <optional>

#include "model/evaluate.h"
#include "model/timestamp.h"

namespace ddbplan::seed {

namespace {

using dynamo::AttributeValue;
using dynamo::Decimal;
using dynamo::Item;
using model::CompareOp;

/// Parameters of `attribute op :parameter` get values for which it holds.
class Satisfier {
 public:
  Satisfier(const Item& row, const std::set<std::string>& set, Item& values)
      : row_(row), set_(set), values_(values) {}

  void of(const model::ExpressionPtr& expression) const {
    if (expression != nullptr) std::visit(*this, expression->node);
  }
  void operator()(const model::Compare& node) const {
    const auto* parameter = std::get_if<model::ParameterRef>(&node.right->node);
    if (parameter == nullptr) return;
    std::optional<AttributeValue> own;
    if (const auto* attribute = std::get_if<model::AttributeRef>(&node.left->node)) {
      if (const auto* found = row_.find(attribute->name); found != row_.end()) own = found->second;
    } else {
      // What is worked out of some, as size() is.
      model::Scope scope;
      scope.row = &row_;
      own = model::evaluate(*node.left, scope);
    }
    const CompareOp op = set_.contains(parameter->name) ? unequal(node.op) : node.op;
    if (own) values_.insert_or_assign(parameter->name, fitting(op, *own));
  }
  void operator()(const model::Between& node) const {
    const auto* attribute = std::get_if<model::AttributeRef>(&node.operand->node);
    const auto* own = attribute == nullptr ? row_.end() : row_.find(attribute->name);
    if (own == row_.end()) return;
    for (const model::OperandPtr& bound : {node.low, node.high}) {
      const auto* parameter = std::get_if<model::ParameterRef>(&bound->node);
      if (parameter != nullptr) values_.insert_or_assign(parameter->name, own->second);
    }
  }
  void operator()(const model::OneOf& node) const {
    const auto* own = row_.find(node.attribute.name);
    for (const model::OperandPtr& alternative : node.alternatives) {
      const auto* parameter = std::get_if<model::ParameterRef>(&alternative->node);
      if (parameter != nullptr && own != row_.end()) {
        values_.insert_or_assign(parameter->name, own->second);
      }
    }
  }
  void operator()(const model::BeginsWith& node) const { own_value(node.attribute, node.prefix); }
  void operator()(const model::Contains& node) const {
    const auto* own = row_.find(node.attribute.name);
    const auto* parameter = std::get_if<model::ParameterRef>(&node.element->node);
    if (own == row_.end() || parameter == nullptr) return;
    const auto* set = std::get_if<dynamo::StringSet>(&own->second.data);
    if (set != nullptr && !set->elements.empty()) {
      values_.insert_or_assign(parameter->name, AttributeValue::string(set->elements.front()));
    }
  }
  void operator()(const model::Exists&) const {}
  void operator()(const model::Missing&) const {}
  void operator()(const model::And& node) const {
    for (const model::ExpressionPtr& term : node.terms) of(term);
  }
  void operator()(const model::Or& node) const {
    for (const model::ExpressionPtr& term : node.terms) of(term);
  }
  void operator()(const model::Not& node) const { of(node.term); }

 private:
  void own_value(const model::AttributeRef& attribute, const model::OperandPtr& operand) const {
    const auto* own = row_.find(attribute.name);
    const auto* parameter = std::get_if<model::ParameterRef>(&operand->node);
    if (own != row_.end() && parameter != nullptr) {
      values_.insert_or_assign(parameter->name, own->second);
    }
  }

  static CompareOp unequal(CompareOp op) {
    if (op == CompareOp::le) return CompareOp::lt;
    return op == CompareOp::ge ? CompareOp::gt : op;
  }

  /// A text of the same form after, or before, this one: a time is one still.
  static AttributeValue beyond(const std::string& text, bool after) {
    constexpr std::int64_t kDayMs = 86'400'000;
    const AttributeValue own = AttributeValue::string(text);
    if (const auto ms = model::instant_of(own))
      return model::time_value_like(own, *ms + (after ? kDayMs : -kDayMs));
    std::string out = text;
    for (std::size_t i = out.size(); i-- > 0;) {
      const bool is_at_end = after ? out[i] >= 'Z' : out[i] <= '0';
      if (is_at_end) continue;
      out[i] = static_cast<char>(out[i] + (after ? 1 : -1));
      break;
    }
    return AttributeValue::string(out);
  }

  static AttributeValue fitting(CompareOp op, const AttributeValue& own) {
    const Decimal* number = own.as_number();
    const std::string* text = own.as_string();
    if (text != nullptr && (op == CompareOp::lt || op == CompareOp::gt))
      return beyond(*text, op == CompareOp::lt);
    if (number == nullptr) return own;
    const Decimal one = Decimal::from_int(1);
    switch (op) {
      case CompareOp::ge:
      case CompareOp::gt: {
        // A small amount, as quantities are, where the row has more.
        const Decimal small = Decimal::from_int(2);
        if (small < *number) return AttributeValue::number(small);
        const auto less = Decimal::subtract(*number, one);
        return op == CompareOp::ge || !less ? own : AttributeValue::number(*less);
      }
      case CompareOp::lt:
      case CompareOp::ne: {
        const auto more = Decimal::add(*number, one);
        return more ? AttributeValue::number(*more) : own;
      }
      default:
        return own;
    }
  }

  const Item& row_;
  const std::set<std::string>& set_;
  Item& values_;
};

}  // namespace

void satisfy(const model::ExpressionPtr& condition, const Item& row, Item& values,
             const std::set<std::string>& set) {
  Satisfier(row, set, values).of(condition);
}

}  // namespace ddbplan::seed
