#include "engine/partiql/parse_condition.h"

#include <array>
#include <utility>
#include <vector>

namespace ddbplan::engine::partiql {
namespace {

struct FunctionName {
  std::string_view keyword;
  std::string_view name;
  Function function;
};
constexpr std::array<FunctionName, 6> kFunctions = {{
    {"BEGINS_WITH", "begins_with", Function::begins_with},
    {"CONTAINS", "contains", Function::contains},
    {"ATTRIBUTE_TYPE", "attribute_type", Function::attribute_type},
    {"SIZE", "size", Function::size},
    {"LIST_APPEND", "list_append", Function::list_append},
    {"IF_NOT_EXISTS", "if_not_exists", Function::if_not_exists},
}};

struct ComparatorName {
  std::string_view symbol;
  Comparator comparator;
};
constexpr std::array<ComparatorName, 7> kComparators = {{
    {"=", Comparator::equal},
    {"<>", Comparator::not_equal},
    {"!=", Comparator::not_equal},
    {"<", Comparator::less},
    {"<=", Comparator::less_equal},
    {">", Comparator::greater},
    {">=", Comparator::greater_equal},
}};

}  // namespace

std::optional<Condition> ConditionParser::condition() {
  std::vector<Condition> terms;
  if (!enter()) return std::nullopt;
  do {
    std::optional<Condition> one = conjunction();
    if (!one) return std::nullopt;
    terms.push_back(*std::move(one));
  } while (accept_keyword("OR"));
  leave();
  return TreeBuilder::joined(std::move(terms), true);
}

std::optional<Condition> ConditionParser::conjunction() {
  std::vector<Condition> terms;
  do {
    std::optional<Condition> one = negation();
    if (!one) return std::nullopt;
    terms.push_back(*std::move(one));
  } while (accept_keyword("AND"));
  return TreeBuilder::joined(std::move(terms), false);
}

std::optional<Condition> ConditionParser::negation() {
  bool is_negated = false;
  while (accept_keyword("NOT")) is_negated = !is_negated;
  std::optional<Condition> inner = term();
  if (!inner || !is_negated) return inner;
  return TreeBuilder::negated(*std::move(inner));
}

std::optional<Condition> ConditionParser::term() {
  if (accept("(")) {
    std::optional<Condition> inner = condition();
    if (!inner || !expect(")")) return std::nullopt;
    return inner;
  }
  const bool is_call = is_function_next("BEGINS_WITH") || is_function_next("CONTAINS") ||
                       is_function_next("ATTRIBUTE_TYPE");
  if (is_call) {
    std::optional<FunctionCall> call = function();
    if (!call) return std::nullopt;
    return Condition{*std::move(call)};
  }
  std::optional<Operand> left = operand();
  if (!left) return std::nullopt;
  return after_operand(*std::move(left));
}

std::optional<Condition> ConditionParser::after_operand(Operand left) {
  if (accept_keyword("IS")) return is_predicate(std::move(left));
  if (accept_keyword("BETWEEN")) return between(std::move(left));
  if (accept_keyword("IN")) return in(std::move(left));
  if (is_keyword_next("LIKE")) {
    fail("Unsupported operator in Condition Expression. Operator: like");
    return std::nullopt;
  }
  for (const ComparatorName& one : kComparators) {
    if (!accept(one.symbol)) continue;
    std::optional<Operand> right = operand();
    if (!right) return std::nullopt;
    if (is("+") || is("-")) {
      fail("Unsupported operator in Condition Expression. Operator: " + peek().text);
      return std::nullopt;
    }
    return Condition{Comparison{one.comparator, std::move(left), *std::move(right)}};
  }
  fail_syntax();
  return std::nullopt;
}

std::optional<Condition> ConditionParser::is_predicate(Operand left) {
  const bool is_negated = accept_keyword("NOT");
  Path* path = std::get_if<Path>(&left.node);
  const bool is_missing = accept_keyword("MISSING");
  if (path == nullptr || (!is_missing && !accept_keyword("NULL"))) {
    fail_syntax();
    return std::nullopt;
  }
  if (is_missing) {
    const Function function =
        is_negated ? Function::attribute_exists : Function::attribute_not_exists;
    return Condition{TreeBuilder::call(
        function, is_negated ? "attribute_exists" : "attribute_not_exists", std::move(*path))};
  }
  const ValueId type = add_value(dynamo::AttributeValue::string("NULL"));
  Condition is_null{
      TreeBuilder::call(Function::attribute_type, "attribute_type", std::move(*path), type)};
  return is_negated ? TreeBuilder::negated(std::move(is_null)) : std::move(is_null);
}

std::optional<Condition> ConditionParser::between(Operand left) {
  std::optional<Operand> low = operand();
  if (!low || !expect_keyword("AND")) return std::nullopt;
  std::optional<Operand> high = operand();
  if (!high) return std::nullopt;
  return Condition{Between{std::move(left), *std::move(low), *std::move(high)}};
}

std::optional<Condition> ConditionParser::in(Operand left) {
  const bool in_brackets = accept("[");
  if (!in_brackets && !expect("(")) return std::nullopt;
  In made{std::move(left), {}};
  do {
    std::optional<Operand> candidate = operand();
    if (!candidate) return std::nullopt;
    made.candidates.push_back(*std::move(candidate));
  } while (accept(","));
  if (!expect(in_brackets ? "]" : ")")) return std::nullopt;
  return Condition{std::move(made)};
}

std::optional<FunctionCall> ConditionParser::function() {
  FunctionCall call;
  for (const FunctionName& one : kFunctions) {
    if (!is_function_next(one.keyword)) continue;
    call.function = one.function;
    call.name = one.name;
  }
  if (call.function == Function::unknown) {
    fail("Unrecognized function: " + peek().text);
    return std::nullopt;
  }
  advance();
  advance();
  if (!enter()) return std::nullopt;
  do {
    std::optional<Operand> argument = operand();
    if (!argument) return std::nullopt;
    call.arguments.push_back(*std::move(argument));
  } while (accept(","));
  leave();
  if (!expect(")")) return std::nullopt;
  return call;
}

std::optional<Operand> ConditionParser::operand() {
  if (is_value_next()) {
    std::optional<dynamo::AttributeValue> literal = value();
    if (!literal) return std::nullopt;
    return TreeBuilder::operand(add_value(*std::move(literal)));
  }
  const Token& next = peek(1);
  const bool is_call =
      peek().kind == TokenKind::word && next.kind == TokenKind::symbol && next.text == "(";
  if (is_call) {
    std::optional<FunctionCall> call = function();
    if (!call) return std::nullopt;
    return TreeBuilder::operand(*std::move(call));
  }
  std::optional<Path> named = path();
  if (!named) return std::nullopt;
  return TreeBuilder::operand(*std::move(named));
}

}  // namespace ddbplan::engine::partiql
