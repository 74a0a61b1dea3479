#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)
using ddbplan::dynamo::AttributeValue;
using ddbplan::dynamo::Item;
using ddbplan::dynamo::ProjectionType;
using ddbplan::dynamo::PutItemRequest;
using ddbplan::dynamo::Response;

namespace {

ddbplan::dynamo::TableDescription described() {
  ddbplan::dynamo::TableDescription t = table("tab", "PK", "SK:N");
  t.global_indexes = {index("GSI1", {"g"}, {"h:N"}, {ProjectionType::include, {"x"}}),
                      index("GSI2", {"g", "x"}, {"h:N", "SK:N"}, {ProjectionType::keys_only, {}})};
  t.local_indexes = {index("LSI1", {"PK"}, {"l:N"}, {ProjectionType::keys_only, {}})};
  return t;
}

/// Ten items under p: SK 0 to 9; h and l count down; every item `pad` bytes long beside its keys.
Database make(std::size_t pad = 0, Options options = {}) {
  Database database(std::move(options));
  REQUIRE_FALSE(database.create_table(described()).has_value());
  for (int i = 0; i < 10; ++i) {
    PutItemRequest put;
    put.table = "tab";
    put.item = {{"PK", AttributeValue::string("p")},
                {"SK", AttributeValue::number(i)},
                {"g", AttributeValue::string("g")},
                {"h", AttributeValue::number(10 - i)},
                {"l", AttributeValue::number(10 - i)},
                {"x", AttributeValue::string(i % 2 == 0 ? "even" : "odd")}};
    if (pad > 0) put.item["pad"] = AttributeValue::string(std::string(pad, 'x'));
    REQUIRE(database.execute(put).ok());
  }
  return database;
}

std::string body(const std::string& condition, const std::string& values,
                 const std::string& more = "") {
  return R"({"TableName":"tab","KeyConditionExpression":")" + condition +
         R"(","ExpressionAttributeValues":{)" + values + "}" + (more.empty() ? "" : "," + more) +
         "}";
}

const char* const kP = R"(":p":{"S":"p"})";
const char* const kG = R"(":g":{"S":"g"})";

/// The sort keys of a page, "3 4 5".
std::string sort_keys(const Response& response) {
  std::string out;
  for (const auto& one : response.items) {
    if (!out.empty()) out += " ";
    out += one->at("SK").as_number()->to_string();
  }
  return out;
}

std::string query(Database& database, const std::string& condition, const std::string& values,
                  const std::string& more = "") {
  return sort_keys(run(database, "Query", body(condition, values, more)));
}

}  // namespace

TEST_CASE("Query reads a range of a collection in either direction") {
  Database database = make();
  CHECK(query(database, "PK = :p", kP) == "0 1 2 3 4 5 6 7 8 9");
  CHECK(query(database, "PK = :p", kP, R"("ScanIndexForward":false)") == "9 8 7 6 5 4 3 2 1 0");
  CHECK(query(database, "PK = :p AND SK BETWEEN :a AND :b",
              R"(":p":{"S":"p"},":a":{"N":"3"},":b":{"N":"5.0"})") == "3 4 5");
  CHECK(query(database, "PK = :p AND SK > :a", R"(":p":{"S":"p"},":a":{"N":"7"})",
              R"("ScanIndexForward":false)") == "9 8");
  CHECK(query(database, "PK = :p AND SK = :a", R"(":p":{"S":"p"},":a":{"N":"7"})") == "7");
  CHECK(query(database, "PK = :q", R"(":q":{"S":"q"})").empty());
}

TEST_CASE("Limit and LastEvaluatedKey walk the pages") {
  Database database = make();
  const Response first = run(database, "Query", body("PK = :p", kP, R"("Limit":4)"));
  CHECK(sort_keys(first) == "0 1 2 3");
  REQUIRE(first.last_evaluated_key.has_value());
  CHECK(text(*first.last_evaluated_key) == R"({"PK":{"S":"p"},"SK":{"N":"3"}})");
  CHECK(query(database, "PK = :p", kP,
              R"("Limit":4,"ExclusiveStartKey":)" + text(*first.last_evaluated_key)) == "4 5 6 7");
  const Response back = run(database, "Query",
                            body("PK = :p", kP,
                                 R"("ScanIndexForward":false,"Limit":4,"ExclusiveStartKey":)" +
                                     text(*first.last_evaluated_key)));
  CHECK(sort_keys(back) == "2 1 0");
  CHECK_FALSE(back.last_evaluated_key.has_value());
}

