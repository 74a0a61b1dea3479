// Goal: keys and projections made by hand are kept to the letter, or refused with the reason.

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/plan/planned.h"

namespace ddbplan::test {

namespace {

using Names = std::vector<std::string>;

/// The Workload of a fleet whose Reading has this under `physical`.
Planned fleet(const std::string& physical, const std::string& more = {}) {
  return plan_text(
      "Device: {id: device_id, count: 900, attributes: {device_id: string 12 B, name: string 20 "
      "B}}\n"
      "Reading: {id: [device_id, at], belongs_to: {Device: 900 .. 9000}, attributes: {at: "
      "epoch_ms, "
      "kind: {one_of: [a, b]}, note: string 40 B optional, value: number}}",
      "a: {create: Device}\nb: {get: Device, by: device_id, with: {Reading: {order: at desc, "
      "limit: "
      "5}}}\nc: {create: Reading, rate: 2/s}\n"
      "d: {list: Reading, by: device_id, range: at last 24 hours, order: at asc, rate: 5/s}" +
          more,
      {}, "physical:\n  " + physical);
}

}  // namespace

TEST_CASE("a base key made by hand is the base key, with its fields encoded to order") {
  const Planned p = fleet("Reading: {partition_key: 'D#{device_id}', sort_key: 'T#{at}'}");
  CHECK(p.messages().empty());
  // An epoch in milliseconds has 13 digits until the year 2286.
  CHECK(p.key("Reading") == "D#{device_id} / T#{at|pad:13}");
  CHECK(p.key("Device") == "DEVICE#{device_id} / DEVICE");
  // The parent is in another collection now: a request of its own.
  CHECK(p.pattern("b").steps.size() == 2);
  const auto entity = std::find_if(
      p.design->decisions.begin(), p.design->decisions.end(),
      [](const design::Decision& decision) { return decision.subject == "entity:Reading"; });
  REQUIRE(entity != p.design->decisions.end());
  CHECK(entity->reason == "fixed by the schema (physical)");
}

TEST_CASE("of a key of which one half is given the other is planned") {
  const Planned p = fleet("Reading: {sort_key: 'AT#{at}'}");
  CHECK(p.messages().empty());
  CHECK(p.key("Reading") == "DEVICE#{device_id} / AT#{at|pad:13}");
  const Planned q = fleet("Reading: {partition_key: 'DEV#{device_id}'}");
  CHECK(q.key("Reading") == "DEV#{device_id} / READING#{at|pad:13}");
}

TEST_CASE("a hand-made partition key is sharded as one that was planned") {
  const Planned p = fleet(
      "Reading: {partition_key: 'D#{device_id}', sort_key: 'T#{at}', shards: {press: 8, others: "
      "1}}");
  CHECK(p.messages().empty());
  CHECK(p.key("Reading") == "D#{device_id|escape}#{shard} / T#{at|pad:13}");
}

TEST_CASE("a key that cannot be is refused with the reason, and not replaced") {
  const auto message = [](const std::string& physical) {
    const Planned p = fleet("Reading: " + physical);
    CHECK(p.errors() == Names{"DDB114"});
    CHECK_FALSE(p.design.has_value());
    return p.messages();
  };
  CHECK(message("{partition_key: 'D#{device_id}', sort_key: 'X'}") ==
        "DDB114 the hand-made key of Reading cannot be kept: the key lacks at, so rows that differ "
        "in it alone would share a key\n");
  CHECK(message("{partition_key: 'D#{device_id}{at}', sort_key: 'X'}") ==
        "DDB114 the hand-made key of Reading cannot be kept: a # has to part {device_id} from what "
        "follows it in D#{device_id}{at}\n");
  CHECK(message("{partition_key: 'D#{device_id}', sort_key: 'T#{at}#{note}'}") ==
        "DDB114 the hand-made key of Reading cannot be kept: its attributes have to be always "
        "there, and text or whole numbers\n");
  CHECK(message("{partition_key: 'D#{device_id}', sort_key: 'T#{at}#{kind}'}") ==
        "DDB114 the hand-made key of Reading cannot be kept: nothing would stop a second row with "
        "the same device_id, at and another kind\n");
}

TEST_CASE("a hand-made key that tells nothing apart is an error") {
  const Planned p = fleet("Reading: {partition_key: 'DEVICE#{device_id}', sort_key: 'DEV#{at}'}");
  CHECK(p.messages().empty());
  const Planned q = fleet("Reading: {partition_key: '{device_id}', sort_key: '{at}'}");
  CHECK(q.errors() == Names{"DDB114"});
  CHECK(
      q.messages() ==
      "DDB114 the hand-made key of Reading does not tell its items from the rows of Device: begin "
      "its partition or sort key with another word\n");
}

TEST_CASE("an index projects what is made by hand") {
  const std::string by_kind =
      "\ne: {list: Reading, by: [kind], range: at last 24 hours, order: at desc, limit: 9, "
      "returns: "
      "[value], rate: 90/s}";
  const Planned planned = fleet("Reading: {shards: 1}", by_kind);
  REQUIRE(planned.indexes() == Names{"GSI1"});
  CHECK(planned.design->optimality.proven);
  const Planned p =
      fleet("Reading: {projections: {GSI1: [device_id, kind, note, value]}}", by_kind);
  CHECK(p.messages().empty());
  const dynamo::Projection& projection = p.design->tables.front().indexes.front().projection;
  CHECK(projection.type == dynamo::ProjectionType::include);
  CHECK(projection.attributes == Names{"device_id", "kind", "note", "value"});
  CHECK(p.design->optimality.objective > planned.design->optimality.objective);
  CHECK_FALSE(p.design->optimality.proven);
  CHECK(*p.design->optimality.lower_bound == planned.design->optimality.objective);

  CHECK(fleet("Reading: {projections: {GSI1: [note]}}", by_kind).messages() ==
        "DDB114 the projection of GSI1 is too narrow: e reads value, device_id and kind from it\n");
  CHECK(fleet("Reading: {projections: {GSI7: [value]}}", by_kind).messages() ==
        "DDB114 no index GSI7 is planned in test, whose indexes are GSI1\n");
}

}  // namespace ddbplan::test
