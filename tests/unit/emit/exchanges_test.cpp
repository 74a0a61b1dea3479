#include "emit/exchanges.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "design/layout.h"
#include "engine/database.h"
#include "tests/unit/emit/shop_fixture.h"

using namespace ddbplan;        // NOLINT(google-build-using-namespace)
using namespace ddbplan::emit;  // NOLINT(google-build-using-namespace)
using ddbplan::dynamo::AttributeValue;
using ddbplan::emit::test::ShopFixture;
using nlohmann::json;

namespace {

struct Engine {
  ShopFixture shop;
  engine::Database database;

  Engine() { REQUIRE_FALSE(database.create_table(design::describe(shop.design.tables[0]))); }

  std::string lines(std::size_t pattern, dynamo::Item values) {
    design::Parameters parameters;
    parameters.calls = {{0, std::move(values)}};
    const design::Executor execute = [this](const dynamo::Request& request) {
      return database.execute(request);
    };
    const design::Answer answer =
        design::run(shop.design, shop.workload, {pattern}, parameters, execute);
    return exchange_lines(shop.workload.patterns[pattern].name, 7, answer.exchanges);
  }
};

dynamo::Item order() {
  return {{"customer_id", AttributeValue::string("c1")},
          {"order_id", AttributeValue::string("o1")},
          {"status", AttributeValue::string("OPEN")},
          {"total", AttributeValue::number(12)}};
}

}  // namespace

TEST_CASE("a write, its repetition that is refused, and a read over two shards") {
  Engine engine;
  const json put = json::parse(engine.lines(2, order()));
  CHECK(put["pattern"] == "place_order");
  CHECK(put["call"] == 7);
  CHECK(put["step"] == 0);
  CHECK(put["operation"] == "PutItem");
  CHECK(put["request"]["TableName"] == "shop");
  CHECK(put["request"]["Item"]["SK"] == json::parse(R"({"S": "ORDER#o1"})"));
  CHECK(put["request"]["ReturnConsumedCapacity"] == "INDEXES");
  CHECK(put["response"] == json::parse(R"({"ConsumedCapacity": {"TableName": "shop",
    "CapacityUnits": 2, "Table": {"CapacityUnits": 1},
    "GlobalSecondaryIndexes": {"GSI1": {"CapacityUnits": 1}}}})"));

  const std::string lines = engine.lines(1, {});
  const std::size_t split = lines.find('\n') + 1;
  REQUIRE(split < lines.size());
  json found = json::array();
  for (const std::string& line : {lines.substr(0, split), lines.substr(split)}) {
    const json exchange = json::parse(line);
    CHECK(exchange["operation"] == "Query");
    CHECK(exchange["response"]["Count"] == exchange["response"]["Items"].size());
    for (const json& item : exchange["response"]["Items"]) found.push_back(item);
  }
  REQUIRE(found.size() == 1);
  CHECK(found[0]["total"] == json::parse(R"({"N": "12"})"));
}

TEST_CASE("a refused request has the error in place of the response") {
  dynamo::ApiError error;
  error.type = "TransactionCanceledException";
  error.message = "Transaction cancelled";
  error.cancellation_reasons = {{"None"}, {"ConditionalCheckFailed"}};
  const design::Exchange exchange{0, std::nullopt, dynamo::TransactWriteItemsRequest{}, error};
  const json line = json::parse(exchange_lines("p", 0, {exchange}));
  CHECK_FALSE(line.contains("response"));
  CHECK(line["error"] == json::parse(R"({"type": "TransactionCanceledException",
    "message": "Transaction cancelled", "reasons": ["None", "ConditionalCheckFailed"]})"));
}

TEST_CASE("response bodies of the other operations") {
  const dynamo::Item item = {{"a", AttributeValue::string("x")}};
  dynamo::Response response;
  response.items = {item, std::nullopt};
  CHECK(json(response_to_json(dynamo::TransactGetItemsRequest{}, response)) ==
        json::parse(R"({"Responses": [{"Item": {"a": {"S": "x"}}}, {}], "ConsumedCapacity": []})"));
  CHECK(json(response_to_json(dynamo::GetItemRequest{}, response)) ==
        json::parse(R"({"Item": {"a": {"S": "x"}}})"));
  response.items = {std::nullopt};
  CHECK(json(response_to_json(dynamo::GetItemRequest{}, response)) == json::object());
  response.batch_items = {{"t", {item}}};
  CHECK(json(response_to_json(dynamo::BatchGetItemRequest{}, response)) ==
        json::parse(R"({"Responses": {"t": [{"a": {"S": "x"}}]}, "UnprocessedKeys": {},
                        "ConsumedCapacity": []})"));
  response.attributes = item;
  CHECK(json(response_to_json(dynamo::UpdateItemRequest{}, response)) ==
        json::parse(R"({"Attributes": {"a": {"S": "x"}}})"));
  dynamo::QueryRequest count;
  count.select = dynamo::Select::count;
  response.count = 3;
  response.scanned_count = 4;
  response.last_evaluated_key = item;
  CHECK(json(response_to_json(count, response)) ==
        json::parse(R"({"Count": 3, "ScannedCount": 4, "LastEvaluatedKey": {"a": {"S": "x"}}})"));
}