TEST_CASE("a Limit met by the very last item still gives a key, to an empty page") {
  Database database = make();
  const Response all = run(database, "Query", body("PK = :p", kP, R"("Limit":10)"));
  REQUIRE(all.last_evaluated_key.has_value());
  const Response empty =
      run(database, "Query",
          body("PK = :p", kP, R"("ExclusiveStartKey":)" + text(*all.last_evaluated_key)));
  CHECK(empty.count == 0);
  CHECK(consumed_text(empty.consumed) == "tab: 0.5");
}

TEST_CASE("the start must be a key of the Query's own") {
  Database database = make();
  const auto message = [&](const std::string& condition, const std::string& values,
                           const std::string& more) {
    return refused(database, "Query", body(condition, values, more)).message;
  };
  CHECK(message("PK = :p", kP, R"("ExclusiveStartKey":{"PK":{"S":"p"}})")
            .find("The provided starting key is invalid") == 0);
  CHECK(message("PK = :p", kP, R"("ExclusiveStartKey":{"PK":{"S":"q"},"SK":{"N":"1"}})") ==
        "The provided starting key is outside query boundaries based on provided conditions");
  CHECK(message("PK = :p AND SK > :a", R"(":p":{"S":"p"},":a":{"N":"7"})",
                R"("ExclusiveStartKey":{"PK":{"S":"p"},"SK":{"N":"1"}})") ==
        "The provided starting key does not match the range key predicate");
  CHECK(message("g = :g", kG,
                R"("IndexName":"GSI1","ExclusiveStartKey":{"g":{"S":"g"},"h":{"N":"1"}})") ==
        "The provided starting key is invalid");
}

TEST_CASE("the filter comes after reading: it changes neither units nor pages") {
  Database database = make(1000);
  const std::string odd = R"("FilterExpression":"x = :o","Limit":5)";
  const Response response =
      run(database, "Query", body("PK = :p", R"(":p":{"S":"p"},":o":{"S":"odd"})", odd));
  CHECK(sort_keys(response) == "1 3");
  CHECK(response.count == 2);
  CHECK(response.scanned_count == 5);
  // Each item is 1,000 and 27 bytes and more: five are two blocks of 4 KB.
  CHECK(consumed_text(response.consumed) == "tab: 1");
  CHECK(text(*response.last_evaluated_key) == R"({"PK":{"S":"p"},"SK":{"N":"4"}})");
}

TEST_CASE("COUNT counts and costs the same") {
  Database database = make(1000);
  const Response counted =
      run(database, "Query", body("PK = :p", kP, R"("Select":"COUNT","ConsistentRead":true)"));
  CHECK(counted.count == 10);
  CHECK(counted.items.empty());
  // 10 x (1,000 + 3 + 27..28): 10.3 KB and more, three blocks.
  CHECK(consumed_text(counted.consumed) == "tab: 3");
}

TEST_CASE("a page ends before the item that would take it over its bytes") {
  Options options;
  options.page_bytes = 2500;
  Database database = make(1000, options);
  const Response page = run(database, "Query", body("PK = :p", kP));
  CHECK(sort_keys(page) == "0 1");
  CHECK(text(*page.last_evaluated_key) == R"({"PK":{"S":"p"},"SK":{"N":"1"}})");
  // Read to the end, without a key: ten items are five pages.
  std::string more;
  int pages = 0;
  int count = 0;
  while (true) {
    const Response next = run(database, "Query", body("PK = :p", kP, more));
    ++pages;
    count += next.count;
    if (!next.last_evaluated_key) break;
    more = R"("ExclusiveStartKey":)" + text(*next.last_evaluated_key);
  }
  CHECK(pages == 5);
  CHECK(count == 10);
}

TEST_CASE("the first item of a page is always read") {
  Options options;
  options.page_bytes = 100;
  Database database = make(1000, options);
  CHECK(query(database, "PK = :p", kP) == "0");
}

