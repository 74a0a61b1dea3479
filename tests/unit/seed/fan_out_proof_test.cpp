// `for_each`: one write for each related row, planned, priced by the mean and the maximum of the fan-out, and
// proven on the embedded engine.
#include <doctest/doctest.h>

#include "capacity/usage.h"
#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using design::Operation;
using test::prove;
using test::Proven;

namespace {

const char* const kFeed = R"(entities:
  User: {id: user_id, count: 300, attributes: {user_id: ulid, name: string 12 B, unread: integer}}
  Follow: {id: [author_id, reader_id], belongs_to: {User as author_id: 12 .. 90, User as reader_id: 12 .. 40}}
  Post: {id: post_id, belongs_to: {User as author_id: 4 .. 60}, attributes: {post_id: ulid of at, at: timestamp, text: string 200 B}}
  Entry: {id: [reader_id, post_id], belongs_to: {User as reader_id: 40 .. 200, Post: 10 .. 90}, attributes: {title: string 60 B}}
access_patterns:
  sign_up: {create: User}
  follow: {create: Follow}
  publish: {create: Post, rate: 2/s}
  deliver: {put: Entry, for_each: Follow, by: author_id, after: publish}
  mark: {update: User, for_each: Follow, by: author_id, add: {unread: +1}, after: publish}
  withdraw: {delete: Entry, for_each: Follow, by: author_id, rate: 1/min}
  feed: {list: Entry, by: reader_id, order: post_id desc, limit: 20, rate: 50/s}
)";

}  // namespace

TEST_CASE("each follower's entry is put in batches after a query of the followers") {
  const Proven feed = prove(kFeed);
  CHECK(feed.failures == "");
  const design::AccessPlan& deliver = feed.plan("deliver");
  REQUIRE(deliver.steps.size() == 2);
  CHECK(deliver.steps[0].operation == Operation::query);
  CHECK(deliver.steps[0].leads_on);
  CHECK(deliver.steps[1].operation == Operation::batch_write_item);
  // Entry's reader is the one whom the Follow names; its post is the call's to say.
  const design::WriteAction& put = deliver.steps[1].actions.front();
  REQUIRE(put.known.count("reader_id") == 1);
  CHECK(std::get<design::FromStep>(put.known.at("reader_id")).attribute == "reader_id");
  CHECK(put.known.count("post_id") == 0);

  // Calls come by traffic: an author with k followers is met k times as often as one with one, so a call has
  // E[k^2] / E[k] of them, more than the 12 of an author on average, and never more than 90. An entry of 26 (ulid)
  // twice, a title of 60 and its keys is below 1 KB: one unit each.
  const capacity::PatternUsage usage = capacity::pattern_usage(feed.workload, feed.design, deliver);
  CHECK(usage.steps[1].requests.max == doctest::Approx(4));  // 90 / 25
  double written = 0;
  for (const capacity::ResourceUnits& one : usage.units) written += one.write;
  CHECK(written > 12);
  CHECK(written < 90);
  CHECK(written == doctest::Approx(usage.steps[0].items));

  CHECK(feed.plan("mark").steps[1].operation == Operation::update_item);
  CHECK(feed.plan("withdraw").steps[1].operation == Operation::batch_write_item);
}

TEST_CASE("related rows that have their row already are passed over, and the others are written") {
  // A create of what is there is refused by its condition; a fan-out that is repeated goes on with the next.
  const Proven invited = prove(R"(entities:
  Club: {id: club_id, count: 60, attributes: {club_id: string 10 B}}
  Member: {id: [club_id, person_id], belongs_to: {Club: 8 .. 40}, attributes: {person_id: uuid, mail: string 24 B}}
  Event: {id: event_id, belongs_to: {Club: 6 .. 50}, attributes: {event_id: ulid, place: string 20 B}}
  Invitation: {id: [event_id, person_id], belongs_to: {Event: 5 .. 40}, attributes: {person_id: uuid, answer: {one_of: {open: 70%, yes: 20%, no: 10%}}}}
access_patterns:
  found: {create: Club}
  join: {create: Member}
  plan: {create: Event}
  invite: {create: Invitation, for_each: Member, by: club_id, rate: 3/s}
  guests: {list: Invitation, by: event_id, rate: 9/s}
)");
  CHECK(invited.failures == "");
  CHECK(invited.plan("invite").steps[1].operation == Operation::put_item);
  int repeated = 0;
  for (const test::KeptCall& call : invited.calls) {
    if (call.pattern == "invite" && !call.is_typical) ++repeated;
    CHECK_FALSE((call.pattern == "invite" && call.failed));
  }
  CHECK(repeated > 0);
}

