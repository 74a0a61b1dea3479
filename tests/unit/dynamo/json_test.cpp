#include "dynamo/json.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "support/prng.h"

using namespace ddbplan::dynamo;  // NOLINT(google-build-using-namespace)
using ddbplan::support::Prng;
using nlohmann::json;

namespace {

std::string round_trip(const std::string& text) {
  const auto item = item_from_json_text(text);
  REQUIRE_MESSAGE(item.ok(), text);
  return item_to_json_text(*item);
}

JsonError value_error(const std::string& text) {
  const auto read = read_value(json::parse(text));
  REQUIRE_FALSE_MESSAGE(read.ok(), text);
  return read.error();
}

std::string item_error(const std::string& text) {
  const auto read = item_from_json_text(text);
  REQUIRE_FALSE_MESSAGE(read.ok(), text);
  return read.error();
}

std::string nested(int levels) {
  std::string text = R"({"S":"x"})";
  for (int i = 1; i < levels; ++i) text = R"({"L":[)" + text + "]}";
  return text;
}

AttributeValue random_value(Prng& prng, int depth) {
  const auto text = [&] {
    return std::string(prng.below(5), static_cast<char>('a' + prng.below(9)));
  };
  const auto number = [&] {
    return *Decimal::parse(std::to_string(prng.between(-999, 999)) + "E" +
                           std::to_string(prng.between(-9, 9)));
  };
  switch (prng.below(depth > 0 ? 10 : 5)) {
    case 0:
      return AttributeValue::string(text());
    case 1:
      return AttributeValue::number(number());
    case 2:
      return AttributeValue(AttributeValue::Variant(Binary{text()}));
    case 3:
      return AttributeValue::boolean(prng.below(2) == 0);
    case 4:
      return {};
    case 5:
      return AttributeValue(AttributeValue::Variant(make_string_set({text(), "x"})));
    case 6:
      return AttributeValue(AttributeValue::Variant(make_number_set({number(), number()})));
    case 7:
      return AttributeValue(AttributeValue::Variant(make_binary_set({{text()}, {"y"}})));
    case 8: {
      List list;
      for (auto i = prng.below(4); i > 0; --i) list.push_back(random_value(prng, depth - 1));
      return AttributeValue(AttributeValue::Variant(std::move(list)));
    }
    default: {
      Map map;
      for (auto i = prng.below(4); i > 0; --i) map[text()] = random_value(prng, depth - 1);
      return AttributeValue(AttributeValue::Variant(std::move(map)));
    }
  }
}

}  // namespace

TEST_CASE("every type is written as DynamoDB JSON, names in order") {
  CHECK(round_trip(R"({"z":{"S":"text"},"a":{"N":"1e2"}})") ==
        R"({"a":{"N":"100"},"z":{"S":"text"}})");
  CHECK(round_trip(R"({"b":{"B":"Zm8="},"c":{"BOOL":false},"d":{"NULL":true}})") ==
        R"({"b":{"B":"Zm8="},"c":{"BOOL":false},"d":{"NULL":true}})");
  CHECK(round_trip(R"({"l":{"L":[{"S":"a"},{"N":"2"}]},"m":{"M":{"k":{"L":[]}}}})") ==
        R"({"l":{"L":[{"S":"a"},{"N":"2"}]},"m":{"M":{"k":{"L":[]}}}})");
  CHECK(round_trip(R"({"x":{"SS":["b","a"]},"y":{"NS":["10","9"]},"z":{"BS":["Zm8=","Zg=="]}})") ==
        R"({"x":{"SS":["a","b"]},"y":{"NS":["9","10"]},"z":{"BS":["Zg==","Zm8="]}})");
  // Two elements must not be taken for a name and a value.
  CHECK(round_trip(R"({"x":{"SS":["a"]},"y":{"L":[{"S":"p"}]}})") ==
        R"({"x":{"SS":["a"]},"y":{"L":[{"S":"p"}]}})");
  CHECK(round_trip("{}") == "{}");
}

TEST_CASE("errors are in the service's words where it has them") {
  CHECK(value_error("{}").message ==
        "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
  CHECK(value_error(R"({"S":"a","N":"1"})").message ==
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
        "supported datatypes");
  CHECK(value_error(R"({"N":"abc"})").message ==
        "The parameter cannot be converted to a numeric value: abc");
  CHECK(value_error(R"({"N":""})").message ==
        "The parameter cannot be converted to a numeric value");
  CHECK(value_error(R"({"N":"1E126"})").message.find("Number overflow.") == 0);
  CHECK(value_error(R"({"N":"1E-131"})").message.find("Number underflow.") == 0);
  CHECK(value_error(R"({"SS":[]})").message ==
        "One or more parameter values were invalid: An string set  may not be empty");
  CHECK(value_error(R"({"NS":["1","1.0"]})").message == "Input collection contains duplicates");
  CHECK(value_error(R"({"SS":["a","a"]})").message ==
        "One or more parameter values were invalid: Input collection [a, a] contains duplicates.");
  CHECK(value_error(R"({"NULL":false})").message ==
        "One or more parameter values were invalid: Null attribute value types must have the value "
        "of true");
}

TEST_CASE("a wrong shape is told from a wrong content") {
  for (const char* text :
       {R"("S")", "[]", R"({"N":1})", R"({"S":1})", R"({"BOOL":"perhaps"})", R"({"B":"Zg"})",
        R"({"L":{}})", R"({"M":[]})", R"({"SS":[1]})", R"({"NULL":5})"}) {
    CAPTURE(text);
    CHECK(value_error(text).is_shape);
  }
  CHECK_FALSE(value_error(R"({"N":"x"})").is_shape);
}

TEST_CASE("an error says where") {
  CHECK(item_error(R"({"a":{"S":"x"},"lines":{"L":[{"M":{"price":{"N":"x"}}}]}})") ==
        "lines[0].price: The parameter cannot be converted to a numeric value: x");
  CHECK(item_error("[]") ==
        "Unrecognized collection type java.util.Map<java.lang.String, "
        "com.amazonaws.dynamodb.v20120810.AttributeValue>");
  CHECK(item_error("{\"a\":") == "not valid JSON");
  CHECK(item_error("") == "not valid JSON");
}

TEST_CASE("32 levels are the deepest (Developer Guide, Constraints: nesting depth)") {
  CHECK(read_value(json::parse(nested(32))).ok());
  CHECK(value_error(nested(33)).message.find("Nesting Levels have exceeded") == 0);
  // Depth is refused before the stack is used up.
  CHECK(value_error(nested(100)).message.find("Nesting Levels have exceeded") == 0);
  CHECK(value_error(nested(5000)).message == "nested too deeply");
}

TEST_CASE("bad UTF-8 is refused on the way in and replaced on the way out") {
  CHECK(item_error("{\"a\":{\"S\":\"\xFF\"}}") == "not valid JSON");
  CHECK(item_to_json_text({{"a", AttributeValue::string("\xFF")}}) ==
        "{\"a\":{\"S\":\"\xEF\xBF\xBD\"}}");
}

TEST_CASE("property: any value comes back") {
  Prng prng(99);
  for (int round = 0; round < 2000; ++round) {
    const AttributeValue value = random_value(prng, 3);
    const auto read = value_from_json(json::parse(to_json(value).dump()));
    REQUIRE(read.ok());
    CHECK(*read == value);
    CHECK(value_bytes(*read) == value_bytes(value));
  }
}
