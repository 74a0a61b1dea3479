#include <doctest/doctest.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "dynamo/wire_response.h"
#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)
namespace dynamo = ddbplan::dynamo;

namespace {

Database made(int items) {
  Database database;
  dynamo::TableDescription tab = table("tab", "p");
  tab.global_indexes.push_back(index("gsi", {"g"}, {}));
  REQUIRE_FALSE(database.create_table(tab).has_value());
  for (int i = 0; i < items; ++i) {
    run(database, "PutItem",
        R"({"TableName":"tab","Item":{"p":{"S":")" + std::to_string(i) + R"("},"g":{"S":"g)" +
            std::to_string(i % 7) + R"("}}})");
  }
  return database;
}

}  // namespace

TEST_CASE("segments of a parallel scan are disjoint and complete, page by page") {
  Database database = made(100);
  for (const std::string& where : {std::string(), std::string(R"("IndexName":"gsi",)")}) {
    for (const int segments : {1, 2, 3, 10}) {
      std::set<std::string> seen;
      for (int segment = 0; segment < segments; ++segment) {
        std::string start;
        while (true) {
          const auto page = run(database, "Scan",
                                R"({"TableName":"tab",)" + where + R"("Limit":7,"Segment":)" +
                                    std::to_string(segment) + R"(,"TotalSegments":)" +
                                    std::to_string(segments) + start + "}");
          for (const auto& one : page.items) {
            CHECK(seen.insert(*one->at("p").as_string()).second);
          }
          if (!page.last_evaluated_key) break;
          start = R"(,"ExclusiveStartKey":)" + text(*page.last_evaluated_key);
        }
      }
      CHECK(seen.size() == 100);
    }
  }
}

TEST_CASE("a segment is one of its total, and a start is in its segment") {
  Database database = made(1);
  const auto message = [&](const std::string& members) {
    return refused(database, "Scan", R"({"TableName":"tab",)" + members + "}").message;
  };
  // The service's words, as dynalite captured them.
  CHECK(message(R"("Segment":1)") ==
        "The TotalSegments parameter is required but was not present in the request when Segment "
        "parameter is present");
  CHECK(message(R"("TotalSegments":2)") ==
        "The Segment parameter is required but was not present in the request when parameter "
        "TotalSegments is present");
  CHECK(message(R"("Segment":2,"TotalSegments":2)") ==
        "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
        "Segment: 2 is not less than TotalSegments: 2");
  int refusals = 0;
  for (const char* segment : {"0", "1"}) {
    const auto read = dynamo::request_from_json(
        "Scan",
        nlohmann::json::parse(std::string(R"({"TableName":"tab","ExclusiveStartKey":)") +
                              R"({"p":{"S":"x"}},"TotalSegments":2,"Segment":)" + segment + "}"));
    const auto response = database.execute(*read);
    if (response) continue;
    ++refusals;
    CHECK(response.error().message.find("with correct Segment") != std::string::npos);
  }
  CHECK(refusals == 1);
}

TEST_CASE("a token is remembered for ten minutes of the given clock") {
  std::int64_t now_ms = 1'000;
  Options options;
  options.now_ms = [&now_ms] { return now_ms; };
  Database database(options);
  REQUIRE_FALSE(database.create_table(table("tab", "p")).has_value());
  const auto add = [](const char* number) {
    const std::string update =
        R"("TableName":"tab","Key":{"p":{"S":"a"}},"UpdateExpression":"ADD n :n")";
    const std::string value = std::string(R"({":n":{"N":")") + number + "\"}}";
    return R"({"ClientRequestToken":"t","TransactItems":[{"Update":{)" + update +
           R"(,"ExpressionAttributeValues":)" + value + "}}]}";
  };
  const auto stored = [&] { return text(database.all_items("tab").front()); };
  run(database, "TransactWriteItems", add("1"));
  now_ms += 10 * 60 * 1000 - 1;
  run(database, "TransactWriteItems", add("1"));
  CHECK(stored() == R"({"n":{"N":"1"},"p":{"S":"a"}})");
  CHECK(refused(database, "TransactWriteItems", add("2")).type ==
        "IdempotentParameterMismatchException");
  now_ms += 1;
  run(database, "TransactWriteItems", add("2"));
  CHECK(stored() == R"({"n":{"N":"3"},"p":{"S":"a"}})");
}

TEST_CASE("the item is returned with a failed condition when asked for") {
  Database database = made(1);
  const std::string put =
      R"j("TableName":"tab","Item":{"p":{"S":"0"}},"ConditionExpression":"attribute_not_exists(p)")j";
  CHECK_FALSE(refused(database, "PutItem", "{" + put + "}").item.has_value());
  const std::string asks = put + R"(,"ReturnValuesOnConditionCheckFailure":"ALL_OLD")";
  const dynamo::ApiError error = refused(database, "PutItem", "{" + asks + "}");
  REQUIRE(error.item.has_value());
  CHECK(text(*error.item) == R"({"g":{"S":"g0"},"p":{"S":"0"}})");
  const dynamo::ApiError cancelled =
      refused(database, "TransactWriteItems", R"({"TransactItems":[{"Put":{)" + asks + "}}]}");
  std::string body;
  dynamo::append_error(body, cancelled);
  CHECK(
      body ==
      R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",)"
      R"("CancellationReasons":[{"Code":"ConditionalCheckFailed",)"
      R"("Item":{"g":{"S":"g0"},"p":{"S":"0"}},"Message":"The conditional request failed"}],)"
      R"("Message":"Transaction cancelled, please refer cancellation reasons for specific reasons )"
      R"([ConditionalCheckFailed]"})");
}

TEST_CASE("item collection metrics: only of tables with local indexes") {
  Database database;
  dynamo::TableDescription tab = table("tab", "p", "s");
  tab.local_indexes.push_back(index("lsi", {"p"}, {"n:N"}));
  REQUIRE_FALSE(database.create_table(tab).has_value());
  REQUIRE_FALSE(database.create_table(table("plain", "p")).has_value());
  const auto metrics = [&](const std::string& body) {
    return run(database, "PutItem", body).collection_metrics;
  };
  const auto of_tab =
      metrics(R"({"TableName":"tab","Item":{"p":{"S":"a"},"s":{"S":"b"},"n":{"N":"1"}},)"
              R"("ReturnItemCollectionMetrics":"SIZE"})");
  REQUIRE(of_tab.size() == 1);
  CHECK(text(of_tab.front().partition_key) == R"({"p":{"S":"a"}})");
  CHECK(of_tab.front().gigabytes_min == 0);
  CHECK(of_tab.front().gigabytes_max == 1);
  CHECK(metrics(R"({"TableName":"plain","Item":{"p":{"S":"a"}},)"
                R"("ReturnItemCollectionMetrics":"SIZE"})")
            .empty());
}
