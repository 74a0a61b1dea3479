// Copies and rollups with `kept: transaction`: written in the transaction of the change that they follow.
#include <doctest/doctest.h>

#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using design::Operation;
using test::prove;
using test::Proven;

namespace {

const char* const kCatalogue = R"(entities:
  Brand: {id: brand_id, count: 120, attributes: {brand_id: ulid, name: string 14 B, products: {count_of: Product}}}
  Product:
    id: sku
    belongs_to: {Brand: 6 .. 40}
    attributes: {sku: string 10 B, title: string 40 B, brand: {copy_of: brand_id.name, kept: transaction}}
access_patterns:
  found: {create: Brand}
  add: {create: Product}
  rename: {update: Brand, by: brand_id, set: [name], rate: 1/min}
  edit: {update: Product, by: sku, set: [title]}
  of_brand: {list: Product, by: brand_id, rate: 20/s}
)";

}  // namespace

TEST_CASE("a new name and all copies of it are one transaction") {
  const Proven shop = prove(kCatalogue);
  CHECK(shop.failures == "");
  const design::AccessPlan& rename = shop.plan("rename");
  REQUIRE(rename.steps.size() == 2);
  CHECK(rename.steps[0].operation == Operation::query);
  CHECK(rename.steps[1].operation == Operation::transact_write_items);
  REQUIRE(rename.steps[1].actions.size() == 2);
  CHECK(rename.steps[1].actions[1].for_each_found);
  // 720 Products of 120 Brands, 6 each: 1 + 6 updates below 1 KB, doubled in the table, and 6 entries of the index
  // by brand, which holds all, 1 unit each.
  CHECK(shop.write_units("rename") == doctest::Approx(2 * (1 + 6) + 6));
  for (const test::KeptCall& call : shop.calls) {
    if (call.pattern == "rename" && call.is_typical) CHECK(call.requests.size() == 2);
  }
}

TEST_CASE("a new row checks the original in the action that counts it there") {
  const Proven shop = prove(kCatalogue);
  const design::AccessPlan& add = shop.plan("add");
  REQUIRE(add.steps.size() == 2);
  CHECK(add.steps[0].operation == Operation::get_item);
  CHECK(add.steps[0].consistent_read);
  // The row, and the brand's counter with the check: an item is in a transaction once.
  REQUIRE(add.steps[1].actions.size() == 2);
  CHECK(model::to_string(*add.steps[1].actions[1].condition).find("name = :name_before") !=
        std::string::npos);
}

TEST_CASE("a transaction takes a parent once that it checks and changes") {
  const Proven shop = prove(R"(entities:
  Brand: {id: brand_id, count: 120, attributes: {brand_id: ulid, name: string 14 B, newest: string 10 B}}
  Product: {id: sku, belongs_to: {Brand: 6 .. 40}, attributes: {sku: string 10 B, brand: {copy_of: brand_id.name, kept: transaction}}}
access_patterns:
  found: {create: Brand}
  add: {transaction: [{create: Product}, {update: Brand, by: brand_id, set: [newest]}], rate: 1/s}
  rename: {update: Brand, by: brand_id, set: [name], rate: 1/min}
)");
  CHECK(shop.failures == "");
  // Two items below 1 KB, twice in a transaction, and the entry by which `rename` finds the product.
  CHECK(shop.write_units("add") == doctest::Approx(2 * 2 + 1));
  for (const test::KeptCall& call : shop.calls) {
    if (call.pattern != "add" || !call.is_typical) continue;
    const auto& sent = std::get<dynamo::TransactWriteItemsRequest>(call.requests.back());
    CHECK(sent.actions.size() == 2);
  }
}

TEST_CASE("two counters of one parent, where the rows have the same one") {
  const Proven shop = prove(R"(entities:
  Customer: {id: customer_id, count: 2, attributes: {customer_id: ulid, orders: {count_of: Order}, notes: {count_of: Note}}}
  Order: {id: order_id, belongs_to: {Customer: 4 .. 20}, attributes: {order_id: ulid}}
  Note: {id: note_id, belongs_to: {Customer: 4 .. 20}, attributes: {note_id: ulid}}
access_patterns:
  join: {create: Customer}
  note: {create: Note}
  order: {create: Order}
  swap: {transaction: [{create: Order}, {delete: Note, by: [customer_id, note_id]}], rate: 1/s}
)");
  CHECK(shop.failures.find("multiple operations") == std::string::npos);
  CHECK(shop.failures.find("missing") == std::string::npos);
  // Two rows and the customer, who is one of two: half of the calls would be refused with two actions on one.
  std::size_t joined = 0;
  for (const test::KeptCall& call : shop.calls) {
    if (call.pattern != "swap" || !call.is_typical) continue;
    const auto& sent = std::get<dynamo::TransactWriteItemsRequest>(call.requests.back());
    joined += sent.actions.size() == 3 ? 1U : 0U;
  }
  CHECK(joined > 0);
}

