// Changes that a proof once passed or failed wrongly: what stands beside a row when it loses a value, a parent or itself, and
// what holds of rows that are not there.
#include <algorithm>

#include <doctest/doctest.h>

#include "design/requests.h"
#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using design::Operation;
using test::prove;
using test::Proven;

TEST_CASE("a check of what a row lacks is a check of a row") {
  for (const char* const condition : {"not halted", "missing(halted_at)", "state != OPEN"}) {
    const Proven symbols = prove(R"(entities:
  Symbol: {id: symbol, count: 3000, attributes: {symbol: string 5 B, halted: boolean, halted_at: timestamp present 5%, state: {one_of: {OPEN: 30%, SHUT: 70%}}}}
  Order: {id: order_id, count: 9000, attributes: {order_id: ulid}}
access_patterns:
  list: {create: Symbol, rate: 1/day}
  order: {transaction: [{create: Order}, {check: Symbol, by: symbol, if: )" +
                                 std::string(condition) + R"(}], rate: 1/s}
  drop: {delete: Symbol, by: symbol, if: )" +
                                 condition + ", rate: 1/day}\n");
    CAPTURE(condition);
    CHECK(symbols.failures == "");
  }
}

TEST_CASE("who leaves a parent is counted there no more") {
  const Proven clubs = prove(R"(entities:
  Club: {id: club_id, count: 90, attributes: {club_id: ulid, players: {count_of: Player}}}
  Player: {id: player_id, belongs_to: {Club optional: 25 .. 60}, attributes: {player_id: ulid}}
access_patterns:
  found: {create: Club, rate: 1/day}
  sign: {create: Player, rate: 1/s}
  retire: {update: Player, by: player_id, remove: [club_id], rate: 1/s}
)");
  CHECK(clubs.failures == "");
  // Nowhere is one added.
  for (const design::WriteAction& action : clubs.plan("retire").steps.back().actions) {
    for (const design::UpdateClause& clause : action.update) {
      const auto* added = std::get_if<design::AddNumber>(&clause);
      CHECK((added == nullptr || added->subtract));
    }
  }
}

TEST_CASE("a tree counts the children of its rows, and one less when a child goes") {
  const Proven people = prove(R"(entities:
  Person: {id: person_id, count: 90k, belongs_to: {Person as mother_id: {children: 1, present: 100%}}, attributes: {person_id: ulid, children: {count_of: Person as mother_id}}}
access_patterns:
  born: {create: Person, rate: 1/min}
  person: {get: Person, by: person_id, rate: 1/s}
  drop: {delete: Person, by: person_id, rate: 1/min}
)");
  CHECK(people.failures.find("differs in children") == std::string::npos);
  CHECK(people.plan("drop").steps.back().operation == Operation::transact_write_items);
}

TEST_CASE("of rows that a query finds those whose condition fails are passed over") {
  const Proven farm = prove(R"(entities:
  Field: {id: field_id, count: 100, attributes: {field_id: ulid}}
  Task: {id: task_id, belongs_to: {Field: 20 .. 60}, attributes: {task_id: ulid, hours: integer, state: {states: {TODO: 40%, DONE: 60%}, moves: [TODO -> DONE]}}}
access_patterns:
  clear: {create: Field, rate: 1/day}
  plan: {create: Task, rate: 1/s}
  finish_all: {update: Task, by: field_id, move: state TODO -> DONE, rate: 1/min}
  tidy: {delete: Task, by: field_id, if: state = DONE, rate: 1/min}
  shorten: {update: Task, by: field_id, set: [hours], if: hours > :hours_most, rate: 1/min}
)");
  CHECK(farm.failures == "");
  // Those of another state are not even found.
  CHECK(farm.proof("finish_all").observed_units_mean < farm.proof("shorten").observed_units_mean);
}

TEST_CASE("what one parent counts under one condition is one update") {
  const Proven flights = prove(R"(entities:
  Flight: {id: flight_id, count: 100, attributes: {flight_id: string 14 B, booked: {count_of: Ticket, where: status = CONFIRMED}, revenue: {sum_of: Ticket.fare, where: status = CONFIRMED}}}
  Ticket: {id: ticket_id, belongs_to: {Flight: 20 .. 60}, attributes: {ticket_id: ulid, fare: integer, status: {states: {CONFIRMED: 20%, CANCELLED: 80%}, moves: [CONFIRMED -> CANCELLED]}}}
access_patterns:
  open: {create: Flight, rate: 1/day}
  sell: {create: Ticket, rate: 1/s}
  cancel: {update: Ticket, by: ticket_id, move: status CONFIRMED -> CANCELLED, rate: 1/s}
)");
  CHECK(flights.failures == "");
  // The ticket and its flight, twice as in a transaction.
  CHECK(flights.write_units("sell") == doctest::Approx(2 * (1 + 1)));
}

TEST_CASE("an upsert says when the row expires that it may make") {
  const Proven quotas = prove(R"(entities:
  Key: {id: key_hash, count: 1000, attributes: {key_hash: string 44 B}}
  Quota: {id: [key_hash, minute], belongs_to: {Key: 5 .. 60}, retention: 1 day after minute, attributes: {minute: epoch_s, used: integer}}
  Presence: {id: user_id, count: 900, retention: until gone_at, attributes: {user_id: ulid, device: string 9 B}}
access_patterns:
  issue: {create: Key, rate: 1/min}
  quota: {get: Quota, by: [key_hash, minute], rate: 1/s}
  hit: {upsert: Quota, by: [key_hash, minute], add: {used: 1}, rate: 50/s}
  beat: {upsert: Presence, by: user_id, set: [device], rate: 5/s}
  who: {get: Presence, by: user_id, rate: 5/s}
)");
  CHECK(quotas.failures == "");
  for (const char* const pattern : {"hit", "beat"}) {
    const design::WriteAction& action = quotas.plan(pattern).steps.back().actions.front();
    CHECK(std::any_of(action.update.begin(), action.update.end(), [](const auto& clause) {
      const auto* set = std::get_if<design::SetValue>(&clause);
      return set != nullptr && set->attribute == "expires_at";
    }));
  }
}

TEST_CASE(
    "the highest of a group that a stream keeps is the higher of what it was and what comes") {
  const Proven charging = prove(R"(entities:
  Session: {id: session_id, count: 20k, attributes: {session_id: ulid of at, at: timestamp, site: {type: string 8 B, distinct: 50}, kwh: integer}}
  Daily: {rollup: {of: Session, by: {site, day: at to day}, keep: {n: count, best: max kwh, worst: min kwh}, kept: stream}}
access_patterns:
  add: {create: Session, rate: 20/s}
  days: {list: Daily, by: site, range: day, rate: 1/s}
)");
  CHECK(charging.failures == "");
  const design::AccessPlan& kept = charging.plan("keep_daily_after_add");
  // What it was is read, and must still stand: two consumers may be at it.
  REQUIRE(kept.steps.size() == 2);
  CHECK(kept.steps.front().operation == Operation::get_item);
  CHECK(kept.steps.front().may_find_nothing);
  CHECK(kept.steps.back().actions.front().condition != nullptr);
}

TEST_CASE("a row is not read where the move, or the condition, says how it counts") {
  const Proven plugs = prove(R"(entities:
  Site: {id: site_id, count: 100, attributes: {site_id: ulid, free: {count_of: Plug, where: state = FREE}}}
  Maker: {id: maker_id, count: 20, attributes: {maker_id: ulid, power: {sum_of: Plug.kw, where: state != BROKEN}}}
  Plug: {id: [site_id, plug_no], belongs_to: {Site: 20 .. 60, Maker: 100}, attributes: {plug_no: integer, kw: integer, state: {states: {FREE: 50%, BUSY: 40%, BROKEN: 10%}, moves: [FREE -> BUSY, BUSY -> FREE, FREE | BUSY -> BROKEN]}}}
access_patterns:
  build: {create: Site}
  plug_in: {update: Plug, by: [site_id, plug_no], move: state FREE -> BUSY, rate: 1/s}
  pull: {update: Plug, by: [site_id, plug_no], move: state BUSY -> FREE, if: kw > :least, rate: 1/s}
  fail: {update: Plug, by: [site_id, plug_no], move: state FREE | BUSY -> BROKEN, rate: 1/min}
  fail_idle: {update: Plug, by: [site_id, plug_no], move: state FREE -> BROKEN, rate: 1/min}
  mend: {update: Plug, by: [site_id, plug_no], set: {state: FREE}, rate: 1/min}
)");
  CHECK(plugs.failures == "");
  for (const char* const name : {"plug_in", "pull"}) {
    const design::AccessPlan& plan = plugs.plan(name);
    CAPTURE(name);
    REQUIRE(plan.steps.size() == 1);
    // The plug and one change of free; the power stays.
    REQUIRE(plan.steps.front().actions.size() == 2);
    CHECK(plan.steps.front().actions.back().only_if == nullptr);
  }
  // What it takes of the power is the plug's to say, and of two states whether it was free.
  CHECK(plugs.plan("fail").steps.size() == 2);
  CHECK(plugs.plan("fail_idle").steps.size() == 2);
  CHECK(plugs.plan("mend").steps.size() == 2);
}

TEST_CASE("a row that had no parent is taken out of none") {
  const Proven people = prove(R"(entities:
  Mother: {id: mother_id, count: 900, attributes: {mother_id: ulid, children: {count_of: Person}, grown: {count_of: Person, where: adult}}}
  Person: {id: person_id, belongs_to: {Mother optional: 3}, attributes: {person_id: ulid, adult: boolean}}
access_patterns:
  add: {create: Mother}
  born: {create: Person}
  adopt: {update: Person, by: person_id, set: [mother_id], if: missing(mother_id) and not adult, rate: 1/s}
  adopt_any: {update: Person, by: person_id, set: [mother_id], if: missing(mother_id), rate: 1/s}
)");
  CHECK(people.failures == "");
  REQUIRE(people.plan("adopt").steps.size() == 1);
  CHECK(people.plan("adopt").steps.front().actions.size() == 2);
  CHECK(people.plan("adopt_any").steps.size() == 2);
}

TEST_CASE("two actions of a transaction read one item once") {
  const Proven museum = prove(R"(entities:
  Work: {id: work_id, count: 1000, attributes: {work_id: ulid, title: string 40 B, room: {type: string 4 B, optional: true, distinct: 50}}}
  Loan: {id: loan_id, belongs_to: {Work: 4}, attributes: {loan_id: ulid, title: {copy_of: work_id.title}}}
access_patterns:
  hang: {create: Work}
  in_room: {list: Work, by: room, order: title asc, rate: 20/s}
  lend: {transaction: [{create: Loan}, {update: Work, by: work_id, set: [room]}], rate: 10/s}
)");
  CHECK(museum.failures == "");
  const design::AccessPlan& lend = museum.plan("lend");
  REQUIRE(lend.steps.size() == 2);
  CHECK(lend.steps.front().consistent_read);
}

TEST_CASE("a late event of a stream does not take the place of a newer one") {
  const Proven customs = prove(R"(entities:
  Container: {id: box_no, count: 300, attributes: {box_no: string 11 B, last: {newest_of: Move.code, optional: true, kept: stream}, last_at: {newest_of: Move.at, optional: true, kept: stream}, checked_at: {newest_of: Check.at, kept: stream}}}
  Move: {id: move_id, belongs_to: {Container: 40}, attributes: {move_id: ulid of at, at: timestamp, code: string 5 B}}
  Check: {id: check_id, belongs_to: {Container: 4}, attributes: {check_id: ulid of at, at: timestamp}}
access_patterns:
  pack: {create: Container}
  move_box: {create: Move, rate: 20/s}
  check_box: {create: Check, rate: 1/s}
  mend: {update: Move, by: move_id, set: [code], rate: 1/min}
)");
  CHECK(customs.failures == "");
  // Also of text: the calls bring times after those that are there.
  CHECK(customs.report.uncalled.empty());
  const auto update = [&](const char* pattern) -> const design::WriteAction& {
    REQUIRE(customs.plan(pattern).steps.size() == 1);
    return customs.plan(pattern).steps.front().actions.front();
  };
  const design::WriteAction& moved = update("keep_container_last_at_after_move_box");
  CHECK(model::to_string(*moved.condition) ==
        "exists(PK) and (missing(last_at) or last_at <= :last_at)");
  CHECK(moved.update.size() == 2);
  CHECK(model::to_string(*update("keep_container_checked_at_after_check_box").condition) ==
        "exists(PK) and (missing(checked_at) or checked_at < :checked_at)");
  CHECK(update("keep_container_last_at_after_mend").update.size() == 2);
  CHECK_FALSE(customs.workload.find_pattern("keep_container_last_after_move_box").has_value());
}

TEST_CASE("the newest of what is no time is that of the newest row") {
  const Proven customs = prove(R"(entities:
  Container: {id: box_no, count: 300, attributes: {box_no: string 11 B, last: {newest_of: Move.code, optional: true}}}
  Move: {id: move_id, belongs_to: {Container: 4}, attributes: {move_id: ulid of at, at: timestamp, code: string 5 B}}
access_patterns:
  pack: {create: Container}
  move_box: {create: Move, rate: 20/s}
)");
  CHECK(customs.failures == "");
  const std::vector<dynamo::Item>& moves = customs.data.rows[1];
  for (const dynamo::Item& box : customs.data.rows[0]) {
    const dynamo::Item* newest = nullptr;
    for (const dynamo::Item& move : moves) {
      if (!(move.at("box_no") == box.at("box_no"))) continue;
      if (newest == nullptr || *move.at("at").as_string() > *newest->at("at").as_string())
        newest = &move;
    }
    REQUIRE(box.contains("last") == (newest != nullptr));
    if (newest != nullptr) CHECK(box.at("last") == newest->at("code"));
  }
}

TEST_CASE(
    "what is kept of a row that loses a value, or had one by chance, is priced as often as it is "
    "changed") {
  const Proven people = prove(R"(entities:
  Person: {id: person_id, count: 900, unique: [phone], belongs_to: {Person as mother_id optional: 0.4}, attributes: {person_id: ulid, phone: string 12 B optional, children: {count_of: Person as mother_id}}}
  Sim: {id: iccid, count: 1000, attributes: {iccid: string 19 B, renewed: {count_of: Sub, where: renew}}}
  Sub: {id: [iccid, plan], belongs_to: {Sim: 3}, attributes: {plan: string 6 B, renew: boolean}}
access_patterns:
  born: {create: Person}
  drop_phone: {update: Person, by: person_id, remove: phone, rate: 1/s}
  drop: {delete: Person, by: person_id, rate: 1/s}
  sell: {create: Sim}
  flip: {update: Sub, by: [iccid, plan], set: [renew], rate: 1/s}
)");
  CHECK(people.failures == "");
  // The row in a transaction, and the guard of every other: 2 (1 + 0.5).
  CHECK(people.write_units("drop_phone") == doctest::Approx(3).epsilon(0.01));
  // The row, the guard of every other and the mother of every other: 2 (1 + 0.5 + 0.5).
  CHECK(people.write_units("drop") == doctest::Approx(4).epsilon(0.01));
  // Of every other the value is another.
  CHECK(people.write_units("flip") == doctest::Approx(3).epsilon(0.01));
}

TEST_CASE("a row that must have an attribute is as large as rows that have it") {
  const Proven photos = prove(R"(entities:
  Photo: {id: photo_id, count: 900, attributes: {photo_id: ulid, text: string 920 B, trashed_at: timestamp present 5%}}
access_patterns:
  add: {create: Photo}
  restore: {update: Photo, by: photo_id, remove: trashed_at, if: exists(trashed_at), rate: 1/s}
  drop: {delete: Photo, by: photo_id, if: exists(trashed_at), rate: 1/s}
)");
  CHECK(photos.failures == "");
  // Below 1 KB without the time, above with it.
  CHECK(photos.write_units("add") == doctest::Approx(1.05).epsilon(0.01));
  CHECK(photos.write_units("restore") == doctest::Approx(2));
  CHECK(photos.write_units("drop") == doctest::Approx(2));
}

TEST_CASE(
    "a new row is counted by its first state, and where that is not counted its create stands "
    "alone") {
  const Proven desk = prove(R"(entities:
  Site: {id: site_id, count: 100, attributes: {site_id: ulid, free: {count_of: Plug, where: state = FREE}, power: {sum_of: Plug.kw, where: state != BROKEN}}}
  Plug: {id: [site_id, plug_no], belongs_to: {Site: 20 .. 60}, attributes: {plug_no: integer, kw: integer, state: {states: {FREE: 50%, BUSY: 40%, BROKEN: 10%}, moves: [FREE -> BUSY, BUSY -> FREE, FREE | BUSY -> BROKEN]}}}
  Agent: {id: agent_id, count: 100, attributes: {agent_id: ulid, load: {count_of: Ticket, where: status = OPEN}}}
  Ticket: {id: ticket_id, belongs_to: {Agent: 30}, attributes: {ticket_id: ulid, status: {states: {NEW: 10%, OPEN: 40%, DONE: 50%}, moves: [NEW -> OPEN, OPEN -> DONE]}}}
access_patterns:
  build: {create: Site}
  plug: {create: Plug, rate: 1/s}
  hire: {create: Agent}
  ask: {create: Ticket, rate: 1/s}
)");
  CHECK(desk.failures == "");
  const design::Step& plug = desk.plan("plug").steps.back();
  REQUIRE(plug.actions.size() == 2);
  CHECK(plug.actions.back().only_if == nullptr);
  CHECK(plug.actions.back().update.size() == 2);
  CHECK(desk.plan("ask").steps.back().operation == Operation::put_item);
}

TEST_CASE("the row that a transaction deletes is one whose parent its other action can be about") {
  const std::string league = R"(entities:
  Match: {id: match_id, count: 800, attributes: {match_id: ulid, home: integer optional, goals: {count_of: Goal}}}
  Goal: {id: [match_id, minute, goal_no], belongs_to: {Match: 2.7 .. 20}, attributes: {minute: integer, goal_no: integer}}
access_patterns:
  play: {create: Match}
  goal: {create: Goal}
  undo_goal: {transaction: [)";
  const std::string of_goal = "{delete: Goal, by: [match_id, minute, goal_no]}";
  const std::string of_match = "{update: Match, by: match_id, add: {home: -1}, if: home > 0}";
  CHECK(prove(league + of_goal + ", " + of_match + "], rate: 1/s}\n").failures == "");
  CHECK(prove(league + of_match + ", " + of_goal + "], rate: 1/s}\n").failures == "");
}

TEST_CASE(
    "a write of all rows that gives them what few had leaves rows that the plan knows nothing of") {
  const Proven albums = prove(R"(settings: {seed: {rows: 400}}
entities:
  Photo: {id: photo_id, attributes: {trashed_at: timestamp present 2%}}
access_patterns:
  add: {create: Photo}
  restore: {update: Photo}
  bin: {list: Photo, where: exists(trashed_at), order: trashed_at desc}
  purge: {list: Photo, range: 'trashed_at < :then'}
)");
  CHECK(albums.failures == "");
}

TEST_CASE("rows that a query finds move in an index whose other parts the call does not know") {
  const Proven mail = prove(R"(entities:
  Box: {id: box_id, count: 1k}
  Mail: {id: mail_id, belongs_to: {Box: 40 .. 500}, attributes: {at: timestamp, state: {one_of: {unread: 10%, read: 90%}}, body: string 300 B .. 4 KB}}
access_patterns:
  receive: {create: Mail}
  unread: {list: Mail, by: [box_id, state], order: at desc, limit: 50, rate: 100/s}
  open: {get: Mail, by: mail_id}
  all_read: {update: Mail, by: box_id, set: {state: read}, if: state = unread}
)");
  CHECK(mail.failures == "");
  CHECK(mail.plan("all_read").served == design::Served::keys);
  // The index has the time in its key.
  CHECK(mail.plan("unread").steps.front().scan_index_forward == false);
}

TEST_CASE("a stream's consumer writes after what may change the count, and after nothing else") {
  const Proven warehouse = prove(R"(entities:
  Worker: {id: worker_id, count: 300, attributes: {worker_id: string 6 B, picked: {count_of: Task, where: state = PICKED, kept: stream}, open: {count_of: Task, where: state = OPEN | TAKEN, kept: stream}}}
  Task: {id: task_id, belongs_to: {Worker: 280 .. 4000}, attributes: {task_id: ulid, note: string 20 B, state: {states: {OPEN: 10%, TAKEN: 10%, PICKED: 80%}, moves: [OPEN -> TAKEN, TAKEN -> OPEN, TAKEN -> PICKED]}}}
access_patterns:
  hire: {create: Worker}
  add: {create: Task}
  take: {update: Task, by: task_id, move: state OPEN -> TAKEN}
  give_up: {update: Task, by: task_id, move: state TAKEN -> OPEN}
  pick: {update: Task, by: task_id, move: state TAKEN -> PICKED}
  drop: {delete: Task, by: task_id}
)");
  CHECK(warehouse.failures == "");
  const auto follows = [&](const std::string& kept, const char* cause) {
    const auto after = warehouse.workload.find_pattern(cause);
    const auto& all = warehouse.workload.patterns;
    return std::any_of(all.begin(), all.end(), [&](const model::Pattern& pattern) {
      if (!pattern.after || pattern.after != after) return false;
      const auto& added = std::get<model::Write>(pattern.action).add;
      return std::any_of(added.begin(), added.end(),
                         [&](const model::Addition& one) { return one.attribute == kept; });
    });
  };
  for (const char* cause : {"pick", "drop"}) CHECK(follows("picked", cause));
  for (const char* cause : {"add", "take", "give_up"}) CHECK_FALSE(follows("picked", cause));
  for (const char* cause : {"add", "pick", "drop"}) CHECK(follows("open", cause));
  // From one of the states that count to another: the count may be written, and stays the same.
  CHECK(follows("open", "take"));
  // A task that is picked leaves one count and enters the other: one write of the worker.
  REQUIRE(warehouse.workload.find_pattern("keep_worker_picked_and_open_after_pick"));
  CHECK_FALSE(warehouse.workload.find_pattern("keep_worker_open_after_pick"));
}

TEST_CASE(
    "counts and sums that one event changes in one row are one write of the stream's consumer") {
  const Proven yard = prove(R"(entities:
  Call: {id: call_id, count: 300, attributes: {call_id: ksuid, boxes: {count_of: Move, kept: stream}, weight: {sum_of: Move.tonnes, kept: stream}}}
  Move: {id: [call_id, move_id], belongs_to: {Call: 80 .. 900}, attributes: {move_id: ulid, tonnes: number}}
access_patterns:
  arrive: {create: Call}
  record: {create: Move, rate: 40/s}
  weigh: {update: Move, by: [call_id, move_id], set: [tonnes], rate: 1/s}
)");
  CHECK(yard.failures == "");
  // A call of 64 B is one unit, whatever is added to it.
  CHECK(yard.write_units("keep_call_boxes_and_weight_after_record") == 1);
  const design::AccessPlan& both = yard.plan("keep_call_boxes_and_weight_after_record");
  REQUIRE(both.steps.size() == 1);
  CHECK(design::describe(yard.design, yard.workload, both.steps.front()).update ==
        "ADD boxes :boxes_change, weight :weight_change");
  // What is weighed anew changes no number of boxes.
  CHECK(yard.workload.find_pattern("keep_call_weight_after_weigh"));
  CHECK_FALSE(yard.workload.find_pattern("keep_call_boxes_after_weigh"));
  CHECK(yard.workload.patterns.size() == 5);
}

TEST_CASE("a check is sent by itself where the count that it is part of stays as it is") {
  const Proven library = prove(R"(entities:
  Reader: {id: card_no, count: 200k, attributes: {card_no: string 10 B, blocked: boolean, loans_open: {count_of: Loan, where: missing(back_at)}}}
  Loan: {id: loan_id, belongs_to: {Reader: 120 .. 3000}, attributes: {loan_id: ulid of lent_at, lent_at: timestamp, back_at: timestamp present 99%}}
access_patterns:
  lend: {transaction: [{create: Loan}, {check: Reader, by: card_no, if: blocked = false}]}
)");
  CHECK(library.failures == "");
  // Two for the loan, two for its reader, whether something is added there or not.
  CHECK(library.write_units("lend") == doctest::Approx(4));
}

TEST_CASE("a newer time that takes another value along is another time in the index by it") {
  // The consumer writes where `last_at <= :last_at`, since events of one second bring the other value too. A call with the
  // row's own time would leave the index entry where it is; a newer one writes it out of one place and into another.
  const Proven meters = prove(R"(entities:
  Meter:
    id: meter_id
    count: 1000
    attributes:
      meter_id: string 10 B
      last_kwh: {newest_of: Reading.kwh, kept: stream}
      last_at: {newest_of: Reading.at, kept: stream}
      state: {states: {ACTIVE: 97%, CUT: 3%}, moves: [ACTIVE -> CUT, CUT -> ACTIVE]}
  Reading: {id: [meter_id, at], belongs_to: {Meter: {children: 8640 .. 9000}}, attributes: {at: epoch_s, kwh: number}}
access_patterns:
  ingest: {put: Reading, replaces: 1%, batch: 25 .. 25}
  silent: {list: Meter, where: state = ACTIVE, range: last_at < now - 6 hours, rate: 100/s}
)");
  CHECK(meters.failures == "");
  // 1 unit for the row, 2 for the entries of the 97 % that are in the index.
  const auto& keep = meters.proof("keep_meter_last_at_after_ingest");
  CHECK(keep.expected_units_mean == doctest::Approx(1 + 2 * 0.97).epsilon(0.02));
  CHECK(keep.observed_units_mean == doctest::Approx(1 + 2 * 0.97).epsilon(0.1));
}
