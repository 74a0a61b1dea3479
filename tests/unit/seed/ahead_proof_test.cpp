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

TEST_CASE("a range from now to a time that the call gives, and one from such a time to now") {
  const Proven shifts = prove(
      std::string(kShifts) +
      "  soon: {list: Shift, by: team_id, range: starts_at between now and :until, rate: 5/s}\n"
      "  lately: {list: Shift, by: team_id, range: starts_at between :since and now, rate: 5/s}\n"
      "  over: {list: Shift, by: team_id, where: ends_at between :since and now, rate: 5/s}\n");
  CHECK(shifts.failures == "");
  // Asked for what is ahead, a tenth is; a range with a bound that the call gives spans a tenth of all.
  CHECK(share_ahead(shifts, "Shift", "starts_at") == doctest::Approx(0.1).epsilon(0.02));
}

TEST_CASE("a range that the call ends has no more than there is ahead of now") {
  const Proven shifts = prove(R"(entities:
  Team: {id: team_id, count: 1000, attributes: {team_id: ulid}}
  Shift: {id: [team_id, starts_at], belongs_to: {Team: 1000 .. 2000}, attributes: {starts_at: {type: timestamp, ahead: 2%}, note: string 400 B}}
access_patterns:
  plan: {create: Shift}
  soon: {list: Shift, by: team_id, range: starts_at between now and :until, rate: 5/s}
)");
  CHECK(shifts.failures == "");
  // The proof compares what the sample costs on average with the plan: 2 % of the rows, and not a tenth.
}

TEST_CASE("a row's times lie where those of the parent do that brings them along") {
  const Proven blood = prove(R"(entities:
  Donor: {id: donor_id, count: 900, attributes: {donor_id: uuid}}
  Site: {id: site_id, count: 10, attributes: {site_id: string 4 B}}
  Slot: {id: [site_id, starts_at], belongs_to: {Site: 250 .. 400}, attributes: {starts_at: {type: timestamp, ahead: 75%}, beds: integer}}
  Booking: {id: [site_id, starts_at, donor_id], belongs_to: {Slot as site_id + starts_at: 2 .. 12, Donor: 5 .. 40}, attributes: {booked_at: timestamp}}
  Question: {id: [site_id, starts_at, donor_id, no], belongs_to: {Booking: 1}, attributes: {no: integer}}
access_patterns:
  book: {create: Booking, rate: 0.3/s}
  mine: {list: Booking, by: donor_id, range: starts_at >= now, order: starts_at asc, rate: 4/s}
)");
  CHECK(blood.failures == "");
  for (const char* entity : {"Slot", "Booking", "Question"}) {
    const model::EntityId id = *blood.workload.find_entity(entity);
    CHECK(blood.workload.entity(id).find("starts_at")->ahead == 0.75);
  }
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
