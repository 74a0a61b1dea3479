// The load on single partition key values: the ceilings are 1,000 write and 3,000 read units a
// second.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/capacity/sketch.h"

namespace ddbplan::test {
namespace {

using model::ValueType;
using model::WriteKind;

design::HotKey hottest(const Sketch& sketch, const std::string& index = "") {
  for (const design::HotKey& key : capacity::hot_keys(sketch.workload, sketch.design)) {
    if (key.index.value_or("") == index) return key;
  }
  return {};
}

/// Readings of 1,500 B by device.
Sketch readings(double devices, double children, double children_max) {
  Sketch sketch;
  model::Entity device =
      entity("Device", {"device_id"}, devices, {attribute("device_id", ValueType::string, 12)});
  sketch.add_row(device, "DEVICE#{device_id}");
  model::Entity reading = entity(
      "Reading", {"device_id", "at"}, devices * children,
      {attribute("device_id", ValueType::string, 12), attribute("at", ValueType::epoch_ms, 8)});
  reading.size = model::Spread{1500, 1500};
  reading.relations = {relation({0}, {"device_id"}, children, children_max)};
  sketch.add_row(reading, "DEVICE#{device_id}", "{at|number}");
  return sketch;
}

TEST_CASE("4,200 writes a second of 1.5 KB on one key are 8,400 units, scenario 4") {
  Sketch sketch = readings(1000, 1000, 1000);
  model::Pattern ingest = write_pattern(write_of(WriteKind::create, {1}), 5000);
  ingest.load.hottest = support::Rate{4200};
  sketch.add_pattern("ingest", ingest, {write_step(put_action(1))});
  const design::HotKey key = hottest(sketch);
  CHECK(key.key == "DEVICE#{device_id}");
  CHECK(key.when == "peak");
  CHECK(key.peak_write_units == doctest::Approx(8400));
}

TEST_CASE("without a declared value the relation's largest parent is the hottest") {
  Sketch sketch = readings(1000, 100, 5000);
  sketch.add_pattern("ingest", write_pattern(write_of(WriteKind::create, {1}), 1000),
                     {write_step(put_action(1))});
  // 5,000 of 100,000 rows: 5 % of 1,000/s, 2 units each.
  CHECK(hottest(sketch).peak_write_units == doctest::Approx(100));
}

TEST_CASE(
    "a key of the tenant alone is as busy as one tenant of many, whatever its ids are made of") {
  for (const ValueType type : {ValueType::string, ValueType::ulid}) {
    Sketch sketch;
    model::Attribute org = attribute("org_id", type, 26);
    org.distinct = 500;
    model::Entity note = entity("Note", {"org_id", "note_id"}, 1e6,
                                {org, attribute("note_id", ValueType::ulid, 26)});
    note.tenant = "org_id";
    note.size = model::Spread{900, 900};
    sketch.add_row(note, "ORG#{org_id}", "NOTE#{note_id}");
    sketch.add_pattern("write", write_pattern(write_of(WriteKind::create, {0}), 50000),
                       {write_step(put_action(0))});
    // 50,000 a second of one unit, over 500 tenants.
    CHECK(hottest(sketch).peak_write_units == doctest::Approx(100));
  }
}

TEST_CASE("9,000 score updates a second move 18,000 units of entries, scenario 27") {
  Sketch sketch;
  sketch.add_row(
      entity("Score", {"player_id"}, 1e6,
             {attribute("player_id", ValueType::ulid, 26), attribute("board", ValueType::string, 8),
              attribute("score", ValueType::integer, 4)}),
      "PLAYER#{player_id}");
  sketch.add_index("GSI1", dynamo::ProjectionType::keys_only);
  sketch.add_entry(0, "GSI1", "BOARD", "{score|pad:9}");
  sketch.add_pattern("score", write_pattern(write_of(WriteKind::update, {0}), 9000),
                     {write_step(update_action(0, {"score"}))});
  CHECK(hottest(sketch, "GSI1").key == "BOARD");
  CHECK(hottest(sketch, "GSI1").peak_write_units == doctest::Approx(18000));
}

TEST_CASE("an entry that moves loads its old key and its new one") {
  Sketch sketch;
  sketch.add_row(entity("Order", {"id"}, 1e6,
                        {attribute("id", ValueType::ulid, 26),
                         states("status", {{"OPEN", 0.1}, {"DONE", 0.9}})}),
                 "ORDER#{id}");
  sketch.add_index("GSI1", dynamo::ProjectionType::keys_only);
  sketch.add_entry(0, "GSI1", "ORDERS#{status}", "{id}");
  model::Write move = write_of(WriteKind::update, {0});
  move.move = model::StateMove{"status", {"OPEN"}, "DONE"};
  design::WriteAction action = update_action(0, {});
  action.update.emplace_back(design::SetValue{
      "status", std::make_shared<model::Operand>(
                    model::Operand{model::Constant{dynamo::AttributeValue::string("DONE")}, {}})});
  sketch.add_pattern("place", write_pattern(write_of(WriteKind::create, {0}), 100),
                     {write_step(put_action(0))});
  sketch.add_pattern("finish", write_pattern(move, 90), {write_step(action)});
  // ORDERS#OPEN takes 100 new entries and loses 90 old ones; ORDERS#DONE takes 90.
  CHECK(hottest(sketch, "GSI1").key == "ORDERS#{status}");
  CHECK(hottest(sketch, "GSI1").peak_write_units == doctest::Approx(190));
}

TEST_CASE("kinds of items that share a key add up, and named values are apart") {
  Sketch sketch = readings(1000, 100, 100);
  sketch.workload.entities[1].relations[0].named_shares = {{"press-17", 0.5}};
  sketch.add_pattern("ingest", write_pattern(write_of(WriteKind::create, {1}), 1000),
                     {write_step(put_action(1))});
  CHECK(hottest(sketch).peak_write_units == doctest::Approx(1000));
  model::Pattern touch = write_pattern(write_of(WriteKind::update, {0}), 500);
  touch.load.hottest_named = {{"press-17", support::Rate{40}}};
  sketch.add_pattern("touch", touch, {write_step(update_action(0, {}))});
  CHECK(hottest(sketch).peak_write_units == doctest::Approx(1040));
}

TEST_CASE("a named parent's calls are spread over its children where a key holds the child too") {
  // 9,000 changes a second on the scores of one board, 600,000 rows of its own: each item takes next to nothing,
  // while a key of the board alone would take them all.
  Sketch sketch;
  sketch.add_row(entity("Board", {"board"}, 10, {attribute("board", ValueType::string, 8)}),
                 "BOARD#{board}");
  model::Entity score =
      entity("Score", {"board", "player"}, 1e6,
             {attribute("board", ValueType::string, 8), attribute("player", ValueType::ulid, 26),
              attribute("points", ValueType::integer, 4)});
  score.relations = {relation({0}, {"board"}, 1e5, 1e5)};
  sketch.add_row(score, "SCORE#{board}#{player}");
  sketch.add_index("GSI1", dynamo::ProjectionType::keys_only);
  sketch.add_entry(1, "GSI1", "BOARD#{board}", "{points|number}");
  model::Write write = write_of(WriteKind::update, {1});
  for (const char* name : {"board", "player"}) {
    model::AttributeRef by;
    by.name = name;
    write.by.push_back(by);
  }
  model::Pattern change = write_pattern(write, 15000);
  change.load.hottest_named = {{"final", support::Rate{9000}}};
  sketch.add_pattern("change", change, {write_step(update_action(1, {"points"}))});
  CHECK(hottest(sketch).peak_write_units < 1);
  CHECK(hottest(sketch, "GSI1").peak_write_units == doctest::Approx(18000));
}

TEST_CASE("an event is judged beside the peak") {
  Sketch sketch = readings(1000, 100, 100);
  model::Pattern ingest = write_pattern(write_of(WriteKind::create, {1}), 100);
  ingest.load.hottest = support::Rate{10};
  sketch.add_pattern("ingest", ingest, {write_step(put_action(1))});
  model::Event flood;
  flood.name = "flood";
  flood.rates["ingest"] = {1000};
  sketch.workload.events = {flood};
  // Ten times the calls, ten times the hottest value's: 100/s x 2 units.
  CHECK(hottest(sketch).when == "flood");
  CHECK(hottest(sketch).peak_write_units == doctest::Approx(200));
}

TEST_CASE("a rush of reads does not hide a peak of writes") {
  Sketch sketch = readings(1000, 100, 100);
  model::Pattern ingest = write_pattern(write_of(WriteKind::create, {1}), 2000);
  ingest.load.hottest = support::Rate{450};
  sketch.add_pattern("ingest", ingest, {write_step(put_action(1))});
  model::Pattern get = read_pattern(read_of(model::ReadKind::get, {0}), 100);
  get.load.hottest = support::Rate{100};
  sketch.add_pattern("get", get, {get_step(0, "DEVICE#{device_id}")});
  model::Event rush;
  rush.name = "rush";
  rush.rates["get"] = {100'000};
  rush.rates["ingest"] = {100};
  sketch.workload.events = {rush};
  // At the peak 450 writes of 2 units, 90 % of 1,000. In the rush the hottest device is read 100,000 times a second,
  // half a unit each: far nearer to its ceiling, with next to no writes.
  const auto keys = capacity::hot_keys(sketch.workload, sketch.design);
  REQUIRE(keys.size() == 2);
  CHECK(keys[0].when == "rush");
  CHECK(keys[0].peak_read_units > 3000);
  CHECK(keys[1].when == "peak");
  CHECK(keys[1].peak_write_units == doctest::Approx(900));
}

TEST_CASE("reads heat keys too: 600 strong reads a second of 20 KB are the ceiling of one item") {
  // Developer Guide, "Designing partition keys": a 20 KB item takes 5 units, 3,000 / 5 = 600.
  Sketch sketch;
  model::Entity page = entity("Page", {"id"}, 1000, {attribute("id", ValueType::string, 8)});
  page.size = model::Spread{20480, 20480};
  sketch.add_row(page, "PAGE#{id}");
  model::Pattern get = read_pattern(read_of(model::ReadKind::get, {0}), 10000);
  get.load.hottest = support::Rate{600};
  design::Step step = get_step(0, "PAGE#{id}");
  step.consistent_read = true;
  sketch.add_pattern("get", get, {step});
  CHECK(hottest(sketch).peak_read_units == doctest::Approx(3000));
  CHECK(hottest(sketch).peak_write_units == 0);
}

TEST_CASE("shards are named in the template, not in the key") {
  Sketch sketch;
  sketch.add_row(entity("Order", {"id"}, 1e6, {attribute("id", ValueType::ulid, 26)}), "O#{id}");
  sketch.add_index("GSI1", dynamo::ProjectionType::keys_only);
  sketch.add_entry(0, "GSI1", "ORDERS#{shard}", "{id}");
  sketch.design.items[0].entries[0].shards.count = 3;
  sketch.add_pattern("place", write_pattern(write_of(WriteKind::create, {0}), 1500),
                     {write_step(put_action(0))});
  CHECK(hottest(sketch, "GSI1").key == "ORDERS");
  CHECK(hottest(sketch, "GSI1").peak_write_units == doctest::Approx(1500));
  CHECK(hottest(sketch, "GSI1").shards == 3);
}

}  // namespace
}  // namespace ddbplan::test
