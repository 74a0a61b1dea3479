// That every pattern is called: what leads to a row from below, snapshots, new rows whose time is taken, and what the
// report says where no row can be asked for.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using test::prove;
using test::Proven;

namespace {

const char* const kBids = R"(entities:
  User: {id: user_id, count: 300, attributes: {user_id: ulid}}
  Item: {id: item_id, count: 500, attributes: {item_id: ulid, title: string 20 B}}
  Bid: {id: [item_id, bid_id], belongs_to: {Item: 5 .. 40, User: 8 .. 60}, attributes: {bid_id: ulid, amount: integer}}
access_patterns:
  join: {create: User}
  offer: {create: Item}
  bid: {create: Bid}
)";

int calls_of(const Proven& proven, const std::string& pattern) {
  return static_cast<int>(
      std::count_if(proven.calls.begin(), proven.calls.end(),
                    [&](const test::KeptCall& call) { return call.pattern == pattern; }));
}

}  // namespace

TEST_CASE("a list by what stands below its rows is called, and a wrong one is found out") {
  const std::string schema =
      std::string(kBids) + "  bidding_on: {list: Item, by: Bid.user_id, rate: 10/s}\n";
  const Proven bids = prove(schema);
  CHECK(bids.failures == "");
  CHECK(bids.report.uncalled.empty());
  CHECK(calls_of(bids, "bidding_on") >= 24);
  const Proven wrong = prove(schema, [](const model::Workload&, design::Design& design) {
    for (design::AccessPlan& plan : design.plans) {
      if (plan.steps.front().leads_on) plan.steps.front().limit = 1;
    }
  });
  CHECK(wrong.failures.find("bidding_on: answered") != std::string::npos);
}

TEST_CASE("a snapshot is called, each read with its own values") {
  const std::string schema =
      std::string(kBids) +
      "  both: {transaction: [{get: Item, by: item_id}, {get: User, by: user_id}], rate: 5/s}\n"
      "  two: {transaction: [{get: Bid, by: [item_id, bid_id]}, {get: Item, by: item_id}], rate: "
      "5/s}\n"
      "  pair: {transaction: [{get: Item, by: item_id}, {get: Item, by: item_id}], rate: 5/s}\n";
  const Proven bids = prove(schema);
  CHECK(bids.failures == "");
  // DynamoDB takes an item once: nobody asks for a pair of one.
  CHECK(calls_of(bids, "pair") >= 20);
  CHECK(calls_of(bids, "both") >= 24);
  CHECK(calls_of(bids, "two") >= 24);
  const Proven wrong = prove(schema, [](const model::Workload&, design::Design& design) {
    for (design::AccessPlan& plan : design.plans) {
      if (plan.steps.size() == 2 &&
          plan.steps.front().operation == design::Operation::transact_get_items)
        std::swap(plan.steps.front(), plan.steps.back());
    }
  });
  CHECK(wrong.failures.find("both: ") != std::string::npos);
}

TEST_CASE("a new row takes the next free time where its own is taken") {
  // Ten hotels, and every one of them has its row of today.
  const Proven nights = prove(R"(entities:
  Night: {id: [hotel_id, night], count: 3650, attributes: {hotel_id: string 10 B, night: date, rooms: integer}}
access_patterns:
  add: {create: Night, rate: 1/s}
  night: {get: Night, by: [hotel_id, night], rate: 10/s}
)");
  CHECK(nights.failures == "");
  CHECK(nights.report.uncalled.empty());
}

TEST_CASE("a pattern that no row can be asked for is named") {
  const Proven deals = prove(R"(entities:
  Deal: {id: deal_id, count: 300, attributes: {deal_id: ulid, won: boolean, code: string present 50%}}
access_patterns:
  open: {create: Deal}
  win: {update: Deal, by: deal_id, set: {won: true}, if: exists(code) and missing(code), rate: 1/s}
  deal: {get: Deal, by: deal_id, rate: 1/s}
)");
  REQUIRE(deals.report.uncalled.size() == 1);
  CHECK(deals.workload.pattern(deals.report.uncalled.front()).name == "win");
}

