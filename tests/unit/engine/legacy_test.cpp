// Legacy parameters. Expected answers and messages are DynamoDB Local's.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)

namespace {

const std::string kKey = R"("TableName":"tab","Key":{"p":{"S":"a"},"s":{"N":"1"}})";
const std::string kItem = R"("TableName":"tab","Item":{"p":{"S":"a"},"s":{"N":"1"}})";
const std::string kBad = "One or more parameter values were invalid: ";

Database made() {
  Database database;
  REQUIRE_FALSE(database.create_table(table("tab", "p", "s:N")).has_value());
  for (const char* number : {"1", "2", "3"}) {
    run(database, "PutItem",
        std::string(R"({"TableName":"tab","Item":{"p":{"S":"a"},"s":{"N":")") + number +
            R"("},"x":{"N":"5"},"t":{"S":"text"},"l":{"L":[{"N":"1"}]}}})");
  }
  return database;
}

/// Whether PutItem over item 1 with this Expected is let through.
bool passes(Database& database, const std::string& expected, const std::string& more = "") {
  Database copy(database);
  const auto request = "{" + kItem + R"(,"Expected":)" + expected + more + "}";
  const auto read = ddbplan::dynamo::request_from_json("PutItem", nlohmann::json::parse(request));
  REQUIRE(read.ok());
  const auto response = copy.execute(*read);
  if (!response) CHECK(response.error().type == "ConditionalCheckFailedException");
  return response.ok();
}

std::string put_message(Database& database, const std::string& expected) {
  return refused(database, "PutItem", "{" + kItem + R"(,"Expected":)" + expected + "}").message;
}

std::string condition(const std::string& op, const std::string& values) {
  return R"({"ComparisonOperator":")" + op + R"(","AttributeValueList":[)" + values + "]}";
}

}  // namespace

TEST_CASE("Expected: what each operator says of an item") {
  Database database = made();
  const auto holds = [&](const std::string& name, const std::string& op,
                         const std::string& values) {
    return passes(database, R"({")" + name + R"(":)" + condition(op, values) + "}");
  };
  CHECK(holds("x", "EQ", R"({"N":"5.0"})"));
  CHECK_FALSE(holds("x", "NE", R"({"N":"5"})"));
  CHECK(holds("none", "NE", R"({"N":"5"})"));
  CHECK(holds("x", "IN", R"({"N":"4"},{"N":"5"})"));
  CHECK(holds("x", "LE", R"({"N":"5"})"));
  CHECK_FALSE(holds("x", "LT", R"({"N":"5"})"));
  CHECK(holds("x", "GE", R"({"N":"5"})"));
  CHECK_FALSE(holds("x", "GT", R"({"N":"5"})"));
  CHECK(holds("x", "BETWEEN", R"({"N":"4"},{"N":"6"})"));
  CHECK(holds("x", "NOT_NULL", ""));
  CHECK(holds("none", "NULL", ""));
  CHECK(holds("t", "CONTAINS", R"({"S":"ex"})"));
  CHECK(holds("t", "NOT_CONTAINS", R"({"S":"ab"})"));
  // Unlike NOT contains() in an expression.
  CHECK_FALSE(holds("none", "NOT_CONTAINS", R"({"S":"ab"})"));
  CHECK(holds("t", "BEGINS_WITH", R"({"S":"te"})"));
  CHECK(passes(database, R"({"x":{"Value":{"N":"5"}}})"));
  CHECK_FALSE(passes(database, R"({"x":{"Exists":false}})"));
}

TEST_CASE("ConditionalOperator joins by AND unless it says OR") {
  Database database = made();
  const std::string one_of_two = R"({"x":{"Value":{"N":"5"}},"t":{"Value":{"S":"no"}}})";
  CHECK_FALSE(passes(database, one_of_two));
  CHECK_FALSE(passes(database, one_of_two, R"(,"ConditionalOperator":"AND")"));
  CHECK(passes(database, one_of_two, R"(,"ConditionalOperator":"OR")"));
  CHECK(refused(database, "PutItem", "{" + kItem + R"(,"ConditionalOperator":"OR"})").message ==
        "ConditionalOperator cannot be used without Filter or Expected");
  CHECK(refused(database, "PutItem",
                "{" + kItem + R"(,"Expected":{"x":{"Exists":false}},"ConditionalOperator":"OR"})")
            .message ==
        "ConditionalOperator can only be used when Filter or Expected has two or more elements");
}

