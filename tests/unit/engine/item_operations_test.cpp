#include <doctest/doctest.h>

#include <string>

#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)
using ddbplan::dynamo::ApiError;
using ddbplan::dynamo::ProjectionType;
using ddbplan::dynamo::Response;

namespace {

/// Table t (PK, SK); GSI1 on g with `total`; LSI1 on l, everything.
Database make() {
  Database database;
  ddbplan::dynamo::TableDescription t = table("tab", "PK", "SK");
  t.global_indexes = {index("GSI1", {"g"}, {}, {ProjectionType::include, {"total"}})};
  t.local_indexes = {index("LSI1", {"PK"}, {"l"})};
  REQUIRE_FALSE(database.create_table(t).has_value());
  return database;
}

std::string put_body(const std::string& attributes, const std::string& more = "") {
  return R"({"TableName":"tab","Item":{"PK":{"S":"p"},"SK":{"S":"s"})" +
         (attributes.empty() ? "" : "," + attributes) + "}" + (more.empty() ? "" : "," + more) +
         "}";
}

std::string keyed(const std::string& more = "") {
  return R"({"TableName":"tab","Key":{"PK":{"S":"p"},"SK":{"S":"s"}})" +
         (more.empty() ? "" : "," + more) + "}";
}

std::string stored(Database& database) {
  return items_text(run(database, "GetItem", keyed(R"("ConsistentRead":true)")));
}

std::string text_of(std::size_t bytes) {
  return R"({"S":")" + std::string(bytes, 'x') + "\"}";
}

std::string attributes(const Response& response) {
  return response.attributes ? text(*response.attributes) : "none";
}

}  // namespace

TEST_CASE("GetItem: found, missing, projected, and what each costs") {
  Database database = make();
  CHECK(items_text(run(database, "GetItem", keyed())) == "[null]");
  CHECK(consumed_text(run(database, "GetItem", keyed()).consumed) == "tab: 0.5");
  CHECK(consumed_text(run(database, "GetItem", keyed(R"("ConsistentRead":true)")).consumed) ==
        "tab: 1");
  run(database, "PutItem", put_body(R"("a":{"N":"1"},"big":)" + text_of(8192)));
  // PK, SK, a and big are more than 8,192 bytes: three blocks of 4 KB, whatever is projected.
  const Response read =
      run(database, "GetItem", keyed(R"("ProjectionExpression":"a","ConsistentRead":true)"));
  CHECK(items_text(read) == R"([{"a":{"N":"1"}}])");
  CHECK(consumed_text(read.consumed) == "tab: 3");
  CHECK(items_text(run(database, "GetItem", keyed(R"("ProjectionExpression":"nope")"))) == "[{}]");
  // GetItem has no such member, and the service ignores members that it does not know.
  CHECK(items_text(
            run(database, "GetItem", keyed(R"("ExpressionAttributeValues":{":v":{"N":"x"}})"))) ==
        items_text(run(database, "GetItem", keyed())));
}

TEST_CASE("PutItem replaces, and is charged by the larger item") {
  Database database = make();
  CHECK(consumed_text(run(database, "PutItem", put_body("\"a\":" + text_of(3000))).consumed) ==
        "tab: 3");
  CHECK(consumed_text(run(database, "PutItem", put_body("")).consumed) == "tab: 3");
  CHECK(consumed_text(run(database, "PutItem", put_body("")).consumed) == "tab: 1");
  CHECK(stored(database) == R"([{"PK":{"S":"p"},"SK":{"S":"s"}}])");
}

TEST_CASE("PutItem's return values are NONE and ALL_OLD") {
  Database database = make();
  const std::string all_old = R"("ReturnValues":"ALL_OLD")";
  CHECK(attributes(run(database, "PutItem", put_body("", all_old))) == "none");
  CHECK(attributes(run(database, "PutItem", put_body(R"("a":{"N":"1"})", all_old))) ==
        R"({"PK":{"S":"p"},"SK":{"S":"s"}})");
  CHECK(refused(database, "PutItem", put_body("", R"("ReturnValues":"ALL_NEW")")).message ==
        "Return values set to invalid value");
  CHECK(refused(database, "DeleteItem", keyed(R"("ReturnValues":"UPDATED_OLD")")).message ==
        "Return values set to invalid value");
}

