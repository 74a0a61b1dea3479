// query: one access pattern on the seed, and what it says when it is asked the wrong way.

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

namespace ddbplan::test {
namespace {

/// Two shelves with rows of their own; newest first is the order of the base key.
constexpr const char* kShelves = R"(ddbplan: 1
service: library
entities:
  Shelf: {id: shelf_id, count: 2, attributes: {shelf_id: string 6 B}}
  Book:
    id: book_id
    belongs_to: {Shelf: 12 .. 30}
    attributes: {book_id: ulid of added_at, added_at: timestamp, title: string 20 B, year: integer}
access_patterns:
  add:    {create: Book, rate: 1/s}
  newest: {list: Book, by: shelf_id, range: added_at, order: added_at desc, limit: 10, rate: 5/s}
  tally:  {count: Book, by: shelf_id, rate: 1/s}
)";

nlohmann::json asked(const Workplace& place, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "query");
  arguments.insert(arguments.end(), {"--format", "json"});
  const Outcome outcome = place.ddbplan(arguments);
  INFO(outcome.standard_error);
  REQUIRE(outcome.exit_status == 0);
  return nlohmann::json::parse(outcome.standard_output);
}

struct Library : Workplace {
  Library() { write("library.yaml", kShelves); }
};

TEST_CASE("without values a row of the seed is asked for, and its own values find the same") {
  const Library place;
  const nlohmann::json drawn = asked(place, {"library.yaml", "newest"});
  REQUIRE(drawn["items"].size() > 1);
  const std::string shelf = drawn["calls"][0]["shelf_id"]["S"];
  const nlohmann::json given = asked(place, {"library.yaml", "newest", "shelf_id=" + shelf});
  CHECK(given["items"] == drawn["items"]);
  for (const nlohmann::json& item : given["items"]) {
    CHECK(item["entity"] == "Book");
    CHECK(item["item"]["shelf_id"]["S"] == shelf);
  }
}

TEST_CASE("items come in the pattern's order, and --limit takes the first of them") {
  const Library place;
  const nlohmann::json all = asked(place, {"library.yaml", "newest"});
  for (std::size_t i = 1; i < all["items"].size(); ++i) {
    const std::string before = all["items"][i - 1]["item"]["added_at"]["S"];
    CHECK(before >= all["items"][i]["item"]["added_at"]["S"].get<std::string>());
  }
  const nlohmann::json two = asked(place, {"library.yaml", "newest", "--limit", "2"});
  REQUIRE(two["items"].size() == 2);
  CHECK(two["items"][0] == all["items"][0]);
  CHECK(two["items"][1] == all["items"][1]);
  CHECK(two["requests"].size() == 1);
  CHECK(two["requests"][0]["operation"] == "Query");
  CHECK(two["requests"][0]["request"]["Limit"] == 2);
}

TEST_CASE("a bound is a bound") {
  const Library place;
  const nlohmann::json all = asked(place, {"library.yaml", "newest"});
  const std::string shelf = all["calls"][0]["shelf_id"]["S"];
  const std::string newest = all["items"][0]["item"]["added_at"]["S"];
  const nlohmann::json one =
      asked(place, {"library.yaml", "newest", "shelf_id=" + shelf, "added_at_from=" + newest});
  REQUIRE(one["items"].size() == 1);
  CHECK(one["items"][0] == all["items"][0]);
}

TEST_CASE("a value that no row has finds nothing, and half a unit is paid") {
  const Library place;
  const nlohmann::json none = asked(place, {"library.yaml", "newest", "shelf_id=nobody"});
  CHECK(none["items"].empty());
  // An eventually consistent read of nothing is one block of 4 KB: half a unit.
  CHECK(none["read_units"] == 0.5);
}

TEST_CASE("a count is a number") {
  const Library place;
  const nlohmann::json tally = asked(place, {"library.yaml", "tally"});
  CHECK(tally["count"].get<int>() > 0);
  CHECK(tally["items"].empty());
}

TEST_CASE("--explain shows the request") {
  const Library place;
  const Outcome outcome = place.ddbplan({"query", "library.yaml", "newest", "--explain"});
  CHECK(outcome.exit_status == 0);
  CHECK(outcome.standard_output.find("\"KeyConditionExpression\"") != std::string::npos);
  CHECK(outcome.standard_output.find("read units") != std::string::npos);
}

struct Refused {
  std::vector<std::string> arguments;
  std::string says;
};

TEST_CASE("what cannot be asked is refused with what could be") {
  const Library place;
  const std::vector<Refused> cases = {
      {{"newst"}, "do you mean newest?"},
      {{"add"}, "query runs reads"},
      {{"newest", "shelfid=a"}, "do you mean shelf_id?"},
      {{"newest", "size=3"}, "the pattern takes added_at_from, added_at_to and shelf_id"},
      {{"newest", "shelf_id"}, "is not NAME=VALUE"},
      {{"newest", "shelf_id=a", "shelf_id=b"}, "given twice"},
      {{"newest", "added_at_from=2026"}, "shelf_id is missing; a row of the seed has shelf_id="},
      {{"newest", "--limit", "0"}, "--limit"},
  };
  for (const Refused& one : cases) {
    std::vector<std::string> arguments = {"query", "library.yaml"};
    arguments.insert(arguments.end(), one.arguments.begin(), one.arguments.end());
    const Outcome outcome = place.ddbplan(arguments);
    INFO(one.says);
    INFO(outcome.standard_error);
    CHECK(outcome.exit_status == 2);
    CHECK(outcome.standard_output.empty());
    CHECK(outcome.standard_error.find(one.says) != std::string::npos);
  }
}

}  // namespace
}  // namespace ddbplan::test
