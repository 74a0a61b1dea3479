// Sizes to the byte, counts, storage and growth of whole designs.
#include "capacity/usage.h"

#include <doctest/doctest.h>

#include "capacity/traffic.h"
#include "tests/unit/capacity/sketch.h"

namespace ddbplan::test {
namespace {

using model::ValueType;

TEST_CASE("an item's bytes are those of the item that is stored") {
  Sketch sketch;
  model::Attribute status = states("status", {{"OPEN", 0.5}, {"CLOSED", 0.5}});
  status.bytes = {5, 6};
  model::Attribute note = attribute("note", ValueType::string, 10);
  note.present = 0.5;
  const std::size_t layout =
      sketch.add_row(entity("Case", {"id"}, 1000,
                            {attribute("id", ValueType::ulid, 26), status, note,
                             attribute("at", ValueType::timestamp, 24)}),
                     "CASE#{id}");
  sketch.design.items[layout].type_value = "Case";
  sketch.add_index("GSI1", dynamo::ProjectionType::include, {"at"});
  sketch.add_entry(layout, "GSI1", "CASES#OPEN", "{at}", equals("status", "OPEN"));
  // PK + "CASE#" + 26, SK + "A", id, status, at, "type" + "Case".
  const double always = (2 + 5 + 26) + (2 + 1) + (2 + 26) + (6 + 5) + (2 + 24) + (4 + 4);
  const double note_bytes = 4 + 10;
  // GSI1PK + "CASES#OPEN", GSI1SK + 24: half of the rows.
  const double keys = (6 + 10) + (6 + 24);
  const design::SizeEstimate item =
      capacity::item_size(sketch.workload, sketch.design, sketch.design.items[layout]);
  CHECK(item.mean == doctest::Approx(always + note_bytes / 2 + keys / 2));
  CHECK(item.max == doctest::Approx(always + note_bytes + keys + 1));  // CLOSED has one byte more
  const design::SizeEstimate entry =
      capacity::entry_size(sketch.workload, sketch.design, sketch.design.items[layout],
                           sketch.design.items[layout].entries[0]);
  // Table key, index key and the projected attribute.
  CHECK(entry.mean == doctest::Approx((2 + 5 + 26) + (2 + 1) + keys + (2 + 24)));
}

TEST_CASE("the estimate is the mean of materialised items") {
  Sketch sketch;
  const std::size_t layout = sketch.add_row(
      entity("Thing", {"id"}, 10,
             {attribute("id", ValueType::ulid, 26), attribute("priority", ValueType::integer, 2)}),
      "THING#{id}", "{priority|pad:5}");
  sketch.add_index("GSI1");
  sketch.add_entry(layout, "GSI1", "ALL#{shard}", "{id}");
  sketch.design.items[layout].entries[0].shards.count = 4;
  sketch.design.items[layout].entries[0].shards.by = {"id"};
  dynamo::Item row;
  row["id"] = dynamo::AttributeValue::string("01HF7YAT00ABCDEFGHJKMNPQRS");
  row["priority"] = dynamo::AttributeValue::number(std::int64_t{7});
  const auto item =
      design::materialise(sketch.design.items[layout], sketch.design.tables[0], "type", row);
  REQUIRE(item);
  CHECK(capacity::item_size(sketch.workload, sketch.design, sketch.design.items[layout]).mean ==
        doctest::Approx(static_cast<double>(dynamo::item_bytes(*item).count)));
}

TEST_CASE("storage counts 100 B for each item and entry, and rows that TTL has yet to delete") {
  Sketch sketch;
  model::Entity session = entity("Session", {"id"}, 30000, {attribute("id", ValueType::uuid, 36)});
  session.size = model::Spread{500, 500};
  model::Retention retention;
  retention.after = support::Duration{30 * support::kSecondsPerDay};
  retention.attribute = "expires_at";
  retention.base_attribute = "at";
  const std::size_t layout = sketch.add_row(session, "S#{id}");
  sketch.add_index("GSI1");
  sketch.add_entry(layout, "GSI1", "ALL", "{id}");
  CHECK(capacity::usage(sketch.workload, sketch.design).storage[0].bytes ==
        doctest::Approx(30000 * 600.0));
  CHECK(capacity::usage(sketch.workload, sketch.design).storage[1].bytes ==
        doctest::Approx(30000 * 600.0));
  // A thousand expire a day and stay for two days.
  sketch.workload.entities[0].retention = retention;
  CHECK(capacity::usage(sketch.workload, sketch.design).storage[0].items == doctest::Approx(32000));
}

TEST_CASE("counts, rates and what lists read grow") {
  Sketch sketch;
  model::Entity customer = entity("Customer", {"id"}, 1000, {attribute("id", ValueType::ulid, 26)});
  customer.growth_per_month = 0.1;
  customer.size = model::Spread{100, 100};
  sketch.add_row(customer, "C#{id}");
  model::Pattern get = read_pattern(read_of(model::ReadKind::get, {0}), 10);
  get.load.grows_with = model::EntityId{0};
  sketch.add_pattern("get", get, {get_step(0, "C#{id}")});
  const std::vector<capacity::Usage> months =
      capacity::usage_over(sketch.workload, sketch.design, {0, 2});
  CHECK(months[0].storage[0].items == doctest::Approx(1000));
  CHECK(months[1].storage[0].items == doctest::Approx(1210));
  CHECK(months[0].loads[0].read.mean == doctest::Approx(5));
  CHECK(months[1].loads[0].read.mean == doctest::Approx(6.05));
  CHECK(months[1].loads[0].read.max == doctest::Approx(6.05));
}

TEST_CASE("an event replaces the rates that it names") {
  Sketch sketch;
  model::Entity thing = entity("Thing", {"id"}, 1000, {attribute("id", ValueType::ulid, 26)});
  sketch.add_row(thing, "T#{id}");
  sketch.add_pattern("write", write_pattern(write_of(model::WriteKind::create, {0}), 200),
                     {write_step(put_action(0))});
  sketch.add_pattern("read", read_pattern(read_of(model::ReadKind::get, {0}), 10),
                     {get_step(0, "T#{id}")});
  model::Event sale;
  sale.name = "sale";
  sale.rates["write"] = {20000};
  sketch.workload.events = {sale};
  const capacity::Usage usage = capacity::usage(sketch.workload, sketch.design);
  CHECK(usage.loads[0].write.max == doctest::Approx(200));
  REQUIRE(usage.events.size() == 1);
  CHECK(usage.events[0].loads[0].write.mean == doctest::Approx(20000));
  CHECK(usage.events[0].loads[0].read.mean == doctest::Approx(5));
  // The highest of both: the event's writes, the declared reads.
  const std::vector<capacity::ResourceLoad> highest = capacity::highest_loads(usage);
  CHECK(highest[0].write.max == doctest::Approx(20000));
  CHECK(highest[0].write.mean == doctest::Approx(200));
  CHECK(highest[0].read.max == doctest::Approx(5));
}

TEST_CASE("an attribute has as many values as the schema tells") {
  model::Attribute firmware = attribute("firmware", ValueType::string, 8);
  CHECK(capacity::distinct_values(firmware, 1e6) == 10);
  firmware.distinct = 40;
  CHECK(capacity::distinct_values(firmware, 1e6) == 40);
  CHECK(capacity::distinct_values(attribute("x", ValueType::boolean, 1), 1e6) == 2);
  model::Attribute day = attribute("day", ValueType::date, 10);
  day.days = 90;
  CHECK(capacity::distinct_values(day, 1e6) == 90);
  CHECK(capacity::distinct_values(day, 40) == 40);
  // An id that is no declared relation: ten rows each, as for a relation without a number.
  CHECK(capacity::distinct_values(attribute("user_id", ValueType::uuid, 36), 1e6) == 1e5);
}

}  // namespace
}  // namespace ddbplan::test
