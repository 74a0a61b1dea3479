// PartiQL statements. Expected answers and messages are what DynamoDB Local gives, unless a comment
// names another source.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)
namespace dynamo = ddbplan::dynamo;

namespace {

Database made() {
  Database database;
  dynamo::TableDescription tab = table("tab", "p", "s:N");
  tab.global_indexes.push_back(index("gsi", {"g"}, {}));
  REQUIRE_FALSE(database.create_table(tab).has_value());
  for (const char* body :
       {R"({"p":{"S":"a"},"s":{"N":"1"},"x":{"N":"5"},"g":{"S":"G"}})",
        R"({"p":{"S":"b"},"s":{"N":"1"},"m":{"M":{"k":{"N":"1"}}},"l":{"L":[{"N":"1"},{"N":"2"}]},)"
        R"("ss":{"SS":["u","v"]}})",
        R"({"p":{"S":"b"},"s":{"N":"2"},"x":{"S":"q"},"nul":{"NULL":true}})"}) {
    run(database, "PutItem", std::string(R"({"TableName":"tab","Item":)") + body + "}");
  }
  return database;
}

std::string body_of(const std::string& statement, const std::string& more) {
  nlohmann::json text(statement);
  return R"({"Statement":)" + text.dump() + (more.empty() ? "" : "," + more) + "}";
}

dynamo::Response answer(Database& database, const std::string& statement,
                        const std::string& more = "") {
  return run(database, "ExecuteStatement", body_of(statement, more));
}

std::string items(Database& database, const std::string& statement, const std::string& more = "") {
  return items_text(answer(database, statement, more));
}

std::string message(Database& database, const std::string& statement,
                    const std::string& more = "") {
  const dynamo::ApiError error = refused(database, "ExecuteStatement", body_of(statement, more));
  return error.type + ": " + error.message;
}

const std::string kB1 = R"({"l":{"L":[{"N":"1"},{"N":"2"}]},"m":{"M":{"k":{"N":"1"}}},)"
                        R"("p":{"S":"b"},"s":{"N":"1"},"ss":{"SS":["u","v"]}})";
const std::string kB2 = R"({"nul":{"NULL":true},"p":{"S":"b"},"s":{"N":"2"},"x":{"S":"q"}})";

}  // namespace

TEST_CASE("SELECT by key, range, filter and index") {
  Database database = made();
  CHECK(items(database, "SELECT * FROM \"tab\" WHERE p = 'b' AND s = 2") == "[" + kB2 + "]");
  CHECK(items(database, "select * from tab where p = 'b' order by s desc") ==
        "[" + kB2 + "," + kB1 + "]");
  CHECK(items(database, "SELECT s FROM tab WHERE p IN ['b'] AND s BETWEEN 2 AND 9") ==
        R"([{"s":{"N":"2"}}])");
  CHECK(items(database, "SELECT p FROM tab.gsi WHERE g = 'G'") == R"([{"p":{"S":"a"}}])");
  CHECK(items(database, "SELECT s FROM tab WHERE p = 'b' AND contains(ss, 'u')") ==
        R"([{"s":{"N":"1"}}])");
  CHECK(items(database, "SELECT s FROM tab WHERE p = 'b' AND begins_with(x, 'q')") ==
        R"([{"s":{"N":"2"}}])");
  CHECK(items(database, "SELECT s FROM tab WHERE p = 'b' AND attribute_type(m, 'M')") ==
        R"([{"s":{"N":"1"}}])");
  CHECK(items(database, "SELECT s FROM tab WHERE p = 'b' AND size(l) >= 2") ==
        R"([{"s":{"N":"1"}}])");
  CHECK(items(database, "SELECT s FROM tab WHERE p = 'b' AND x IS MISSING") ==
        R"([{"s":{"N":"1"}}])");
  CHECK(items(database, "SELECT s FROM tab WHERE p = 'b' AND nul IS NULL") ==
        R"([{"s":{"N":"2"}}])");
  CHECK(items(database, "SELECT s FROM tab WHERE p = 'b' AND (NOT s = 1 OR x = 7)") ==
        R"([{"s":{"N":"2"}}])");
  CHECK(items(database, "SELECT s FROM tab WHERE p = ? AND s > ?",
              R"("Parameters":[{"S":"b"},{"N":"1"}])") == R"([{"s":{"N":"2"}}])");
}

TEST_CASE("SELECT names what it picks by its last part") {
  Database database = made();
  CHECK(items(database, "SELECT m.k, l[1] FROM tab WHERE p = 'b' AND s = 1") ==
        R"([{"k":{"N":"1"},"l[1]":{"N":"2"}}])");
}

