#include "plan/expressions.h"

#include "model/row_times.h"
#include "plan/need.h"

namespace ddbplan::plan {

namespace {

model::ExpressionPtr make(decltype(model::Expression::node) node) {
  return std::make_shared<const model::Expression>(model::Expression{std::move(node), {}});
}

model::OperandPtr make_operand(decltype(model::Operand::node) node) {
  return std::make_shared<const model::Operand>(model::Operand{std::move(node), {}});
}

model::AttributeRef ref(std::string name) {
  model::AttributeRef attribute;
  attribute.name = std::move(name);
  return attribute;
}

/// attribute = constant, either way round.
std::optional<Equality> constant_equality(const model::Compare& compare) {
  if (compare.op != model::CompareOp::eq) return std::nullopt;
  const auto* attribute = std::get_if<model::AttributeRef>(&compare.left->node);
  const auto* value = std::get_if<model::Constant>(&compare.right->node);
  if (attribute == nullptr || value == nullptr || attribute->via) return std::nullopt;
  return Equality{attribute->name, {value->value}};
}

std::optional<Equality> constant_alternatives(const model::OneOf& one_of) {
  if (one_of.attribute.via) return std::nullopt;
  Equality equality{one_of.attribute.name, {}};
  for (const model::OperandPtr& alternative : one_of.alternatives) {
    const auto* value = std::get_if<model::Constant>(&alternative->node);
    if (value == nullptr) return std::nullopt;
    equality.values.push_back(value->value);
  }
  return equality;
}

void split_term(const model::ExpressionPtr& term, SplitWhere& split) {
  if (const auto* both = std::get_if<model::And>(&term->node)) {
    for (const model::ExpressionPtr& inner : both->terms) split_term(inner, split);
    return;
  }
  std::optional<Equality> equality;
  if (const auto* comparison = std::get_if<model::Compare>(&term->node))
    equality = constant_equality(*comparison);
  if (const auto* one_of = std::get_if<model::OneOf>(&term->node))
    equality = constant_alternatives(*one_of);
  if (equality) {
    split.equal.push_back(std::move(*equality));
  } else {
    split.residual = conjunction(split.residual, term);
  }
}

}  // namespace

model::OperandPtr attribute_operand(std::string name) {
  return make_operand(ref(std::move(name)));
}
model::OperandPtr parameter(std::string name) {
  return make_operand(model::ParameterRef{std::move(name)});
}
model::OperandPtr constant(dynamo::AttributeValue value) {
  return make_operand(model::Constant{std::move(value)});
}
model::OperandPtr now() {
  return make_operand(model::Now{});
}

model::ExpressionPtr compare(model::CompareOp op, model::OperandPtr left, model::OperandPtr right) {
  return make(model::Compare{op, std::move(left), std::move(right)});
}
model::ExpressionPtr younger_than(const std::string& attribute, support::Duration age) {
  const model::OperandPtr since =
      make_operand(model::Arithmetic{'-', now(), make_operand(model::DurationConstant{age})});
  return compare(model::CompareOp::ge, attribute_operand(attribute), since);
}
model::ExpressionPtr missing(std::string attribute) {
  return make(model::Missing{ref(std::move(attribute))});
}
model::ExpressionPtr exists(std::string attribute) {
  return make(model::Exists{ref(std::move(attribute))});
}
model::ExpressionPtr disjunction(std::vector<model::ExpressionPtr> terms) {
  if (terms.size() == 1) return terms.front();
  return make(model::Or{std::move(terms)});
}

model::ExpressionPtr equals_any(const std::string& attribute,
                                const std::vector<dynamo::AttributeValue>& values) {
  if (values.size() == 1)
    return compare(model::CompareOp::eq, attribute_operand(attribute), constant(values.front()));
  model::OneOf one_of{ref(attribute), {}};
  for (const dynamo::AttributeValue& value : values) one_of.alternatives.push_back(constant(value));
  return make(std::move(one_of));
}

std::optional<design::Source> key_source(const model::OperandPtr& operand) {
  if (const auto* named = std::get_if<model::ParameterRef>(&operand->node))
    return design::FromParameter{named->name};
  if (const auto* value = std::get_if<model::Constant>(&operand->node))
    return design::FromConstant{value->value};
  const std::optional<double> after_now = model::seconds_after_now(*operand);
  return after_now ? std::optional<design::Source>(design::FromNow{0 - *after_now}) : std::nullopt;
}

model::ExpressionPtr equals_parameter(const std::string& attribute, const std::string& given) {
  return compare(model::CompareOp::eq, attribute_operand(attribute), parameter(given));
}

model::ExpressionPtr between_parameters(const std::string& attribute) {
  return make(model::Between{attribute_operand(attribute), parameter(attribute + "_from"),
                             parameter(attribute + "_to")});
}

model::ExpressionPtr affirmed(const model::Entity& entity, const model::ExpressionPtr& where) {
  if (const auto* both = std::get_if<model::And>(&where->node)) {
    model::ExpressionPtr out;
    for (const model::ExpressionPtr& term : both->terms)
      out = conjunction(out, affirmed(entity, term));
    return out;
  }
  const auto* negation = std::get_if<model::Not>(&where->node);
  const auto* comparison =
      std::get_if<model::Compare>(negation == nullptr ? &where->node : &negation->term->node);
  const model::CompareOp denied = negation == nullptr ? model::CompareOp::ne : model::CompareOp::eq;
  if (comparison == nullptr || comparison->op != denied) return where;
  const auto* name = std::get_if<model::AttributeRef>(&comparison->left->node);
  const auto* value = std::get_if<model::Constant>(&comparison->right->node);
  const model::Attribute* attribute =
      name == nullptr || name->via ? nullptr : entity.find(name->name);
  // A row without the attribute is not the value either.
  if (value == nullptr || attribute == nullptr || attribute->present < 1) return where;
  std::vector<dynamo::AttributeValue> others;
  if (attribute->type == model::ValueType::boolean) {
    const bool* flag = std::get_if<bool>(&value->value.data);
    if (flag == nullptr) return where;
    others.push_back(dynamo::AttributeValue::boolean(!*flag));
  }
  for (const auto& declared : attribute->values) {
    dynamo::AttributeValue other = model::enum_value(*attribute, declared.name);
    if (!(other == value->value)) others.push_back(std::move(other));
  }
  return others.empty() ? where : equals_any(attribute->name, others);
}

SplitWhere split_where(const model::ExpressionPtr& where) {
  SplitWhere split;
  if (where) split_term(where, split);
  return split;
}

model::ExpressionPtr not_expired(const model::Entity& entity) {
  if (!entity.retention) return nullptr;
  const std::string& attribute = entity.retention->attribute;
  model::ExpressionPtr alive = compare(model::CompareOp::gt, attribute_operand(attribute), now());
  const model::Attribute* found = entity.find(attribute);
  if (found != nullptr && found->present < 1) return disjunction({missing(attribute), alive});
  return alive;
}

}  // namespace ddbplan::plan