TEST_CASE("a global index: its order, its entries, its units") {
  Database database = make();
  const Response response =
      run(database, "Query",
          body("g = :g AND h <= :h", R"(":g":{"S":"g"},":h":{"N":"3"})", R"("IndexName":"GSI1")"));
  CHECK(items_text(response) ==
        R"([{"PK":{"S":"p"},"SK":{"N":"9"},"g":{"S":"g"},"h":{"N":"1"},"x":{"S":"odd"}},)"
        R"({"PK":{"S":"p"},"SK":{"N":"8"},"g":{"S":"g"},"h":{"N":"2"},"x":{"S":"even"}},)"
        R"({"PK":{"S":"p"},"SK":{"N":"7"},"g":{"S":"g"},"h":{"N":"3"},"x":{"S":"odd"}}])");
  CHECK(consumed_text(response.consumed) == "tab: 0 GSI1 0.5");
  const Response page =
      run(database, "Query", body("g = :g", kG, R"("IndexName":"GSI1","Limit":2)"));
  CHECK(text(*page.last_evaluated_key) ==
        R"({"PK":{"S":"p"},"SK":{"N":"8"},"g":{"S":"g"},"h":{"N":"2"}})");
  CHECK(query(database, "g = :g", kG,
              R"("IndexName":"GSI1","Limit":2,"ExclusiveStartKey":)" +
                  text(*page.last_evaluated_key)) == "7 6");
}

TEST_CASE("a global index with several key attributes") {
  Database database = make();
  const std::string odd = R"(":g":{"S":"g"},":x":{"S":"odd"})";
  CHECK(query(database, "g = :g AND x = :x", odd, R"("IndexName":"GSI2")") == "9 7 5 3 1");
  CHECK(query(database, "g = :g AND x = :x AND h = :h AND SK > :s",
              odd + R"(,":h":{"N":"5"},":s":{"N":"4"})", R"("IndexName":"GSI2")") == "5");
  CHECK(refused(database, "Query",
                body("g = :g AND x = :x AND SK > :s", odd + R"(,":s":{"N":"4"})",
                     R"("IndexName":"GSI2")"))
            .message == "Query key condition not supported");
}

TEST_CASE("what a global index does not have cannot be asked of it") {
  Database database = make();
  const auto message = [&](const std::string& more) {
    return refused(database, "Query", body("g = :g", kG, R"("IndexName":"GSI1",)" + more)).message;
  };
  CHECK(message(R"("ConsistentRead":true)") ==
        "Consistent reads are not supported on global secondary indexes");
  CHECK(message(R"("ProjectionExpression":"l, x")") ==
        "One or more parameter values were invalid: Global secondary index GSI1 does not project "
        "[l]");
  CHECK(message(R"("Select":"ALL_ATTRIBUTES")") ==
        "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported "
        "for global secondary index GSI1 because its projection type is not ALL");
  CHECK(refused(database, "Query", body("g = :g", kG, R"("IndexName":"none")")).message ==
        "The table does not have the specified index: none");
  CHECK(refused(database, "Query", body("g = :g", kG, R"("IndexName":"GSI1","Limit":0)"))
            .message.find("greater than or equal to 1") != std::string::npos);
}

TEST_CASE("Select and projection must agree") {
  Database database = make();
  const auto message = [&](const std::string& more) {
    return refused(database, "Query", body("PK = :p", kP, more)).message;
  };
  CHECK(message(R"("Select":"SPECIFIC_ATTRIBUTES")").find("Must specify the AttributesToGet") !=
        std::string::npos);
  CHECK(message(R"("Select":"COUNT","ProjectionExpression":"x")") ==
        "Cannot specify the ProjectionExpression when choosing to get only the Count");
  CHECK(message(R"("Select":"ALL_ATTRIBUTES","ProjectionExpression":"x")") ==
        "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES");
  CHECK(message(R"("Select":"ALL_PROJECTED_ATTRIBUTES")").find("IndexName") != std::string::npos);
}

TEST_CASE("a local index reads its entries, strongly if asked") {
  Database database = make();
  const Response response = run(database, "Query",
                                body("PK = :p AND l < :l", R"(":p":{"S":"p"},":l":{"N":"3"})",
                                     R"("IndexName":"LSI1","ConsistentRead":true)"));
  CHECK(items_text(response) == R"([{"PK":{"S":"p"},"SK":{"N":"9"},"l":{"N":"1"}},)"
                                R"({"PK":{"S":"p"},"SK":{"N":"8"},"l":{"N":"2"}}])");
  CHECK(consumed_text(response.consumed) == "tab: 0 LSI1 1");
}

