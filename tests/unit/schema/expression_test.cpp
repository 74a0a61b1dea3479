#include <doctest/doctest.h>

#include <string>

#include "model/expression.h"
#include "schema/expression_syntax.h"
#include "tests/unit/schema/fixture.h"

namespace ddbplan::schema {
namespace {

constexpr std::string_view kSchema =
    "ddbplan: 1\n"
    "service: shop\n"
    "entities:\n"
    "  Order:\n"
    "    id: order_id\n"
    "    attributes:\n"
    "      order_id: ulid\n"
    "      status: {one_of: [OPEN, PAID, DONE]}\n"
    "      level: {type: integer, one_of: [1, 2, 3]}\n"
    "      total: number\n"
    "      note: string 20 B optional\n"
    "      tags: set of string\n"
    "      lines: list 1 KB\n"
    "      archived: boolean\n"
    "      at: timestamp\n"
    "      limit: number\n"
    "access_patterns:\n"
    "  all: {export: Order, where: ";

std::string schema_with(std::string_view condition) {
  return std::string(kSchema) + "\"" + std::string(condition) + "\"}\n";
}

std::string canonical(std::string_view condition) {
  const model::Workload workload = test::workload(schema_with(condition));
  return to_string(*std::get<model::Read>(workload.patterns.front().action).where);
}

/// "32 message": the column within the condition, from 1.
std::string error(std::string_view condition) {
  const Parsed<Syntax> parsed = parse_condition(condition);
  REQUIRE_FALSE(parsed.ok());
  return std::to_string(parsed.error().begin + 1) + " " + parsed.error().message;
}

TEST_CASE("canonical forms") {
  CHECK(canonical("status = OPEN") == "status = OPEN");
  CHECK(canonical("status=OPEN|PAID") == "status = OPEN | PAID");
  CHECK(canonical("total>=:least and not archived") == "total >= :least and not archived = true");
  CHECK(canonical("archived") == "archived = true");
  CHECK(canonical("archived = false") == "archived = false");
  CHECK(canonical("level = 2 | 3") == "level = 2 | 3");
  CHECK(canonical("note begins_with 'two words'") == "note begins_with 'two words'");
  CHECK(canonical("tags contains :t") == "tags contains :t");
  CHECK(canonical("size(lines) > 3") == "size(lines) > 3");
  CHECK(canonical("exists(note) or missing(note)") == "exists(note) or missing(note)");
  CHECK(canonical("total between 1 and :high") == "total between 1 and :high");
  CHECK(canonical("at >= now - 24 hours") == "at >= now - 1 day");
  CHECK(canonical("at last 24 hours") == "at >= now - 1 day");
  CHECK(canonical("at to day = :day") == "at to day = :day");
  CHECK(canonical("total < limit") == "total < limit");
  CHECK(canonical("note = :a | :b") == "note = :a | :b");
}

TEST_CASE("and binds tighter than or, not tighter than and") {
  CHECK(canonical("archived or status = OPEN and total > 1") ==
        "archived = true or status = OPEN and total > 1");
  CHECK(canonical("(archived or status = OPEN) and total > 1") ==
        "(archived = true or status = OPEN) and total > 1");
  CHECK(canonical("not (archived or status = OPEN)") == "not (archived = true or status = OPEN)");
  CHECK(canonical("not not archived") == "not not archived = true");
}

TEST_CASE("arithmetic keeps its grouping") {
  CHECK(canonical("total + limit * 2 > 5") == "total + limit * 2 > 5");
  CHECK(canonical("(total + limit) * 2 > 5") == "(total + limit) * 2 > 5");
  CHECK(canonical("total - (limit - 1) > 5") == "total - (limit - 1) > 5");
  CHECK(canonical("total - limit - 1 > 5") == "total - limit - 1 > 5");
}

TEST_CASE("a printed condition reads as itself") {
  for (const char* text :
       {"status = OPEN | PAID and total > :least", "not (archived = true or level = 2)",
        "total between 1 and 9 or exists(note)", "(total + 1) * 2 >= limit",
        "note begins_with 'it s' and size(lines) < 4"}) {
    CAPTURE(text);
    CHECK(canonical(canonical(text)) == canonical(text));
  }
}

TEST_CASE("syntax errors carry their own column") {
  CHECK(error("") == "1 something is missing at the end");
  CHECK(error("total >") == "8 something is missing at the end");
  CHECK(error("total > 1 and") == "14 something is missing at the end");
  CHECK(error("total == 1") == "7 `==` is written `=` here");
  CHECK(error("total <> 1") == "7 `<>` is written `!=` here");
  CHECK(error("total => 1") == "8 an attribute or a value is expected here, `>` was found");
  CHECK(error("status in (OPEN)") == "8 `in` is not an operator here");
  CHECK(error("total > 1 && archived") == "11 `&&` is not an operator here");
  CHECK(error("total > 1 archived") == "11 `archived` was not expected here");
  CHECK(error("(total > 1") == "11 `)` is missing here");
  CHECK(error("note = 'open") == "8 this text has no closing quote");
  CHECK(error("total > : x") == "9 `:` must be followed by the name of a run-time value");
  CHECK(error("total between 1") == "16 `and` is missing after the lower bound");
  CHECK(error("at to decade = 1") == "7 a unit of time is expected after `to`");
  CHECK(error("total > 1 | 2") == "11 alternatives with `|` stand only after `ATTRIBUTE =`");
  CHECK(error("exists(note = 1") == "13 `)` is missing after `exists(note`");
}

TEST_CASE("depth is bounded") {
  const auto deep = [](int count) {
    return std::string(static_cast<std::size_t>(count), '(') + "a = 1" +
           std::string(static_cast<std::size_t>(count), ')');
  };
  CHECK(parse_condition(deep(5)).ok());
  CHECK_FALSE(parse_condition(deep(500)).ok());
  std::string negations;
  for (int i = 0; i < 1000; ++i) negations += "not ";
  CHECK_FALSE(parse_condition(negations + "a").ok());
  std::string sum = "a = 1";
  for (int i = 0; i < 500; ++i) sum += " + 1";
  CHECK_FALSE(parse_condition(sum).ok());
  CHECK_FALSE(parse_condition(std::string(5000, 'a')).ok());
}

TEST_CASE("a range is one attribute, alone or compared") {
  CHECK(parse_range("placed_at")->kind == Syntax::Kind::name);
  CHECK(parse_range("due_at < now")->kind == Syntax::Kind::compare);
  CHECK(parse_range("subject begins_with :text")->kind == Syntax::Kind::begins_with);
  CHECK(parse_range("at last 24 hours")->kind == Syntax::Kind::last);
  CHECK_FALSE(parse_range("a < 1 and b < 2").ok());
}

TEST_CASE("names in conditions are looked up") {
  CHECK(test::codes(schema_with("stauts = OPEN")) == "DDB011");
  CHECK(test::codes(schema_with("status = OPNE")) == "DDB013");
  CHECK(test::codes(schema_with("level = high")) == "DDB013");
  CHECK(test::codes(schema_with("total = high")) == "DDB018");
  CHECK(test::codes(schema_with("lines > 3")) == "DDB018");
  CHECK(test::codes(schema_with("total begins_with 1")) == "DDB018");
  CHECK(test::codes(schema_with("note last 3 days")) == "DDB018");
  CHECK(test::codes(schema_with("Customer.name = x")) == "DDB010");
  CHECK(test::codes(schema_with("archived = maybe")) == "DDB018");
}

}  // namespace
}  // namespace ddbplan::schema
