#include "remote/comparison.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

namespace ddbplan::remote {
namespace {

using Json = nlohmann::ordered_json;

/// Of a page of a Query.
Json page(const std::vector<std::string>& numbers) {
  Json answer = {
      {"Items", Json::array()}, {"Count", numbers.size()}, {"ScannedCount", numbers.size()}};
  for (const std::string& number : numbers)
    answer["Items"].push_back({{"PK", {{"S", number}}}, {"SK", {{"S", number.substr(0, 1)}}}});
  return answer;
}

TEST_CASE("the same items in the same order are the same, however they are written") {
  const Json ours = Json::parse(
      R"({"Items":[{"a":{"N":"10"},"b":{"SS":["x","y"]}}],"Count":1,"ScannedCount":1})");
  CHECK_FALSE(difference(
      "Query", {}, ours,
      R"({"ScannedCount":1,"Count":1,"Items":[{"b":{"SS":["y","x"]},"a":{"N":"1E1"}}]})"));
}

TEST_CASE("what differs is said") {
  const Json ours = page({"1", "2"});
  CHECK(difference("Query", {}, ours, page({"1"}).dump()) == "it answers 1 items instead of 2");
  CHECK(difference("Query", {}, ours, page({"1", "3"}).dump()) == "an item differs");
  CHECK(difference("Query", {}, ours, page({"2", "1"}).dump()) ==
        "the items come in another order");
  Json more = ours;
  more["LastEvaluatedKey"] = {{"PK", {{"S", "2"}}}};
  CHECK(difference("Query", {}, ours, more.dump()) == "it ends the page earlier");
  Json scanned = ours;
  scanned["ScannedCount"] = 3;
  CHECK(difference("Query", {}, ours, scanned.dump()) == "ScannedCount is 3 instead of 2");
  CHECK(difference("GetItem", {}, Json::object(), "not JSON") == "the answer is no JSON object");
}

TEST_CASE("a Scan has no order, and an index has none among equal sort keys") {
  CHECK_FALSE(difference("Scan", {}, page({"1", "2"}), page({"2", "1"}).dump()));
  CHECK_FALSE(difference("Query", {"SK"}, page({"1a", "1b"}), page({"1b", "1a"}).dump()));
  CHECK(difference("Query", {"SK"}, page({"1a", "2b"}), page({"2b", "1a"}).dump()) ==
        "the items come in another order");
}

TEST_CASE("a refusal is compared by its type and by the reasons of its transaction") {
  dynamo::ApiError expected;
  expected.type = "ConditionalCheckFailedException";
  CHECK_FALSE(difference(
      expected,
      read_refusal(
          R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException","message":"no"})")));
  const Refusal other = read_refusal(R"({"__type":"x#ValidationException","Message":"bad"})");
  CHECK(difference(expected, other) ==
        "it answers ValidationException (bad) instead of ConditionalCheckFailedException");
  expected.type = "TransactionCanceledException";
  expected.cancellation_reasons.resize(2);
  expected.cancellation_reasons[0].code = "None";
  expected.cancellation_reasons[1].code = "ConditionalCheckFailed";
  const std::string cancelled =
      R"({"__type":"x#TransactionCanceledException","CancellationReasons":[{"Code":"None"},{"Code":"ConditionalCheckFailed"}]})";
  CHECK_FALSE(difference(expected, read_refusal(cancelled)));
  expected.cancellation_reasons.pop_back();
  CHECK(difference(expected, read_refusal(cancelled)));
  CHECK(read_refusal("<html>").type.empty());
}

TEST_CASE("units are added over tables") {
  CHECK(consumed_units(R"({"ConsumedCapacity":{"CapacityUnits":1.5}})") == 1.5);
  CHECK(consumed_units(R"({"ConsumedCapacity":[{"CapacityUnits":2},{"CapacityUnits":0.5}]})") ==
        2.5);
  CHECK(consumed_units("{}") == 0);
  CHECK(consumed_units("") == 0);
}

}  // namespace
}  // namespace ddbplan::remote
