#include "engine/validation.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)
using ddbplan::dynamo::AttributeValue;
using ddbplan::dynamo::Item;
using ddbplan::dynamo::TableDescription;

namespace {

TableDescription described() {
  TableDescription t = table("t", "PK", "SK:N");
  t.global_indexes = {index("GSI2", {"g"}, {"h:N"}), index("GSI1", {"g"}, {})};
  t.local_indexes = {index("LSI1", {"PK"}, {"l"})};
  return t;
}

std::string put(const Item& one) {
  const auto error = check_item(described(), one, ItemSource::put);
  if (!error) return "";
  CHECK(error->type == "ValidationException");
  return error->message;
}
std::string put(std::string_view json) {
  return put(item(json));
}

std::string key(std::string_view json) {
  const auto error = check_key(described(), item(json));
  return error ? error->message : "";
}

Item sized(std::size_t bytes, bool with_lsi = false) {
  Item one = item(R"({"PK":{"S":"p"},"SK":{"N":"0"}})");  // 2 + 1 + 2 + 1
  if (with_lsi) one["l"] = AttributeValue::string("x");   // 1 + 1
  const std::size_t fixed = with_lsi ? 8 : 6;
  one["x"] = AttributeValue::string(std::string(bytes - fixed - 1, 'x'));
  REQUIRE(ddbplan::dynamo::item_bytes(one).count == static_cast<std::int64_t>(bytes));
  return one;
}

}  // namespace

TEST_CASE("an item must have the table's key, of its types") {
  CHECK(put(R"({"PK":{"S":"a"},"SK":{"N":"1"}})").empty());
  CHECK(put(R"({"PK":{"S":"a"}})") ==
        "One or more parameter values were invalid: Missing the key SK in the item");
  CHECK(put(R"({"PK":{"N":"1"},"SK":{"N":"1"}})") ==
        "One or more parameter values were invalid: Type mismatch for key PK expected: S actual: "
        "N");
  CHECK(check_item(described(), item(R"({"PK":{"N":"1"},"SK":{"N":"1"}})"), ItemSource::batch)
            ->message == "The provided key element does not match the schema");
  CHECK(put(R"({"PK":{"S":""},"SK":{"N":"1"}})") ==
        "One or more parameter values are not valid. The AttributeValue for a key attribute "
        "cannot contain an empty string value. Key: PK");
}

TEST_CASE("a key is exactly the key") {
  const char* const mismatch = "The provided key element does not match the schema";
  CHECK(key(R"({"PK":{"S":"a"},"SK":{"N":"1"}})").empty());
  CHECK(key(R"({"PK":{"S":"a"}})") == mismatch);
  CHECK(key(R"({"PK":{"S":"a"},"SK":{"S":"1"}})") == mismatch);
  CHECK(key(R"({"PK":{"S":"a"},"SK":{"N":"1"},"x":{"N":"1"}})") == mismatch);
  CHECK(key(R"({"PK":{"S":""},"SK":{"N":"1"}})").find("empty string value. Key: PK") !=
        std::string::npos);
}

TEST_CASE("keys have sizes: 2,048 and 1,024 bytes (Developer Guide, Constraints)") {
  const auto with = [](std::size_t pk, std::size_t sk) {
    TableDescription t = table("t", "PK", "SK");
    const Item one = {{"PK", AttributeValue::string(std::string(pk, 'x'))},
                      {"SK", AttributeValue::string(std::string(sk, 'x'))}};
    const auto error = check_item(t, one, ItemSource::put);
    return error ? error->message : "";
  };
  CHECK(with(2048, 1024).empty());
  CHECK(with(2049, 1).find("Size of hashkey has exceeded") != std::string::npos);
  CHECK(with(1, 1025).find("Aggregated size of all range keys") != std::string::npos);
}

