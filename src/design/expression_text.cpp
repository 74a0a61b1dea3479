#include "design/expression_text.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "dynamo/reserved.h"
#include "support/check.h"
#include "support/text.h"

namespace ddbplan::design {
namespace {

using dynamo::AttributeValue;

/// Longer constants get a number for a name.
constexpr std::size_t kPlaceholderLength = 24;

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string as_word(const std::string& text) {
  std::string word;
  for (const char c : text) word += is_word_character(c) ? c : '_';
  return word;
}

std::string wish_for_constant(const AttributeValue& value) {
  const std::string* text = value.as_string();
  const bool is_word = text != nullptr && !text->empty() && text->size() <= kPlaceholderLength &&
                       std::all_of(text->begin(), text->end(), is_word_character);
  if (is_word) return support::to_lower_ascii(*text);
  if (const bool* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
  if (value.as_number() != nullptr) {
    const std::string digits = value.as_number()->to_string();
    if (std::all_of(digits.begin(), digits.end(), is_word_character)) return "n" + digits;
  }
  return "value";
}

std::string wish_for(const model::Operand& operand) {
  if (const auto* parameter = std::get_if<model::ParameterRef>(&operand.node)) {
    return as_word(parameter->name);
  }
  if (const auto* constant = std::get_if<model::Constant>(&operand.node)) {
    return wish_for_constant(constant->value);
  }
  if (std::holds_alternative<model::Now>(operand.node)) return "now";
  return "value";
}

std::string_view symbol(model::CompareOp op) {
  switch (op) {
    case model::CompareOp::eq:
      return "=";
    case model::CompareOp::ne:
      return "<>";
    case model::CompareOp::lt:
      return "<";
    case model::CompareOp::le:
      return "<=";
    case model::CompareOp::gt:
      return ">";
    case model::CompareOp::ge:
      return ">=";
  }
  return "=";
}

/// The attribute that an operand stands beside, to give instants their form.
std::string attribute_in(const model::Operand& operand) {
  if (const auto* reference = std::get_if<model::AttributeRef>(&operand.node))
    return reference->name;
  if (const auto* sum = std::get_if<model::Arithmetic>(&operand.node)) {
    const std::string left = attribute_in(*sum->left);
    return left.empty() ? attribute_in(*sum->right) : left;
  }
  return {};
}

struct ConditionWriter {
  ExpressionWriter& writer;

  std::string operator()(const model::Compare& node) const {
    const std::string left_attribute = attribute_in(*node.left);
    const std::string attribute =
        left_attribute.empty() ? attribute_in(*node.right) : left_attribute;
    const std::string left = writer.operand(*node.left, attribute);
    return left + " " + std::string(symbol(node.op)) + " " + writer.operand(*node.right, attribute);
  }
  std::string operator()(const model::Between& node) const {
    const std::string attribute = attribute_in(*node.operand);
    const std::string operand = writer.operand(*node.operand, attribute);
    const std::string low = writer.operand(*node.low, attribute);
    return operand + " BETWEEN " + low + " AND " + writer.operand(*node.high, attribute);
  }
  std::string operator()(const model::OneOf& node) const {
    std::vector<std::string> values;
    for (const model::OperandPtr& alternative : node.alternatives) {
      values.push_back(writer.operand(*alternative, node.attribute.name));
    }
    const std::string name = writer.name(node.attribute.name);
    if (values.size() == 1) return name + " = " + values.front();
    return name + " IN (" + support::join(values, ", ") + ")";
  }
  std::string operator()(const model::BeginsWith& node) const {
    return "begins_with(" + writer.name(node.attribute.name) + ", " +
           writer.operand(*node.prefix, node.attribute.name) + ")";
  }
  std::string operator()(const model::Contains& node) const {
    return "contains(" + writer.name(node.attribute.name) + ", " +
           writer.operand(*node.element, node.attribute.name) + ")";
  }
  std::string operator()(const model::Exists& node) const {
    return "attribute_exists(" + writer.name(node.attribute.name) + ")";
  }
  std::string operator()(const model::Missing& node) const {
    return "attribute_not_exists(" + writer.name(node.attribute.name) + ")";
  }
  std::string operator()(const model::And& node) const { return joined(node.terms, " AND "); }
  std::string operator()(const model::Or& node) const { return joined(node.terms, " OR "); }
  std::string operator()(const model::Not& node) const { return "NOT " + inner(*node.term); }

  std::string joined(const std::vector<model::ExpressionPtr>& terms, std::string_view word) const {
    std::vector<std::string> parts;
    for (const model::ExpressionPtr& term : terms) parts.push_back(inner(*term));
    return support::join(parts, word);
  }
  /// Parentheses around whatever could be read two ways; BETWEEN has an AND of its own.
  std::string inner(const model::Expression& expression) const {
    const bool is_compound = std::holds_alternative<model::And>(expression.node) ||
                             std::holds_alternative<model::Or>(expression.node) ||
                             std::holds_alternative<model::Not>(expression.node) ||
                             std::holds_alternative<model::Between>(expression.node);
    const std::string text = writer.condition(expression);
    return is_compound ? "(" + text + ")" : text;
  }
};

AttributeValue wrapped(AttributeValue value, ExpressionWriter::Wrap wrap) {
  if (wrap == ExpressionWriter::Wrap::list) {
    if (std::holds_alternative<dynamo::List>(value.data)) return value;
    return {AttributeValue::Variant(dynamo::List{std::move(value)})};
  }
  if (wrap == ExpressionWriter::Wrap::none) return value;
  if (const std::string* text = value.as_string()) {
    return {AttributeValue::Variant(dynamo::make_string_set({*text}))};
  }
  if (const dynamo::Decimal* number = value.as_number()) {
    return {AttributeValue::Variant(dynamo::make_number_set({*number}))};
  }
  if (const dynamo::Binary* binary = value.as_binary()) {
    return {AttributeValue::Variant(dynamo::make_binary_set({*binary}))};
  }
  return value;
}

/// Walks every operand below an expression.
template <class Visit>
struct OperandWalk {
  const Visit& visit;

  void operator()(const model::Compare& node) const {
    walk(*node.left);
    walk(*node.right);
  }
  void operator()(const model::Between& node) const {
    walk(*node.operand);
    walk(*node.low);
    walk(*node.high);
  }
  void operator()(const model::OneOf& node) const {
    reference(node.attribute);
    for (const model::OperandPtr& alternative : node.alternatives) walk(*alternative);
  }
  void operator()(const model::BeginsWith& node) const {
    reference(node.attribute);
    walk(*node.prefix);
  }
  void operator()(const model::Contains& node) const {
    reference(node.attribute);
    walk(*node.element);
  }
  void operator()(const model::Exists& node) const { reference(node.attribute); }
  void operator()(const model::Missing& node) const { reference(node.attribute); }
  void operator()(const model::And& node) const { all(node.terms); }
  void operator()(const model::Or& node) const { all(node.terms); }
  void operator()(const model::Not& node) const { std::visit(*this, node.term->node); }

  void all(const std::vector<model::ExpressionPtr>& terms) const {
    for (const model::ExpressionPtr& term : terms) std::visit(*this, term->node);
  }
  void reference(const model::AttributeRef& attribute) const {
    visit(model::Operand{attribute, attribute.span});
  }
  void walk(const model::Operand& operand) const {
    visit(operand);
    if (const auto* sum = std::get_if<model::Arithmetic>(&operand.node)) {
      walk(*sum->left);
      walk(*sum->right);
    } else if (const auto* truncate = std::get_if<model::Truncate>(&operand.node)) {
      walk(*truncate->operand);
    } else if (const auto* size = std::get_if<model::SizeOf>(&operand.node)) {
      reference(size->attribute);
    }
  }
};

template <class Visit>
void walk_operands(const model::Expression& expression, const Visit& visit) {
  std::visit(OperandWalk<Visit>{visit}, expression.node);
}

}  // namespace

std::string ExpressionWriter::reserve(const std::string& wish) {
  std::string name = wish;
  for (int n = 2; std::find(taken_.begin(), taken_.end(), name) != taken_.end(); ++n) {
    name = wish + std::to_string(n);
  }
  taken_.push_back(name);
  return name;
}

std::string ExpressionWriter::name(const std::string& attribute) {
  if (dynamo::is_plain_expression_name(attribute)) return attribute;
  for (const auto& [placeholder, real] : names_) {
    if (real == attribute) return placeholder;
  }
  std::string placeholder = reserve("#" + as_word(attribute));
  names_.emplace(placeholder, attribute);
  return placeholder;
}

std::string ExpressionWriter::value(const std::string& wish, AttributeValue known) {
  std::string placeholder = reserve(":" + as_word(wish));
  known_.emplace(placeholder, std::move(known));
  return placeholder;
}

std::string ExpressionWriter::condition(const model::Expression& expression) {
  return std::visit(ConditionWriter{*this}, expression.node);
}

std::string ExpressionWriter::operand(const model::Operand& operand, const std::string& attribute) {
  if (const auto* reference = std::get_if<model::AttributeRef>(&operand.node)) {
    return name(reference->name);
  }
  if (const auto* size = std::get_if<model::SizeOf>(&operand.node)) {
    return "size(" + name(size->attribute.name) + ")";
  }
  const auto* sum = std::get_if<model::Arithmetic>(&operand.node);
  if (sum != nullptr && model::refers_to_attribute(operand)) {
    // Only an update's SET can add, and only once: the planner promises no more.
    const std::string left = this->operand(*sum->left, attribute);
    return left + " " + std::string(1, sum->op) + " " + this->operand(*sum->right, attribute);
  }
  return element(operand, attribute, Wrap::none);
}

std::string ExpressionWriter::element(const model::Operand& operand, const std::string& attribute,
                                      Wrap wrap) {
  std::string text = model::to_string(operand) + " as " + attribute;
  if (wrap != Wrap::none) text += " wrapped";
  for (const Pending& pending : pending_) {
    if (pending.text == text) return pending.placeholder;
  }
  std::string placeholder = reserve(":" + wish_for(operand));
  pending_.push_back({placeholder, operand, attribute, std::move(text), wrap});
  return placeholder;
}

ExpressionWriter::Values ExpressionWriter::values(const model::Scope& scope,
                                                  const TypeOf& type_of) const {
  Values result;
  result.expression.names = names_;
  result.expression.values = known_;
  for (const Pending& pending : pending_) {
    const model::ValueType type = type_of(pending.attribute);
    std::optional<AttributeValue> value = model::evaluate(pending.operand, scope, type);
    if (!value) {
      result.missing = model::to_string(pending.operand);
      continue;
    }
    result.expression.values.emplace(pending.placeholder, wrapped(*std::move(value), pending.wrap));
  }
  return result;
}

std::vector<std::string> attributes_of(const model::Expression& expression) {
  std::vector<std::string> names;
  walk_operands(expression, [&](const model::Operand& operand) {
    const auto* reference = std::get_if<model::AttributeRef>(&operand.node);
    if (reference != nullptr) names.push_back(reference->name);
  });
  return names;
}

std::vector<std::string> parameters_of(const model::Expression& expression) {
  std::vector<std::string> names;
  walk_operands(expression, [&](const model::Operand& operand) {
    const auto* parameter = std::get_if<model::ParameterRef>(&operand.node);
    if (parameter != nullptr) names.push_back(parameter->name);
  });
  return names;
}

model::ExpressionPtr without_missing(const model::ExpressionPtr& filter,
                                     const std::vector<std::string>& optional,
                                     const dynamo::Item& given) {
  if (filter == nullptr) return nullptr;
  const auto is_left_out = [&](const model::Expression& term) {
    const std::vector<std::string> parameters = parameters_of(term);
    return std::any_of(parameters.begin(), parameters.end(), [&](const std::string& name) {
      return !given.contains(name) &&
             std::find(optional.begin(), optional.end(), name) != optional.end();
    });
  };
  const auto* conjunction = std::get_if<model::And>(&filter->node);
  if (conjunction == nullptr) return is_left_out(*filter) ? nullptr : filter;
  model::And kept;
  for (const model::ExpressionPtr& term : conjunction->terms) {
    if (!is_left_out(*term)) kept.terms.push_back(term);
  }
  if (kept.terms.empty()) return nullptr;
  if (kept.terms.size() == 1) return kept.terms.front();
  if (kept.terms.size() == conjunction->terms.size()) return filter;
  return std::make_shared<const model::Expression>(model::Expression{kept, filter->span});
}

model::ExpressionPtr absent_where_missing(const model::ExpressionPtr& condition,
                                          const std::vector<std::string>& optional,
                                          const dynamo::Item& given) {
  if (condition == nullptr) return nullptr;
  if (const auto* conjunction = std::get_if<model::And>(&condition->node)) {
    model::And terms;
    for (const model::ExpressionPtr& term : conjunction->terms)
      terms.terms.push_back(absent_where_missing(term, optional, given));
    return std::make_shared<const model::Expression>(
        model::Expression{std::move(terms), condition->span});
  }
  const auto* compare = std::get_if<model::Compare>(&condition->node);
  if (compare == nullptr || compare->op != model::CompareOp::eq) return condition;
  const auto* attribute = std::get_if<model::AttributeRef>(&compare->left->node);
  const auto* parameter = std::get_if<model::ParameterRef>(&compare->right->node);
  const bool is_missing =
      attribute != nullptr && parameter != nullptr && !given.contains(parameter->name) &&
      std::find(optional.begin(), optional.end(), parameter->name) != optional.end();
  if (!is_missing) return condition;
  return std::make_shared<const model::Expression>(
      model::Expression{model::Missing{*attribute}, condition->span});
}

}  // namespace ddbplan::design
