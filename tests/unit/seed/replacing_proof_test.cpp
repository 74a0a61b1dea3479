// Puts and upserts of rows that hold unique values or are counted: the row that may be there is looked at first.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using design::Operation;
using test::prove;
using test::Proven;

namespace {

const char* const kUsers = R"(entities:
  User: {id: user_id, count: 500, unique: [email, handle], attributes: {user_id: uuid, email: string 20 B, handle: {type: string 12 B, optional: true}, name: string 20 B, bio: {type: string 200 B, optional: true}}}
)";

const char* const kLikes = R"(entities:
  User: {id: user_id, count: 300, attributes: {user_id: uuid, given: {count_of: Rating}}}
  Film: {id: film_id, count: 100, attributes: {film_id: uuid, title: string 30 B, ratings: {count_of: Rating}, stars: {sum_of: Rating.stars}}}
  Rating: {id: [film_id, user_id], belongs_to: {Film: 3 .. 30, User: 1 .. 10}, attributes: {stars: integer, said: string 40 B}}
)";

}  // namespace

TEST_CASE("a put moves the guards of the row that it replaces") {
  const Proven users = prove(std::string(kUsers) +
                             "access_patterns:\n  save: {put: User, replaces: 60%, rate: 10/s}\n"
                             "  by_email: {get: User, by: email, rate: 10/s}\n"
                             "  by_handle: {get: User, by: handle, rate: 10/s}\n");
  CHECK(users.failures == "");
  const design::AccessPlan& save = users.plan("save");
  CHECK(save.steps.front().operation == Operation::get_item);
  CHECK(save.steps.front().consistent_read);
  CHECK(save.steps.back().operation == Operation::transact_write_items);
  // The row, two guards that come, and two that go in 60 % of the calls; half of the rows have a handle. Items are
  // below 1 KB, and a transaction costs twice: 2 * (1 + 1 + 0.5 + 0.6 * (1 + 0.5)).
  CHECK(users.write_units("save") == doctest::Approx(6.8));
}

TEST_CASE("an upsert brings the guards of what it sets, whether the row is there or not") {
  const Proven users =
      prove(std::string(kUsers) +
            "access_patterns:\n  sign_up: {create: User, rate: 1/s}\n"
            "  set_profile: {upsert: User, by: user_id, set: [name, email], rate: 10/s}\n"
            "  by_email: {get: User, by: email, rate: 10/s}\n");
  CHECK(users.failures == "");
  CHECK(users.plan("set_profile").steps.front().may_find_nothing);
}

TEST_CASE("a put is counted once, however often it is made") {
  const Proven films = prove(std::string(kLikes) +
                             "access_patterns:\n  join: {create: User}\n  show: {create: Film}\n"
                             "  rate_it: {put: Rating, replaces: 25%, rate: 10/s}\n"
                             "  take_back: {delete: Rating, by: [film_id, user_id], rate: 1/s}\n"
                             "  of: {list: Rating, by: film_id, limit: 20, rate: 10/s}\n");
  CHECK(films.failures == "");
  // The row, the film's sum (and its count, which is part of it) in every call, and the user's count where nothing is
  // replaced: 2 * (1 + 1 + 0.75).
  CHECK(films.write_units("rate_it") == doctest::Approx(5.5));
  const Proven lost =
      prove(std::string(kLikes) +
                "access_patterns:\n  join: {create: User}\n  show: {create: Film}\n"
                "  rate_it: {put: Rating, replaces: 25%, rate: 10/s}\n",
            [](const model::Workload&, design::Design& design) {
              // As if every put were of a new row.
              for (design::AccessPlan& plan : design.plans) {
                for (design::Step& step : plan.steps)
                  std::erase_if(step.actions, [](const auto& action) { return action.looks_back; });
              }
            });
  CHECK(lost.failures.find("rate_it: an item is not what its row makes of it") !=
        std::string::npos);
}

TEST_CASE("an upsert is counted when it makes the row") {
  const Proven films =
      prove(std::string(kLikes) +
            "access_patterns:\n  join: {create: User}\n  show: {create: Film}\n"
            "  first: {create: Rating, rate: 1/s}\n"
            "  rate_it: {upsert: Rating, by: [film_id, user_id], set: [stars, said], rate: 10/s}\n"
            "  of: {list: Rating, by: film_id, limit: 20, rate: 10/s}\n");
  CHECK(films.failures == "");
}

