#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "dynamo/json.h"

using namespace ddbplan::dynamo;  // NOLINT(google-build-using-namespace)

namespace {

AttributeValue s(std::string text) {
  return AttributeValue::string(std::move(text));
}

/// The request as JSON. What is written must be read as the same request.
std::string text(const Request& request) {
  const std::string written = request_to_json(request).dump();
  const auto read = request_from_json(operation_name(request), nlohmann::json::parse(written));
  REQUIRE_MESSAGE(read.ok(), written);
  CHECK(request_to_json_text(*read) == written);
  return written;
}

JsonError error_of(const char* operation, const char* body) {
  const auto read = request_from_json(operation, nlohmann::json::parse(body));
  REQUIRE_FALSE(read.ok());
  return read.error();
}

const Item kKey = {{"PK", s("1")}};

}  // namespace

TEST_CASE("GetItem") {
  GetItemRequest get;
  get.table = "shop";
  get.key = kKey;
  CHECK(text(get) == R"({"TableName":"shop","Key":{"PK":{"S":"1"}}})");
  get.consistent_read = true;
  get.projection = "#a, b";
  get.expression.names = {{"#a", "status"}};
  CHECK(text(get) ==
        R"({"TableName":"shop","Key":{"PK":{"S":"1"}},"ConsistentRead":true,)"
        R"("ProjectionExpression":"#a, b","ExpressionAttributeNames":{"#a":"status"}})");
  CHECK(operation_name(get) == "GetItem");
}

TEST_CASE("PutItem, UpdateItem and DeleteItem") {
  PutItemRequest put;
  put.table = "shop";
  put.item = {{"PK", s("1")}};
  put.condition = "attribute_not_exists(PK)";
  CHECK(text(put) == R"({"TableName":"shop","Item":{"PK":{"S":"1"}},)"
                     R"j("ConditionExpression":"attribute_not_exists(PK)"})j");
  UpdateItemRequest update;
  update.table = "shop";
  update.key = kKey;
  update.update = "SET a = :a";
  update.expression.values = {{":a", s("x")}};
  update.return_values = ReturnValues::all_new;
  CHECK(text(update) ==
        R"({"TableName":"shop","Key":{"PK":{"S":"1"}},"UpdateExpression":"SET a = :a",)"
        R"("ExpressionAttributeValues":{":a":{"S":"x"}},"ReturnValues":"ALL_NEW"})");
  DeleteItemRequest remove;
  remove.table = "shop";
  remove.key = kKey;
  remove.return_values = ReturnValues::all_old;
  CHECK(text(remove) == R"({"TableName":"shop","Key":{"PK":{"S":"1"}},"ReturnValues":"ALL_OLD"})");
}

TEST_CASE("Query and Scan") {
  QueryRequest query;
  query.table = "shop";
  query.index = "GSI1";
  query.key_condition = "PK = :p";
  query.expression.values = {{":p", s("1")}};
  query.limit = 20;
  query.select = Select::count;
  query.exclusive_start_key = kKey;
  query.scan_index_forward = false;
  CHECK(text(query) ==
        R"({"TableName":"shop","IndexName":"GSI1","KeyConditionExpression":"PK = :p",)"
        R"("ExpressionAttributeValues":{":p":{"S":"1"}},"Limit":20,"Select":"COUNT",)"
        R"("ExclusiveStartKey":{"PK":{"S":"1"}},"ScanIndexForward":false})");
  ScanRequest scan;
  scan.table = "shop";
  scan.filter = "a = :p";
  scan.expression.values = {{":p", s("1")}};
  CHECK(text(scan) == R"({"TableName":"shop","FilterExpression":"a = :p",)"
                      R"("ExpressionAttributeValues":{":p":{"S":"1"}}})");
}

TEST_CASE("batches") {
  BatchGetItemRequest get;
  get.tables["shop"].keys = {kKey};
  get.tables["shop"].consistent_read = true;
  CHECK(text(get) ==
        R"({"RequestItems":{"shop":{"Keys":[{"PK":{"S":"1"}}],"ConsistentRead":true}}})");
  BatchWriteItemRequest write;
  write.tables["shop"] = {BatchWrite{std::variant<Item, Item>(std::in_place_index<0>, kKey)},
                          BatchWrite{std::variant<Item, Item>(std::in_place_index<1>, kKey)}};
  CHECK(text(write) == R"({"RequestItems":{"shop":[{"PutRequest":{"Item":{"PK":{"S":"1"}}}},)"
                       R"({"DeleteRequest":{"Key":{"PK":{"S":"1"}}}}]}})");
}

TEST_CASE("transactions") {
  TransactWriteItemsRequest write;
  PutItemRequest put;
  put.table = "shop";
  put.item = kKey;
  ConditionCheck check;
  check.table = "shop";
  check.key = kKey;
  check.condition = "attribute_exists(PK)";
  write.actions = {put, check};
  write.client_request_token = "t1";
  CHECK(text(write) ==
        R"({"TransactItems":[{"Put":{"TableName":"shop","Item":{"PK":{"S":"1"}}}},)"
        R"({"ConditionCheck":{"TableName":"shop","Key":{"PK":{"S":"1"}},)"
        R"j("ConditionExpression":"attribute_exists(PK)"}}],"ClientRequestToken":"t1"})j");
  CHECK(operation_name(write) == "TransactWriteItems");
  TransactGetItemsRequest get;
  GetItemRequest one;
  one.table = "shop";
  one.key = kKey;
  one.consistent_read = true;
  get.gets = {one};
  CHECK(text(get) == R"({"TransactItems":[{"Get":{"TableName":"shop","Key":{"PK":{"S":"1"}}}}]})");
}

TEST_CASE("CreateTable defines exactly the attributes of its keys") {
  TableDescription table;
  table.name = "shop";
  table.key = {{{"PK", ScalarType::S}}, {{"SK", ScalarType::S}}};
  table.global_indexes = {{"GSI1",
                           {{{"a", ScalarType::S}, {"b", ScalarType::B}}, {{"SK", ScalarType::S}}},
                           {ProjectionType::include, {"total"}}}};
  table.local_indexes = {
      {"LSI1", {{{"PK", ScalarType::S}}, {{"n", ScalarType::N}}}, {ProjectionType::keys_only, {}}}};
  const nlohmann::ordered_json json = create_table_to_json(table);
  CHECK(json["AttributeDefinitions"].dump() ==
        R"([{"AttributeName":"PK","AttributeType":"S"},{"AttributeName":"SK","AttributeType":"S"},)"
        R"({"AttributeName":"a","AttributeType":"S"},{"AttributeName":"b","AttributeType":"B"},)"
        R"({"AttributeName":"n","AttributeType":"N"}])");
  CHECK(json["GlobalSecondaryIndexes"][0]["KeySchema"].dump() ==
        R"([{"AttributeName":"a","KeyType":"HASH"},{"AttributeName":"b","KeyType":"HASH"},)"
        R"({"AttributeName":"SK","KeyType":"RANGE"}])");
  CHECK(json["GlobalSecondaryIndexes"][0]["Projection"].dump() ==
        R"({"ProjectionType":"INCLUDE","NonKeyAttributes":["total"]})");
  CHECK(json["LocalSecondaryIndexes"][0]["Projection"].dump() ==
        R"({"ProjectionType":"KEYS_ONLY"})");
  CHECK(json["BillingMode"] == "PAY_PER_REQUEST");
}

TEST_CASE("reading a request says where it is wrong") {
  CHECK(error_of("GetItem", R"({"Key":{}})").message == "'TableName' is missing");
  CHECK(error_of("GetItem", R"({"TableName":1,"Key":{}})").path == "TableName");
  CHECK(error_of("GetItem", "[]").is_shape);
  CHECK(error_of("GetItem", R"({"TableName":"t","Key":{"a":{"N":"x"}}})").path == "Key.a");
  CHECK(error_of("PutItem", R"({"TableName":"t","Item":{},"ReturnValues":"SOME"})").path ==
        "ReturnValues");
  CHECK(error_of("Query", R"({"TableName":"t","KeyConditionExpression":"a","Limit":"1"})").path ==
        "Limit");
  CHECK(error_of("Query", R"({"TableName":"t","KeyConditionExpression":"a","Limit":-1})").path ==
        "Limit");
  CHECK(error_of("BatchGetItem", R"({"RequestItems":{"t":{}}})").path == "RequestItems.t.Keys");
  CHECK(error_of("BatchWriteItem", R"({"RequestItems":{"t":[{}]}})").path ==
        "RequestItems.t[0].DeleteRequest");
  CHECK(error_of("TransactWriteItems", R"({"TransactItems":[{"Put":{"TableName":"t"}}]})").path ==
        "TransactItems[0].Put.Item");
  CHECK(error_of("TransactWriteItems", R"({"TransactItems":[{}]})").path == "TransactItems[0]");
  CHECK(error_of("TransactGetItems", R"({"TransactItems":{}})").path == "TransactItems");
  CHECK(error_of("DoNothing", "{}").message == "'DoNothing' is not an operation");
  CHECK(
      error_of("GetItem", R"({"TableName":"t","Key":{},"ExpressionAttributeNames":[1]})").is_shape);
}

TEST_CASE("members of the API that a request type does not have are passed over") {
  CHECK(request_from_json("GetItem",
                          nlohmann::json::parse(
                              R"({"TableName":"t","Key":{},"ReturnConsumedCapacity":"INDEXES"})"))
            .ok());
}
