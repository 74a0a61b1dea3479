#include <doctest/doctest.h>

#include <string>

#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)
using ddbplan::dynamo::AttributeValue;
using ddbplan::dynamo::BatchGetItemRequest;
using ddbplan::dynamo::BatchWrite;
using ddbplan::dynamo::BatchWriteItemRequest;
using ddbplan::dynamo::Item;
using ddbplan::dynamo::Response;

namespace {

Database make() {
  Database database;
  ddbplan::dynamo::TableDescription t = table("tab", "PK");
  t.global_indexes = {index("GSI1", {"g"}, {})};
  REQUIRE_FALSE(database.create_table(t).has_value());
  REQUIRE_FALSE(database.create_table(table("other", "id:N")).has_value());
  return database;
}

BatchWrite put(Item one) {
  return {std::variant<Item, Item>(std::in_place_index<0>, one)};
}

Item keyed(const std::string& key) {
  return {{"PK", AttributeValue::string(key)}};
}

Item padded(const std::string& key, std::size_t bytes) {
  Item one = keyed(key);
  one["x"] = AttributeValue::string(std::string(bytes, 'x'));
  return one;
}

}  // namespace

TEST_CASE("BatchWriteItem: each write by itself, summed by table and index") {
  Database database = make();
  const Response response = run(database, "BatchWriteItem", R"({"RequestItems":{
    "tab":[{"PutRequest":{"Item":{"PK":{"S":"a"},"g":{"S":"x"}}}},
           {"PutRequest":{"Item":{"PK":{"S":"b"},"g":{"S":"x"}}}},
           {"DeleteRequest":{"Key":{"PK":{"S":"c"}}}}],
    "other":[{"PutRequest":{"Item":{"id":{"N":"1"}}}}]}})");
  CHECK(consumed_text(response.consumed) == "other: 1; tab: 3 GSI1 2");
  CHECK(database.all_items("tab").size() == 2);
  CHECK(database.all_entries("tab", "GSI1").size() == 2);
  run(database, "BatchWriteItem",
      R"({"RequestItems":{"tab":[{"DeleteRequest":{"Key":{"PK":{"S":"a"}}}}]}})");
  CHECK(database.all_items("tab").size() == 1);
}

TEST_CASE("BatchWriteItem is checked before anything is written") {
  Database database = make();
  CHECK(refused(database, "BatchWriteItem", R"({"RequestItems":{
    "tab":[{"PutRequest":{"Item":{"PK":{"S":"a"}}}},{"PutRequest":{"Item":{"PK":{"N":"1"}}}}]}})")
            .message == "The provided key element does not match the schema");
  CHECK(refused(database, "BatchWriteItem", R"({"RequestItems":{
    "tab":[{"PutRequest":{"Item":{"PK":{"S":"a"}}}},{"DeleteRequest":{"Key":{"PK":{"S":"a"}}}}]}})")
            .message == "Provided list of item keys contains duplicates");
  CHECK(refused(database, "BatchWriteItem", R"({"RequestItems":{}})").type ==
        "ValidationException");
  CHECK(refused(database, "BatchWriteItem",
                R"({"RequestItems":{"none":[{"DeleteRequest":{"Key":{"PK":{"S":"a"}}}}]}})")
            .type == "ResourceNotFoundException");
  CHECK(database.all_items("tab").empty());
}

TEST_CASE("25 writes are a batch, 26 are not") {
  Database database = make();
  BatchWriteItemRequest request;
  for (int i = 0; i < 25; ++i) request.tables["tab"].push_back(put(keyed(std::to_string(i))));
  CHECK(database.execute(request).ok());
  request.tables["tab"].push_back(put(keyed("one more")));
  CHECK(database.execute(request).error().message ==
        "Too many items requested for the BatchWriteItem call");
}

TEST_CASE("BatchGetItem: each item rounded by itself, consistency by table") {
  Database database = make();
  for (const char* key : {"a", "b"}) {
    ddbplan::dynamo::PutItemRequest request;
    request.table = "tab";
    request.item = padded(key, 5000);
    REQUIRE(database.execute(request).ok());
  }
  const Response response = run(database, "BatchGetItem", R"({"RequestItems":{
    "tab":{"Keys":[{"PK":{"S":"b"}},{"PK":{"S":"a"}},{"PK":{"S":"none"}}],
           "ConsistentRead":true,"ProjectionExpression":"PK"},
    "other":{"Keys":[{"id":{"N":"1"}}]}}})");
  // Strong: 2 + 2 + 1; eventual and missing: 0.5.
  CHECK(consumed_text(response.consumed) == "other: 0.5; tab: 5");
  REQUIRE(response.batch_items.count("tab") == 1);
  CHECK(response.batch_items.at("tab").size() == 2);
  CHECK(text(*response.batch_items.at("tab").front()) == R"({"PK":{"S":"b"}})");
  CHECK(response.batch_items.count("other") == 0);
  CHECK(response.unprocessed_keys.empty());
}

TEST_CASE("BatchGetItem refuses repeats and more than 100 keys") {
  Database database = make();
  CHECK(refused(database, "BatchGetItem",
                R"({"RequestItems":{"tab":{"Keys":[{"PK":{"S":"a"}},{"PK":{"S":"a"}}]}}})")
            .message == "Provided list of item keys contains duplicates");
  CHECK(refused(database, "BatchGetItem", R"({"RequestItems":{"tab":{"Keys":[]}}})").type ==
        "ValidationException");
  BatchGetItemRequest request;
  for (int i = 0; i < 101; ++i) request.tables["tab"].keys.push_back(keyed(std::to_string(i)));
  CHECK(database.execute(request).error().message ==
        "Too many items requested for the BatchGetItem call");
  request.tables["tab"].keys.pop_back();
  CHECK(database.execute(request).ok());
}

TEST_CASE("a response of 16 MB hands back the keys that it has no room for, uncharged") {
  Database database = make();
  BatchGetItemRequest request;
  for (int i = 0; i < 45; ++i) {
    const std::string key = std::to_string(i);
    ddbplan::dynamo::PutItemRequest one;
    one.table = "tab";
    one.item = padded(key, 400 * 1024 - 10);
    REQUIRE(database.execute(one).ok());
    request.tables["tab"].keys.push_back(keyed(key));
  }
  request.tables["tab"].consistent_read = true;
  const auto response = database.execute(request);
  REQUIRE(response.ok());
  // 40 items of just under 400 KB are under 16 MB (40.96 would fill it).
  CHECK(response->batch_items.at("tab").size() == 40);
  CHECK(response->unprocessed_keys.at("tab").keys.size() == 5);
  CHECK(response->unprocessed_keys.at("tab").consistent_read);
  CHECK(response->consumed.front().table_units.units() == 4000);
}
