#include <doctest/doctest.h>

#include <string>

#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)
using ddbplan::dynamo::ApiError;
using ddbplan::dynamo::AttributeValue;
using ddbplan::dynamo::Response;
using ddbplan::dynamo::TransactWriteItemsRequest;

namespace {

Database make() {
  Database database;
  ddbplan::dynamo::TableDescription t = table("tab", "PK");
  t.global_indexes = {index("GSI1", {"g"}, {})};
  REQUIRE_FALSE(database.create_table(t).has_value());
  return database;
}

std::string actions(const std::string& list, const std::string& more = "") {
  return R"({"TransactItems":[)" + list + "]" + (more.empty() ? "" : "," + more) + "}";
}

std::string put(const std::string& key, std::size_t bytes = 0, const std::string& more = "") {
  const std::string pad = bytes == 0 ? "" : R"(,"x":{"S":")" + std::string(bytes, 'x') + "\"}";
  return R"({"Put":{"TableName":"tab","Item":{"PK":{"S":")" + key + "\"}" + pad + "}" +
         (more.empty() ? "" : "," + more) + "}}";
}

std::string check(const std::string& key, const std::string& condition) {
  return R"({"ConditionCheck":{"TableName":"tab","Key":{"PK":{"S":")" + key +
         R"("}},"ConditionExpression":")" + condition + "\"}}";
}

std::string erase(const std::string& key) {
  return R"({"Delete":{"TableName":"tab","Key":{"PK":{"S":")" + key + "\"}}}}";
}

std::string add_one(const std::string& key) {
  return R"({"Update":{"TableName":"tab","Key":{"PK":{"S":")" + key +
         R"("}},"UpdateExpression":"ADD n :o","ExpressionAttributeValues":{":o":{"N":"1"}}}})";
}

}  // namespace

namespace {

std::vector<std::string> codes(const ddbplan::dynamo::ApiError& error) {
  std::vector<std::string> all;
  for (const auto& reason : error.cancellation_reasons) all.push_back(reason.code);
  return all;
}

}  // namespace

TEST_CASE("all actions are made, each rounded and then doubled") {
  Database database = make();
  // 1,500 and more bytes: 2 units, doubled 4; 2 for the counter; 2 for the missing item checked.
  const Response response = run(database, "TransactWriteItems",
                                actions(put("a", 1500) + "," + add_one("n") + "," +
                                        check("none", "attribute_not_exists(PK)")));
  CHECK(consumed_text(response.consumed) == "tab: 8");
  CHECK(response.consumed.front().is_write);
  CHECK(database.all_items("tab").size() == 2);
  // The deleted item's 2 units and the checked item's 1, doubled.
  const Response more = run(database, "TransactWriteItems",
                            actions(erase("a") + "," + check("n", "attribute_exists(n)")));
  CHECK(consumed_text(more.consumed) == "tab: 6");
}

TEST_CASE("index writes are not doubled") {
  Database database = make();
  const std::string entry = R"({"Put":{"TableName":"tab","Item":{"PK":{"S":"a"},"g":{"S":"x"}}}})";
  CHECK(consumed_text(run(database, "TransactWriteItems", actions(entry)).consumed) ==
        "tab: 2 GSI1 1");
}

TEST_CASE("one failed condition cancels everything and names its action") {
  Database database = make();
  run(database, "TransactWriteItems", actions(put("a", 1500)));
  const std::string absent = R"j("ConditionExpression":"attribute_not_exists(PK)")j";
  const ApiError error = refused(
      database, "TransactWriteItems",
      actions(put("b") + "," + put("a", 0, absent) + "," + check("n", "attribute_not_exists(PK)")));
  CHECK(error.type == "TransactionCanceledException");
  CHECK(error.message ==
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, "
        "ConditionalCheckFailed, None]");
  CHECK(codes(error) ==
        std::vector<std::string>{"None", "ConditionalCheckFailed", "None"});
  // Assumed, not published: the failed-condition rule, doubled: 2 + 4 + 2.
  CHECK(consumed_text(error.consumed) == "tab: 8");
  CHECK(database.all_items("tab").size() == 1);
}

TEST_CASE("an action that the stored item refuses is a reason too") {
  Database database = make();
  const std::string bad =
      R"({"Update":{"TableName":"tab","Key":{"PK":{"S":"a"}},"UpdateExpression":"SET x = y"}})";
  const ApiError error = refused(database, "TransactWriteItems", actions(put("b") + "," + bad));
  CHECK(codes(error) == std::vector<std::string>{"None", "ValidationError"});
  CHECK(database.all_items("tab").empty());
  const ApiError key = refused(database, "TransactWriteItems",
                               actions(R"({"Put":{"TableName":"tab","Item":{"x":{"S":"a"}}}})"));
  CHECK(codes(key) == std::vector<std::string>{"ValidationError"});
}

