// The seed has values as the plan reckons with them: as few as equalities find rows, words that are looked for.
#include <doctest/doctest.h>

#include <map>
#include <set>
#include <string>

#include "seed/logical_rows.h"
#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using test::prove;
using test::Proven;

TEST_CASE("an equality on a copy makes few values of the original") {
  const Proven shop = prove(R"(entities:
  Brand: {id: brand_id, count: 60, attributes: {brand_id: ulid, name: string 14 B}}
  Product: {id: sku, belongs_to: {Brand: 6 .. 20}, attributes: {sku: string 10 B, brand: {copy_of: brand_id.name, kept: stream}}}
access_patterns:
  found: {create: Brand}
  add: {create: Product}
  of_name: {list: Product, by: brand, rate: 5/s}
)");
  CHECK(shop.failures == "");
  // Ten names, as of any text whose `distinct` is not said: 360 products, 36 of each, of 156 B: two blocks of 4 KB,
  // half a unit each. Sixty names would be six products, one block.
  CHECK(shop.proof("of_name").observed_units_mean == doctest::Approx(1).epsilon(0.2));
}

TEST_CASE("a value that several patterns ask for is one of the attribute's values") {
  const Proven notes = prove(R"(entities:
  User: {id: user_id, count: 300, attributes: {user_id: ulid}}
  Note: {id: note_id, belongs_to: {User: 50 .. 300}, attributes: {note_id: ulid, topic: string 8 B, body: string 600 B}}
access_patterns:
  join: {create: User}
  add: {create: Note}
  some: {list: Note, by: user_id, where: topic = work, limit: 10, rate: 5/s}
  newest: {list: Note, by: user_id, where: topic = work, order: note_id desc, rate: 5/s}
  all: {list: Note, where: topic = work, limit: 10, rate: 5/s}
)");
  CHECK(notes.failures == "");
}

TEST_CASE("a word that is looked for is in as many rows as the plan says") {
  const Proven notes = prove(R"(entities:
  User: {id: user_id, count: 300, attributes: {user_id: ulid}}
  Note: {id: note_id, belongs_to: {User: 50 .. 300}, attributes: {note_id: ulid, title: string 40 B, body: string 600 B, tags: set of string 2 .. 6 x 8 B}}
access_patterns:
  join: {create: User}
  add: {create: Note}
  find: {list: Note, by: user_id, where: title contains :word, limit: 10, rate: 5/s}
  tagged: {list: Note, by: user_id, where: tags contains :tag, matches: 5%, limit: 10, rate: 5/s}
)");
  CHECK(notes.failures == "");
}

TEST_CASE("the first part of an identity is shared by many rows where a parent's id follows it") {
  const Proven arena = prove(R"(entities:
  Player: {id: player_id, count: 10k, attributes: {player_id: uuid}}
  Season: {id: [season, player_id], belongs_to: {Player: 6 .. 9}, attributes: {season: string 7 B, points: integer}}
access_patterns:
  sign_up: {create: Player, rate: 3/s}
  score: {upsert: Season, by: [season, player_id], set: [points], rate: 6/s}
  top: {list: Season, by: season, order: points desc, limit: 100, rate: 1/s}
)");
  CHECK(arena.failures == "");
  // A tenth of the rows has one value where nothing is said: 200 of 2,000, of which a page has 100.
  CHECK(arena.proof("top").observed_units_mean >= 1);
}

TEST_CASE("a rollup's groups have the values of the rows that they are made of") {
  const Proven calls = prove(R"(entities:
  Call: {id: [phone, call_id], count: 2M, retention: 180 days after at, attributes: {phone: {type: string 12 B, distinct: 5k}, call_id: ulid of at, at: timestamp, kind: {one_of: [VOICE, SMS, DATA]}, cell: string 6 B, device: {type: uuid, distinct: 8k}, cost: number}}
  Daily: {rollup: {of: Call, by: {phone, kind, day: at to day}, keep: {total: sum cost}, kept: stream}}
  Cells: {rollup: {of: Call, by: {phone, cell}, keep: {n: count}, kept: stream}}
  Devices: {rollup: {of: Call, by: {device, kind, day: at to day}, keep: {n: count}, kept: stream}}
access_patterns:
  log_call: {put: Call, rate: 0.2/s}
  all: {list: Daily, by: phone, rate: 1/s}
  of_cell: {list: Cells, by: cell, order: n desc, limit: 20, rate: 1/s}
  of_device: {list: Devices, by: device, rate: 1/s}
  in_cell: {list: Cells, by: [phone, cell], rate: 1/s}
)");
  CHECK(calls.failures == "");
  // 2M rows of 5,000 phones, at most one group each: 400.
  const model::Entity& daily = calls.workload.entity(*calls.workload.find_entity("Daily"));
  CHECK(daily.find("phone")->distinct == 5000);
  CHECK(daily.count == 2'000'000);
}

