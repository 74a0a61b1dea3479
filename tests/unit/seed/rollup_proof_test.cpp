// Rollups with `kept: transaction` of rows that change, move and go: the group follows in the same transaction.
#include <doctest/doctest.h>

#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using test::prove;
using test::Proven;

namespace {

const char* const kSchool = R"(entities:
  Pupil: {id: pupil_id, count: 900, attributes: {pupil_id: ulid, name: string 20 B}}
  Grade:
    id: grade_id
    belongs_to: {Pupil: 40}
    attributes: {grade_id: ulid of at, at: timestamp, subject: {one_of: {maths: 30%, art: 30%, music: 40%}}, points: integer}
  Average: {rollup: {of: Grade, by: {pupil_id, subject}, keep: {n: count, total: sum points}, kept: transaction}}
access_patterns:
  enter: {create: Pupil}
  grade: {create: Grade, rate: 2/s}
  regrade: {update: Grade, by: grade_id, set: [points]}
  bonus: {update: Grade, by: grade_id, add: {points: +:more}}
  resubject: {update: Grade, by: grade_id, set: [subject]}
  remake: {update: Grade, by: grade_id, set: [subject, points]}
  drop: {delete: Grade, by: grade_id}
  expel: {delete: Grade, by: pupil_id, rate: 1/min}
  averages: {list: Average, by: pupil_id}
)";

/// The actions on rows of the rollup.
std::vector<design::WriteAction> on_rollup(const Proven& proven, std::string_view pattern,
                                           std::string_view rollup) {
  std::vector<design::WriteAction> out;
  for (const design::Step& step : proven.plan(pattern).steps) {
    for (const design::WriteAction& action : step.actions) {
      const model::EntityId entity = proven.design.items[action.layout].entity;
      if (proven.workload.entity(entity).name == rollup) out.push_back(action);
    }
  }
  return out;
}

}  // namespace

TEST_CASE("a rollup loses what changes, moves or goes, and gains what it becomes") {
  const Proven school = prove(kSchool);
  CHECK(school.failures == "");
  // A grade of another subject leaves one group and comes to another.
  const auto moved = on_rollup(school, "resubject", "Average");
  REQUIRE(moved.size() == 2);
  CHECK(moved[0].looks_back);
  CHECK(!moved[0].is_joined);
  CHECK(!moved[1].looks_back);
  // Other points of the same group are one addition of the difference.
  const auto changed = on_rollup(school, "regrade", "Average");
  REQUIRE(changed.size() == 2);
  CHECK(changed[1].is_joined);
  // What is added is known, and the old points are not asked for.
  CHECK(on_rollup(school, "bonus", "Average").size() == 1);
  CHECK(on_rollup(school, "drop", "Average").size() == 1);
  CHECK(on_rollup(school, "expel", "Average").size() == 1);
}

TEST_CASE("a change of group costs the old one and the new one, where they are not the same") {
  const Proven school = prove(kSchool);
  // All items are below 1 KB; in a transaction each write is 2 units: the row, the new group and, unless the subject
  // comes out as it was (0.3^2 + 0.3^2 + 0.4^2 = 0.34 of the calls), the old one. The entry by which `expel` finds the
  // pupil's grades changes as often, for 1 unit.
  CHECK(school.write_units("resubject") == doctest::Approx(2 + 2 + 0.66 * 2 + 0.66));
  // Points are drawn anew, so that the entry always changes.
  CHECK(school.write_units("regrade") == doctest::Approx(2 + 2 + 1));
  CHECK(school.write_units("drop") == doctest::Approx(2 + 2 + 1));
}

TEST_CASE("an addition moves a row to the group that it makes") {
  const Proven school = prove(R"(entities:
  Pupil: {id: pupil_id, count: 900, attributes: {pupil_id: ulid, name: string 20 B}}
  Grade: {id: grade_id, belongs_to: {Pupil: 40}, attributes: {grade_id: ulid, level: {type: integer, distinct: 9}, points: integer}}
  Levels: {rollup: {of: Grade, by: {pupil_id, level}, keep: {n: count, total: sum points}, kept: transaction}}
access_patterns:
  enter: {create: Pupil}
  grade: {create: Grade}
  raise: {update: Grade, by: grade_id, add: {level: +1}}
  levels: {list: Levels, by: pupil_id}
)");
  CHECK(school.failures == "");
}