TEST_CASE(
    "a parent that is asked something and counts the new row is one item of the transaction") {
  const Proven jobs = prove(R"(entities:
  Job: {id: job_id, count: 400, attributes: {job_id: ulid, open: {type: boolean, one_of: {true: 20%, false: 80%}}, title: string 20 B, applicants: {count_of: Application}}}
  Application: {id: application_id, belongs_to: {Job: 3 .. 30}, attributes: {application_id: ulid}}
access_patterns:
  post: {create: Job}
  apply: {transaction: [{check: Job, by: job_id, if: open = true}, {create: Application}], rate: 3/s}
  open_jobs: {list: Job, where: open = true, order: title asc, limit: 20, rate: 50/s}
)");
  CHECK(jobs.failures == "");
  const design::Step& step = jobs.plan("apply").steps.back();
  CHECK(std::count_if(step.actions.begin(), step.actions.end(),
                      [](const design::WriteAction& one) { return !one.is_joined; }) == 2);
  // The application and the job, twice as in a transaction, and the job's entry in the index of those that are open:
  // it is there in every call, since the call asks for it.
  CHECK(jobs.write_units("apply") == doctest::Approx(2 * (1 + 1) + 1));
}

TEST_CASE("a state that two patterns take rows from has some for both") {
  const Proven jobs = prove(R"(entities:
  Job: {id: job_id, count: 2000, attributes: {job_id: ulid, state: {states: {NEW: 98%, OPEN: 1%, WON: 0.5%, LOST: 0.5%}, moves: [NEW -> OPEN, OPEN -> WON, OPEN -> LOST]}}}
access_patterns:
  post: {create: Job}
  win: {update: Job, by: job_id, move: state OPEN -> WON, rate: 3/s}
  lose: {update: Job, by: job_id, move: state OPEN -> LOST, rate: 3/s}
)");
  CHECK(jobs.failures == "");
  CHECK(jobs.report.uncalled.empty());
}

TEST_CASE(
    "rows below that lead to one row ask for it once, and those that have expired do not lead") {
  const Proven alphas = prove(R"(entities:
  Alpha: {id: alpha_id, count: 900, attributes: {alpha_id: ulid, title: string 40 B}}
  Beta: {id: beta_id, belongs_to: {Alpha: 3 .. 40}, retention: 1 year after made_at, attributes: {made_at: timestamp, beta_id: ksuid, kind: {one_of: {red: 20%, green: 30%, blue: 50%}}}}
access_patterns:
  add: {create: Alpha}
  add_beta: {create: Beta}
  of_kind: {list: Alpha, by: Beta.kind, limit: 20, rate: 0.2/s}
)");
  CHECK(alphas.failures == "");
  CHECK(alphas.plan("of_kind").steps.front().filter != nullptr);

  const Proven counted = prove(R"(entities:
  Beta: {id: beta_id, count: 500, attributes: {beta_id: uuid, gammas: {count_of: Gamma}}}
  Gamma: {id: gamma_id, belongs_to: {Beta: 10 .. 40}, attributes: {gamma_id: ulid}}
access_patterns:
  add: {create: Beta}
  add_gamma: {create: Gamma}
  drop_alone: {delete: Beta, by: beta_id, rate: 40/s}
  drop: {delete: [Beta, Gamma], by: beta_id, rate: 1/s}
)");
  CHECK(counted.failures == "");
}

TEST_CASE("an attribute that was not there is not taken from an entry") {
  const Proven alphas = prove(R"(entities:
  Alpha: {id: alpha_id, count: 2000, attributes: {alpha_id: ksuid, made_at: timestamp, due_at: timestamp present 30%, code: {type: string 10 B, distinct: 30}}}
access_patterns:
  add: {create: Alpha, rate: 1/s}
  clear: {update: Alpha, by: alpha_id, remove: [due_at], rate: 1/s}
  by_code: {list: Alpha, by: code, order: made_at asc, limit: 100, rate: 90/s}
)");
  CHECK(alphas.failures == "");
  // The row in each call, and its entry of the index in the 30 % in which something goes from it.
  CHECK(alphas.write_units("clear") == doctest::Approx(1 + 0.3));
}

