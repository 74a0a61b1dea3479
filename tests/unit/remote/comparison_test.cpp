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
      "Query", ours,
      R"({"ScannedCount":1,"Count":1,"Items":[{"b":{"SS":["y","x"]},"a":{"N":"1E1"}}]})"));
}

TEST_CASE("what differs is said") {
  const Json ours = page({"1", "2"});
  CHECK(difference("Query", ours, page({"1"}).dump()) == "it answers 1 items instead of 2");
  CHECK(difference("Query", ours, page({"1", "3"}).dump()) == "an item differs");
  CHECK(difference("Query", ours, page({"2", "1"}).dump()) == "the items come in another order");
  Json more = ours;
  more["LastEvaluatedKey"] = {{"PK", {{"S", "2"}}}};
  CHECK(difference("Query", ours, more.dump()) == "it ends the page earlier");
  Json scanned = ours;
  scanned["ScannedCount"] = 3;
  CHECK(difference("Query", ours, scanned.dump()) == "ScannedCount is 3 instead of 2");
  CHECK(difference("GetItem", Json::object(), "not JSON") == "the answer is no JSON object");
}

TEST_CASE("an index has no order among equal sort keys") {
  const std::vector<std::string> sort = {"SK"};
  CHECK_FALSE(index_difference(sort, {page({"1a", "1b"})}, {page({"1b", "1a"}).dump()}));
  CHECK(index_difference(sort, {page({"1a", "2b"})}, {page({"2b", "1a"}).dump()}) ==
        "an item differs, or its place");
  CHECK(index_difference(sort, {page({"1a", "1b"})}, {page({"1a", "1c"}).dump()}) ==
        "an item differs");
  CHECK(index_difference(sort, {page({"1a", "1b"})}, {page({"1a"}).dump()}) ==
        "it answers 1 items instead of 2");
}

TEST_CASE("pages of an index end where they like among equal sort keys") {
  const std::vector<std::string> sort = {"SK"};
  CHECK_FALSE(index_difference(sort, {page({"1a", "2b"}), page({"2c"})},
                               {page({"1a", "2c"}).dump(), page({"2b"}).dump()}));
  Json ours = page({"1a", "2b"});
  CHECK(index_difference(sort, {ours}, {page({"1a", "2c"}).dump()}) == "an item differs");
  ours["LastEvaluatedKey"] = Json::object();
  CHECK_FALSE(index_difference(sort, {ours}, {page({"1a", "2c"}).dump()}));
  CHECK(index_difference(sort, {ours}, {page({"1x", "2b"}).dump()}) == "an item differs");
  // Less than ours is enough only of what goes on, and nothing never is.
  Json less = page({"1a"});
  CHECK(index_difference(sort, {ours}, {less.dump()}) == "it answers 1 items instead of 2");
  less["LastEvaluatedKey"] = Json::object();
  CHECK_FALSE(index_difference(sort, {ours}, {less.dump()}));
  Json nothing = page({});
  CHECK(index_difference(sort, {ours}, {nothing.dump()}) == "it answers 0 items instead of 2");
  nothing["LastEvaluatedKey"] = Json::object();
  CHECK(index_difference(sort, {ours}, {nothing.dump()}) == "it answers 0 items instead of 2");
  CHECK(index_difference(sort, {ours}, {}) == "it answers 0 items instead of 2");
}

TEST_CASE("Scans are compared as wholes, however they are paged") {
  CHECK_FALSE(scan_difference({page({"1", "2"}), page({"3"})},
                              {page({"3"}).dump(), page({"2", "1"}).dump()}));
  CHECK(scan_difference({page({"1", "2"})}, {page({"1"}).dump()}) ==
        "it answers 1 items instead of 2");
  CHECK(scan_difference({page({"1"})}, {page({"2"}).dump()}) == "an item differs");
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

TEST_CASE("an answer of a hostile endpoint is an answer that differs") {
  const Json ours = page({"1"});
  const std::string deep(1'000'000, '[');
  std::string closed = R"({"Items":)";
  for (int i = 0; i < 100'000; ++i) closed += R"([{"a":)";
  for (int i = 0; i < 100'000; ++i) closed += "1}]";
  for (const std::string& hostile :
       {deep, R"({"Items":)" + deep, closed + "}", std::string(R"({"Items":5,"Count":"x"})"),
        std::string(R"({"Items":[1],"Count":1,"ScannedCount":1})"), std::string(R"([])")}) {
    CHECK(difference("Query", ours, hostile));
    CHECK(index_difference({"SK"}, {ours}, {hostile}));
    CHECK(scan_difference({ours}, {hostile}));
    CHECK_FALSE(consumed_units(hostile));
    CHECK(read_refusal(hostile).type.empty());
  }
}

TEST_CASE("units are added over tables") {
  CHECK(consumed_units(R"({"ConsumedCapacity":{"CapacityUnits":1.5}})") == 1.5);
  CHECK(consumed_units(R"({"ConsumedCapacity":[{"CapacityUnits":2},{"CapacityUnits":0.5}]})") ==
        2.5);
  CHECK(consumed_units(R"({"ConsumedCapacity":{"CapacityUnits":0}})") == 0);
}

TEST_CASE("units that are not told are not none") {
  CHECK_FALSE(consumed_units("{}"));
  CHECK_FALSE(consumed_units(""));
  CHECK_FALSE(consumed_units(R"({"ConsumedCapacity":null})"));
  CHECK_FALSE(consumed_units(R"({"ConsumedCapacity":[{"CapacityUnits":2},{}]})"));
}

}  // namespace
}  // namespace ddbplan::remote
