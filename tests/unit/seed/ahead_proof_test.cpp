// Times on both sides of now: the seed has them as the schema says, estimates and proof agree about them.
#include <doctest/doctest.h>

#include "model/timestamp.h"
#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using test::prove;
using test::Proven;

namespace {

/// Of the rows, how many have a time after now.
double share_ahead(const Proven& proven, const char* entity, const char* attribute) {
  const auto& rows = proven.data.rows[proven.workload.find_entity(entity)->index];
  double ahead = 0;
  for (const dynamo::Item& row : rows) {
    const auto* at = row.find(attribute);
    REQUIRE(at != row.end());
    if (*model::instant_of(at->second) > proven.data.now_ms) ++ahead;
  }
  return ahead / static_cast<double>(rows.size());
}

const char* const kShifts = R"(entities:
  Team: {id: team_id, count: 1000, attributes: {team_id: ulid}}
  Shift: {id: [team_id, starts_at], belongs_to: {Team: 100 .. 1000}, attributes: {starts_at: timestamp, ends_at: timestamp, note: string 40 B}}
access_patterns:
  plan: {create: Shift}
)";

}  // namespace

TEST_CASE("a tenth of the rows lies ahead of now where a list asks on which side of it they are") {
  const Proven shifts = prove(
      std::string(kShifts) +
      "  on: {list: Shift, by: team_id, where: ends_at > now, range: starts_at <= now, order: "
      "starts_at desc, limit: 1, rate: 5/s}\n");
  CHECK(shifts.failures == "");
  CHECK(share_ahead(shifts, "Shift", "ends_at") == doctest::Approx(0.1).epsilon(0.02));
  CHECK(share_ahead(shifts, "Shift", "starts_at") == doctest::Approx(0.1).epsilon(0.02));
}

TEST_CASE("without the comparison with now the answer is another one") {
  const auto forget = [](const model::Workload&, design::Design& design) {
    for (design::AccessPlan& plan : design.plans) {
      for (design::Step& step : plan.steps) {
        step.sort_condition = std::nullopt;
        step.filter = nullptr;
      }
    }
  };
  const std::string schema =
      std::string(kShifts) + "  on: {list: Shift, by: team_id, where: ends_at > now, rate: 5/s}\n";
  CHECK(prove(schema).failures == "");
  CHECK(prove(schema, forget).failures.find("on: ") != std::string::npos);
}

TEST_CASE("what lies ahead is a sort key's range, and a guard finds such rows") {
  const Proven events = prove(R"(entities:
  Venue: {id: venue_id, count: 2k, attributes: {venue_id: ulid}}
  Event: {id: event_id, belongs_to: {Venue: 50 .. 2000}, attributes: {event_id: ulid, title: string 80 B, starts_at: {type: timestamp, ahead: 25%}}}
access_patterns:
  add: {create: Event, rate: 0.5/s}
  coming: {list: Event, by: venue_id, where: starts_at >= now, order: starts_at asc, limit: 20, rate: 50/s}
  this_week: {list: Event, range: starts_at between now and now + 7 days, order: starts_at asc, limit: 50, rate: 20/s}
  rename: {update: Event, by: event_id, set: [title], if: starts_at > now + 1 day, rate: 1/s}
)");
  CHECK(events.failures == "");
  CHECK(share_ahead(events, "Event", "starts_at") == doctest::Approx(0.25).epsilon(0.02));
  CHECK(events.plan("coming").steps.front().sort_condition);
  CHECK(events.plan("coming").steps.front().filter == nullptr);
}

TEST_CASE("time buckets are walked up to a bound, not where rows may lie beyond now") {
  const std::string head = R"(entities:
  Event: {id: event_id, count: 300M, attributes: {event_id: ulid, at: )";
  const std::string tail = R"(, text: string 900 B}}
access_patterns:
  add: {create: Event, rate: 20/s}
  find: {get: Event, by: event_id}
  )";
  const auto has_walk = [&](const std::string& time, const std::string& list) {
    const Proven events = prove(head + time + tail + list + "\n");
    CHECK(events.failures == "");
    return events.plan("some").steps.front().buckets.has_value();
  };
  const std::string ahead = "{type: timestamp, ahead: 10%}";
  CHECK(
      has_walk("timestamp", "some: {list: Event, range: at >= :since, order: at asc, limit: 20}"));
  CHECK_FALSE(
      has_walk(ahead, "some: {list: Event, range: at >= :since, order: at asc, limit: 20}"));
  CHECK_FALSE(has_walk(ahead, "some: {list: Event, order: at desc, limit: 20}"));
  CHECK(has_walk(ahead, "some: {list: Event, range: at, order: at desc, limit: 20}"));
}

TEST_CASE("an expiry is counted from a time ahead, and expired rows are behind") {
  const Proven sessions = prove(R"(entities:
  Session: {id: session_id, count: 50k, retention: 30 days after ends_at, attributes: {session_id: ulid, user_id: string 10 B, ends_at: timestamp}}
access_patterns:
  open: {create: Session, rate: 1/min}
  mine: {list: Session, by: user_id, where: ends_at > now, matches: 20%, rate: 1/s}
  closed: {list: Session, by: user_id, range: ends_at < now, order: ends_at desc, limit: 10, rate: 1/s}
)");
  CHECK(sessions.failures == "");
  CHECK(share_ahead(sessions, "Session", "ends_at") == doctest::Approx(0.2).epsilon(0.05));
}