TEST_CASE("an upsert looks at the row once, for its counts and for its index keys") {
  const Proven films = prove(R"(entities:
  Film: {id: film_id, count: 50, attributes: {film_id: uuid, ratings: {count_of: Rating}}}
  Rating: {id: [film_id, user_id], belongs_to: {Film: 20000 .. 90000}, attributes: {user_id: uuid, stars: integer, said: string 40 B, why: string 400 B}}
access_patterns:
  show: {create: Film}
  first: {create: Rating, rate: 1/s}
  rate_it: {upsert: Rating, by: [film_id, user_id], set: [stars], rate: 1/s}
  say: {update: Rating, by: [film_id, user_id], set: [said], rate: 1/s}
  best: {list: Rating, by: film_id, order: [stars desc, said asc], limit: 3, rate: 50/s}
)");
  CHECK(films.failures == "");
  // The index's key holds `said`, which the upsert does not set.
  REQUIRE(films.plan("best").steps.front().index.has_value());
  const std::vector<design::Step>& steps = films.plan("rate_it").steps;
  CHECK(std::count_if(steps.begin(), steps.end(), [](const design::Step& step) {
          return step.operation == Operation::get_item;
        }) == 1);
}

TEST_CASE("an upsert that sets no unique value does not depend on any") {
  const Proven users = prove(std::string(kUsers) +
                             "access_patterns:\n  sign_up: {create: User, rate: 1/s}\n"
                             "  set_name: {upsert: User, by: user_id, set: [name], rate: 10/s}\n"
                             "  by_email: {get: User, by: email, rate: 10/s}\n");
  CHECK(users.failures == "");
  CHECK(users.plan("set_name").steps.size() == 1);
  CHECK(users.plan("set_name").steps.front().operation == Operation::update_item);
}

TEST_CASE("a put and an upsert keep what a parent counts under a condition") {
  const Proven rides = prove(R"(entities:
  Station: {id: station_id, count: 50, attributes: {station_id: ulid, free: {count_of: Bike, where: free}, charge: {sum_of: Bike.charge, where: free}}}
  Bike: {id: bike_id, belongs_to: {Station optional: {children: 30 .. 90, present: 80%}}, attributes: {bike_id: ulid, charge: integer, free: boolean}}
  Dock: {id: [station_id, dock_no], belongs_to: {Station: 20 .. 60}, attributes: {dock_no: integer, state: {one_of: {OK: 60%, BROKEN: 40%}}}}
  Depot: {id: depot_id, count: 40, attributes: {depot_id: ulid, broken: {count_of: Part, where: state = BROKEN}}}
  Part: {id: [depot_id, part_no], belongs_to: {Depot: 20 .. 60}, attributes: {part_no: integer, state: {one_of: {OK: 60%, BROKEN: 40%}}}}
access_patterns:
  build: {create: Station}
  open: {create: Depot}
  report: {put: Bike, replaces: 50%, rate: 9/s}
  look: {upsert: Part, by: [depot_id, part_no], set: [state], rate: 1/s}
)");
  CHECK(rides.failures == "");
}

TEST_CASE("the guards of a row expire when it does, whatever changes that") {
  const char* const permits = R"(entities:
  Permit: {id: permit_id, count: 500, unique: [plate], retention: until valid_to, attributes: {permit_id: uuid, plate: string 8 B, holder: string 24 B}}
  Pass: {id: pass_id, count: 500, unique: [code], retention: 30 days after used_at, attributes: {pass_id: uuid, code: string 8 B, used_at: timestamp}}
access_patterns:
  issue:  {create: Permit}
  extend: {update: Permit, by: permit_id, set: [valid_to]}
  renew:  {upsert: Permit, by: permit_id, set: [plate, holder, valid_to]}
  keep:   {upsert: Permit, by: permit_id, set: [holder, valid_to]}
  save:   {put: Permit, replaces: 50%}
  swap:   {update: Permit, by: permit_id, set: [plate]}
  buy:    {create: Pass}
  use:    {update: Pass, by: pass_id, set: [used_at]}
  permit: {get: Permit, by: plate}
)";
  const Proven parking = prove(permits);
  CHECK(parking.failures == "");
  // The row and its guard, each below 1 KB, in a transaction.
  CHECK(parking.write_units("extend") == doctest::Approx(4));
  const design::WriteAction& guard = parking.plan("extend").steps.back().actions.back();
  // Another row may have taken the value of one that had expired: then it is not given back.
  CHECK(design::describe(parking.design, parking.workload, guard).condition ==
        "attribute_not_exists(PK) OR expires_at <= :now OR permit_id = :permit_id");
  // A plate that is given up leaves its guard, and the new one's is no renewal.
  CHECK_FALSE(parking.plan("swap").steps.back().actions.back().is_renewed);
  const Proven lapsed = prove(permits, [](const model::Workload& workload, design::Design& design) {
    for (design::AccessPlan& plan : design.plans) {
      if (workload.pattern(plan.pattern).name != "extend") continue;
      plan.steps.back().actions.pop_back();
    }
  });
  CHECK(lapsed.failures.find("extend: an item is not what its row makes of it") !=
        std::string::npos);
}