TEST_CASE("a fan-out in a transaction is all or nothing, and counts its actions at the maximum") {
  const Proven team = prove(R"(entities:
  Team: {id: team_id, count: 80, attributes: {team_id: ulid, open: integer}}
  Seat: {id: [team_id, person_id], belongs_to: {Team: 5 .. 20}, attributes: {person_id: ulid}}
  Task: {id: task_id, belongs_to: {Team: 9 .. 90}, attributes: {task_id: ulid, what: string 40 B}}
  Share: {id: [person_id, task_id], belongs_to: {Task: 5 .. 20}, attributes: {person_id: ulid, done: boolean}}
access_patterns:
  hire: {create: Seat}
  form: {create: Team}
  post: {create: Task}
  split: {transaction: [{update: Team, by: team_id, add: {open: +1}}, {create: Share, for_each: Seat, by: team_id}]}
  mine: {list: Share, by: person_id}
)");
  CHECK(team.failures == "");
  const design::AccessPlan& split = team.plan("split");
  REQUIRE(split.steps.size() == 2);
  CHECK(split.steps[1].operation == Operation::transact_write_items);
  for (const test::KeptCall& call : team.calls) {
    if (call.pattern != "split" || !call.is_typical) continue;
    CHECK(call.requests.size() == 2);  // one Query, one transaction
  }
}

TEST_CASE("a fan-out with a unique value is a transaction for each related row") {
  const Proven coupons = prove(R"(entities:
  Shop: {id: shop_id, count: 50, attributes: {shop_id: string 8 B}}
  Customer: {id: [shop_id, customer_id], belongs_to: {Shop: 9 .. 30}, attributes: {customer_id: ulid}}
  Coupon: {id: [customer_id, campaign], unique: [[campaign, customer_id]], belongs_to: {Shop: 40 .. 90}, attributes: {customer_id: ulid, campaign: string 12 B, worth: integer}}
access_patterns:
  sign: {create: Customer}
  open: {create: Shop}
  send: {create: Coupon, for_each: Customer, by: shop_id}
)");
  CHECK(coupons.failures == "");
  CHECK(coupons.plan("send").steps.back().operation == Operation::transact_write_items);
}

TEST_CASE("what each related row's transaction carries is paid for each") {
  const Proven feed = prove(R"(entities:
  Author: {id: author_id, count: 40, attributes: {author_id: string 6 B, posts: {count_of: Copy}}}
  Fan: {id: [author_id, fan_id], belongs_to: {Author: 30 .. 31}, attributes: {fan_id: ulid}}
  Copy: {id: [fan_id, post_id], belongs_to: {Author: 300 .. 310}, attributes: {fan_id: ulid, post_id: ulid}}
access_patterns:
  a: {create: Author, rate: 1/day}
  b: {create: Fan, rate: 1/day}
  deliver: {create: Copy, for_each: Fan, by: author_id, rate: 1/s, peak: 10/s}
  r: {list: Copy, by: fan_id, rate: 1/s}
)");
  CHECK(feed.failures == "");
  // 30 to 31 transactions of a put and a change of the author's counter, each below 1 KB: (1 + 1) x 2 units.
  const double units = feed.write_units("deliver");
  CHECK(units >= 30 * 4);
  CHECK(units <= 31 * 4);
}

TEST_CASE("a fan-out that takes its key from the call is caught") {
  const Proven broken = prove(kFeed, [](const model::Workload& workload, design::Design& design) {
    auto& steps = design.plans[workload.find_pattern("deliver")->index].steps;
    steps[1].actions.front().known["reader_id"] = design::FromStep{0, "author_id"};
  });
  CHECK(broken.failures.find("deliver: ") != std::string::npos);
}

TEST_CASE("a fan-out over the wrong half of the relation is caught") {
  const Proven broken = prove(kFeed, [](const model::Workload& workload, design::Design& design) {
    auto& steps = design.plans[workload.find_pattern("mark")->index].steps;
    steps[0].limit = 1;
  });
  CHECK(broken.failures.find("mark: ") != std::string::npos);
}

