#include "engine/database.h"

#include <doctest/doctest.h>

#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)

namespace {

const char* put_body(char key) {
  static std::string body;
  body = std::string(R"({"TableName":"tab","Item":{"PK":{"S":")") + key + R"("},"g":{"S":"x"}}})";
  return body.c_str();
}

}  // namespace

TEST_CASE("tables are created once and described as they were") {
  Database database;
  const auto described = table("tab", "PK", "SK:N");
  CHECK_FALSE(database.create_table(described).has_value());
  const auto again = database.create_table(described);
  REQUIRE(again.has_value());
  CHECK(again->type == "ResourceInUseException");
  CHECK(again->message == "Table already exists: tab");
  REQUIRE(database.describe_table("tab") != nullptr);
  CHECK(*database.describe_table("tab") == described);
  CHECK(database.describe_table("none") == nullptr);
  CHECK(database.create_table(table("x", "PK"))->type == "ValidationException");
}

TEST_CASE("a copy is a snapshot") {
  Database database;
  auto described = table("tab", "PK");
  described.global_indexes = {index("GSI1", {"g"}, {})};
  REQUIRE_FALSE(database.create_table(described).has_value());
  run(database, "PutItem", put_body('a'));
  Database snapshot(database);
  run(database, "PutItem", put_body('b'));
  run(database, "DeleteItem", R"({"TableName":"tab","Key":{"PK":{"S":"a"}}})");
  CHECK(snapshot.all_items("tab").size() == 1);
  CHECK(text(snapshot.all_items("tab").front()) == R"({"PK":{"S":"a"},"g":{"S":"x"}})");
  CHECK(snapshot.all_entries("tab", "GSI1").size() == 1);
  run(snapshot, "PutItem", put_body('c'));
  CHECK(snapshot.all_items("tab").size() == 2);
  CHECK(database.all_items("tab").size() == 1);
  CHECK(*snapshot.describe_table("tab") == described);
}

TEST_CASE("shared items outlive what is written later, and show what did not change") {
  Database database;
  REQUIRE_FALSE(database.create_table(table("tab", "PK")).has_value());
  run(database, "PutItem", put_body('a'));
  run(database, "PutItem", put_body('b'));
  const auto before = database.share_items("tab");
  Database copy(database);
  run(copy, "DeleteItem", R"({"TableName":"tab","Key":{"PK":{"S":"a"}}})");
  const auto after = copy.share_items("tab");
  REQUIRE(after.size() == 1);
  CHECK(after.front() == before.back());
  run(database, "DeleteItem", R"({"TableName":"tab","Key":{"PK":{"S":"a"}}})");
  CHECK(text(*before.front()) == R"({"PK":{"S":"a"},"g":{"S":"x"}})");
}

TEST_CASE("listing what is not there gives nothing") {
  Database database;
  CHECK(database.all_items("tab").empty());
  CHECK(database.all_entries("tab", "GSI1").empty());
  REQUIRE_FALSE(database.create_table(table("tab", "PK")).has_value());
  CHECK(database.all_entries("tab", "GSI1").empty());
}
