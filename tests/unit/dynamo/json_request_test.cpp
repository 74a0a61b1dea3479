#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "dynamo/json.h"

using namespace ddbplan::dynamo;  // NOLINT(google-build-using-namespace)

namespace {

AttributeValue s(std::string text) {
  return AttributeValue::string(std::move(text));
}

/// The request as JSON. What is written must be read as the same request.
std::string text(const Request& request) {
  std::string written = request_to_json(request).dump();
  const auto read = request_from_json(operation_name(request), nlohmann::json::parse(written));
  REQUIRE_MESSAGE(read.ok(), written);
  CHECK(request_to_json_text(*read) == written);
  return written;
}

JsonError error_of(const char* operation, const std::string& body) {
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

TEST_CASE("constraints of the API's model, in the service's words") {
  const std::string one = "1 validation error detected: Value ";
  CHECK(error_of("GetItem", R"({"Key":{}})").message ==
        one + "null at 'tableName' failed to satisfy constraint: Member must not be null");
  CHECK(error_of("GetItem", R"({"TableName":"tab"})").message ==
        one + "null at 'key' failed to satisfy constraint: Member must not be null");
  CHECK(error_of("GetItem", R"({"TableName":"a$","Key":{}})").message ==
        "2 validation errors detected: Value 'a$' at 'tableName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value 'a$' at "
        "'tableName' failed to satisfy constraint: Member must have length greater than or equal "
        "to 3");
  CHECK(error_of("PutItem", R"({"TableName":"tab","Item":{},"ReturnValues":"SOME"})").message ==
        one +
            "'SOME' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value "
            "set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]");
  CHECK(error_of("Query", R"({"TableName":"tab","KeyConditionExpression":"a","Limit":-1})")
            .message == one +
                            "'-1' at 'limit' failed to satisfy constraint: Member must have value "
                            "greater than or equal to 1");
  CHECK(error_of("BatchGetItem", R"({"RequestItems":{"tab":{}}})").message ==
        one +
            "null at 'requestItems.tab.member.keys' failed to satisfy constraint: Member must not "
            "be null");
  CHECK(error_of("TransactWriteItems", R"({"TransactItems":[{"Put":{"TableName":"tab"}}]})")
            .message ==
        one +
            "null at 'transactItems.1.member.put.item' failed to satisfy constraint: Member must "
            "not be null");
  CHECK(error_of("DoNothing", "{}").message == "'DoNothing' is not an operation");
}

TEST_CASE("wrong JSON types are told first, whatever else is wrong") {
  CHECK(error_of("GetItem", "[]").is_shape);
  for (const auto& [body, message] : std::vector<std::pair<std::string, std::string>>{
           {R"({"TableName":1})", "NUMBER_VALUE cannot be converted to String"},
           {R"({"TableName":1.5})", "DECIMAL_VALUE cannot be converted to String"},
           {R"({"TableName":true})", "TRUE_VALUE cannot be converted to String"},
           {R"({"TableName":[]})", "Unrecognized collection type class java.lang.String"},
           {R"({"TableName":{}})", "Start of structure or map found where not expected"},
           {R"({"Key":"a"})", "Unexpected field type"},
           {R"({"Key":{"a":"b"}})", "Unexpected value type in payload"},
           {R"({"Key":{"a":{"L":{}}}})", "Start of structure or map found where not expected"},
           {R"({"Key":{"a":{"B":"Zg"}}})",
            "Base64 encoded length is expected a multiple of 4 bytes but found: 2"},
           {R"({"ConsistentRead":"perhaps"})", "Unexpected token received from parser"},
           {R"({"ExpressionAttributeNames":{"#a":1}})",
            "NUMBER_VALUE cannot be converted to String"}}) {
    const auto& shown = body;  // clang 14 captures no structured binding
    CAPTURE(shown);
    const JsonError error = error_of("GetItem", body);
    CHECK(error.is_shape);
    CHECK(error.message == message);
  }
}

TEST_CASE("expressions do not go with legacy parameters, nor placeholders without expressions") {
  CHECK(error_of("GetItem",
                 R"({"TableName":"tab","Key":{},"AttributesToGet":["a"],)"
                 R"("ProjectionExpression":"a"})")
            .message ==
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {AttributesToGet} Expression parameters: "
        "{ProjectionExpression}");
  CHECK(error_of("UpdateItem",
                 R"({"TableName":"tab","Key":{},"ExpressionAttributeValues":{":a":{"S":""}}})")
            .message ==
        "ExpressionAttributeValues can only be specified when using expressions: UpdateExpression "
        "and ConditionExpression are null");
  CHECK(error_of("Query", R"({"TableName":"tab"})").message ==
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
        "request.");
}

TEST_CASE("members that an operation does not have are passed over") {
  CHECK(request_from_json("GetItem",
                          nlohmann::json::parse(
                              R"({"TableName":"tab","Key":{},"NotThere":{"a":[1]}})"))
            .ok());
}