TEST_CASE("Expected: members that do not go together") {
  Database database = made();
  CHECK(put_message(database, R"({"x":{}})") ==
        kBad + "Value must be provided when Exists is null for Attribute: x");
  CHECK(put_message(database, R"({"x":{"Exists":false,"Value":{"S":"a"}}})") ==
        kBad + "Value cannot be used when Exists is false for Attribute: x");
  CHECK(put_message(database, R"({"x":{"AttributeValueList":[{"S":"a"}]}})") ==
        kBad + "AttributeValueList can only be used with a ComparisonOperator for Attribute: x");
  CHECK(put_message(database, R"({"x":{"ComparisonOperator":"EQ"}})") ==
        kBad +
            "Value or AttributeValueList must be used with ComparisonOperator: EQ for "
            "Attribute: x");
  CHECK(put_message(database, R"({"x":)" + condition("BETWEEN", R"({"N":"1"})") + "}") ==
        kBad + "Invalid number of argument(s) for the BETWEEN ComparisonOperator");
  CHECK(put_message(database, R"({"x":)" + condition("IN", R"({"N":"1"},{"S":"1"})") + "}") ==
        kBad + "AttributeValues inside AttributeValueList must be of same type");
  CHECK(put_message(database, R"({"x":)" + condition("BETWEEN", R"({"N":"2"},{"N":"1"})") + "}") ==
        "The BETWEEN condition was provided a range where the lower bound is greater than the "
        "upper bound");
}

TEST_CASE("AttributeUpdates: PUT, ADD and DELETE") {
  Database database = made();
  const auto updated = [&](const std::string& updates) {
    return text(
        *run(database, "UpdateItem",
             "{" + kKey + R"(,"AttributeUpdates":)" + updates + R"(,"ReturnValues":"UPDATED_NEW"})")
             .attributes);
  };
  CHECK(updated(R"({"x":{"Action":"ADD","Value":{"N":"2"}},"y":{"Value":{"S":"put"}}})") ==
        R"({"x":{"N":"7"},"y":{"S":"put"}})");
  CHECK(updated(R"({"l":{"Action":"ADD","Value":{"L":[{"S":"end"}]}}})") ==
        R"({"l":{"L":[{"N":"1"},{"S":"end"}]}})");
  CHECK(updated(R"({"set":{"Action":"ADD","Value":{"SS":["a","b"]}}})") ==
        R"({"set":{"SS":["a","b"]}})");
  CHECK(updated(R"({"set":{"Action":"DELETE","Value":{"SS":["a"]}}})") ==
        R"({"set":{"SS":["b"]}})");
  run(database, "UpdateItem", "{" + kKey + R"(,"AttributeUpdates":{"x":{"Action":"DELETE"}}})");
  const auto message = [&](const std::string& updates) {
    return refused(database, "UpdateItem", "{" + kKey + R"(,"AttributeUpdates":)" + updates + "}")
        .message;
  };
  CHECK(message(R"({"q":{"Action":"ADD"}})") ==
        kBad + "Only DELETE action is allowed when no attribute value is specified");
  CHECK(message(R"({"q":{"Action":"DELETE","Value":{"S":"a"}}})") ==
        kBad + "DELETE action with value is not supported for the type STRING");
  CHECK(message(R"({"q":{"Action":"ADD","Value":{"S":"a"}}})") ==
        kBad + "ADD action is not supported for the type STRING");
  CHECK(message(R"({"t":{"Action":"ADD","Value":{"N":"1"}}})") ==
        "Type mismatch for attribute to update");
}

TEST_CASE("KeyConditions, QueryFilter, ScanFilter, AttributesToGet") {
  Database database = made();
  const std::string is_a = R"("p":)" + condition("EQ", R"({"S":"a"})");
  const auto query = [&](const std::string& more) { return R"({"TableName":"tab",)" + more + "}"; };
  CHECK(
      run(database, "Query",
          query(R"("KeyConditions":{)" + is_a + R"(,"s":)" + condition("GT", R"({"N":"1"})") + "}"))
          .count == 2);
  CHECK(run(database, "Query",
            query(R"("KeyConditions":{)" + is_a + R"(},"QueryFilter":{"x":)" +
                  condition("GT", R"({"N":"5"})") + R"(,"t":)" + condition("NOT_NULL", "") +
                  R"(},"ConditionalOperator":"OR")"))
            .count == 3);
  CHECK(
      run(database, "Scan", query(R"("ScanFilter":{"x":)" + condition("NE", R"({"N":"5"})") + "}"))
          .count == 0);
  CHECK(items_text(run(database, "GetItem", "{" + kKey + R"(,"AttributesToGet":["x","s"]})")) ==
        R"([{"s":{"N":"1"},"x":{"N":"5"}}])");
  CHECK(refused(database, "Query", query(R"("KeyConditions":{})")).message ==
        "Conditions can be of length 1 or 2 only");
  CHECK(refused(database, "Query",
                query(R"("KeyConditions":{)" + is_a + R"(,"s":)" + condition("IN", R"({"N":"1"})") +
                      "}"))
            .message == "Attempted conditional constraint is not an indexable operation");
  CHECK(refused(database, "Query",
                query(R"("KeyConditions":{)" + is_a + R"(},"QueryFilter":{"p":)" +
                      condition("NULL", "") + "}"))
            .message ==
        "QueryFilter can only contain non-primary key attributes: Primary key attribute: p");
}