TEST_CASE("of two relations to one kind the first leads from below") {
  const Proven fans = prove(R"(entities:
  User: {id: user_id, count: 200, attributes: {user_id: ulid, name: string 20 B}}
  Follow: {id: [user_id, fan_id], belongs_to: {User: 10, User as fan_id: 10}, attributes: {since: timestamp}}
access_patterns:
  join: {create: User}
  follow: {create: Follow}
  followed: {list: User, by: Follow.fan_id, limit: 10, rate: 1/s}
)");
  CHECK(fans.failures == "");
}

TEST_CASE("an index that several rows lead to is asked once for each of its rows") {
  const Proven alphas = prove(R"(entities:
  Alpha: {id: alpha_id, count: 300, attributes: {alpha_id: ulid, title: string 40 B, body: binary 40 KB}}
  Beta: {id: beta_id, belongs_to: {Alpha: 6 .. 40}, attributes: {beta_id: ksuid, kind: {one_of: {red: 20%, green: 30%, blue: 50%}}}}
access_patterns:
  add: {create: Alpha, rate: 0.01/s}
  add_beta: {create: Beta, rate: 0.01/s}
  whole: {get: Alpha, by: alpha_id, rate: 30/s}
  of_kind: {list: Alpha, by: Beta.kind, limit: 20, returns: [title], rate: 20/s}
)");
  CHECK(alphas.failures == "");
  // The rows are large and the answer is small: an index of the titles is read, not the rows.
  const design::Step& rows = alphas.plan("of_kind").steps.at(1);
  CHECK(rows.operation == design::Operation::query);
  CHECK_FALSE(rows.limit);
}

TEST_CASE("rows are deleted with their parent also where that has gone before them") {
  const Proven betas = prove(R"(entities:
  Beta: {id: beta_id, count: 40, attributes: {beta_id: uuid, gammas: {count_of: Gamma}}}
  Gamma: {id: gamma_id, belongs_to: {Beta: 4 .. 10}, attributes: {gamma_id: ulid}}
access_patterns:
  drop_alone: {delete: Beta, by: beta_id, rate: 40/s}
  drop: {delete: [Gamma, Beta], by: beta_id, rate: 1/s}
  gammas: {list: Gamma, by: beta_id, limit: 20, rate: 1/s}
)");
  CHECK(betas.failures == "");
  // A call of `drop` about a Beta that `drop_alone` has taken: its Gammas go, and nothing is counted.
  std::set<std::string> gone;
  const auto beta_of = [](const test::KeptCall& call) {
    return *call.parameters.calls.front().values.at("beta_id").as_string();
  };
  bool is_met = false;
  for (const test::KeptCall& call : betas.calls) {
    if (call.pattern == "drop_alone" && !call.failed) gone.insert(beta_of(call));
    is_met = is_met || (call.pattern == "drop" && gone.contains(beta_of(call)));
  }
  CHECK(is_met);
}

TEST_CASE("what is added to a row's number is added to the sum of it") {
  const std::string schema = R"(entities:
  Team: {id: team_id, count: 60, attributes: {team_id: ulid, score: {sum_of: Player.score}}}
  Player: {id: player_id, belongs_to: {Team: 5 .. 20}, attributes: {player_id: ulid, score: integer}}
access_patterns:
  found: {create: Team}
  join: {create: Player}
  gain: {update: Player, by: player_id, add: {score: +:points}, rate: 3/s}
  lose: {update: Player, by: player_id, add: {score: -:points}, if: score >= :points, rate: 3/s}
  team: {get: Team, by: team_id, rate: 3/s}
)";
  const Proven teams = prove(schema);
  CHECK(teams.failures == "");
  // The player and the team, twice as in a transaction.
  CHECK(teams.write_units("gain") == doctest::Approx(2 * (1 + 1)));
  const Proven lost = prove(schema, [](const model::Workload&, design::Design& design) {
    for (design::AccessPlan& plan : design.plans) {
      for (design::Step& step : plan.steps)
        std::erase_if(step.actions, [](const auto& action) { return action.looks_back; });
    }
  });
  CHECK(lost.failures.find("gain: ") != std::string::npos);
}

