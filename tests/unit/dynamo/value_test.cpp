#include "dynamo/value.h"

#include <doctest/doctest.h>

#include <string>

using namespace ddbplan::dynamo;  // NOLINT(google-build-using-namespace)
using ddbplan::support::Bytes;

namespace {

AttributeValue s(std::string text) {
  return AttributeValue::string(std::move(text));
}
AttributeValue n(std::int64_t value) {
  return AttributeValue::number(value);
}
AttributeValue binary(std::string bytes) {
  return AttributeValue(AttributeValue::Variant(Binary{std::move(bytes)}));
}
AttributeValue list(List elements) {
  return AttributeValue(AttributeValue::Variant(std::move(elements)));
}
AttributeValue map(Map entries) {
  return AttributeValue(AttributeValue::Variant(std::move(entries)));
}

std::int64_t bytes(const AttributeValue& value) {
  return value_bytes(value).count;
}

}  // namespace

TEST_CASE("AWS's own example is 23 bytes (Developer Guide, Constraints)") {
  CHECK(item_bytes({{"shirt-color", s("R")}, {"shirt-size", s("M")}}) == Bytes{23});
}

TEST_CASE("scalars") {
  CHECK(bytes(s("")) == 0);
  CHECK(bytes(s("häuser")) == 7);
  CHECK(bytes(binary(std::string("\0\1\2", 3))) == 3);
  CHECK(bytes(AttributeValue::boolean(true)) == 1);
  CHECK(bytes(AttributeValue()) == 1);
  CHECK(bytes(n(0)) == 1);
  CHECK(bytes(n(-42)) == 3);
}

TEST_CASE("lists and maps: 3 and 1 for each child") {
  CHECK(bytes(list({})) == 3);
  CHECK(bytes(map({})) == 3);
  // 3 + (1 + 3) + (1 + 2)
  CHECK(bytes(list({s("abc"), n(5)})) == 10);
  // 3 + (3 + 1 + 2)
  CHECK(bytes(map({{"key", n(5)}})) == 9);
  // 3 + (1 + 3): the parent adds 1 for the empty list, which is 3 itself.
  CHECK(bytes(list({list({})})) == 7);
  // 3 + (1 + 1 + (3 + 1 + 1 + 1)): {"a": {"b": ""}}... the inner map is 3 + (1 + 1 + 0).
  CHECK(bytes(map({{"a", map({{"b", s("")}})}})) == 3 + 2 + 5);
}

TEST_CASE("sets: their elements alone") {
  CHECK(bytes(AttributeValue::Variant(make_string_set({"a", "bc"}))) == 3);
  CHECK(bytes(AttributeValue::Variant(make_binary_set({{"a"}, {"bc"}}))) == 3);
  CHECK(bytes(AttributeValue::Variant(
            make_number_set({Decimal::from_int(1), Decimal::from_int(123)}))) == 5);
}

TEST_CASE("an item's bytes are the names' and the values'; storage adds 100") {
  const Item item = {
      {"PK", s("C#1")}, {"total", n(1234)}, {"größe", AttributeValue::boolean(true)}};
  // 2 + 3, 5 + 3, 7 + 1
  CHECK(item_bytes(item) == Bytes{21});
  CHECK(storage_bytes(item_bytes(item)) == Bytes{121});
  CHECK(item_bytes({}) == Bytes{0});
}

TEST_CASE("sets are sorted, free of repeats and equal in any order") {
  CHECK(make_string_set({"b", "a", "b"}).elements == std::vector<std::string>{"a", "b"});
  CHECK(make_string_set({"\xC3\xA4", "z"}).elements.front() == "z");
  CHECK(make_string_set({"a", "b"}) == make_string_set({"b", "a"}));
  const auto ten = *Decimal::parse("10");
  const auto nine = *Decimal::parse("9");
  CHECK(make_number_set({ten, nine, *Decimal::parse("1e1")}).elements ==
        std::vector<Decimal>{nine, ten});
  CHECK(make_binary_set({{"\xFF"}, {"\x01"}}).elements.front().bytes == "\x01");
}

TEST_CASE("keys order by unsigned bytes and by number value") {
  CHECK(compare_keys(s("a"), s("b")) == std::strong_ordering::less);
  CHECK(compare_keys(s("Z"), s("a")) == std::strong_ordering::less);
  CHECK(compare_keys(s("z"), s("\xC3\xA4")) == std::strong_ordering::less);
  CHECK(compare_keys(s("a"), s("ab")) == std::strong_ordering::less);
  CHECK(compare_keys(binary("\x7F"), binary("\x80")) == std::strong_ordering::less);
  CHECK(compare_keys(n(10), n(9)) == std::strong_ordering::greater);
  CHECK(compare_keys(n(-10), n(-9)) == std::strong_ordering::less);
  CHECK(compare_keys(s("x"), s("x")) == std::strong_ordering::equal);
}

TEST_CASE("types are named as on the wire") {
  CHECK(s("").type_name() == "S");
  CHECK(n(1).type_name() == "N");
  CHECK(binary("").type_name() == "B");
  CHECK(AttributeValue::boolean(false).type_name() == "BOOL");
  CHECK(AttributeValue().type_name() == "NULL");
  CHECK(list({}).type_name() == "L");
  CHECK(map({}).type_name() == "M");
  CHECK(AttributeValue(AttributeValue::Variant(StringSet{})).type_name() == "SS");
  CHECK(AttributeValue(AttributeValue::Variant(NumberSet{})).type_name() == "NS");
  CHECK(AttributeValue(AttributeValue::Variant(BinarySet{})).type_name() == "BS");
  CHECK(scalar_type_name(ScalarType::B) == "B");
}

TEST_CASE("equality looks at type and content, sets inside lists included") {
  CHECK(s("1") != n(1));
  CHECK(binary("a") != s("a"));
  CHECK(list({AttributeValue(AttributeValue::Variant(make_string_set({"a", "b"})))}) ==
        list({AttributeValue(AttributeValue::Variant(make_string_set({"b", "a"})))}));
  CHECK(map({{"a", n(1)}}) != map({{"a", n(2)}}));
}

TEST_CASE("nesting depth counts the value itself") {
  CHECK(nesting_depth(s("a")) == 1);
  CHECK(nesting_depth(list({})) == 1);
  CHECK(nesting_depth(list({s("a")})) == 2);
  CHECK(nesting_depth(map({{"a", list({s("x")})}, {"b", s("y")}})) == 3);
}