TEST_CASE("rows of one rollup are counted together") {
  const Proven ledger = prove(R"(entities:
  Account: {id: account_id, count: 4, attributes: {account_id: string 9 B}}
  Entry: {id: [account_id, entry_id], belongs_to: {Account: 20 .. 60}, attributes: {entry_id: ulid of at, at: timestamp, amount: integer}}
  Day: {rollup: {of: Entry, by: {account_id, day: at to day}, kept: transaction, keep: {n: count, total: sum amount, most: max amount}}}
access_patterns:
  open: {create: Account}
  transfer: {transaction: [{create: Entry}, {create: Entry}], rate: 1/s}
  trend: {list: Day, by: account_id, range: day, order: day asc}
)");
  // Among four accounts some calls have both entries on one.
  CHECK(ledger.failures == "");
}

TEST_CASE("a copy that is left behind is caught") {
  const Proven broken =
      prove(kCatalogue, [](const model::Workload& workload, design::Design& design) {
        design.plans[workload.find_pattern("rename")->index].steps[1].actions.pop_back();
      });
  CHECK(broken.failures.find("rename: ") != std::string::npos);
}

TEST_CASE("copies of another value are caught") {
  const Proven broken =
      prove(kCatalogue, [](const model::Workload& workload, design::Design& design) {
        auto& update = design.plans[workload.find_pattern("rename")->index].steps[1].actions[1];
        std::get<design::SetValue>(update.update.front()).attribute = "title";
      });
  CHECK(broken.failures.find("rename: ") != std::string::npos);
}

namespace {

const char* const kReadings = R"(entities:
  Meter: {id: meter_id, count: 6, attributes: {meter_id: string 9 B}}
  Reading:
    id: [meter_id, reading_id]
    belongs_to: {Meter: 200 .. 600}
    attributes: {reading_id: ulid of at, at: timestamp, watts: integer}
  Hour:
    rollup: {of: Reading, by: {meter_id, hour: at to hour}, kept: transaction,
             keep: {n: count, total: sum watts, least: min watts, most: max watts}}
access_patterns:
  install: {create: Meter}
  record: {create: Reading}
  trend: {list: Hour, by: meter_id, range: hour, order: hour asc}
)";

}  // namespace

TEST_CASE("a reading and the hour that it is summed up in are one transaction") {
  const Proven meters = prove(kReadings);
  CHECK(meters.failures == "");
  const design::AccessPlan& record = meters.plan("record");
  // The hour is read for its extremes, which the caller compares.
  REQUIRE(record.steps.size() == 2);
  CHECK(record.steps[0].operation == Operation::get_item);
  CHECK(record.steps[0].may_find_nothing);
  CHECK(record.steps[1].operation == Operation::transact_write_items);
  REQUIRE(record.steps[1].actions.size() == 2);
  // A put and an update below 1 KB, doubled: 2 (1 + 1).
  CHECK(meters.write_units("record") == doctest::Approx(4));
  // The hour's sort key holds the hour itself, as text that sorts.
  CHECK(meters.proof("record").observed_units_mean == doctest::Approx(5));  // and one strong read
}

TEST_CASE("a sum that is not kept is caught") {
  const Proven broken =
      prove(kReadings, [](const model::Workload& workload, design::Design& design) {
        auto& actions = design.plans[workload.find_pattern("record")->index].steps[1].actions;
        actions[1].update.erase(actions[1].update.begin() + 1);
      });
  CHECK(broken.failures.find("record: ") != std::string::npos);
}

TEST_CASE("a greatest value that any later one replaces is caught") {
  const Proven broken =
      prove(kReadings, [](const model::Workload& workload, design::Design& design) {
        auto& actions = design.plans[workload.find_pattern("record")->index].steps[1].actions;
        for (design::UpdateClause& clause : actions[1].update) {
          if (auto* extreme = std::get_if<design::SetExtreme>(&clause)) extreme->greatest = false;
        }
      });
  CHECK(broken.failures.find("record: ") != std::string::npos);
}

TEST_CASE("a rollup by a constant share of the day, counted only, needs no read") {
  const Proven visits = prove(R"(settings: {tenant: site_id}
entities:
  Site: {id: site_id, count: 30, attributes: {site_id: string 7 B}}
  Visit: {id: visit_id, belongs_to: {Site: 40 .. 200}, attributes: {visit_id: ulid of at, at: timestamp, page: string 20 B}}
  Daily: {rollup: {of: Visit, by: {day: at to day}, keep: {visits: count}, kept: transaction}}
access_patterns:
  open: {create: Site}
  visit: {create: Visit}
  days: {list: Daily, range: day, order: day desc, limit: 31}
)");
  CHECK(visits.failures == "");
  CHECK(visits.plan("visit").steps.size() == 1);
}

