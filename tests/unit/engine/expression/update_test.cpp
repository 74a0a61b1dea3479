#include "engine/expression/update.h"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "engine/expression/check.h"
#include "engine/expression/parser.h"
#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)

namespace {

/// The item after the update as JSON, or the service's message.
std::string after(std::string_view before, std::string_view expression,
                  const std::map<std::string, std::string>& values = {}) {
  const auto parsed = parse_update(expression);
  REQUIRE_MESSAGE(parsed.ok(), std::string(expression));
  ddbplan::dynamo::ExpressionNames names;
  for (const auto& [name, json] : values) names.values.emplace(name, value(json));
  Placeholders placeholders(names);
  const auto bindings = placeholders.bind(parsed->symbols);
  REQUIRE(bindings.ok());
  const auto problem = check_operands(*parsed, *bindings);
  REQUIRE_MESSAGE(!problem, problem.value_or(""));
  const auto result = apply_update(*parsed, *bindings, item(before));
  return result ? text(*result) : result.error();
}

const char* const kWrongType = "An operand in the update expression has an incorrect data type";
const char* const kMissing =
    "The provided expression refers to an attribute that does not exist in the item";
const char* const kBadPath =
    "The document path provided in the update expression is invalid for update";

}  // namespace

TEST_CASE("writing to maps moves what is in them, while lists wait to be written") {
  CHECK(after(R"({"l":{"L":[{"N":"1"}]},"z":{"S":"z"}})",
              "REMOVE z SET l[0] = :v, a = :v, b = :v, c = :v, d = :v",
              {{":v", R"({"BOOL":true})"}}) ==
        R"({"a":{"BOOL":true},"b":{"BOOL":true},"c":{"BOOL":true},"d":{"BOOL":true},)"
        R"("l":{"L":[{"BOOL":true}]}})");
  CHECK(after(R"({"m":{"M":{"k":{"L":[{"L":[{"N":"1"}]}]}}}})",
              "SET m.a = :v, m.b = :v, m.k[0][1] = :v, m.k[1] = :v", {{":v", R"({"N":"2"})"}}) ==
        R"({"m":{"M":{"a":{"N":"2"},"b":{"N":"2"},)"
        R"("k":{"L":[{"L":[{"N":"1"},{"N":"2"}]},{"N":"2"}]}}}})");
}

TEST_CASE("SET replaces and creates") {
  CHECK(after(R"({"a":{"N":"1"}})", "SET a = :v, b = :v", {{":v", R"({"S":"x"})"}}) ==
        R"({"a":{"S":"x"},"b":{"S":"x"}})");
  CHECK(after(R"({"m":{"M":{}}})", "SET m.k = :v", {{":v", R"({"N":"1"})"}}) ==
        R"({"m":{"M":{"k":{"N":"1"}}}})");
}

TEST_CASE("every operand is read from the item as it was") {
  CHECK(after(R"({"a":{"N":"1"},"b":{"N":"2"}})", "SET a = b, b = a") ==
        R"({"a":{"N":"2"},"b":{"N":"1"}})");
  CHECK(after(R"({"a":{"N":"1"}})", "SET b = a REMOVE a") == R"({"b":{"N":"1"}})");
}

TEST_CASE("arithmetic is exact and needs numbers that are there") {
  CHECK(after(R"({"a":{"N":"0.1"}})", "SET a = a + :v", {{":v", R"({"N":"0.2"})"}}) ==
        R"({"a":{"N":"0.3"}})");
  CHECK(after(R"({"a":{"N":"1"}})", "SET a = :v - a", {{":v", R"({"N":"0.5"})"}}) ==
        R"({"a":{"N":"-0.5"}})");
  CHECK(after(R"({"a":{"S":"1"}})", "SET a = a + :v", {{":v", R"({"N":"1"})"}}) == kWrongType);
  CHECK(after("{}", "SET a = a + :v", {{":v", R"({"N":"1"})"}}) == kMissing);
  CHECK(after(R"({"a":{"N":"9E125"}})", "SET a = a + a2 REMOVE a2", {}) == kMissing);
  CHECK(after(R"({"a":{"N":"9E125"}})", "SET a = a + :v", {{":v", R"({"N":"9E125"})"}})
            .find("Number overflow.") == 0);
  CHECK(after(R"({"a":{"N":"1E40"}})", "SET a = a + :v", {{":v", R"({"N":"1"})"}}) ==
        "Attempting to store more than 38 significant digits in a Number");
}

TEST_CASE("if_not_exists and list_append") {
  CHECK(after(R"({"a":{"N":"3"}})",
              "SET a = if_not_exists(a, :z) + :o, b = if_not_exists(b, :z) + :o",
              {{":z", R"({"N":"0"})"}, {":o", R"({"N":"1"})"}}) ==
        R"({"a":{"N":"4"},"b":{"N":"1"}})");
  CHECK(after(R"({"l":{"L":[{"N":"1"}]}})", "SET l = list_append(:v, l)",
              {{":v", R"({"L":[{"N":"0"}]})"}}) == R"({"l":{"L":[{"N":"0"},{"N":"1"}]}})");
  CHECK(after("{}", "SET l = list_append(if_not_exists(l, :e), :v)",
              {{":e", R"({"L":[]})"}, {":v", R"({"L":[{"S":"x"}]})"}}) ==
        R"({"l":{"L":[{"S":"x"}]}})");
  CHECK(after(R"({"l":{"S":"x"}})", "SET l = list_append(l, :v)", {{":v", R"({"L":[]})"}}) ==
        kWrongType);
  CHECK(after("{}", "SET l = list_append(l, :v)", {{":v", R"({"L":[]})"}}) == kMissing);
}