TEST_CASE("an error of the request itself is not a cancellation") {
  Database database = make();
  CHECK(refused(database, "TransactWriteItems", actions(check("a", "attribute_exists("))).message ==
        "Invalid ConditionExpression: Syntax error; token: \"<EOF>\", near: \"(\"");
  CHECK(refused(database, "TransactWriteItems", actions(put("a") + "," + erase("a"))).message ==
        "Transaction request cannot include multiple operations on one item");
  CHECK(refused(database, "TransactWriteItems", actions("")).type == "ValidationException");
  CHECK(refused(database, "TransactWriteItems",
                actions(R"({"Delete":{"TableName":"none","Key":{"PK":{"S":"a"}}}})"))
            .type == "ResourceNotFoundException");
}

TEST_CASE("100 actions and 4 MB are a transaction, more are not") {
  Database database = make();
  TransactWriteItemsRequest request;
  for (int i = 0; i < 100; ++i) {
    ddbplan::dynamo::PutItemRequest one;
    one.table = "tab";
    one.item = {{"PK", AttributeValue::string(std::to_string(i))}};
    request.actions.emplace_back(one);
  }
  CHECK(database.execute(request).ok());
  request.actions.push_back(request.actions.front());
  CHECK(database.execute(request).error().message.find("less than or equal to 100") !=
        std::string::npos);

  TransactWriteItemsRequest large;
  for (int i = 0; i < 11; ++i) {
    ddbplan::dynamo::PutItemRequest one;
    one.table = "tab";
    one.item = {{"PK", AttributeValue::string("l" + std::to_string(i))},
                {"x", AttributeValue::string(std::string(std::size_t{390} * 1024, 'x'))}};
    large.actions.emplace_back(one);
  }
  CHECK(database.execute(large).error().message.find("4MB limit") != std::string::npos);
  large.actions.pop_back();
  CHECK(database.execute(large).ok());
}

TEST_CASE("a ClientRequestToken makes a transaction once, and its repetition a read") {
  Database database = make();
  const std::string body =
      actions(add_one("n") + "," + put("a", 5000), R"("ClientRequestToken":"t")");
  CHECK(consumed_text(run(database, "TransactWriteItems", body).consumed) == "tab: 12");
  const Response again = run(database, "TransactWriteItems", body);
  // 2 x ceil(bytes / 4 KB) for each item: 2 + 4.
  CHECK(consumed_text(again.consumed) == "tab: 6");
  CHECK_FALSE(again.consumed.front().is_write);
  CHECK(items_text(run(database, "GetItem", R"({"TableName":"tab","Key":{"PK":{"S":"n"}}})")) ==
        R"([{"PK":{"S":"n"},"n":{"N":"1"}}])");
  CHECK(refused(database, "TransactWriteItems", actions(put("b"), R"("ClientRequestToken":"t")"))
            .type == "IdempotentParameterMismatchException");
  // A cancelled transaction keeps nothing.
  const std::string failing =
      actions(check("b", "attribute_exists(PK)"), R"("ClientRequestToken":"u")");
  CHECK(refused(database, "TransactWriteItems", failing).type == "TransactionCanceledException");
  CHECK(refused(database, "TransactWriteItems", failing).type == "TransactionCanceledException");
}

TEST_CASE("TransactGetItems: in the request's order, twice the strong units") {
  Database database = make();
  run(database, "TransactWriteItems", actions(put("a") + "," + put("b", 5000)));
  const auto get = [](const std::string& key, const std::string& more = "") {
    return R"({"Get":{"TableName":"tab","Key":{"PK":{"S":")" + key + "\"}}" + more + "}}";
  };
  const Response response = run(
      database, "TransactGetItems",
      actions(get("b", R"(,"ProjectionExpression":"PK")") + "," + get("none") + "," + get("a")));
  CHECK(items_text(response) == R"([{"PK":{"S":"b"}},null,{"PK":{"S":"a"}}])");
  CHECK(consumed_text(response.consumed) == "tab: 8");
  CHECK(refused(database, "TransactGetItems", actions(get("a") + "," + get("a"))).message ==
        "Transaction request cannot include multiple operations on one item");
  CHECK(refused(database, "TransactGetItems", actions("")).type == "ValidationException");
}
