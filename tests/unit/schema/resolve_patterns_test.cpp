#include <doctest/doctest.h>

#include <string>

#include "tests/unit/schema/fixture.h"

namespace ddbplan::schema {
namespace {

constexpr std::string_view kEntities =
    "entities:\n"
    "  Site: {id: site_id, attributes: {name: string 20 B}}\n"
    "  Device: {id: device_id, belongs_to: [Site], unique: [serial], attributes: {serial: string 9 "
    "B, tag: {type: string "
    "4 B, distinct: all}, state: {states: [ON, OUT], moves: [ON -> OUT]}, tags: set of string, "
    "log: list 1 KB, n: number, "
    "kind: string}}\n"
    "  Reading: {id: [device_id, at], belongs_to: [Device], attributes: {at: timestamp, heat: "
    "number}}\n"
    "  Other: {id: other_id}\n"
    "  Note: {id: [at, word], attributes: {at: timestamp, word: string 9 B}}\n"
    "access_patterns:\n";

std::string schema_with(std::string_view pattern) {
  return test::complete_schema(std::string(kEntities) + "  it: " + std::string(pattern) + "\n");
}
std::string codes(std::string_view pattern) {
  return test::codes(schema_with(pattern));
}

model::Read read(std::string_view pattern) {
  return std::get<model::Read>(test::workload(schema_with(pattern)).patterns.front().action);
}
model::Write write(std::string_view pattern) {
  return std::get<model::Write>(test::workload(schema_with(pattern)).patterns.front().action);
}

TEST_CASE("an ancestor's attribute") {
  const model::Read one = read("{list: Reading, by: site_id}");
  REQUIRE(one.by.size() == 1);
  CHECK(one.by[0].name == "site_id");
  REQUIRE(one.by[0].via.has_value());
  CHECK(one.by[0].via->index == 1);
  CHECK(read("{list: Reading, where: name = x}").where != nullptr);
  CHECK(codes("{list: Reading, by: nmae}") == "DDB011");
}

TEST_CASE("a related entity's attribute") {
  const model::Read one = read("{list: Device, by: Reading.heat}");
  CHECK(one.by[0].via->index == 2);
  CHECK(codes("{list: Device, by: Other.other_id}") == "DDB014");
  const model::Read through = read("{list: Device, order: site_id.name desc}");
  CHECK(through.order[0].attribute.through == "site_id");
  CHECK(through.order[0].attribute.via->index == 0);
  CHECK(codes("{list: Device, order: serial.name}") == "DDB014");
}

TEST_CASE("a get finds at most one row") {
  CHECK(codes("{get: Device, by: device_id}") == "");
  CHECK(codes("{get: Device, by: serial}") == "");
  CHECK(codes("{get: Device, by: tag}") == "");
  CHECK(codes("{get: Device, by: [site_id, device_id]}") == "");
  CHECK(codes("{get: Device, by: site_id}") == "DDB015");
  CHECK(codes("{get: Device}") == "DDB015");
  CHECK(codes("{get: Reading, by: device_id}") == "DDB015");
  CHECK(codes("{upsert: Device, by: serial}") == "DDB015");
  CHECK(codes("{update: Device, by: site_id}") == "");
}

TEST_CASE("ranges") {
  CHECK(read("{list: Reading, by: device_id, range: at}").range->condition == nullptr);
  CHECK(to_string(*read("{list: Reading, range: at > :since}").range->condition) == "at > :since");
  CHECK(codes("{list: Device, range: tags}") == "DDB018");
  CHECK(codes("{list: Reading, range: at != :x}") == "DDB018");
}

TEST_CASE("with: children by entity, parents by attribute") {
  const model::Read one = read(
      "{get: Device, by: device_id, with: {Reading: {order: at desc, limit: 10}, site_id: "
      "[name]}}");
  REQUIRE(one.with_children.size() == 1);
  CHECK(one.with_children[0].limit == 10);
  REQUIRE(one.with_parents.size() == 1);
  CHECK(one.with_parents[0].attributes == std::vector<std::string>{"name"});
  CHECK(read("{get: Device, by: device_id, with: [Reading, site_id]}")
            .with_parents[0]
            .attributes.empty());
  CHECK(codes("{get: Device, by: device_id, with: [Other]}") == "DDB014");
  CHECK(codes("{get: Device, by: device_id, with: [serial]}") == "DDB014");
  CHECK(codes("{get: Device, by: device_id, with: {site_id: [nam]}}") == "DDB011");
}

TEST_CASE("returns") {
  const model::Read sums = read("{count: Reading, by: device_id, returns: [count, sum heat]}");
  CHECK(sums.aggregates ==
        std::vector<model::Aggregate>{{}, {model::Aggregate::Function::sum, "heat"}});
  CHECK(read("{count: Reading, by: device_id}").aggregates == std::vector<model::Aggregate>{{}});
  CHECK(read("{list: Reading, returns: [heat]}").returns == std::vector<std::string>{"heat"});
}

TEST_CASE("several entities need the same attributes") {
  CHECK(codes("{list: [Device, Reading], by: device_id}") == "");
  CHECK(codes("{list: [Device, Reading], by: heat}") == "DDB011");
  CHECK(codes("{list: [Device, Reading], order: serial}") == "");
}

TEST_CASE("what a write sets") {
  const model::Write set = write("{update: Device, by: device_id, set: {kind: x, n: =:level}}");
  CHECK(to_string(**set.set[0].value) == "x");
  CHECK(to_string(**set.set[1].value) == ":level");
  CHECK_FALSE(write("{update: Device, by: device_id, set: [n]}").set[0].value.has_value());
  CHECK(write("{update: Device, by: device_id}").set_is_default);
  const model::Write add = write("{update: Device, by: device_id, add: {n: -:used, tags: +:tag}}");
  CHECK(add.add[0].subtract);
  CHECK(to_string(*add.add[0].amount) == ":used");
  CHECK_FALSE(add.add[1].subtract);
  const model::Write less = write("{update: Device, by: device_id, add: {n: -2}}");
  CHECK(less.add[0].subtract);
  CHECK(to_string(*less.add[0].amount) == "2");
}

TEST_CASE("what a write may not do") {
  CHECK(codes("{update: Device, by: device_id, set: [device_id]}") == "DDB019");
  CHECK(codes("{update: Device, by: device_id, add: {kind: 1}}") == "DDB018");
  CHECK(codes("{update: Device, by: device_id, append: [kind]}") == "DDB018");
  CHECK(codes("{update: Device, by: device_id, set: {n: many}}") == "DDB018");
  CHECK(codes("{update: Device, by: device_id, set: {state: BROKEN}}") == "DDB013");
  CHECK(codes("{create: Device, by: device_id}") == "DDB019");
  CHECK(codes("{transaction: [{get: Device, by: device_id}, {create: Other}]}") == "DDB019");
}

TEST_CASE("moves") {
  const model::Write move = write("{update: Device, by: device_id, move: state ON -> OUT}");
  CHECK(move.move->from == std::vector<std::string>{"ON"});
  CHECK(move.move->to == "OUT");
  CHECK(write("{update: Device, by: device_id, move: state any -> OUT}").move->from.empty());
  CHECK(codes("{update: Device, by: device_id, move: state OUT -> ON}") == "DDB013");
  CHECK(codes("{update: Device, by: device_id, move: state ON -> BROKEN}") == "DDB013");
  CHECK(codes("{update: Device, by: device_id, move: kind A -> B}") == "DDB018");
}

TEST_CASE("for_each: by finds the rows to write for") {
  const model::Write each = write("{create: Note, for_each: Reading, by: device_id}");
  CHECK(each.by.empty());
  REQUIRE(each.for_each.has_value());
  CHECK(each.for_each_by[0].name == "device_id");
  // Every reading would write the same row.
  CHECK(codes("{create: Other, for_each: Reading, by: device_id}") == "DDB019");
  // Readings of two devices at one time would write the same Note.
  CHECK(codes("{create: Note, for_each: Reading, by: heat}") == "DDB019");
}

TEST_CASE("a put for each related row brings new rows unless it says how many it replaces") {
  CHECK(write("{put: Note, for_each: Reading, by: device_id}").replaces == 0);
  CHECK(write("{put: Note, for_each: Reading, by: device_id, replaces: 20%}").replaces == 0.2);
  CHECK(write("{put: Note}").replaces == 0.5);
}

TEST_CASE("feeds are no patterns") {
  const model::Workload workload = test::workload(schema_with("{feed: [Device, Reading]}"));
  CHECK(workload.feeds.size() == 2);
  CHECK_FALSE(workload.find_pattern("it").has_value());
}

TEST_CASE("one slip is one message") {
  CHECK(codes("{gte: Device, by: device_id}") == "DDB002");
  CHECK(codes("{list: Devise, by: device_id, order: at}") == "DDB010");
  CHECK(codes("{rate: 3/s}") == "DDB005");
  CHECK(test::codes(
            test::complete_schema("entities: {Order: {id: a, attributes: {n: intger, s: string}}}\n"
                                  "access_patterns: {x: {update: Order, by: a, add: {n: +:n}}, y: "
                                  "{list: Order, where: n > 3}}\n")) == "DDB004");
  CHECK(test::codes(test::complete_schema(
            "entities: {Order: {id: a, attribtes: {n: integer}}}\n"
            "access_patterns: {x: {list: Order, by: n, where: n > 3, order: n}}\n")) == "DDB002");
}

TEST_CASE("a word is no date and no time") {
  CHECK(codes("{list: Reading, by: device_id, range: at < now}") == "");
  CHECK(codes("{list: Reading, by: device_id, range: at < 2026-11-27}") == "");
  CHECK(codes("{list: Reading, by: device_id, where: at begins_with 2026-11}") == "");
  CHECK(codes("{list: Reading, by: device_id, range: at < today}") == "DDB018");
  CHECK(codes("{list: Reading, by: device_id, where: at = yesterday | now}") == "DDB018");
}

TEST_CASE("a number that runs within a parent finds one row of it") {
  const std::string entities =
      "entities:\n"
      "  Seller: {id: seller_id, count: 20}\n"
      "  Invoice: {id: invoice_id, belongs_to: {Seller: 300 .. 900}, attributes: {number: {type: "
      "integer, sequence_per: seller_id}}}\n"
      "access_patterns:\n";
  CHECK(test::codes(test::complete_schema(entities + "  it: {get: Invoice, by: [seller_id, "
                                                     "number]}\n")) == "");
  // Every seller has a first invoice.
  CHECK(test::codes(test::complete_schema(entities + "  it: {get: Invoice, by: number}\n")) ==
        "DDB015");
  const model::Workload workload = test::workload(
      test::complete_schema(entities + "  it: {get: Invoice, by: [seller_id, number]}\n"));
  CHECK(workload.entities[1].find("number")->distinct == 300.0);
}

TEST_CASE("a copy is of a direct parent, and a copy of its copy leads further") {
  const auto entities = [](const std::string& name) {
    return test::complete_schema(
        "entities:\n"
        "  Artist: {id: artist_id, attributes: {name: string 20 B}}\n"
        "  Album: {id: album_id, belongs_to: {Artist: 4}, attributes: {artist_name: {copy_of: "
        "artist_id.name, kept: stream}}}\n"
        "  Track: {id: track_id, belongs_to: {Album: 11}, attributes: {" +
        name +
        "}}\n"
        "access_patterns:\n"
        "  rename: {update: Artist, by: artist_id, set: [name], rate: 2/s}\n");
  };
  CHECK(test::codes(entities("artist_name: {copy_of: album_id.artist_id.name}")) == "DDB004");
  const model::Workload workload =
      test::workload(entities("artist_name: {copy_of: album_id.artist_name, kept: stream}"));
  const auto follower =
      workload.find_pattern("keep_track_artist_name_after_keep_album_artist_name_after_rename");
  REQUIRE(follower);
  // Each renaming changes four albums, and each of them is a change that the tracks follow.
  CHECK(workload.pattern(*follower).load.mean.per_second == doctest::Approx(2 * 4));
}

TEST_CASE("a rollup of a rollup follows it, and a sum follows the number that it sums") {
  const model::Workload workload = test::workload(test::complete_schema(
      "entities:\n"
      "  Meter: {id: meter_id, count: 20}\n"
      "  Reading: {id: [meter_id, at], belongs_to: {Meter: 900}, attributes: {at: epoch_s, watts: "
      "number}}\n"
      "  Hourly: {rollup: {of: Reading, by: {meter_id, hour: at to hour}, keep: {n: count, all: "
      "sum "
      "watts}, kept: stream}}\n"
      "  Total: {rollup: {of: Hourly, by: {meter_id}, keep: {n: sum n}, kept: stream}}\n"
      "access_patterns:\n"
      "  measure: {create: Reading, rate: 2/s}\n"
      "  correct: {update: Reading, by: [meter_id, at], set: [watts], rate: 1/s}\n"));
  CHECK(workload.find_pattern("keep_hourly_after_measure"));
  CHECK(workload.find_pattern("keep_total_after_keep_hourly_after_measure"));
  const auto corrected = workload.find_pattern("keep_hourly_after_correct");
  REQUIRE(corrected);
  const auto& write = std::get<model::Write>(workload.pattern(*corrected).action);
  REQUIRE(write.add.size() == 1);
  CHECK(write.add.front().attribute == "all");
}

TEST_CASE("a bound of what a list is ordered by is its range") {
  const model::Read best =
      read("{list: Device, where: n > 10 and state = OUT, order: n desc, limit: 9}");
  REQUIRE(best.range);
  CHECK(best.range->attribute.name == "n");
  CHECK(model::to_string(*best.range->condition) == "n > 10");
  CHECK(model::to_string(*best.where) == "state = OUT");
  // Of another order it filters.
  CHECK(!read("{list: Device, where: n > 10, order: kind asc, limit: 9}").range);
}

TEST_CASE("a copy has as many values as what it is copied from") {
  const model::Workload workload = test::workload(test::complete_schema(
      "entities:\n"
      "  Product: {id: ean, count: 60k, attributes: {ean: string 13 B, category: {type: string 10 "
      "B, "
      "distinct: 200}, code: {type: string 4 B, distinct: all}}}\n"
      "  Stock: {id: stock_id, belongs_to: {Product: 300}, attributes: {stock_id: ulid, category: "
      "{copy_of: ean.category}, code: {copy_of: ean.code, kept: stream}}}\n"
      "access_patterns:\n"
      "  add: {create: Stock, rate: 1/s}\n"));
  const model::Entity& stock = workload.entities.at(1);
  CHECK(stock.find("category")->distinct == 200.0);
  CHECK(stock.find("code")->distinct == 60000.0);
}

TEST_CASE("a value that rows are found by and the one that they get have names of their own") {
  CHECK(codes("{update: Device, by: kind, set: [kind]}") == "DDB019");
  CHECK(codes("{update: Device, by: kind, set: {kind: :other}}").empty());
}

TEST_CASE("what is kept from itself over other entities is a circle") {
  CHECK(test::codes(test::complete_schema(
            "entities:\n"
            "  Team: {id: team_id, count: 20, attributes: {score: {sum_of: Player.share, kept: "
            "stream}}}\n"
            "  Player: {id: player_id, belongs_to: {Team: 11}, attributes: {share: {copy_of: "
            "team_id.score, kept: stream}}}\n"
            "access_patterns:\n"
            "  join: {create: Player, rate: 1/s}\n")) == "DDB017");
}

}  // namespace
}  // namespace ddbplan::schema