TEST_CASE("a page continues where its token says, and only its own statement") {
  Database database = made();
  const std::string statement = "SELECT s FROM tab WHERE p IN ['a', 'b']";
  std::vector<std::string> pages;
  std::string more = R"("Limit":1)";
  while (pages.size() < 10) {
    const dynamo::Response page = answer(database, statement, more);
    pages.push_back(items_text(page));
    if (!page.next_token) break;
    more = R"("Limit":1,"NextToken":")" + *page.next_token + "\"";
  }
  // The last page is empty: the one before was full by its limit.
  CHECK(pages == std::vector<std::string>{R"([{"s":{"N":"1"}}])", R"([{"s":{"N":"1"}}])",
                                          R"([{"s":{"N":"2"}}])", "[]"});
  const auto token = answer(database, statement, R"("Limit":1)").next_token;
  CHECK(message(database, "SELECT * FROM tab", R"("NextToken":")" + *token + "\"") ==
        "ValidationException: Invalid NextToken");
  CHECK(message(database, statement, R"("NextToken":"abc")") ==
        "ValidationException: Invalid NextToken");
}

TEST_CASE("INSERT takes every kind of value, and no key twice") {
  Database database = made();
  CHECK(items(database,
              "INSERT INTO tab VALUE {'p':'it''s','s':-2.5e1,'l':[1,'x',true,null,{'m':1.5}],"
              "'q':<<1,2>>,'v':?}",
              R"("Parameters":[{"B":"eA=="}])") == "[]");
  CHECK(items(database, "SELECT * FROM tab WHERE p = 'it''s'") ==
        R"([{"l":{"L":[{"N":"1"},{"S":"x"},{"BOOL":true},{"NULL":true},{"M":{"m":{"N":"1.5"}}}]},)"
        R"("p":{"S":"it's"},"q":{"NS":["1","2"]},"s":{"N":"-25"},"v":{"B":"eA=="}}])");
  // API Reference, ExecuteStatement; DynamoDB Local calls it DuplicateItem.
  CHECK(message(database, "INSERT INTO tab VALUE {'p':'a','s':1}") ==
        "DuplicateItemException: Duplicate primary key exists in table");
  CHECK(message(database, "INSERT INTO tab VALUE {'p':'a'}") ==
        "ValidationException: Key attribute should be present in the item: Key s");
}

TEST_CASE("UPDATE sets, removes and returns") {
  Database database = made();
  CHECK(items(database,
              "UPDATE tab SET z = 5 SET l[0] = 9 REMOVE ss WHERE p = 'b' AND s = 1 "
              "RETURNING ALL NEW *") ==
        R"([{"l":{"L":[{"N":"9"},{"N":"2"}]},"m":{"M":{"k":{"N":"1"}}},"p":{"S":"b"},)"
        R"("s":{"N":"1"},"z":{"N":"5"}}])");
  CHECK(items(database,
              "UPDATE tab SET z = z + 5 WHERE p = 'b' AND s = 1 RETURNING MODIFIED NEW *") ==
        R"([{"z":{"N":"10"}}])");
  CHECK(items(database, "UPDATE tab REMOVE z WHERE p = 'b' AND s = 1 RETURNING MODIFIED OLD *") ==
        R"([{"z":{"N":"10"}}])");
  CHECK(items(database,
              "UPDATE tab SET t = set_add(t, <<'w'>>), l = list_append(l, [7]) "
              "WHERE p = 'b' AND s = 1 RETURNING MODIFIED NEW *") ==
        R"([{"l":{"L":[{"N":"9"},{"N":"2"},{"N":"7"}]},"t":{"SS":["w"]}}])");
  const std::string failed = "ConditionalCheckFailedException: The conditional request failed";
  CHECK(message(database, "UPDATE tab SET z = 1 WHERE p = 'nobody' AND s = 1") == failed);
  CHECK(message(database, "UPDATE tab SET z = 1 WHERE p = 'b' AND s = 1 AND x = 3") == failed);
  const std::string no_key =
      "ValidationException: Where clause does not contain a mandatory equality on all key "
      "attributes";
  CHECK(message(database, "UPDATE tab SET z = 1 WHERE p = 'b'") == no_key);
  CHECK(message(database, "DELETE FROM tab WHERE p = 'b' OR s = 1") == no_key);
}

TEST_CASE("DELETE returns the old item; one that finds nothing succeeds unless it has conditions") {
  Database database = made();
  CHECK(items(database, "DELETE FROM tab WHERE p = 'b' AND s = 2 RETURNING ALL OLD *") ==
        "[" + kB2 + "]");
  CHECK(items(database, "DELETE FROM tab WHERE p = 'b' AND s = 2") == "[]");
  CHECK(message(database, "DELETE FROM tab WHERE p = 'b' AND s = 2 AND x = 1") ==
        "ConditionalCheckFailedException: The conditional request failed");
}

TEST_CASE("statements that are refused") {
  Database database = made();
  const std::string v = "ValidationException: ";
  CHECK(message(database, "SELECT * FROM tab WHERE") ==
        v + "Statement wasn't well formed, can't be processed: SELECT * FROM tab WHERE");
  CHECK(message(database, "SELECT * FROM tab WHERE p = ?") ==
        v + "Number of parameters in request and statement don't match.");
  CHECK(message(database, "SELECT * FROM tab t WHERE p = 'a'") == v + "Aliasing is not supported");
  CHECK(message(database, "SELECT * FROM tab, two") ==
        v + "Only select from a single table or index is supported.");
  CHECK(message(database, "SELECT * FROM tab WHERE p = 5") ==
        v + "Key attribute's data type should match its data type in table's schema: Key p");
  CHECK(message(database, "SELECT * FROM tab WHERE p = 'a' ORDER BY x") ==
        v + "Variable reference x in ORDER BY clause must be part of the primary key");
  CHECK(message(database, "SELECT * FROM tab WHERE p = 'a' AND foo(x)") ==
        v + "Unrecognized function: foo");
  CHECK(message(database, "SELECT * FROM tab.\"nope\" WHERE p = 'a'") ==
        v + "The table does not have the specified index: nope");
  CHECK(message(database, "EXISTS(SELECT * FROM tab WHERE p='a' AND s=1)") ==
        v + "EXISTS can only be used in ExecuteTransaction write requests.");
  CHECK(message(database, "SELECT * FROM nowhere").starts_with("ResourceNotFoundException"));
  // Deep nesting ends before the stack does.
  CHECK(message(database, "SELECT * FROM tab WHERE " + std::string(5000, '(')).starts_with(v));
  CHECK(message(database, "INSERT INTO tab VALUE " + std::string(5000, '[')).starts_with(v));
}

TEST_CASE("BatchExecuteStatement: one outcome per statement") {
  Database database = made();
  const dynamo::Response reads =
      run(database, "BatchExecuteStatement",
          R"({"Statements":[{"Statement":"SELECT * FROM tab WHERE p='a' AND s=1"},)"
          R"({"Statement":"SELECT * FROM tab WHERE p='q' AND s=1"},)"
          R"({"Statement":"SELECT * FROM tab WHERE p='a'"}]})");
  REQUIRE(reads.statements.size() == 3);
  CHECK(reads.statements[0].item.has_value());
  CHECK_FALSE(reads.statements[1].item.has_value());
  CHECK(reads.statements[2].error_code == "ValidationError");
  CHECK(reads.statements[2].error_message == "Only single item select is supported");
  const dynamo::Response writes =
      run(database, "BatchExecuteStatement",
          R"({"Statements":[{"Statement":"INSERT INTO tab VALUE {'p':'a','s':1}"},)"
          R"({"Statement":"INSERT INTO tab VALUE {'p':'c','s':1}"}]})");
  CHECK(writes.statements[0].error_code == "DuplicateItem");
  CHECK_FALSE(writes.statements[1].error_code.has_value());
  CHECK(database.all_items("tab").size() == 4);
  CHECK(refused(database, "BatchExecuteStatement",
                R"({"Statements":[{"Statement":"SELECT * FROM tab WHERE p='a' AND s=1"},)"
                R"({"Statement":"DELETE FROM tab WHERE p='a' AND s=1"}]})")
            .message == "Read and write requests together in the same batch is not supported.");
}

TEST_CASE("ExecuteTransaction: all or nothing, with EXISTS") {
  Database database = made();
  const auto transaction = [](const std::string& condition) {
    return R"({"TransactStatements":[{"Statement":"INSERT INTO tab VALUE {'p':'t','s':1}"},)"
           R"({"Statement":"EXISTS(SELECT * FROM tab WHERE p='a' AND s=1 AND x=)" +
           condition + ")\"}],\"ClientRequestToken\":\"one\"}";
  };
  const dynamo::ApiError error = refused(database, "ExecuteTransaction", transaction("6"));
  CHECK(error.type == "TransactionCanceledException");
  CHECK(error.cancellation_reasons[0].code == "None");
  CHECK(error.cancellation_reasons[1].code == "ConditionalCheckFailed");
  CHECK(database.all_items("tab").size() == 3);
  run(database, "ExecuteTransaction", transaction("5"));
  CHECK(database.all_items("tab").size() == 4);
  // The same token again: nothing happens, not even the duplicate.
  run(database, "ExecuteTransaction", transaction("5"));
  const dynamo::Response reads =
      run(database, "ExecuteTransaction",
          R"({"TransactStatements":[{"Statement":"SELECT x FROM tab WHERE p='a' AND s=1"},)"
          R"({"Statement":"SELECT * FROM tab WHERE p='q' AND s=1"}]})");
  CHECK(items_text(reads) == R"([{"x":{"N":"5"}},null])");
}