TEST_CASE("a write through a parent, or through a child, finds its rows in two steps") {
  const Proven fleet = prove(R"(entities:
  Site: {id: site_id, count: 40, attributes: {site_id: string 6 B}}
  Device: {id: device_id, belongs_to: {Site: 6 .. 30}, attributes: {device_id: string 12 B, mode: string 5 B}}
  Alarm: {id: [device_id, alarm_id], belongs_to: {Device: 6 .. 40}, attributes: {alarm_id: ulid, muted: boolean}}
access_patterns:
  raise: {create: Alarm}
  mute_site: {update: Alarm, by: Device.site_id, set: [muted]}
  clear_site: {delete: Alarm, by: Device.site_id, rate: 1/min}
  alert: {update: Device, by: Alarm.alarm_id, set: [mode]}
)");
  CHECK(fleet.failures == "");
  for (const char* name : {"mute_site", "clear_site"}) {
    const design::AccessPlan& plan = fleet.plan(name);
    REQUIRE(plan.steps.size() == 3);
    CHECK(plan.steps[0].operation == Operation::query);  // the site's devices
    CHECK(plan.steps[1].operation == Operation::query);  // the alarms of each
    CHECK(plan.steps[1].after == std::vector<std::size_t>{0});
  }
  const design::AccessPlan& alert = fleet.plan("alert");
  REQUIRE(alert.steps.size() == 3);
  CHECK(alert.steps[1].operation == Operation::batch_get_item);
}

TEST_CASE("equalities over two relations are two look-ups that the client compares") {
  constexpr const char* kClubs = R"(entities:
  Person: {id: person_id, count: 90, attributes: {person_id: ulid, city: {type: string 8 B, distinct: 6}}}
  Club: {id: club_id, count: 40, attributes: {club_id: ulid, sport: {type: string 7 B, distinct: 5}}}
  Member: {id: [person_id, club_id], belongs_to: {Person: 4 .. 12, Club: 9 .. 30}, attributes: {since: date}}
access_patterns:
  come: {create: Person}
  found: {create: Club}
  join: {create: Member}
  local_players: {list: Member, by: [Person.city, Club.sport], order: since desc, limit: 10, rate: 2/day}
)";
  const Proven clubs = prove(kClubs);
  CHECK(clubs.failures == "");
  const design::AccessPlan& plan = clubs.plan("local_players");
  REQUIRE(plan.steps.size() == 3);
  CHECK(plan.client_keeps == std::vector<std::size_t>{2});
  CHECK(plan.client_limit == 10);
  CHECK_FALSE(plan.steps[1].limit);  // no limit holds before the comparison

  const Proven broken = prove(kClubs, [](const model::Workload& workload, design::Design& design) {
    design.plans[workload.find_pattern("local_players")->index].client_keeps.clear();
  });
  CHECK(broken.failures.find("local_players: ") != std::string::npos);
}

TEST_CASE("a tenant has its part of what belongs to a shared row") {
  const Proven perms = prove(R"(settings: {tenant: org_id}
entities:
  Org: {id: org_id, count: 1k, attributes: {org_id: string 10 B}}
  Account: {id: account_id, count: 100k, shared: true, attributes: {account_id: ulid}}
  Group: {id: group_id, belongs_to: {Org: 10}, attributes: {group_id: ulid}}
  Grant: {id: [resource, subject_id], belongs_to: {Group | Account as subject_id: 3 .. 300}, attributes: {resource: string 24 B}}
access_patterns:
  found: {create: Org}
  enter: {create: Account}
  gather: {create: Group}
  grant: {put: Grant}
  revoke_all: {delete: Grant, by: subject_id}
)");
  CHECK(perms.failures == "");
  // Of an account's grants those of one tenant, of a group's all.
  CHECK(perms.proof("revoke_all").expected_units_mean < 3.5);
}

TEST_CASE("the rows of one tenant are as many as those of a few parents, not as of one") {
  const Proven orgs = prove(R"(settings: {tenant: org_id}
entities:
  Org: {id: org_id, count: 100, attributes: {org_id: string 10 B}}
  Site: {id: site_id, count: 300, attributes: {site_id: ulid}}
  Visit: {id: visit_id, belongs_to: {Site: 4 .. 200}, attributes: {visit_id: ulid, text: string 1 KB}}
access_patterns:
  found: {create: Org}
  open: {create: Site}
  visit: {create: Visit}
  all: {list: Visit, rate: 1/s}
)");
  CHECK(orgs.failures == "");
  // Twelve on average, in three lots: 17 of such a call, and not 25 of 1.1 KB.
  CHECK(orgs.proof("all").expected_units_mean < 3);
}

TEST_CASE("of two relations that lead to a tenant the first says how its rows are spread") {
  const Proven perms = prove(R"(settings: {tenant: org_id}
entities:
  Org: {id: org_id, count: 10k}
  Account: {id: account_id, count: 10k}
  Group: {id: group_id, count: 10k}
  Role: {id: role_name, belongs_to: {Org: 6 .. 60}}
  Seat: {id: account_id, belongs_to: {Org: 150 .. 20k}}
  Grant: {id: resource, belongs_to: {Group | Account as subject_id: 3 .. 300, Role: 500 .. 20k}}
access_patterns:
  grants: {list: Grant}
)");
  CHECK(perms.failures == "");
}