TEST_CASE(
    "a row without the parent that it would copy from has no copy, and its parent is not read") {
  for (const char* const kept : {"stream", "transaction"}) {
    const Proven songs = prove(R"(entities:
  Album: {id: album_id, count: 400, attributes: {album_id: ulid, title: string 30 B, label: string 10 B optional, songs: {count_of: Song}}}
  Song: {id: song_id, belongs_to: {Album optional: {children: 9, present: 60%}}, attributes: {song_id: ulid, album_title: {copy_of: album_id.title, kept: )" +
                               std::string(kept) +
                               R"(}, album_label: {copy_of: album_id.label, kept: )" + kept + R"(}}}
access_patterns:
  release: {create: Album}
  record: {create: Song, rate: 1/s}
  rename: {update: Album, by: album_id, set: [title], rate: 1/min}
  song: {get: Song, by: song_id, rate: 9/s}
)");
    CAPTURE(kept);
    CHECK(songs.failures == "");
    const design::AccessPlan& record = songs.plan("record");
    REQUIRE(record.steps.size() == 2);
    CHECK(record.steps.front().only_if_given == std::vector<std::string>{"album_id"});
    const model::Entity& song = songs.workload.entity(*songs.workload.find_entity("Song"));
    CHECK(song.find("album_title")->present == doctest::Approx(0.6));
    CHECK(song.find("album_label")->present == doctest::Approx(0.3));
  }
}

TEST_CASE("a newest value stays as it was when a row goes") {
  const Proven clinic = prove(R"(entities:
  Patient: {id: patient_id, count: 600, attributes: {patient_id: ulid, visits: {count_of: Visit}, last_visit: {newest_of: Visit.at}}}
  Visit: {id: visit_id, belongs_to: {Patient: 9 .. 40}, attributes: {visit_id: ulid of at, at: timestamp}}
access_patterns:
  register: {create: Patient}
  visit: {create: Visit, rate: 1/s}
  void: {delete: Visit, by: visit_id}
  forget: {delete: Visit, by: patient_id, rate: 1/day}
)");
  CHECK(clinic.failures == "");
  // The count loses the visit, in one update of the patient.
  const design::AccessPlan& plan = clinic.plan("void");
  REQUIRE(plan.steps.back().actions.size() == 2);
  CHECK(plan.steps.back().actions[1].update.size() == 1);
}

TEST_CASE("the newest value is what was written last, though a later one was announced before") {
  const Proven podcasts = prove(R"(entities:
  Show: {id: show_id, count: 600, attributes: {show_id: ulid, category: {type: string 12 B, distinct: 40}, last_at: {newest_of: Episode.published_at}}}
  Episode: {id: [show_id, episode_id], belongs_to: {Show: 6 .. 60}, attributes: {episode_id: ulid, published_at: {type: timestamp, ahead: 30%}}}
access_patterns:
  found: {create: Show}
  announce: {create: Episode}
  browse: {list: Show, by: category, order: last_at desc, limit: 30, rate: 25/s}
)");
  CHECK(podcasts.failures == "");
  REQUIRE(podcasts.plan("announce").client_notes.size() == 1);
  CHECK(podcasts.plan("announce").client_notes.front().find("written last") != std::string::npos);
}

TEST_CASE("a stream keeps a copy that a sum depends on") {
  const Proven guilds = prove(R"(entities:
  Player: {id: player_id, count: 900, attributes: {player_id: ulid, rating: integer}}
  Guild: {id: guild_id, count: 60, attributes: {guild_id: ulid, power: {sum_of: Seat.rating}}}
  Seat: {id: [guild_id, player_id], belongs_to: {Guild: 15 .. 60, Player: 1}, attributes: {rating: {copy_of: player_id.rating, kept: stream}}}
access_patterns:
  sign_up: {create: Player}
  found: {create: Guild}
  join: {create: Seat}
  rate_player: {update: Player, by: player_id, set: [rating]}
  roster: {list: Seat, by: guild_id, order: rating desc}
)");
  CHECK(guilds.failures == "");
  // Each seat's rating and its guild's power are one transaction, which knows the old rating.
  const design::AccessPlan& keeper = guilds.plan("keep_seat_rating_after_rate_player");
  CHECK(keeper.steps.back().operation == Operation::transact_write_items);
  CHECK(keeper.steps.back().actions.size() >= 2);
}

TEST_CASE("of several kinds of rows that go, each has counters of its own") {
  const Proven depot = prove(R"(entities:
  Van: {id: van_id, count: 300, attributes: {van_id: ulid, load: {count_of: Parcel, where: state = OUT}}}
  Parcel: {id: parcel_id, belongs_to: {Van: 40 .. 90}, attributes: {parcel_id: ulid, state: {states: {NEW: 50%, OUT: 50%}, moves: [NEW -> OUT]}}}
  Scan: {id: [parcel_id, at], belongs_to: {Parcel: 3 .. 9}, attributes: {at: timestamp}}
access_patterns:
  add: {create: Van}
  hand_in: {create: Parcel}
  scan: {create: Scan}
  load: {update: Parcel, by: parcel_id, move: state NEW -> OUT}
  purge: {delete: [Scan, Parcel], by: parcel_id}
  of_van: {list: Parcel, by: van_id}
)");
  CHECK(depot.failures == "");
}

TEST_CASE("copies by a relation of another name are found by the parent's own") {
  const Proven school = prove(R"(settings: {tenant: school_id}
entities:
  School: {id: school_id, count: 900, attributes: {school_id: string 8 B}}
  Teacher: {id: teacher_id, belongs_to: {School: 15 .. 40}, attributes: {teacher_id: ulid, name: string 20 B}}
  Class: {id: class_id, belongs_to: {School: 10 .. 20, Teacher as tutor_id: 0.7}, attributes: {class_id: ulid, tutor_name: {copy_of: tutor_id.name, kept: transaction}}}
access_patterns:
  hire: {create: Teacher}
  form: {create: Class}
  marry: {update: Teacher, by: teacher_id, set: [name], rate: 1/day}
  classes: {list: Class, rate: 9/s}
)");
  // So few are changed that the school's classes are read, and filtered by the call's teacher.
  CHECK(school.failures == "");
}

TEST_CASE("an index key with a copy in it is written with what it has beside the copy") {
  const Proven meetups = prove(R"(entities:
  Group: {id: group_id, count: 60k, attributes: {group_id: ulid, city: {type: string 12 B, distinct: 300}}}
  Event:
    id: event_id
    belongs_to: {Group: 5 .. 20}
    attributes: {event_id: ulid, starts_at: timestamp, price: integer optional, city: {copy_of: group_id.city}}
access_patterns:
  found: {create: Group}
  announce: {create: Event}
  in_city: {list: Event, by: city, order: starts_at asc, limit: 40, rate: 30/s}
  cheap: {list: Event, by: city, where: exists(price), order: price asc, limit: 40, rate: 30/s}
  postpone: {update: Event, by: event_id, set: [starts_at]}
  sell: {update: Event, by: event_id, set: [price]}
  move: {update: Group, by: group_id, set: [city]}
)");
  CHECK(meetups.failures == "");
  // What was read for the key must still be so, a price that is not there too.
  const std::string condition =
      model::to_string(*meetups.plan("move").steps.back().actions.back().condition);
  CHECK(condition.find("starts_at = :starts_at_before") != std::string::npos);
  CHECK(condition.find("price = :price_before") != std::string::npos);
}

TEST_CASE("what an addition makes of a row decides whether it counts") {
  const Proven bins = prove(R"(entities:
  Item: {id: sku, count: 300, attributes: {sku: string 10 B, total: {sum_of: Bin.quantity}, filled: {count_of: Bin, where: quantity > 0}}}
  Bin: {id: bin_id, belongs_to: {Item: 6 .. 12}, attributes: {bin_id: string 8 B, quantity: integer}}
access_patterns:
  add: {create: Item}
  place: {create: Bin}
  pick: {update: Bin, by: bin_id, add: {quantity: -:n}, if: quantity >= :n}
  refill: {update: Bin, by: bin_id, add: {quantity: +:n}}
)");
  CHECK(bins.failures == "");
}

TEST_CASE("a row without a value adds nothing to the sums of it") {
  const Proven school = prove(R"(entities:
  Pupil: {id: pupil_id, count: 900, attributes: {pupil_id: ulid, total: {sum_of: Grade.points}}}
  Grade: {id: grade_id, belongs_to: {Pupil: 40}, attributes: {grade_id: ulid of at, at: timestamp, points: integer present 70%}}
  Monthly: {rollup: {of: Grade, by: {pupil_id, month: at to month}, keep: {n: count, total: sum points}, kept: transaction}}
access_patterns:
  enter: {create: Pupil}
  grade: {create: Grade}
  regrade: {update: Grade, by: grade_id, set: [points]}
  annul: {update: Grade, by: grade_id, remove: [points]}
  drop: {delete: Grade, by: grade_id}
)");
  CHECK(school.failures == "");
}