TEST_CASE("index writes: enter, stay, change, move, leave") {
  Database database = make();
  const auto put = [&](const std::string& attributes_json) {
    return consumed_text(run(database, "PutItem", put_body(attributes_json)).consumed);
  };
  CHECK(put(R"("g":{"S":"A"},"total":{"N":"1"})") == "tab: 1 GSI1 1");
  // The same entry: nothing. Only an attribute outside the projection: nothing.
  CHECK(put(R"("g":{"S":"A"},"total":{"N":"1"})") == "tab: 1");
  CHECK(put(R"("g":{"S":"A"},"total":{"N":"1"},"x":{"S":"y"})") == "tab: 1");
  CHECK(put(R"("g":{"S":"A"},"total":{"N":"2"})") == "tab: 1 GSI1 1");
  CHECK(put(R"("g":{"S":"B"},"total":{"N":"2"})") == "tab: 1 GSI1 2");
  CHECK(put(R"("total":{"N":"2"})") == "tab: 1 GSI1 1");
  CHECK(put(R"("g":{"S":"B"},"l":{"S":"x"})") == "tab: 1 GSI1 1 LSI1 1");
  CHECK(consumed_text(run(database, "DeleteItem", keyed()).consumed) == "tab: 1 GSI1 1 LSI1 1");
  CHECK(database.all_entries("tab", "GSI1").empty());
  CHECK(database.all_entries("tab", "LSI1").empty());
}

TEST_CASE("UpdateItem creates, changes, and is charged for the whole item") {
  Database database = make();
  const auto update = [&](const std::string& more) {
    return run(database, "UpdateItem", keyed(more));
  };
  const std::string set =
      R"("UpdateExpression":"SET a = :a","ExpressionAttributeValues":{":a":{"N":"1"}})";
  CHECK(consumed_text(update(set).consumed) == "tab: 1");
  CHECK(stored(database) == R"([{"PK":{"S":"p"},"SK":{"S":"s"},"a":{"N":"1"}}])");
  run(database, "PutItem", put_body("\"a\":" + text_of(3000)));
  CHECK(consumed_text(update(set).consumed) == "tab: 3");
  CHECK(consumed_text(update(set).consumed) == "tab: 1");
}

TEST_CASE("UpdateItem without an expression makes an item of its key") {
  Database database = make();
  run(database, "UpdateItem", keyed());
  CHECK(stored(database) == R"([{"PK":{"S":"p"},"SK":{"S":"s"}}])");
}

TEST_CASE("an update that only removes makes no item") {
  Database database = make();
  const Response response = run(database, "UpdateItem",
                                keyed(R"("UpdateExpression":"REMOVE a","ReturnValues":"ALL_NEW")"));
  CHECK(attributes(response) == "none");
  CHECK(consumed_text(response.consumed) == "tab: 1");
  CHECK(stored(database) == "[null]");
}