TEST_CASE("a nested path needs its parent") {
  CHECK(after("{}", "SET m.k = :v", {{":v", R"({"N":"1"})"}}) == kBadPath);
  CHECK(after(R"({"m":{"S":"x"}})", "SET m.k = :v", {{":v", R"({"N":"1"})"}}) == kBadPath);
  CHECK(after(R"({"m":{"M":{}}})", "SET m[0] = :v", {{":v", R"({"N":"1"})"}}) == kBadPath);
  CHECK(after("{}", "REMOVE m.k") == kBadPath);
  CHECK(after(R"({"m":{"M":{}}})", "REMOVE m.k") == R"({"m":{"M":{}}})");
  CHECK(after("{}", "ADD m.k :v", {{":v", R"({"N":"1"})"}}) == kBadPath);
  CHECK(after("{}", "DELETE m.k :v", {{":v", R"({"SS":["a"]})"}}) == kBadPath);
}

TEST_CASE("list positions mean the list as it was") {
  const char* const list = R"({"l":{"L":[{"S":"a"},{"S":"b"},{"S":"c"}]}})";
  CHECK(after(list, "REMOVE l[0], l[1]") == R"({"l":{"L":[{"S":"c"}]}})");
  CHECK(after(list, "SET l[1] = :v REMOVE l[0]", {{":v", R"({"S":"x"})"}}) ==
        R"({"l":{"L":[{"S":"x"},{"S":"c"}]}})");
  CHECK(after(list, "REMOVE l[7]") == list);
  // Past the end: appended, in the order of the indexes.
  CHECK(after(list, "SET l[9] = :y, l[5] = :x", {{":x", R"({"S":"x"})"}, {":y", R"({"S":"y"})"}}) ==
        R"({"l":{"L":[{"S":"a"},{"S":"b"},{"S":"c"},{"S":"x"},{"S":"y"}]}})");
  CHECK(after(list, "SET l[9] = :y REMOVE l[0]", {{":y", R"({"S":"y"})"}}) ==
        R"({"l":{"L":[{"S":"b"},{"S":"c"},{"S":"y"}]}})");
}

TEST_CASE("lists inside lists") {
  const char* const lists =
      R"({"l":{"L":[{"L":[{"N":"1"},{"N":"2"}]},{"L":[{"N":"3"},{"N":"4"}]}]}})";
  CHECK(after(lists, "REMOVE l[0], l[1][0]") == R"({"l":{"L":[{"L":[{"N":"4"}]}]}})");
  CHECK(after(lists, "REMOVE l[0][1], l[1][1]") ==
        R"({"l":{"L":[{"L":[{"N":"1"}]},{"L":[{"N":"3"}]}]}})");
}

TEST_CASE("ADD: numbers and sets") {
  CHECK(after(R"({"a":{"N":"1"}})", "ADD a :v, b :v", {{":v", R"({"N":"2"})"}}) ==
        R"({"a":{"N":"3"},"b":{"N":"2"}})");
  CHECK(after(R"({"a":{"SS":["x"]}})", "ADD a :v", {{":v", R"({"SS":["x","y"]})"}}) ==
        R"({"a":{"SS":["x","y"]}})");
  CHECK(after("{}", "ADD a :v", {{":v", R"({"NS":["1"]})"}}) == R"({"a":{"NS":["1"]}})");
  CHECK(after(R"({"a":{"S":"x"}})", "ADD a :v", {{":v", R"({"N":"2"})"}}) == kWrongType);
  CHECK(after(R"({"a":{"NS":["1"]}})", "ADD a :v", {{":v", R"({"SS":["2"]})"}}) == kWrongType);
}

TEST_CASE("DELETE: an emptied set goes") {
  CHECK(after(R"({"a":{"SS":["x","y"]}})", "DELETE a :v", {{":v", R"({"SS":["x","z"]})"}}) ==
        R"({"a":{"SS":["y"]}})");
  CHECK(after(R"({"a":{"BS":["AA=="]}})", "DELETE a :v", {{":v", R"({"BS":["AA=="]})"}}) == "{}");
  CHECK(after("{}", "DELETE a :v", {{":v", R"({"SS":["x"]})"}}) == "{}");
  CHECK(after(R"({"a":{"N":"1"}})", "DELETE a :v", {{":v", R"({"NS":["1"]})"}}) == kWrongType);
}

TEST_CASE("REMOVE of what is not there does nothing") {
  CHECK(after(R"({"a":{"N":"1"}})", "REMOVE b") == R"({"a":{"N":"1"}})");
}
