// Goal: indexes, projections, shard counts and keys have their runner-up, at the price of the design that it makes, or
// the reason why there is none.

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/plan/planned.h"

namespace ddbplan::test {

namespace {

using design::Decision;

const Decision& decision(const Planned& p, const std::string& subject) {
  const auto& all = p.design->decisions;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Decision& one) {
    return one.subject.rfind(subject, 0) == 0;
  });
  REQUIRE_MESSAGE(found != all.end(), subject);
  return *found;
}

const Decision::Alternative& alternative(const Decision& decision, const std::string& start) {
  const auto found =
      std::find_if(decision.alternatives.begin(), decision.alternatives.end(),
                   [&](const Decision::Alternative& one) { return one.what.rfind(start, 0) == 0; });
  REQUIRE_MESSAGE(found != decision.alternatives.end(), start);
  return *found;
}

Planned notes(const std::string& patterns, const std::string& more = {}) {
  return plan_text(
      "Note: {id: note_id, count: 100k, attributes: {note_id: ulid of at, at: timestamp, topic: "
      "{type: string 8 B, distinct: 900}, title: string 30 B, text: string 4 KB}}",
      "add: {create: Note, rate: 40/s}\nnote: {get: Note, by: note_id, consistency: strong, rate: "
      "90/s}\n" +
          patterns,
      {}, more);
}

const std::string kTitles =
    "titles: {list: Note, by: topic, order: at desc, limit: 10, returns: [title], rate: 9/s}";

Planned readings(const std::string& more = {}) {
  return plan_text(
      "Device: {id: device_id, count: 9, attributes: {device_id: string 12 B, name: string 20 B}}\n"
      "Reading: {id: [device_id, reading_id], belongs_to: {Device: 900 .. 9000}, attributes: "
      "{reading_id: ulid of at, at: timestamp, value: number}}",
      "device: {get: Device, by: device_id}\nadd: {create: Reading, rate: 300/s, peak: 2500/s, "
      "hottest: 2000/s}\nlast: {list: Reading, by: device_id, order: at desc, limit: 9, rate: "
      "50/s}",
      {}, more);
}

}  // namespace

TEST_CASE("an index that nothing can stand in for says who needs it") {
  const Planned p = notes(kTitles);
  REQUIRE(p.indexes().size() == 1);
  const Decision& index = decision(p, "index:GSI1");
  const Decision::Alternative& none = alternative(index, "no index in its place");
  CHECK_FALSE(none.extra);
  CHECK(none.ruled_out == "nothing would answer titles");
}

TEST_CASE("an index that another can stand in for has the price of the design with that") {
  const Planned p = notes(kTitles);
  const Decision::Alternative& other = decision(p, "index:GSI1").alternatives.front();
  REQUIRE(other.extra);
  CHECK(other.what.rfind("titles: an index by topic", 0) == 0);
  // The pattern's own runner-up by another key is the same design.
  const auto& ways = decision(p, "pattern:titles").alternatives;
  CHECK(std::any_of(ways.begin(), ways.end(), [&](const Decision::Alternative& way) {
    return way.extra && *way.extra == *other.extra && other.what == "titles: " + way.what;
  }));
}

TEST_CASE("a projection has the others, with what they cost") {
  const Planned p = notes(kTitles);
  const Decision& projection = decision(p, "projection:GSI1");
  CHECK(projection.chosen == "INCLUDE title, note_id, topic, at");
  CHECK(projection.reason == "answers titles without a fetch of the rows");
  CHECK(alternative(projection, "ALL").extra->micro_usd > 0);
  CHECK(alternative(projection, "KEYS_ONLY; titles fetches the rows").extra->micro_usd > 0);
}

TEST_CASE("what is fetched after an index is not called its keys alone when it holds more") {
  const Planned p = plan_text(
      "Job: {id: job_id, count: 100k, retention: 30 days after at, attributes: {job_id: ulid of "
      "at, "
      "at: timestamp, queue: {type: string 8 B, distinct: 900}, text: string 4 KB}}",
      "add: {create: Job, rate: 400/s}\njob: {get: Job, by: job_id, consistency: strong}\n"
      "newest: {list: Job, by: queue, order: at desc, limit: 3, rate: 1/hour}");
  CHECK(decision(p, "projection:GSI1").chosen == "INCLUDE expires_at");
  CHECK(decision(p, "projection:GSI1").reason == "newest reads expires_at from it, then the rows");
  CHECK(decision(p, "pattern:newest").chosen.find("keys and expires_at, then the rows") !=
        std::string::npos);
}

TEST_CASE("a projection made by hand has the price of the planned one") {
  const std::string physical =
      "physical:\n  Note: {projections: {GSI1: [title, note_id, topic, at, text]}}";
  const Planned planned = notes(kTitles);
  const Planned p = notes(kTitles, physical);
  const Decision& projection = decision(p, "projection:GSI1");
  CHECK(projection.reason == "fixed by the schema (physical)");
  const Decision::Alternative& own =
      alternative(projection, "INCLUDE title, note_id, topic, at, as it would be");
  REQUIRE(own.extra);
  CHECK(*own.extra == planned.design->optimality.objective - p.design->optimality.objective);
}

TEST_CASE("one shard fewer is too hot, and one more has the price of the design with it") {
  const Planned p = readings();
  const Decision& shards = decision(p, "shards:DEVICE#{device_id|escape}#{shard}");
  CHECK(shards.chosen.rfind("3 shards, by ", 0) == 0);
  CHECK(alternative(shards, "2 shards").ruled_out ==
        "the hottest key value would put 1,000 write units a second on each: 100 % of what a "
        "partition takes, planned to 70 %");
  const Planned more = readings("physical:\n  Reading: {shards: 4}");
  CHECK(*alternative(shards, "4 shards").extra ==
        more.design->optimality.objective - p.design->optimality.objective);
  // And back: a number made by hand has the one that the load asks for.
  const Decision& by_hand = decision(more, "shards:DEVICE#{device_id|escape}#{shard}");
  CHECK(by_hand.reason.rfind("fixed by the schema (physical); ", 0) == 0);
  CHECK(*alternative(by_hand, "3 shards, as the load asks for").extra ==
        p.design->optimality.objective - more.design->optimality.objective);
}

TEST_CASE("a key without another candidate says why, and a guard what it is for") {
  const Planned p = plan_text(
      "User: {id: user_id, count: 100k, attributes: {user_id: uuid, mail: string 30 B}, unique: "
      "[mail]}",
      "join: {create: User}\nuser: {get: User, by: user_id}");
  const Decision& key = decision(p, "entity:User");
  CHECK(alternative(key, "another base key").ruled_out ==
        "the identity has one part, and no access pattern asks for User by others that every row "
        "has and never changes");
  const auto guard =
      std::find_if(p.design->decisions.begin(), p.design->decisions.end(),
                   [](const Decision& one) { return one.chosen.rfind("guard item", 0) == 0; });
  REQUIRE(guard != p.design->decisions.end());
  CHECK(alternative(*guard, "no guard item").ruled_out.rfind("of two writers", 0) == 0);
}

}  // namespace ddbplan::test
