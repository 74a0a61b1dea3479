// Goal: orders, equalities and membership: which list takes the base key, a local or a global index, and with what
// in it. Each situation is met twice, as its example and with other names and numbers.

#include <doctest/doctest.h>

#include <cmath>

#include "tests/examples/designed.h"

namespace ddbplan::test {

namespace {

/// Indexes of one kind: "global_secondary_indexes" or "local_secondary_indexes".
std::size_t count_of(const Json& design, const std::string& kind) {
  return design.at("tables").at(0).at(kind).size();
}

/// Units of a page of this many items: blocks of 4,096 bytes, half a unit each where eventually consistent.
double page_units(double items, double bytes, double each = 0.5) {
  return std::ceil(items * bytes / 4096) * each;
}

}  // namespace

TEST_CASE("05: a second strong order is a local index, and a strong read costs twice") {
  const std::string file = "examples/05-strong-consistency.yaml";
  const Json design = design_example(file);
  CHECK(count_of(design, "global_secondary_indexes") == 0);
  REQUIRE(count_of(design, "local_secondary_indexes") == 1);
  const Json by_amount = steps(design, "largest_bookings").at(0);
  CHECK(by_amount.at("index") == index_names(design).front());
  CHECK(by_amount.at("consistent_read") == true);
  CHECK(row_key(design, "Booking", index_names(design).front()).at("sort_key") == "{amount}");
  const Json statement = steps(design, "statement").at(0);
  CHECK(statement.at("index").is_null());
  CHECK(statement.at("consistent_read") == true);
  // One item of at most 4 KB: 1 unit strongly, 0.5 eventually consistent.
  CHECK(units(design, "booking", "", "read") == 1);
  const Json eventual =
      design_example(file, {"--set", "access_patterns.booking.consistency=eventual"});
  CHECK(units(eventual, "booking", "", "read") == 0.5);
}

TEST_CASE("05: only a global index could serve it: refused by name") {
  const Outcome refused = try_design("tests/scenarios/05-strong-consistency-refused.yaml");
  CHECK(refused.exit_status == 1);
  CHECK(has(refused.standard_error, "DDB110"));
  CHECK(has(refused.standard_error, "merchant_bookings"));
}

TEST_CASE("05: tasks of a team by urgency, strongly") {
  const Json design = design_text(R"(service: tasks
entities:
  Team: {id: team, count: 9000, attributes: {team: ulid, name: string 20 B}}
  Task:
    id: [team, task_id]
    belongs_to: {Team: 300 .. 4000}
    attributes: {task_id: ulid of made_at, made_at: timestamp, urgency: {type: integer, immutable: true}, text: string 200 B}
access_patterns:
  add:    {create: Team, rate: 3/day}
  team:   {get: Team, by: team, rate: 2/s}
  make:   {create: Task, rate: 2/s}
  task:   {get: Task, by: [team, task_id], consistency: strong, rate: 20/s}
  newest: {list: Task, by: team, order: made_at desc, limit: 20, rate: 20/s}
  urgent: {list: Task, by: team, order: urgency desc, limit: 20, consistency: strong, rate: 30/s}
)");
  CHECK(count_of(design, "global_secondary_indexes") == 0);
  REQUIRE(count_of(design, "local_secondary_indexes") == 1);
  const Json urgent = steps(design, "urgent").at(0);
  CHECK(urgent.at("consistent_read") == true);
  CHECK(urgent.at("index") == "LSI1");
  const Outcome refused = try_design_text(R"(service: tasks
entities:
  Team: {id: team, count: 9000, attributes: {team: ulid}}
  Task: {id: [team, task_id], belongs_to: {Team: 300}, attributes: {task_id: ulid, owner: {type: string 12 B, distinct: 800}}}
access_patterns:
  add:  {create: Team, rate: 3/day}
  team: {get: Team, by: team, rate: 2/s}
  make: {create: Task, rate: 2/s}
  task: {get: Task, by: [team, task_id], consistency: strong, rate: 20/s}
  mine: {list: Task, by: owner, limit: 20, consistency: strong, rate: 30/s}
)");
  CHECK(refused.exit_status == 1);
  CHECK(has(refused.standard_error, "mine"));
}

TEST_CASE("09: status before date is one sort key, and text is no question for keys") {
  const Json design = design_example("examples/09-search.yaml");
  REQUIRE(index_names(design).size() == 1);
  const std::string index = index_names(design).front();
  const Json key = row_key(design, "Order", index);
  CHECK(key.at("partition_key") == "CUSTOMER#{customer_id}");
  const std::string sort = key.at("sort_key");
  REQUIRE(has(sort, "{status"));
  CHECK(sort.find("{status") < sort.find("{order_id}"));  // whose order is the date's
  for (const char* pattern : {"in_status", "in_status_within"}) {
    INFO(pattern);
    REQUIRE(steps(design, pattern).size() == 1);
    CHECK(steps(design, pattern).at(0).at("index") == index);
    CHECK(steps(design, pattern).at(0).at("filter").is_null());
  }
  CHECK(has(steps(design, "in_status_within").at(0).at("key_condition"), "BETWEEN"));
  CHECK(steps(design, "orders").at(0).at("index").is_null());
  const Json& text = design.at("access_patterns").at("find_note");
  CHECK(text.at("served") == "offload");
  CHECK(has(text.at("offload"), "OpenSearch"));
  CHECK(text.at("steps").empty());
  CHECK(design.at("tables").at(0).at("stream") == "NEW_AND_OLD_IMAGES");
}

TEST_CASE("09: letters by box, and by box and kind") {
  const Json design = design_text(R"(service: post
entities:
  Box: {id: box, count: 80k, attributes: {box: ulid, owner: string 20 B}}
  Letter:
    id: [box, letter_id]
    belongs_to: {Box: 900 .. 40k}
    attributes:
      letter_id: ulid of came_at
      came_at:   timestamp
      kind:      {type: string, one_of: {bill: 20%, card: 30%, note: 50%}, immutable: true}
      text:      string 300 B
access_patterns:
  add:        {create: Box, rate: 9/day}
  box:        {get: Box, by: box, rate: 2/s}
  deliver:    {create: Letter, rate: 3/s}
  letters:    {list: Letter, by: box, order: came_at desc, limit: 30, rate: 90/s}
  of_kind:    {list: Letter, by: [box, kind], order: came_at desc, limit: 30, rate: 50/s}
  of_kind_in: {list: Letter, by: [box, kind], range: came_at, order: came_at desc, limit: 30, rate: 70/s}
  find:       {search: Letter, text: [text], by: box, rate: 2/s}
)");
  REQUIRE(index_names(design).size() == 1);
  // One of the two orders is the base key's: which, the rates decide. Both lists of a kind take the same.
  const Json of_kind = steps(design, "of_kind").at(0).at("index");
  CHECK(steps(design, "of_kind_in").at(0).at("index") == of_kind);
  CHECK(steps(design, "letters").at(0).at("index").is_null() != of_kind.is_null());
  CHECK(design.at("access_patterns").at("find").at("served") == "offload");
}

TEST_CASE("14: the strong list is local, and a rating never partitions alone") {
  const Json design = design_example("examples/14-product-reviews.yaml");
  const Json strong = steps(design, "with_rating").at(0);
  CHECK(strong.at("consistent_read") == true);
  REQUIRE(count_of(design, "local_secondary_indexes") == 1);
  CHECK(strong.at("index") == "LSI1");
  CHECK(has(row_key(design, "Review", "LSI1").at("sort_key"), "{rating"));
  CHECK(steps(design, "reviews").at(0).at("index").is_null());
  // The third list names the category, so category and rating are the key value together.
  REQUIRE(count_of(design, "global_secondary_indexes") == 1);
  const std::string partition = row_key(design, "Review", "GSI1").at("partition_key");
  CHECK(has(partition, "{category"));
  CHECK(has(partition, "{rating"));
  // Slim: the text of a review is not copied.
  const Json projection =
      design.at("tables").at(0).at("global_secondary_indexes").at(0).at("projection");
  CHECK(projection.at("type") == "INCLUDE");
  for (const Json& name : projection.at("attributes")) CHECK(name != "text");
}

TEST_CASE("14: without the category, five key values are spread over shards") {
  // 6,000 a second, 40 % of them the busiest rating: 2,400 units, ceil(2400 / 700) = 4 shards.
  const Json design = design_text(R"(service: films
entities:
  Opinion:
    id: opinion_id
    count: 200M
    attributes:
      opinion_id: ulid of given_at
      given_at:   timestamp
      stars:      {type: integer, one_of: {1: 8%, 2: 7%, 3: 15%, 4: 30%, 5: 40%}, immutable: true}
      genre:      {type: string 12 B, distinct: 400, immutable: true}
access_patterns:
  give:       {create: Opinion, rate: 600/s, peak: 6000/s}
  opinion:    {get: Opinion, by: opinion_id, consistency: strong, rate: 20/s}
  with_stars: {list: Opinion, by: stars, order: given_at desc, limit: 20, rate: 10/s}
)");
  REQUIRE(index_names(design).size() == 1);
  const Json key = row_key(design, "Opinion", index_names(design).front());
  CHECK_FALSE(has(key.at("partition_key"), "{genre"));
  CHECK(key.at("shards") == 4);
  CHECK(steps(design, "with_stars").at(0).at("requests").at("mean").get<double>() >= 4);
}

TEST_CASE("19: an index holds what its list wants, and its writes are its own") {
  const Json design = design_example("examples/19-throttling.yaml");
  CHECK(design.at("tables").at(0).at("billing") == "provisioned");
  REQUIRE(index_names(design).size() == 1);
  const std::string index = index_names(design).front();
  CHECK(row_key(design, "Scan", index).at("when") == "exists(problem)");
  // 375 a second x 2 units on the table; 3 % of them x 1 unit on the index.
  CHECK(load(design, "", "write") == doctest::Approx(750).epsilon(1e-4));
  CHECK(load(design, index, "write") == doctest::Approx(375 * 0.03).epsilon(1e-4));
  CHECK(priced(design, "write capacity", index) > 0);
}

TEST_CASE("19: an index of whole rows takes as many units as its table") {
  // 500 writes a second of 1.5 KB: 1,000 units on the table, and 1,000 on an index that copies the rows.
  const Json design = design_text(R"(service: parcels
settings: {billing: provisioned}
entities:
  Hub: {id: hub, count: 900, attributes: {hub: string 8 B}}
  Parcel: {id: parcel_id, belongs_to: {Hub: 100k .. 300k}, size: 1.5 KB, attributes: {parcel_id: ulid of at, at: timestamp}}
access_patterns:
  add:    {create: Hub, rate: 1/month}
  hub:    {get: Hub, by: hub, rate: 1/s}
  accept: {create: Parcel, rate: 500/s, peak: 500/s}
  parcel: {get: Parcel, by: parcel_id, consistency: strong, rate: 20/s}
  newest: {list: Parcel, by: hub, order: at desc, limit: 20, rate: 900/s}
)");
  REQUIRE(index_names(design).size() == 1);
  const std::string index = index_names(design).front();
  CHECK(units(design, "accept", "", "write") == 2);
  CHECK(units(design, "accept", index, "write") == 2);
  CHECK(load(design, index, "write") == doctest::Approx(1000).epsilon(1e-4));
}

TEST_CASE(
    "22: the best hundred are one Query of slim entries, nearly always answered by the cache") {
  const Json design = design_example("examples/22-leaderboard-cache.yaml");
  REQUIRE(index_names(design).size() == 1);
  const std::string index = index_names(design).front();
  const Json key = row_key(design, "Rank", index);
  CHECK(key.at("sort_key") == "{score}");  // a number, read backwards: nothing is inverted
  const Json top = steps(design, "top").at(0);
  CHECK(top.at("scan_index_forward") == false);
  CHECK(top.at("limit") == 100);
  const double each = top.at("bytes").get<double>() / top.at("items").get<double>();
  CHECK(units(design, "top", index, "read") ==
        doctest::Approx(page_units(100, each)).epsilon(0.02));
  // 20 boards once in 10 seconds pass the cache: 500 x 0.4 % = 2 a second.
  CHECK(load(design, index, "read") ==
        doctest::Approx(2 * units(design, "top", index, "read")).epsilon(1e-6));
  // A changed score moves its entry: one write of the table, two of the index.
  CHECK(units(design, "score", index, "write") == 2);
}

TEST_CASE("22: sellers of a month, without and with a cache") {
  const std::string text = R"(service: sales
entities:
  Seller:
    id: [month, seller_id]
    count: 2M
    attributes: {month: {type: string 7 B, distinct: 12}, seller_id: ulid, name: string 12 B, sold: integer}
access_patterns:
  start: {create: Seller, rate: 0.1/s}
  sell:  {update: Seller, by: [month, seller_id], add: {sold: +:n}, rate: 6/s}
  best:  {list: Seller, by: month, order: sold desc, limit: 60, returns: [name, sold], rate: 500/s, peak: 500/s)";
  const Json without = design_text(text + "}\n");
  REQUIRE(index_names(without).size() == 1);
  const std::string index = index_names(without).front();
  const Json best = steps(without, "best").at(0);
  // About 10 KB: ceil(10 / 4) x 0.5 = 1.5 units a page, 500 x 1.5 = 750 a second.
  CHECK(page_units(60, best.at("bytes").get<double>() / best.at("items").get<double>()) == 1.5);
  CHECK(load(without, index, "read") == doctest::Approx(750).epsilon(0.001));
  // Once in ten seconds instead of 5,000 times: 0.15.
  const Json cached = design_text(text + ", cache: {hits: 99.98%}}\n");
  REQUIRE(index_names(cached).size() == 1);
  CHECK(load(cached, index_names(cached).front(), "read") == doctest::Approx(0.15).epsilon(0.001));
}

}  // namespace ddbplan::test
