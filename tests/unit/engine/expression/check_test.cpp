#include "engine/expression/check.h"

#include <doctest/doctest.h>

#include <string>

#include "engine/expression/parser.h"
#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)

namespace {

const ddbplan::dynamo::ExpressionNames& definitions() {
  static const ddbplan::dynamo::ExpressionNames kNames = [] {
    ddbplan::dynamo::ExpressionNames names;
    names.names = {{"#a", "a"}, {"#s", "status"}};
    names.values = {{":s", value(R"({"S":"x"})")},     {":n", value(R"({"N":"1"})")},
                    {":m", value(R"({"N":"9"})")},     {":b", value(R"({"BOOL":true})")},
                    {":l", value(R"({"L":[]})")},      {":ss", value(R"({"SS":["x"]})")},
                    {":type", value(R"({"S":"SS"})")}, {":bin", value(R"({"B":"AAA="})")}};
    return names;
  }();
  return kNames;
}

/// The first problem of an expression that parses, "" when there is none.
template <class Parsed>
std::string problem(const Parsed& parsed) {
  REQUIRE(parsed.ok());
  if (const auto structure = check_structure(*parsed)) return *structure;
  Placeholders placeholders(definitions());
  const auto bindings = placeholders.bind(parsed->symbols);
  if (!bindings) return bindings.error();
  return check_operands(*parsed, *bindings).value_or("");
}

std::string condition(std::string_view text) {
  return problem(parse_condition(text));
}
std::string update(std::string_view text) {
  return problem(parse_update(text));
}
std::string projection(std::string_view text) {
  return problem(parse_projection(text));
}

std::string repeat(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

}  // namespace

TEST_CASE("reserved words need a placeholder") {
  CHECK(condition("status = :s") ==
        "Attribute name is a reserved keyword; reserved keyword: status");
  CHECK(condition("a.Name = :s") == "Attribute name is a reserved keyword; reserved keyword: Name");
  CHECK(condition("#s = :s").empty());
  CHECK(update("SET a = data") == "Attribute name is a reserved keyword; reserved keyword: data");
  CHECK(projection("a, ttl") == "Attribute name is a reserved keyword; reserved keyword: ttl");
}

TEST_CASE("placeholders must be defined") {
  CHECK(condition("#x = :s") ==
        "An expression attribute name used in the document path is not defined; attribute name: "
        "#x");
  CHECK(condition("a = :x") ==
        "An expression attribute value used in expression is not defined; attribute value: :x");
}

TEST_CASE("functions: name, place, count and operands") {
  CHECK(condition("Size(a) = :n") == "Invalid function name; function: Size");
  CHECK(condition("exists(a)") == "Invalid function name; function: exists");
  CHECK(condition("size(a)") ==
        "The function is not allowed to be used this way in an expression; function: size");
  CHECK(condition("contains(a, :s) = :b") ==
        "The function is not allowed to be used this way in an expression; function: contains");
}

TEST_CASE("a condition function is not an operand") {
  CHECK(condition("a = begins_with(b, :s)") ==
        "The function is not allowed to be used this way in an expression; function: begins_with");
  CHECK(condition("size(size(a)) = :n") ==
        "Incorrect operand type for operator or function; operator or function: size, operand "
        "type: N");
  CHECK(condition("a = if_not_exists(b, :s)") ==
        "The function is not allowed in a condition expression; function: if_not_exists");
  CHECK(update("SET a = size(b)") ==
        "The function is not allowed in an update expression; function: size");
  CHECK(condition("begins_with(a)") ==
        "Incorrect number of operands for operator or function; operator or function: "
        "begins_with, number of operands: 1");
  CHECK(update("SET a = list_append(a, :l, :l)") ==
        "Incorrect number of operands for operator or function; operator or function: "
        "list_append, number of operands: 3");
  CHECK(condition("attribute_exists(:s)") ==
        "Operator or function requires a document path; operator or function: attribute_exists");
  CHECK(update("SET a = if_not_exists(:s, :s)") ==
        "Operator or function requires a document path; operator or function: if_not_exists");
}

TEST_CASE("the request's own values must have the right types") {
  CHECK(condition("a < :b") ==
        "Incorrect operand type for operator or function; operator or function: <, operand type: "
        "BOOL");
  CHECK(condition("a = :b").empty());
  CHECK(condition("begins_with(a, :n)") ==
        "Incorrect operand type for operator or function; operator or function: begins_with, "
        "operand type: N");
  CHECK(condition("begins_with(a, :bin)").empty());
  CHECK(condition("size(:n) = :n") ==
        "Incorrect operand type for operator or function; operator or function: size, operand "
        "type: N");
  CHECK(condition("attribute_type(a, :type)").empty());
  CHECK(condition("attribute_type(a, :s)") ==
        "Invalid attribute type name found; type: x, valid types: "
        "{B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
  CHECK(condition("attribute_type(a, :n)") ==
        "Incorrect operand type for operator or function; operator or function: attribute_type, "
        "operand type: N");
  CHECK(update("SET a = b + :s") ==
        "Incorrect operand type for operator or function; operator or function: +, operand type: "
        "S");
  CHECK(update("SET a = list_append(a, :s)") ==
        "Incorrect operand type for operator or function; operator or function: list_append, "
        "operand type: S");
  CHECK(update("ADD a :s") ==
        "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, "
        "typeSet: ALLOWED_FOR_ADD_OPERAND");
  CHECK(update("DELETE a :n") ==
        "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, "
        "typeSet: ALLOWED_FOR_DELETE_OPERAND");
  CHECK(update("ADD a :n, b :ss DELETE c :ss").empty());
}

TEST_CASE("BETWEEN") {
  CHECK(condition("a BETWEEN :n AND :m").empty());
  CHECK(condition("a BETWEEN :m AND :n") ==
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; "
        "lower bound operand: AttributeValue: {N:9}, upper bound operand: AttributeValue: {N:1}");
  CHECK(condition("a BETWEEN :s AND :n") ==
        "The BETWEEN operator requires same data type for lower and upper bounds; lower bound "
        "operand: AttributeValue: {S:x}, upper bound operand: AttributeValue: {N:1}");
  CHECK(condition("a BETWEEN :bin AND :bin").empty());
  CHECK(condition("a BETWEEN b AND :n").empty());
}

TEST_CASE("an operand is not compared with itself") {
  CHECK(condition("a = #a") ==
        "The first operand must be distinct from the remaining operands for this operator or "
        "function; operator: =, first operand: [a]");
  CHECK(condition("contains(b[0].c, b[0].c)") ==
        "The first operand must be distinct from the remaining operands for this operator or "
        "function; operator: contains, first operand: [b, [0], c]");
  CHECK(condition("a = b AND a = c").empty());
  CHECK(condition("a IN (b, a)").find("operator: IN") != std::string::npos);
}

TEST_CASE("counts: IN 100, operators 300, levels 32, indexes 2^31 - 1") {
  CHECK(condition("a IN (:n" + repeat(", :n", 99) + ")").empty());
  CHECK(condition("a IN (:n" + repeat(", :n", 100) + ")") ==
        "The IN operator is provided with too many operands; number of operands: 101");
  CHECK(condition("a = :n" + repeat(" AND a = :n", 149)).empty());
  CHECK(condition("a = :n" + repeat(" AND a = :n", 150)) ==
        "The expression contains too many operators; operator count: 301");
  CHECK(projection("a" + repeat(".a", 31)).empty());
  CHECK(projection("a" + repeat(".a", 32)) ==
        "The document path has too many nesting levels; nesting levels: 33");
  CHECK(projection("a[2147483647]").empty());
  CHECK(projection("a[2147483648]") ==
        "List index is not within the allowable range; index: [2147483648]");
  CHECK(projection("a[99999999999999999999999]").find("List index is not") == 0);
}

TEST_CASE("paths of an update or projection may neither overlap nor conflict") {
  CHECK(update("SET a = :n, b = :n").empty());
  CHECK(update("SET a = :n REMOVE #a") ==
        "Two document paths overlap with each other; must remove or rewrite one of these paths; "
        "path one: [a], path two: [a]");
  CHECK(update("SET a.b = :n, a = :n") ==
        "Two document paths overlap with each other; must remove or rewrite one of these paths; "
        "path one: [a, b], path two: [a]");
  CHECK(update("SET a.b = :n, a[1] = :n") ==
        "Two document paths conflict with each other; must remove or rewrite one of these paths; "
        "path one: [a, b], path two: [a, [1]]");
  CHECK(update("SET a[0] = :n, a[1] = :n").empty());
  CHECK(projection("a.b, a.c, a.c.d").find("overlap") != std::string::npos);
  CHECK(projection("a, #a").find("overlap") != std::string::npos);
}

TEST_CASE("a clause stands once") {
  CHECK(update("SET a = :n SET b = :n") ==
        "The \"SET\" section can only be used once in an update expression;");
  CHECK(update("ADD a :n REMOVE b ADD c :n") ==
        "The \"ADD\" section can only be used once in an update expression;");
}

TEST_CASE("definitions of placeholders have a form and must be used") {
  ddbplan::dynamo::ExpressionNames names;
  names.names = {{"#a", "a"}, {"#b", "b"}};
  Placeholders placeholders(names);
  CHECK_FALSE(placeholders.check_definitions().has_value());
  CHECK(placeholders.bind(parse_projection("#a")->symbols).ok());
  CHECK(placeholders.check_unused() ==
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}");
  CHECK(placeholders.bind(parse_projection("#b")->symbols).ok());
  CHECK_FALSE(placeholders.check_unused().has_value());

  ddbplan::dynamo::ExpressionNames bad;
  bad.names = {{"a", "a"}};
  CHECK(Placeholders(bad).check_definitions() ==
        "ExpressionAttributeNames contains invalid key: Syntax error; key: \"a\"");
  bad.names = {{"#a", ""}};
  CHECK(Placeholders(bad).check_definitions()->find("Empty attribute name for key #a") !=
        std::string::npos);
  bad.names = {};
  bad.values = {{":a-b", value(R"({"S":"x"})")}};
  CHECK(Placeholders(bad).check_definitions()->find("key: \":a-b\"") != std::string::npos);
  bad.values = {{":" + std::string(255, 'a'), value(R"({"S":"x"})")}};
  CHECK(Placeholders(bad).check_definitions()->find("too long") != std::string::npos);
  bad.values = {{":a", ddbplan::dynamo::AttributeValue::string(std::string(2 << 20, 'x'))}};
  CHECK(Placeholders(bad).check_definitions().has_value());
}