TEST_CASE("a group by a part of a time is worked out of the row that was read") {
  const Proven meters = prove(R"(entities:
  Device: {id: device_id, count: 2000, attributes: {device_id: ulid, name: string 20 B}}
  Reading: {id: reading_id, belongs_to: {Device: 100}, attributes: {reading_id: uuid, at: timestamp, watts: number}}
  Daily: {rollup: {of: Reading, by: {device_id, day: at to day}, keep: {n: count, total: sum watts}, kept: transaction}}
access_patterns:
  install: {create: Device}
  ingest: {create: Reading, rate: 2/s}
  correct: {update: Reading, by: reading_id, set: [watts]}
  discard: {delete: Reading, by: reading_id}
  trend: {list: Daily, by: device_id, range: day}
)");
  CHECK(meters.failures == "");
  const auto gone = on_rollup(meters, "discard", "Daily");
  REQUIRE(gone.size() == 1);
  const auto* day = std::get_if<design::FromStep>(&gone[0].known.at("day"));
  REQUIRE(day != nullptr);
  REQUIRE(day->worked_out != nullptr);
  CHECK(model::to_string(*day->worked_out) == "at to day");
}

TEST_CASE("a put takes the row that it replaces out of its group") {
  const Proven meters = prove(R"(entities:
  Device: {id: device_id, count: 2000, attributes: {device_id: ulid, name: string 20 B}}
  Reading: {id: [device_id, reading_id], belongs_to: {Device: 100}, attributes: {reading_id: ulid of at, at: timestamp, watts: number}}
  Daily: {rollup: {of: Reading, by: {device_id, day: at to day}, keep: {n: count, total: sum watts}, kept: transaction}}
access_patterns:
  install: {create: Device}
  ingest: {put: Reading, replaces: 50%, rate: 2/s}
  trend: {list: Daily, by: device_id, range: day}
)");
  CHECK(meters.failures == "");
  // The identity fixes the day: one update of one group, 2 (1 + 1).
  CHECK(meters.write_units("ingest") == doctest::Approx(4));
}

TEST_CASE("a group that keeps a row which is gone is caught") {
  const Proven broken = prove(kSchool, [](const model::Workload& workload, design::Design& design) {
    design.plans[workload.find_pattern("drop")->index].steps.back().actions.pop_back();
  });
  CHECK(broken.failures.find("drop: ") != std::string::npos);
}

TEST_CASE("rows are grouped by a time that is a parent's, copied or brought along") {
  const Proven rooms = prove(R"(entities:
  Room: {id: room_id, count: 60, attributes: {room_id: string 4 B}}
  Slot: {id: [room_id, starts_at], belongs_to: {Room: 20 .. 100}, attributes: {starts_at: timestamp, closes_on: date}}
  Booking: {id: booking_id, belongs_to: {Slot as room_id + starts_at: 3 .. 12}, attributes: {booking_id: ulid, seats: integer, closes_on: {copy_of: starts_at.closes_on}}}
  Daily: {rollup: {of: Booking, by: {room_id, day: starts_at to day}, keep: {seats: sum seats}, kept: stream}}
  Monthly: {rollup: {of: Booking, by: {room_id, month: closes_on to month}, keep: {n: count}, kept: stream}}
access_patterns:
  open: {create: Room}
  offer: {create: Slot}
  book: {create: Booking}
  days: {list: Daily, by: room_id, range: day}
  months: {list: Monthly, by: room_id, range: month}
)");
  CHECK(rooms.failures == "");
}

TEST_CASE("a group that gains what it should lose is caught") {
  const Proven broken = prove(kSchool, [](const model::Workload& workload, design::Design& design) {
    auto& update =
        design.plans[workload.find_pattern("drop")->index].steps.back().actions.back().update;
    for (design::UpdateClause& clause : update)
      std::get<design::AddNumber>(clause).subtract = false;
  });
  CHECK(broken.failures.find("drop: ") != std::string::npos);
}