TEST_CASE("a local index fetches what it does not have, at a price") {
  // Captured by others (2026-08): three small items 0.5 and 1.5; three of 9 KB, 4.5 or 9 units on
  // the table.
  const std::string three = R"(":p":{"S":"p"},":l":{"N":"4"})";
  Database small = make();
  Response response =
      run(small, "Query",
          body("PK = :p AND l < :l", three, R"("IndexName":"LSI1","Select":"ALL_ATTRIBUTES")"));
  CHECK(response.count == 3);
  CHECK(response.items.front()->count("x") == 1);
  CHECK(consumed_text(response.consumed) == "tab: 1.5 LSI1 0.5");
  Database large = make(std::size_t{9} * 1024);
  response =
      run(large, "Query",
          body("PK = :p AND l < :l", three, R"("IndexName":"LSI1","ProjectionExpression":"x")"));
  CHECK(items_text(response) == R"([{"x":{"S":"odd"}},{"x":{"S":"even"}},{"x":{"S":"odd"}}])");
  CHECK(consumed_text(response.consumed) == "tab: 4.5 LSI1 0.5");
  response = run(large, "Query",
                 body("PK = :p AND l < :l", three,
                      R"("IndexName":"LSI1","ProjectionExpression":"x","ConsistentRead":true)"));
  CHECK(consumed_text(response.consumed) == "tab: 9 LSI1 1");
}

TEST_CASE("fetched items fill a page by whole blocks") {
  Options options;
  options.page_bytes = 10'000;
  Database database = make(0, options);
  // Each entry is 4,096 and its own few bytes: two fit.
  const Response page = run(database, "Query",
                            body("PK = :p", kP, R"("IndexName":"LSI1","Select":"ALL_ATTRIBUTES")"));
  CHECK(page.count == 2);
  CHECK(page.last_evaluated_key.has_value());
}

TEST_CASE("a filter may not name the key that is queried") {
  Database database = make();
  CHECK(refused(
            database, "Query",
            body("PK = :p", R"(":p":{"S":"p"},":a":{"N":"1"})", R"("FilterExpression":"SK > :a")"))
            .message ==
        "Filter Expression can only contain non-primary key attributes: Primary key attribute: "
        "SK");
  // In an index the table's own keys are ordinary attributes.
  CHECK(query(database, "g = :g", R"(":g":{"S":"g"},":a":{"N":"7"})",
              R"("IndexName":"GSI1","FilterExpression":"SK > :a")") == "9 8");
}

TEST_CASE("expressions of a Query share their placeholders") {
  Database database = make();
  CHECK(refused(database, "Query", body("PK = :p", R"(":p":{"S":"p"},":q":{"S":"q"})")).message ==
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:q}");
  CHECK(refused(database, "Query", body("PK = :p AND", kP)).message ==
        "Invalid KeyConditionExpression: Syntax error; token: \"<EOF>\", near: \"AND\"");
}

TEST_CASE("Scan reads everything, page by page") {
  Database database = make();
  run(database, "PutItem", R"({"TableName":"tab","Item":{"PK":{"S":"a"},"SK":{"N":"5"}}})");
  const Response all = run(database, "Scan", R"({"TableName":"tab"})");
  CHECK(sort_keys(all) == "5 0 1 2 3 4 5 6 7 8 9");
  const Response page = run(database, "Scan", R"({"TableName":"tab","Limit":3})");
  CHECK(sort_keys(page) == "5 0 1");
  CHECK(sort_keys(run(database, "Scan",
                      R"({"TableName":"tab","Limit":3,"ExclusiveStartKey":)" +
                          text(*page.last_evaluated_key) + "}")) == "2 3 4");
  // Sparse: the item without g is not in the index.
  CHECK(run(database, "Scan", R"({"TableName":"tab","IndexName":"GSI1"})").count == 10);
  CHECK(
      run(database, "Scan",
          R"({"TableName":"tab","FilterExpression":"SK = :s","ExpressionAttributeValues":{":s":{"N":"5"}}})")
          .count == 2);
  CHECK(consumed_text(
            run(database, "Scan", R"({"TableName":"tab","ConsistentRead":true})").consumed) ==
        "tab: 1");
}

TEST_CASE("no projection looks inside a key attribute of table or index") {
  Database database = make();
  const std::string message =
      "Key attributes must be scalars; list random access '[]' and map lookup '.' are not "
      "allowed: ";
  CHECK(refused(database, "Query", body("PK = :p", kP, R"("ProjectionExpression":"x, SK[0]")"))
            .message == message + "Key: SK");
  CHECK(
      refused(database, "Scan", R"({"TableName":"tab","ProjectionExpression":"y, g.a"})").message ==
      message + "IndexKey: g");
}
