#include "engine/expression/evaluate.h"

#include <doctest/doctest.h>

#include "engine/expression/check.h"
#include "engine/expression/parser.h"
#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)

namespace {

const char* const kItem = R"({
  "s":{"S":"hello"}, "n":{"N":"5"}, "b":{"B":"AAE="}, "t":{"BOOL":true}, "z":{"NULL":true},
  "l":{"L":[{"S":"x"},{"N":"2"}]}, "m":{"M":{"k":{"L":[{"N":"7"}]}}},
  "ss":{"SS":["a","b"]}, "ns":{"NS":["1","2.50"]}, "bs":{"BS":["AAE="]}, "n5":{"N":"5.0"},
  "e":{"S":"a😀b"}})";

bool is_true(std::string_view text, std::string_view v = R"({"S":"-"})",
             std::string_view w = R"({"S":"-"})") {
  const auto parsed = parse_condition(text);
  REQUIRE_MESSAGE(parsed.ok(), std::string(text));
  ddbplan::dynamo::ExpressionNames names;
  names.values = {{":v", value(v)}, {":w", value(w)}};
  Placeholders placeholders(names);
  const auto bindings = placeholders.bind(parsed->symbols);
  REQUIRE(bindings.ok());
  const auto problem = check_operands(*parsed, *bindings);
  REQUIRE_MESSAGE(!problem, problem.value_or(""));
  return holds(parsed->root, *bindings, item(kItem));
}

}  // namespace

TEST_CASE("equality is of type and value; numbers by value, sets in any order") {
  CHECK(is_true("s = :v", R"({"S":"hello"})"));
  CHECK(is_true("n = :v", R"({"N":"5.00"})"));
  CHECK(is_true("n = n5"));
  CHECK_FALSE(is_true("n = :v", R"({"S":"5"})"));
  CHECK(is_true("n <> :v", R"({"S":"5"})"));
  CHECK(is_true("ss = :v", R"({"SS":["b","a"]})"));
  CHECK(is_true("ns = :v", R"({"NS":["2.5","1.0"]})"));
  CHECK(is_true("m = :v", R"({"M":{"k":{"L":[{"N":"7.0"}]}}})"));
  CHECK(is_true("z = :v", R"({"NULL":true})"));
  CHECK(is_true("t <> :v", R"({"BOOL":false})"));
}

TEST_CASE("a missing attribute makes everything false but <>") {
  CHECK_FALSE(is_true("nope = :v"));
  CHECK(is_true("nope <> :v"));
  CHECK_FALSE(is_true("nope < :v"));
  CHECK_FALSE(is_true("nope = missing"));
  CHECK(is_true("nope <> missing"));
  CHECK_FALSE(is_true("nope BETWEEN :v AND :w"));
  CHECK_FALSE(is_true("nope IN (:v)"));
  CHECK(is_true("NOT nope = :v"));
}

TEST_CASE("order is within one type") {
  CHECK(is_true("n < :v", R"({"N":"10"})"));
  CHECK_FALSE(is_true("n < :v", R"({"S":"9"})"));
  CHECK_FALSE(is_true("n >= :v", R"({"S":"9"})"));
  CHECK(is_true("s > :v", R"({"S":"Hello"})"));
  CHECK(is_true("b >= :v", R"({"B":"AAE="})"));
  CHECK(is_true("b < :v", R"({"B":"/w=="})"));
  // What the item holds cannot be ordered: false, not an error.
  CHECK_FALSE(is_true("t < s"));
  CHECK_FALSE(is_true("ss <= ns"));
}

TEST_CASE("BETWEEN and IN") {
  CHECK(is_true("n BETWEEN :v AND :w", R"({"N":"5"})", R"({"N":"6"})"));
  CHECK(is_true("n BETWEEN :v AND :w", R"({"N":"4"})", R"({"N":"5"})"));
  CHECK_FALSE(is_true("n BETWEEN :v AND :w", R"({"N":"6"})", R"({"N":"7"})"));
  CHECK(is_true("n IN (:v, :w)", R"({"S":"5"})", R"({"N":"5"})"));
  CHECK_FALSE(is_true("n IN (:v, s)", R"({"S":"5"})"));
  CHECK(is_true(":v BETWEEN n AND size(s)", R"({"N":"5"})"));
}