TEST_CASE("a rollup is of one tenant, and its rows are there to be asked for") {
  const Proven hours = prove(R"(settings: {tenant: company_id}
entities:
  Employee: {id: employee_id, count: 5000, attributes: {employee_id: ulid}}
  Shift: {id: shift_id, belongs_to: {Employee: 900 .. 12k}, attributes: {shift_id: ulid of starts_at, starts_at: timestamp, minutes: integer}}
  MonthHours: {rollup: {of: Shift, by: {employee_id, month: starts_at to month}, keep: {worked: sum minutes, shifts: count}, kept: stream}}
access_patterns:
  hire: {create: Employee, rate: 500/day}
  clock_in: {create: Shift, rate: 25/s}
  hours: {get: MonthHours, by: [employee_id, month], rate: 5/s}
)");
  CHECK(hours.failures == "");
  CHECK(hours.report.uncalled.empty());
  CHECK(hours.proof("hours").calls > 10);
}

TEST_CASE("a call gives what a condition on a size asks for") {
  const Proven notes = prove(R"(entities:
  User: {id: user_id, count: 3000, attributes: {user_id: uuid, memory: map 600 B .. 12 KB}}
access_patterns:
  register: {create: User, rate: 0.3/s}
  remember: {update: User, by: user_id, set: [memory], if: size(memory) < :limit, rate: 20/s}
)");
  CHECK(notes.failures == "");
  CHECK(notes.report.uncalled.empty());
}

TEST_CASE("rows between two parents of one tenant are of that tenant, whichever parents it has") {
  // Some tenants have groups and no users: memberships that were dealt to their groups go elsewhere, groups and all.
  const Proven access = prove(R"(settings: {tenant: org_id}
entities:
  Org: {id: org_id, count: 5000, attributes: {org_id: ulid}}
  User: {id: user_id, belongs_to: {Org: 9 .. 3000}, attributes: {user_id: ulid, email: string 24 B}}
  Group: {id: group_id, belongs_to: {Org: 14 .. 900}, attributes: {group_id: ulid, title: string 16 B, members: {count_of: Membership}}}
  Membership: {id: [group_id, user_id], belongs_to: {Group: 12 .. 2000, User: 20 .. 200}, attributes: {added_at: timestamp}}
access_patterns:
  found: {create: Org, rate: 20/day}
  invite: {create: User, rate: 0.3/s}
  add_group: {create: Group, rate: 0.05/s}
  add_member: {put: Membership, replaces: 5%, rate: 0.5/s}
  members: {list: Membership, by: group_id, with: {user_id: [email]}, limit: 100, rate: 3/s}
)");
  CHECK(access.failures == "");
  const auto rows_of = [&](const char* entity) -> const std::vector<dynamo::Item>& {
    return access.data.rows[access.workload.find_entity(entity)->index];
  };
  std::set<std::pair<std::string, std::string>> groups;
  for (const dynamo::Item& group : rows_of("Group"))
    groups.insert({*group.at("org_id").as_string(), *group.at("group_id").as_string()});
  REQUIRE(rows_of("Membership").size() > 100);
  for (const dynamo::Item& row : rows_of("Membership"))
    CHECK(groups.contains({*row.at("org_id").as_string(), *row.at("group_id").as_string()}));
}

