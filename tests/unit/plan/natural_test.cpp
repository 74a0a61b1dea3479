// Goal: with key_style: natural an attribute is the key where nothing has to be told apart, it is stored once, and
// an index follows it without being written; what needs composing stays composed.

#include <doctest/doctest.h>

#include "capacity/sizes.h"
#include "capacity/usage.h"
#include "tests/unit/plan/planned.h"

namespace ddbplan::test {

namespace {

using Names = std::vector<std::string>;

constexpr const char* kNatural = "{layout: table-per-entity, key_style: natural}";

Names names_of(const std::vector<dynamo::KeyAttribute>& key) {
  Names out;
  for (const dynamo::KeyAttribute& one : key) {
    const bool text = one.type == dynamo::ScalarType::S;
    out.push_back(one.name + (text ? "" : ":N"));
  }
  return out;
}

constexpr const char* kSensors =
    "Site: {id: site_id, count: 2000, attributes: {site_id: string 6 B, name: string 20 B}}\n"
    "Reading: {id: [site_id, at], belongs_to: {Site: 5000 .. 90k}, attributes: {at: epoch_ms, "
    "value: number}}";
constexpr const char* kSensorPatterns =
    "a: {create: Site}\nb: {get: Site, by: site_id}\nc: {create: Reading}\n"
    "d: {list: Reading, by: site_id, range: at last 24 hours, order: at desc, limit: 20, rate: "
    "5/s}";

}  // namespace

TEST_CASE("the table's keys are the attributes, with their names and types") {
  const Planned p = plan_text(kSensors, kSensorPatterns, kNatural);
  CHECK(p.messages().empty());
  CHECK(names_of(p.table("Site").key.partition) == Names{"site_id"});
  CHECK(p.table("Site").key.sort.empty());
  CHECK(names_of(p.table("Reading").key.partition) == Names{"site_id"});
  CHECK(names_of(p.table("Reading").key.sort) == Names{"at:N"});
  CHECK(p.key("Reading") == "{site_id} / {at}");
}

TEST_CASE("an attribute that is a key is stored once") {
  const Planned p = plan_text(kSensors, kSensorPatterns, kNatural);
  // site_id 7 + 6, name 4 + 20: no PK, no SK, no type.
  CHECK(p.row("Site").bytes.mean == doctest::Approx(7 + 6 + 4 + 20));
  // Generic in the single table: the same, and PK 2 + "SITE#" 5 + 6, SK 2 + "SITE" 4, type 4 + "Site" 4.
  CHECK(plan_text(kSensors, kSensorPatterns).row("Site").bytes.mean ==
        doctest::Approx(7 + 6 + 4 + 20 + 2 + 5 + 6 + 2 + 4 + 4 + 4));
}

TEST_CASE("conditions name the key attribute, and an upsert does not set it") {
  const Planned p = plan_text(
      "Presence: {id: user_id, count: 1M, attributes: {user_id: ulid, device: string 9 B}}",
      "beat: {upsert: Presence, by: user_id, set: [device], rate: 9/s}\n"
      "add: {create: Presence, rate: 1/s}\nwho: {get: Presence, by: user_id}",
      kNatural);
  CHECK(p.messages().empty());
  const design::WriteAction& create = p.pattern("add").steps.front().actions.front();
  CHECK(model::to_string(*create.condition) == "missing(user_id)");
  const design::WriteAction& beat = p.pattern("beat").steps.front().actions.front();
  REQUIRE(beat.update.size() == 1);
  CHECK(std::get<design::SetValue>(beat.update.front()).attribute == "device");
}

constexpr const char* kTickets =
    "Ticket: {id: ticket_id, count: 2M, attributes: {ticket_id: ulid, agent: {type: string 8 B, "
    "distinct: 900}, status: {states: {OPEN: 10%, DONE: 90%}, moves: [OPEN -> DONE]}, due_at: "
    "timestamp, text: string 900 B}}";
constexpr const char* kTicketPatterns =
    "add: {create: Ticket, rate: 1/s}\nticket: {get: Ticket, by: ticket_id, consistency: strong}\n"
    "queue: {list: Ticket, by: [agent, status], range: due_at < now, order: due_at asc, limit: 20, "
    "returns: [ticket_id, due_at], rate: 200/s}\n"
    "close: {update: Ticket, by: ticket_id, move: status OPEN -> DONE, rate: 1/s}\n"
    "hand_over: {update: Ticket, by: ticket_id, set: [agent], rate: 1/s}";

TEST_CASE("an index has several attributes on each side, equalities first and one range last") {
  const Planned p = plan_text(kTickets, kTicketPatterns, kNatural);
  CHECK(p.messages().empty());
  REQUIRE(p.table("Ticket").indexes.size() == 1);
  const design::Index& index = p.table("Ticket").indexes.front();
  CHECK(names_of(index.key.partition) == Names{"agent", "status"});
  CHECK(names_of(index.key.sort) == Names{"due_at", "ticket_id"});
  const design::Step& queue = p.pattern("queue").steps.front();
  CHECK(queue.partition.size() == 2);
  CHECK(queue.sort.empty());
  REQUIRE(queue.sort_condition.has_value());
  CHECK(queue.sort_condition->op == design::SortCondition::Op::less);
  // All that is asked for stands in the key.
  CHECK(index.projection.type == dynamo::ProjectionType::keys_only);
}

TEST_CASE(
    "an index of attributes follows them: nothing is read first and nothing else is written") {
  const Planned natural = plan_text(kTickets, kTicketPatterns, kNatural);
  const Planned generic = plan_text(kTickets, kTicketPatterns);
  const std::vector<design::Step>& steps = natural.pattern("hand_over").steps;
  REQUIRE(steps.size() == 1);
  CHECK(steps.front().actions.front().maintains.empty());
  CHECK(steps.front().actions.front().update.size() == 1);
  // A made key holds the status and the due date beside the agent, which have to be read.
  CHECK(generic.pattern("hand_over").steps.size() == 2);
  // The entry holds agent 5 + 8, status 6 + 4 (OPEN and DONE), due_at 6 + 24, ticket_id 9 + 26.
  const design::ItemLayout& row = natural.row("Ticket");
  const double bytes =
      capacity::entry_size(natural.workload, *natural.design, row, row.entries.front()).mean;
  CHECK(bytes == doctest::Approx(5 + 8 + 6 + 4 + 6 + 24 + 9 + 26));
}

TEST_CASE("what holds only some values is composed, for an attribute as key holds all") {
  const Planned p = plan_text(
      "Job: {id: job_id, count: 5M, attributes: {job_id: ulid of at, at: timestamp, state: "
      "{states: "
      "{READY: 1%, DONE: 99%}, moves: [READY -> DONE]}, body: string 200 B}}",
      "add: {create: Job, rate: 2/s}\ndone: {update: Job, by: job_id, move: state READY -> DONE, "
      "rate: 2/s}\nready: {list: Job, where: state = READY, order: at asc, limit: 20, rate: 5/s}",
      kNatural);
  CHECK(p.messages().empty());
  CHECK(p.key("Job", "GSI1") == "JOB#READY / {job_id} when state = READY");
  const design::Index& index = p.table("Job").indexes.front();
  CHECK(names_of(index.key.partition) == Names{"GSI1PK"});
  CHECK(names_of(index.key.sort) == Names{"job_id"});
}

TEST_CASE("an identity of three attributes has a composed sort key beside a partition as it is") {
  const Planned p = plan_text(
      "Device: {id: device_id, count: 900, attributes: {device_id: string 12 B}}\n"
      "Reading: {id: [device_id, at, sequence], belongs_to: {Device: 900 .. 9000}, attributes: "
      "{at: "
      "epoch_ms, sequence: integer, value: number}}",
      "a: {create: Device}\nb: {get: Device, by: device_id}\nc: {create: Reading}\n"
      "d: {list: Reading, by: device_id, range: at last 24 hours, order: at asc, rate: 5/s}",
      kNatural);
  CHECK(p.messages().empty());
  CHECK(names_of(p.table("Reading").key.partition) == Names{"device_id"});
  CHECK(names_of(p.table("Reading").key.sort) == Names{"SK"});
}

TEST_CASE("where several kinds of item share a table, base keys are composed") {
  const Planned p = plan_text(kSensors, kSensorPatterns, "{key_style: natural}");
  CHECK(p.messages().empty());
  CHECK(names_of(p.design->tables.front().key.partition) == Names{"PK"});
  CHECK(p.key("Site") == "SITE#{site_id} / SITE");
}

TEST_CASE("no index of attributes where another kind of item of the table would be in it too") {
  const char* entities =
      "A: {id: a_id, count: 1M, attributes: {a_id: ulid, city: {type: string 8 B, distinct: "
      "5000}}}\n"
      "B: {id: b_id, count: 1M, attributes: {b_id: ulid, CITY: string 8 B}}";
  const char* patterns =
      "a: {create: A}\nb: {create: B}\nga: {get: A, by: a_id, consistency: strong, rate: 9/s}\n"
      "gb: {get: B, by: b_id, consistency: strong}\nin: {list: A, by: city, limit: 9, rate: 9/s}";
  const auto key_of_index = [&](const std::string& attribute, const std::string& other) {
    std::string made = entities;
    made.replace(made.find("CITY"), 4, attribute);
    if (!other.empty()) made.replace(made.find("string 8 B}}", made.find("B:")), 10, other);
    const Planned p = plan_text(made, patterns, "{key_style: natural}");
    CHECK(p.messages().empty());
    return names_of(p.design->tables.front().indexes.front().key.partition);
  };
  // A's identity in the sort key keeps B's out; a B that has another type of `city` would be refused.
  CHECK(key_of_index("town", "") == Names{"city"});
  CHECK(key_of_index("city", "") == Names{"city"});
  CHECK(key_of_index("city", "number") == Names{"GSI1PK"});
}

}  // namespace ddbplan::test
