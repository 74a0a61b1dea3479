#include "model/expression.h"

#include <doctest/doctest.h>

namespace ddbplan::model {
namespace {

OperandPtr attribute(std::string name) {
  auto operand = std::make_shared<Operand>();
  AttributeRef reference;
  reference.name = std::move(name);
  operand->node = std::move(reference);
  return operand;
}
OperandPtr text(std::string value) {
  auto operand = std::make_shared<Operand>();
  operand->node = Constant{dynamo::AttributeValue::string(std::move(value))};
  return operand;
}
template <class T>
ExpressionPtr make(T node) {
  auto expression = std::make_shared<Expression>();
  expression->node = std::move(node);
  return expression;
}
OperandPtr arithmetic(char op, OperandPtr left, OperandPtr right) {
  auto operand = std::make_shared<Operand>();
  operand->node = Arithmetic{op, std::move(left), std::move(right)};
  return operand;
}

TEST_CASE("constants: words bare, other texts in quotes") {
  CHECK(to_string(*text("OPEN")) == "OPEN");
  CHECK(to_string(*text("two words")) == "'two words'");
  CHECK(to_string(*text("9lives")) == "'9lives'");
  CHECK(to_string(*text("")) == "''");
}

TEST_CASE("parentheses only where they are needed") {
  const ExpressionPtr a = make(Compare{CompareOp::eq, attribute("a"), text("x")});
  const ExpressionPtr b = make(Exists{AttributeRef{"b", std::nullopt, "", {}}});
  const ExpressionPtr either = make(Or{{a, b}});
  CHECK(to_string(*make(And{{either, b}})) == "(a = x or exists(b)) and exists(b)");
  CHECK(to_string(*make(Or{{make(And{{a, b}}), b}})) == "a = x and exists(b) or exists(b)");
  CHECK(to_string(*make(Not{either})) == "not (a = x or exists(b))");
  CHECK(to_string(*make(Not{a})) == "not a = x");
}

TEST_CASE("arithmetic") {
  const OperandPtr sum = arithmetic('+', attribute("a"), attribute("b"));
  CHECK(to_string(*arithmetic('*', sum, attribute("c"))) == "(a + b) * c");
  CHECK(to_string(*arithmetic('-', sum, attribute("c"))) == "a + b - c");
  CHECK(to_string(*arithmetic('-', attribute("c"), sum)) == "c - (a + b)");
}

TEST_CASE("a reference through a relation shows the way") {
  AttributeRef reference;
  reference.name = "last_at";
  reference.via = EntityId{1};
  reference.through = "room_id";
  CHECK(to_string(*make(Missing{reference})) == "missing(room_id.last_at)");
}

}  // namespace
}  // namespace ddbplan::model
