#include "model/expression.h"

#include <string_view>

#include "support/text.h"

namespace ddbplan::model {
namespace {

/// How tightly a printed expression binds; a looser one inside a tighter one gets parentheses.
enum class Binding { disjunction, conjunction, negation, term };

std::string_view symbol(CompareOp op) {
  switch (op) {
    case CompareOp::eq:
      return "=";
    case CompareOp::ne:
      return "!=";
    case CompareOp::lt:
      return "<";
    case CompareOp::le:
      return "<=";
    case CompareOp::gt:
      return ">";
    case CompareOp::ge:
      return ">=";
  }
  return "=";
}

std::string_view unit_name(TimeUnit unit) {
  switch (unit) {
    case TimeUnit::second:
      return "second";
    case TimeUnit::minute:
      return "minute";
    case TimeUnit::hour:
      return "hour";
    case TimeUnit::day:
      return "day";
    case TimeUnit::week:
      return "week";
    case TimeUnit::month:
      return "month";
    case TimeUnit::year:
      return "year";
  }
  return "day";
}

bool is_bare_word(std::string_view text) {
  const auto is_word_character = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (text.empty() || (text.front() >= '0' && text.front() <= '9')) return false;
  for (const char c : text) {
    if (!is_word_character(c)) return false;
  }
  return true;
}

std::string constant_text(const dynamo::AttributeValue& value) {
  if (const std::string* text = value.as_string()) {
    return is_bare_word(*text) ? *text : "'" + *text + "'";
  }
  if (const dynamo::Decimal* number = value.as_number()) return number->to_string();
  if (const bool* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
  return std::string(value.type_name());
}

std::string reference_text(const AttributeRef& reference) {
  return reference.through.empty() ? reference.name : reference.through + "." + reference.name;
}

struct OperandPrinter {
  std::string operator()(const AttributeRef& node) const { return reference_text(node); }
  std::string operator()(const ParameterRef& node) const { return ":" + node.name; }
  std::string operator()(const Constant& node) const { return constant_text(node.value); }
  std::string operator()(const Now&) const { return "now"; }
  std::string operator()(const SizeOf& node) const {
    return "size(" + reference_text(node.attribute) + ")";
  }
  std::string operator()(const Arithmetic& node) const {
    return side(*node.left, node.op, false) + " " + node.op + " " +
           side(*node.right, node.op, true);
  }
  std::string operator()(const DurationConstant& node) const {
    return support::format_duration(node.duration);
  }
  std::string operator()(const Truncate& node) const {
    return to_string(*node.operand) + " to " + std::string(unit_name(node.unit));
  }

  /// A product of sums keeps its parentheses, and so does a right side, which does not regroup.
  static std::string side(const Operand& operand, char op, bool is_right) {
    const Arithmetic* inner = std::get_if<Arithmetic>(&operand.node);
    const bool is_truncation = std::holds_alternative<Truncate>(operand.node);
    const bool outer_is_product = op == '*' || op == '/';
    const bool inner_is_sum = inner != nullptr && (inner->op == '+' || inner->op == '-');
    const bool regroups = is_right && inner != nullptr && (outer_is_product || inner_is_sum);
    const bool needs = is_truncation || (outer_is_product && inner_is_sum) || regroups;
    return needs ? "(" + to_string(operand) + ")" : to_string(operand);
  }
};

std::string print(const Expression& expression, Binding outer);

std::string join_terms(const std::vector<ExpressionPtr>& terms, std::string_view word,
                       Binding binding, Binding outer) {
  std::vector<std::string> parts;
  parts.reserve(terms.size());
  for (const ExpressionPtr& term : terms) parts.push_back(print(*term, binding));
  const std::string joined = support::join(parts, word);
  return outer > binding ? "(" + joined + ")" : joined;
}

struct ExpressionPrinter {
  Binding outer;

  std::string operator()(const Compare& node) const {
    return to_string(*node.left) + " " + std::string(symbol(node.op)) + " " +
           to_string(*node.right);
  }
  std::string operator()(const Between& node) const {
    return to_string(*node.operand) + " between " + to_string(*node.low) + " and " +
           to_string(*node.high);
  }
  std::string operator()(const OneOf& node) const {
    std::vector<std::string> parts;
    for (const OperandPtr& alternative : node.alternatives)
      parts.push_back(to_string(*alternative));
    return reference_text(node.attribute) + " = " + support::join(parts, " | ");
  }
  std::string operator()(const BeginsWith& node) const {
    return reference_text(node.attribute) + " begins_with " + to_string(*node.prefix);
  }
  std::string operator()(const Contains& node) const {
    return reference_text(node.attribute) + " contains " + to_string(*node.element);
  }
  std::string operator()(const Exists& node) const {
    return "exists(" + reference_text(node.attribute) + ")";
  }
  std::string operator()(const Missing& node) const {
    return "missing(" + reference_text(node.attribute) + ")";
  }
  std::string operator()(const And& node) const {
    return join_terms(node.terms, " and ", Binding::conjunction, outer);
  }
  std::string operator()(const Or& node) const {
    return join_terms(node.terms, " or ", Binding::disjunction, outer);
  }
  std::string operator()(const Not& node) const {
    return "not " + print(*node.term, Binding::negation);
  }
};

std::string print(const Expression& expression, Binding outer) {
  return std::visit(ExpressionPrinter{outer}, expression.node);
}

}  // namespace

std::string to_string(const Expression& expression) {
  return print(expression, Binding::disjunction);
}

std::string to_string(const Operand& operand) {
  return std::visit(OperandPrinter{}, operand.node);
}

namespace {

struct AttributeCollector {
  std::vector<std::string>& out;
  void add(const std::string& name) const { support::add_once(out, name); }
  void operator()(const Compare& e) const {
    collect_attributes(*e.left, out), collect_attributes(*e.right, out);
  }
  void operator()(const Between& e) const {
    collect_attributes(*e.operand, out), collect_attributes(*e.low, out),
        collect_attributes(*e.high, out);
  }
  void operator()(const OneOf& e) const { add(e.attribute.name); }
  void operator()(const BeginsWith& e) const { add(e.attribute.name); }
  void operator()(const Contains& e) const { add(e.attribute.name); }
  void operator()(const Exists& e) const { add(e.attribute.name); }
  void operator()(const Missing& e) const { add(e.attribute.name); }
  void operator()(const And& e) const {
    for (const auto& term : e.terms) collect_attributes(*term, out);
  }
  void operator()(const Or& e) const {
    for (const auto& term : e.terms) collect_attributes(*term, out);
  }
  void operator()(const Not& e) const { collect_attributes(*e.term, out); }
};

}  // namespace

void collect_attributes(const Expression& expression, std::vector<std::string>& out) {
  std::visit(AttributeCollector{out}, expression.node);
}

void collect_attributes(const Operand& operand, std::vector<std::string>& out) {
  if (const auto* attribute = std::get_if<AttributeRef>(&operand.node))
    support::add_once(out, attribute->name);
  if (const auto* size = std::get_if<SizeOf>(&operand.node))
    support::add_once(out, size->attribute.name);
  if (const auto* cut = std::get_if<Truncate>(&operand.node))
    collect_attributes(*cut->operand, out);
  if (const auto* sum = std::get_if<Arithmetic>(&operand.node)) {
    collect_attributes(*sum->left, out);
    collect_attributes(*sum->right, out);
  }
}

}  // namespace ddbplan::model