TEST_CASE("existence and type") {
  CHECK(is_true("attribute_exists(m.k[0])"));
  CHECK_FALSE(is_true("attribute_exists(m.k[1])"));
  CHECK(is_true("attribute_not_exists(m.j)"));
  CHECK_FALSE(is_true("attribute_exists(s.x)"));
  CHECK(is_true("attribute_type(z, :v)", R"({"S":"NULL"})"));
  CHECK(is_true("attribute_type(ns, :v)", R"({"S":"NS"})"));
  CHECK_FALSE(is_true("attribute_type(n, :v)", R"({"S":"NS"})"));
  CHECK_FALSE(is_true("attribute_type(nope, :v)", R"({"S":"S"})"));
}

TEST_CASE("begins_with") {
  CHECK(is_true("begins_with(s, :v)", R"({"S":"he"})"));
  CHECK(is_true("begins_with(s, :v)", R"({"S":""})"));
  CHECK_FALSE(is_true("begins_with(s, :v)", R"({"S":"hello!"})"));
  CHECK(is_true("begins_with(b, :v)", R"({"B":"AA=="})"));
  CHECK_FALSE(is_true("begins_with(n, :v)", R"({"S":"5"})"));
  CHECK_FALSE(is_true("begins_with(s, :v)", R"({"B":"aGU="})"));
}

TEST_CASE("contains") {
  CHECK(is_true("contains(s, :v)", R"({"S":"ell"})"));
  CHECK(is_true("contains(b, :v)", R"({"B":"AQ=="})"));
  CHECK(is_true("contains(ss, :v)", R"({"S":"b"})"));
  CHECK_FALSE(is_true("contains(ss, :v)", R"({"S":"c"})"));
  CHECK(is_true("contains(ns, :v)", R"({"N":"2.5"})"));
  CHECK(is_true("contains(bs, :v)", R"({"B":"AAE="})"));
  CHECK(is_true("contains(l, :v)", R"({"N":"2.0"})"));
  CHECK_FALSE(is_true("contains(l, :v)", R"({"N":"3"})"));
  CHECK_FALSE(is_true("contains(m, :v)", R"({"S":"k"})"));
  CHECK_FALSE(is_true("contains(n, :v)", R"({"N":"5"})"));
  CHECK_FALSE(is_true("contains(ss, :v)", R"({"N":"1"})"));
}

TEST_CASE("size: UTF-16 units of a string, bytes of a binary, members of the rest") {
  CHECK(is_true("size(s) = :v", R"({"N":"5"})"));
  // a, a surrogate pair, b.
  CHECK(is_true("size(e) = :v", R"({"N":"4"})"));
  CHECK(is_true("size(b) = :v", R"({"N":"2"})"));
  CHECK(is_true("size(ss) = size(l)"));
  CHECK(is_true("size(m) = :v", R"({"N":"1"})"));
  CHECK(is_true("size(:v) = :w", R"({"S":"abc"})", R"({"N":"3"})"));
  // A number has no size: the comparison is false.
  CHECK_FALSE(is_true("size(n) >= :v", R"({"N":"0"})"));
  CHECK_FALSE(is_true("size(nope) >= :v", R"({"N":"0"})"));
}

TEST_CASE("AND, OR, NOT") {
  CHECK(is_true("attribute_exists(s) AND NOT attribute_exists(x)"));
  CHECK(is_true("attribute_exists(x) OR attribute_exists(s)"));
  CHECK_FALSE(is_true("attribute_exists(x) OR attribute_exists(y)"));
  CHECK_FALSE(is_true("attribute_exists(x) AND attribute_exists(s) OR attribute_exists(y)"));
}