TEST_CASE("what stands in an index key must be able to; the first index by name is told") {
  const std::string base = R"("PK":{"S":"a"},"SK":{"N":"1"})";
  CHECK(put("{" + base + R"(,"g":{"S":"x"},"h":{"N":"1"},"l":{"S":"x"}})").empty());
  CHECK(put("{" + base + R"(,"g":{"N":"1"}})") ==
        "One or more parameter values were invalid: Type mismatch for Index Key g Expected: S "
        "Actual: N IndexName: GSI1");
  CHECK(put("{" + base + R"(,"h":{"S":"1"}})").find("IndexName: GSI2") != std::string::npos);
  CHECK(put("{" + base + R"(,"l":{"S":""}})") ==
        "One or more parameter values are not valid. A value specified for a secondary index key "
        "is not supported. The AttributeValue for a key attribute cannot contain an empty string "
        "value. IndexName: LSI1, IndexKey: l");
  CHECK(put("{" + base + R"(,"x":{"S":""}})").empty());
}

TEST_CASE("an update may leave a bad index key as it was, not make one") {
  const Item before = item(R"({"PK":{"S":"a"},"SK":{"N":"1"}})");
  const auto update = [&](std::string_view after) {
    const auto error = check_updated_item(described(), before, item(after), {});
    return error ? error->message : "";
  };
  CHECK(update(R"({"PK":{"S":"a"},"SK":{"N":"1"},"g":{"S":"x"}})").empty());
  CHECK(update(R"({"PK":{"S":"a"},"SK":{"N":"1"},"g":{"S":""}})")
            .find("update expression "
                  "attempted") != std::string::npos);
  CHECK(update(R"({"PK":{"S":"a"},"SK":{"N":"1"},"g":{"N":"1"}})") ==
        "The update expression attempted to update the secondary index key to unsupported type");
}

TEST_CASE("400 KB, names included, and with the entries of local indexes") {
  constexpr std::size_t kMax = std::size_t{400} * 1024;
  CHECK(put(sized(kMax)).empty());
  CHECK(put(sized(kMax + 1)) == "Item size has exceeded the maximum allowed size");
  // In the local index with projection ALL the item counts twice.
  CHECK(put(sized(kMax / 2, true)).empty());
  CHECK_FALSE(put(sized(kMax / 2 + 1, true)).empty());
}

TEST_CASE("an update is measured by its actions too") {
  const Item before = item(R"({"PK":{"S":"p"},"SK":{"N":"0"}})");
  const auto good = [&](std::size_t bytes, UpdateActions actions) {
    return !check_updated_item(described(), before, sized(bytes), actions).has_value();
  };
  constexpr std::size_t kMax = std::size_t{400} * 1024;
  // The key is 6 bytes: item - 6 + 3 + 19 must be at most the limit.
  CHECK(good(kMax - 16, {1, 0}));
  CHECK_FALSE(good(kMax - 15, {1, 0}));
  CHECK(good(kMax - 35, {2, 0}));
  CHECK_FALSE(good(kMax - 34, {2, 0}));
  // item - 6 + 3 + 2 is below the item itself, which then decides.
  CHECK(good(kMax, {0, 1}));
  CHECK_FALSE(good(kMax + 1, {0, 1}));
}

TEST_CASE("values: sets, names and depth") {
  Item one = item(R"({"PK":{"S":"a"},"SK":{"N":"1"}})");
  one["x"] = AttributeValue(AttributeValue::Variant(ddbplan::dynamo::StringSet{}));
  CHECK(put(one) == "One or more parameter values were invalid: An string set  may not be empty");
  one["x"] = AttributeValue(AttributeValue::Variant(ddbplan::dynamo::List{
      AttributeValue(AttributeValue::Variant(ddbplan::dynamo::NumberSet{}))}));
  CHECK(put(one) == "One or more parameter values were invalid: An number set  may not be empty");
  one["x"] = AttributeValue();
  one[""] = AttributeValue();
  CHECK_FALSE(put(one).empty());
  one.erase("");
  AttributeValue deep = AttributeValue::string("x");
  for (int i = 1; i < 32; ++i) {
    deep = AttributeValue(AttributeValue::Variant(ddbplan::dynamo::List{deep}));
  }
  one["x"] = deep;
  CHECK(put(one).empty());
  one["x"] = AttributeValue(AttributeValue::Variant(ddbplan::dynamo::List{deep}));
  CHECK(put(one).find("Nesting Levels have exceeded") == 0);
}