TEST_CASE("rows that expire by an attribute of their own repeat it in the table's") {
  const Proven builds = prove(R"(entities:
  Build: {id: build_id, count: 90k, retention: 1 year after queued_at, attributes: {build_id: ulid, queued_at: timestamp}}
  Runner: {id: runner_id, count: 9000, retention: until lease_until, attributes: {runner_id: string 12 B, pool: {type: string 6 B, distinct: 90}, lease_until: epoch_s}}
  Token: {id: token, count: 9000, retention: until valid_until, attributes: {token: uuid, valid_until: {type: epoch_s, present: 50%}}}
access_patterns:
  queue: {create: Build, rate: 10/hour}
  build: {get: Build, by: build_id, rate: 1/s}
  beat: {upsert: Runner, by: runner_id, set: [pool, lease_until], rate: 1/min per Runner}
  runners: {list: Runner, by: pool, rate: 3/s}
  overdue: {list: Runner, by: pool, range: lease_until < :soon, rate: 1/s}
  issue: {put: Token, rate: 1/s}
  extend: {update: Token, by: token, set: [valid_until], rate: 1/s}
  redeem: {get: Token, by: token, rate: 1/s}
)");
  CHECK(builds.failures == "");
  CHECK(builds.report.uncalled.empty());
  CHECK(builds.design.tables.front().ttl_attribute == "expires_at");
  const auto& runners = builds.data.rows[builds.workload.find_entity("Runner")->index];
  for (const dynamo::Item& row : runners) CHECK(row.at("expires_at") == row.at("lease_until"));
}

TEST_CASE("who gives up a unique value gives it back") {
  const std::string schema = R"(entities:
  Subject: {id: subject_id, count: 3000, unique: [email], attributes: {subject_id: uuid, email: string 24 B optional, erased_at: timestamp present 1%}}
access_patterns:
  register: {create: Subject, rate: 3/s}
  by_email: {get: Subject, by: email, rate: 40/s}
  erase: {update: Subject, by: subject_id, set: [erased_at], remove: [email], if: missing(erased_at), rate: 1/s}
)";
  const Proven subjects = prove(schema);
  CHECK(subjects.failures == "");
  const auto guards = [](const design::AccessPlan& plan, const design::Design& design) {
    std::vector<design::Operation> out;
    for (const design::WriteAction& action : plan.steps.back().actions) {
      if (design.items[action.layout].role == design::ItemRole::guard)
        out.push_back(action.operation);
    }
    return out;
  };
  CHECK(guards(subjects.plan("erase"), subjects.design) ==
        std::vector<design::Operation>{design::Operation::delete_item});
}

TEST_CASE("a write that sets what it asks to be missing leaves rows for those that ask the same") {
  const Proven charging = prove(R"(entities:
  Driver: {id: driver_id, count: 10k, attributes: {driver_id: ulid}}
  Session:
    id: session_id
    belongs_to: {Driver: 240 .. 600}
    attributes: {session_id: ulid, ended_at: timestamp present 99%, kwh: number}
access_patterns:
  start: {create: Session, rate: 2/s}
  unplug: {update: Session, by: session_id, set: [ended_at], if: missing(ended_at)}
  meter: {update: Session, by: session_id, add: {kwh: +:delta}, if: missing(ended_at), rate: 30/s}
)");
  CHECK(charging.failures == "");
  // Of some 2,000 sessions one in a hundred goes on.
  CHECK(charging.report.uncalled.empty());
}

TEST_CASE("the last part of an identity has as many values as are said") {
  const Proven consents = prove(R"(entities:
  Subject: {id: subject_id, count: 100k, attributes: {subject_id: uuid}}
  Consent: {id: [subject_id, purpose], belongs_to: {Subject: 5 .. 30}, attributes: {purpose: {type: string 12 B, distinct: 30}, given: boolean}}
access_patterns:
  register: {create: Subject, rate: 3/s}
  decide: {put: Consent, replaces: 50%, rate: 12/s}
  may: {get: Consent, by: [subject_id, purpose], rate: 2000/s}
  targeted: {list: Consent, by: purpose, where: given = true, limit: 500, rate: 3/day}
)");
  CHECK(consents.failures == "");
  std::set<std::string> purposes;
  for (const dynamo::Item& row :
       consents.data.rows[consents.workload.find_entity("Consent")->index])
    purposes.insert(*row.at("purpose").as_string());
  CHECK(purposes.size() <= 40);  // a few more where two rows of one subject came out the same
}