TEST_CASE("a part of a compound unique value is shared by as many rows as the plan says") {
  const Proven airline = prove(R"(entities:
  Ticket: {id: ticket_id, count: 2000, unique: [[locator, leg]], attributes: {ticket_id: ulid, locator: {type: string 6 B, distinct: 500}, leg: integer, seat: string 3 B}}
  Visa: {id: visa_id, count: 2000, unique: [[land, number]], attributes: {visa_id: ulid, land: string 2 B, number: string 8 B}}
  Club: {id: club_id, count: 100, attributes: {club_id: ulid}}
  Team: {id: team_id, belongs_to: {Club: 10}, unique: [[club_id, name]], attributes: {team_id: ulid, name: {type: string 20 B, distinct: 200}}}
access_patterns:
  sell: {create: Ticket}
  by_locator: {list: Ticket, by: locator, rate: 30/s}
  leg: {get: Ticket, by: [locator, leg], rate: 3/s}
  move: {update: Ticket, by: ticket_id, set: [locator, leg]}
  issue: {create: Visa}
  of_land: {list: Visa, by: land}
  start: {create: Team}
  of_name: {list: Team, by: name}
)");
  CHECK(airline.failures == "");
  const auto rows_of = [&](const char* entity, const char* attribute) {
    std::map<std::string, int> rows;
    for (const dynamo::Item& row : airline.data.rows[airline.workload.find_entity(entity)->index])
      ++rows[*row.at(attribute).as_string()];
    return rows;
  };
  CHECK(rows_of("Ticket", "locator").size() == 500);
  CHECK(rows_of("Visa", "land").size() == 10);
  CHECK(rows_of("Team", "name").size() == 200);
}

TEST_CASE("the parent of a list is read where the list has a row") {
  const Proven shop = prove(R"(entities:
  User: {id: user_id, count: 600, attributes: {user_id: string 12 B, kind: string 5 B}}
  Task: {id: task_id, belongs_to: {User: 1 .. 10}, attributes: {task_id: ulid, status: {states: {NEW: 5%, RUN: 15%, END: 80%}, moves: [NEW -> RUN, RUN -> END]}}}
access_patterns:
  join: {create: User, rate: 90/s}
  add: {create: Task, rate: 90/s}
  user: {get: User, by: user_id, rate: 90/s}
  tasks: {list: Task, by: [status, user_id], with: {user_id: [kind]}, rate: 1/min}
)");
  CHECK(shop.failures == "");
  CHECK(shop.plan("tasks").steps.size() == 2);
  CHECK(shop.proof("tasks").expected_units_mean < 0.85);
}

TEST_CASE("a request asks for as many items as the parents of the sample make likely") {
  const Proven loans = prove(R"(entities:
  Member: {id: member_id, count: 300k, attributes: {member_id: ulid}}
  Loan: {id: loan_id, belongs_to: {Member: 25}, attributes: {loan_id: string 12 B, kind: {one_of: {red: 50%, blue: 50%}}, title: string 40 B}}
access_patterns:
  one: {list: Loan, by: kind, narrow_by: member_id 90%, order: title asc, limit: 1, rate: 1/month}
)");
  CHECK(loans.failures == "");
  for (const test::KeptCall& call : loans.calls) {
    const auto* query = std::get_if<dynamo::QueryRequest>(&call.requests.front());
    if (call.pattern != "one" || !call.is_typical || !query->filter) continue;
    // One of about a hundred members, not of 300,000.
    CHECK(query->limit.value_or(0) < 200);
  }
}

TEST_CASE("a boolean is a part of a key like any other value") {
  const Proven todos = prove(R"(entities:
  User: {id: user_id, attributes: {is_admin: boolean}}
  Task: {id: task_id, belongs_to: {User: 20 .. 500}, attributes: {task_id: ulid, is_done: boolean, due_at: timestamp}}
access_patterns:
  open: {list: Task, by: [user_id, is_done], order: due_at asc, limit: 20}
  sorted: {list: Task, by: user_id, order: [is_done asc, due_at asc], limit: 30}
  tick: {update: Task, by: task_id, set: {is_done: true}}
  admins: {list: User, by: is_admin, limit: 20}
)");
  CHECK(todos.failures == "");
  for (const char* pattern : {"open", "sorted", "admins"}) {
    CHECK(todos.plan(pattern).served == design::Served::keys);
    CHECK(todos.plan(pattern).steps.front().filter == nullptr);
  }
}