TEST_CASE("UpdateItem's return values") {
  const auto update = [](const std::string& return_values) {
    Database database = make();
    run(database, "PutItem", put_body(R"("a":{"N":"1"},"m":{"M":{"x":{"N":"1"},"y":{"N":"2"}}})"));
    return attributes(
        run(database, "UpdateItem",
            keyed(R"("UpdateExpression":"SET a = a + :o, m.x = :o, n = :o","ReturnValues":")" +
                  return_values + R"(","ExpressionAttributeValues":{":o":{"N":"5"}})")));
  };
  CHECK(update("NONE") == "none");
  CHECK(update("ALL_OLD") ==
        R"({"PK":{"S":"p"},"SK":{"S":"s"},"a":{"N":"1"},"m":{"M":{"x":{"N":"1"},"y":{"N":"2"}}}})");
  CHECK(update("UPDATED_OLD") == R"({"a":{"N":"1"},"m":{"M":{"x":{"N":"1"}}}})");
  CHECK(update("UPDATED_NEW") == R"({"a":{"N":"6"},"m":{"M":{"x":{"N":"5"}}},"n":{"N":"5"}})");
  CHECK(update("ALL_NEW").find(R"("n":{"N":"5"})") != std::string::npos);
}

TEST_CASE("DeleteItem of nothing costs one unit") {
  Database database = make();
  const Response response = run(database, "DeleteItem", keyed(R"("ReturnValues":"ALL_OLD")"));
  CHECK(consumed_text(response.consumed) == "tab: 1");
  CHECK(attributes(response) == "none");
  run(database, "PutItem", put_body("\"a\":" + text_of(1500)));
  CHECK(consumed_text(run(database, "DeleteItem", keyed()).consumed) == "tab: 2");
}

TEST_CASE("a failed condition changes nothing and is charged by the larger item") {
  Database database = make();
  const std::string absent = R"j("ConditionExpression":"attribute_not_exists(PK)")j";
  const std::string present = R"j("ConditionExpression":"attribute_exists(PK)")j";
  run(database, "PutItem", put_body(R"("g":{"S":"A"},"a":)" + text_of(1500), absent));
  const std::string before = stored(database);

  ApiError error = refused(database, "PutItem", put_body("\"a\":" + text_of(2500), absent));
  CHECK(error.type == "ConditionalCheckFailedException");
  CHECK(error.message == "The conditional request failed");
  CHECK(consumed_text(error.consumed) == "tab: 3");
  error = refused(database, "PutItem", put_body("", absent));
  CHECK(consumed_text(error.consumed) == "tab: 2");
  error = refused(database, "DeleteItem", keyed(absent));
  CHECK(consumed_text(error.consumed) == "tab: 2");
  error = refused(database, "UpdateItem",
                  keyed(absent + R"(,"UpdateExpression":"SET b = a","ReturnValues":"ALL_NEW")"));
  CHECK(consumed_text(error.consumed) == "tab: 3");
  CHECK(stored(database) == before);

  run(database, "DeleteItem", keyed());
  CHECK(consumed_text(refused(database, "DeleteItem", keyed(present)).consumed) == "tab: 1");
  CHECK(consumed_text(
            refused(database, "PutItem", put_body("\"a\":" + text_of(2500), present)).consumed) ==
        "tab: 3");
}

TEST_CASE("a failed condition hides an update that could not be applied") {
  Database database = make();
  const ApiError error = refused(
      database, "UpdateItem",
      keyed(R"j("ConditionExpression":"attribute_exists(PK)",)j"
            R"("UpdateExpression":"SET a = b + :o","ExpressionAttributeValues":{":o":{"N":"1"}})"));
  CHECK(error.type == "ConditionalCheckFailedException");
  CHECK(consumed_text(error.consumed) == "tab: 1");
}

TEST_CASE("requests are refused before anything is read") {
  Database database = make();
  CHECK(refused(database, "GetItem", R"({"TableName":"nope","Key":{"PK":{"S":"p"}}})").type ==
        "ResourceNotFoundException");
  CHECK(refused(database, "GetItem", R"({"TableName":"tab","Key":{"PK":{"S":"p"}}})").message ==
        "The provided key element does not match the schema");
  CHECK(
      refused(
          database, "UpdateItem",
          keyed(R"("UpdateExpression":"SET PK = :v","ExpressionAttributeValues":{":v":{"S":"x"}})"))
          .message ==
      "One or more parameter values were invalid: Cannot update attribute PK. This attribute is "
      "part of the key");
  CHECK(refused(database, "PutItem", put_body("", R"("ExpressionAttributeNames":{"#a":"a"})"))
            .message == "ExpressionAttributeNames can only be specified when using expressions");
  CHECK(refused(database, "PutItem", put_body("", R"("ConditionExpression":"")")).message ==
        "Invalid ConditionExpression: The expression can not be empty;");
  CHECK(refused(database, "PutItem",
                put_body("", R"("ConditionExpression":")" + std::string(4097, 'a') + "\""))
            .message ==
        "Invalid ConditionExpression: Expression size has exceeded the maximum allowed size; "
        "expression size: 4097");
  CHECK(
      refused(database, "PutItem", put_body("", R"("ConditionExpression":"PK.a = SK")")).message ==
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
      "allowed: Key: PK");
  CHECK(refused(database, "GetItem", keyed(R"("ProjectionExpression":"g[0]")")).message ==
        "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
        "allowed: IndexKey: g");
}

TEST_CASE("a rejected update charges nothing") {
  Database database = make();
  const ApiError error =
      refused(database, "UpdateItem", keyed(R"("UpdateExpression":"SET a = b")"));
  CHECK(error.type == "ValidationException");
  CHECK(error.consumed.empty());
}