TEST_CASE(
    "there are as many tenants as rows of theirs, whether they declare their identity or not") {
  for (const char* declared : {"", ", attributes: {org_id: string 8 B}"}) {
    const Proven fleet = prove(std::string(R"(settings: {tenant: org_id}
entities:
  Org: {id: org_id, count: 9000)") +
                               declared + R"(}
  Pipeline: {id: pipeline_id, belongs_to: {Org: 40 .. 400}, attributes: {pipeline_id: uuid}}
  Job: {id: job_id, belongs_to: {Pipeline: 12 .. 120}, attributes: {job_id: ulid, state: {states: {RUNNING: 4%, PASSED: 96%}, moves: [RUNNING -> PASSED]}}}
access_patterns:
  queue_job: {create: Job}
  pass: {update: Job, by: job_id, move: state RUNNING -> PASSED}
  running: {count: Job, where: state = RUNNING, rate: 5/s}
)");
    CHECK(fleet.failures == "");
    for (const char* entity : {"Pipeline", "Job"}) {
      const model::Entity& rows = fleet.workload.entity(*fleet.workload.find_entity(entity));
      CHECK(rows.find("org_id")->distinct == 9000);
    }
  }
}

TEST_CASE("of one tenant's rows a request asks for as many as the tenant's parents make likely") {
  const Proven desk = prove(R"(settings: {tenant: org_id}
entities:
  Org: {id: org_id, count: 3000}
  Agent: {id: agent_id, belongs_to: {Org: 12 .. 900}, attributes: {agent_id: ulid}}
  Ticket: {id: ticket_id, belongs_to: {Org: 1000, Agent: 83 .. 600}, attributes: {ticket_id: ulid, due_at: timestamp}}
access_patterns:
  queue: {list: Ticket, narrow_by: agent_id 90%, order: due_at asc, limit: 5}
)");
  CHECK(desk.failures == "");
  for (const test::KeptCall& call : desk.calls) {
    const auto* query = std::get_if<dynamo::QueryRequest>(&call.requests.front());
    if (call.pattern != "queue" || !call.is_typical || !query->filter) continue;
    // Of a dozen agents, not of all that there are.
    CHECK(query->limit.value_or(0) < 100);
  }
}

TEST_CASE("rows differ in every compound unique value, also where these share a part") {
  // A lesson's slot is drawn among 60 until it is free for the room, the teacher and the group at once.
  const Proven school = prove(R"(entities:
  Teacher: {id: teacher_id, count: 100, attributes: {teacher_id: ulid}}
  Room: {id: room_code, count: 100, attributes: {room_code: string 5 B}}
  Group: {id: group_code, count: 100, attributes: {group_code: string 5 B}}
  Lesson:
    id: lesson_id
    belongs_to: {Group: 32 .. 60, Teacher: 25 .. 40, Room: 28 .. 50}
    unique: [[room_code, slot], [teacher_id, slot], [group_code, slot]]
    attributes: {lesson_id: ulid, slot: {type: integer, distinct: 60}}
access_patterns:
  plan: {create: Lesson, rate: 0.3/s}
  move: {update: Lesson, by: lesson_id, set: [slot], rate: 0.1/s}
  in_room: {get: Lesson, by: [room_code, slot], rate: 4/s}
  free: {get: Lesson, by: [teacher_id, slot], consistency: strong, rate: 2/s}
)");
  CHECK(school.failures == "");
  const std::vector<dynamo::Item>& lessons =
      school.data.rows[school.workload.find_entity("Lesson")->index];
  for (const char* const of : {"room_code", "teacher_id", "group_code"}) {
    CAPTURE(of);
    std::set<std::string> seen;
    for (const dynamo::Item& lesson : lessons)
      CHECK(seen.insert(*seed::text_of(lesson, {of, "slot"})).second);
  }
  // None had to be left out: no group has more than its 60 slots.
  CHECK(lessons.size() > 1900);
}

TEST_CASE("rows that cannot differ in a unique value are left out") {
  // Of 20 rooms on the days of a month there are 20 x 31 bookings at most, and no day is drawn again.
  const Proven rooms = prove(R"(entities:
  Room: {id: room_code, count: 20, attributes: {room_code: string 5 B}}
  Booking: {id: booking_id, belongs_to: {Room: 100}, unique: [[room_code, day]], retention: 30 days after day, attributes: {booking_id: ulid, day: date}}
access_patterns:
  book: {create: Booking, rate: 0.3/s}
  of_room: {get: Booking, by: [room_code, day], rate: 4/s}
)");
  CHECK(rooms.failures == "");
  CHECK(rooms.data.rows[rooms.workload.find_entity("Booking")->index].size() <= 20 * 33);
}

TEST_CASE("rows of one day are as many as the plan says, and a new row is of today") {
  const Proven school = prove(R"(entities:
  School: {id: school_id, count: 4000, attributes: {school_id: string 7 B}}
  Absence: {id: absence_id, belongs_to: {School: 400 .. 900}, retention: 20 days after day, attributes: {absence_id: uuid, day: date, note: string 300 B}}
access_patterns:
  add: {create: Absence}
  of_day: {list: Absence, by: [school_id, day], rate: 8/s}
)");
  CHECK(school.failures == "");
  // 400 absences of a school on 20 days are 20 a day; the default of 10 values would have 40 with one.
  const auto& absences = school.data.rows[school.workload.find_entity("Absence")->index];
  std::map<std::string, double> of_day;
  for (const dynamo::Item& row : absences) ++of_day[*row.at("day").as_string()];
  CHECK(of_day.size() >= 20);
  // And one more that is half a day at either end, and those that are past their expiry.
  CHECK(of_day.size() <= 20 + 1 + 3);
  std::string last;
  for (const auto& [day, rows] : of_day) last = day;
  for (const test::KeptCall& call : school.calls) {
    if (call.pattern != "add" || !call.is_typical) continue;
    CHECK(*call.parameters.calls.front().values.at("day").as_string() == last);
  }
}
