// One name space of several entities: its whole life, and that a value of the one cannot be taken by the other.
#include <doctest/doctest.h>

#include <array>
#include <set>

#include "support/text.h"
#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using test::prove;
using test::Proven;

namespace {

const char* const kAccounts = R"(entities:
  User:
    id: user_id
    count: 900
    unique: [{of: account, across: Organization, ignore_case: true}]
    attributes: {user_id: ulid, account: string 14 B, bio: string 300 B}
  Organization: {id: org_id, count: 400, attributes: {org_id: ulid, account: string 12 B}}
access_patterns:
  sign_up: {create: User}
  found: {create: Organization}
  rename: {update: User, by: user_id, set: [account]}
  rebrand: {update: Organization, by: org_id, set: [account]}
  leave: {delete: User, by: user_id}
  dissolve: {delete: Organization, by: org_id}
  profile: {get: User, by: account, rate: 20/s}
)";

std::string folded(const dynamo::Item& row, const std::string& name) {
  const auto* value = row.find(name);
  return value == row.end() ? "" : support::to_lower_ascii(*value->second.as_string());
}

/// Creates of one entity that were refused although all that they shared with a row was a value of a row of
/// `holder`.
int refused_for(const Proven& proven, const std::string& pattern, const std::string& attribute,
                std::size_t holder) {
  std::set<std::string> held;
  for (const dynamo::Item& row : proven.data.rows[holder]) held.insert(folded(row, attribute));
  int count = 0;
  for (const test::KeptCall& call : proven.calls) {
    if (call.pattern == pattern && call.failed &&
        held.contains(folded(call.parameters.calls.front().values, attribute)))
      ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a name that an organization has is refused to a user, and the other way round") {
  const Proven accounts = prove(kAccounts);
  CHECK(accounts.failures == "");
  CHECK(refused_for(accounts, "sign_up", "account", 1) > 0);
  CHECK(refused_for(accounts, "found", "account", 0) > 0);
  // Rows and guards, each with one key for a name whoever holds it.
  const std::array<const design::ItemLayout*, 2> guards = {&accounts.design.items[2],
                                                           &accounts.design.items[3]};
  for (const design::ItemLayout* guard : guards) {
    REQUIRE(guard->role == design::ItemRole::guard);
    CHECK(design::to_string(guard->base.partition.front()) ==
          "UNIQUE#USER+ORGANIZATION#ACCOUNT#{account|lower}");
  }
  // The row and its guard in one transaction, 1 unit each and doubled: 2 (1 + 1) = 4. A new name is the row's
  // update, the old guard's delete and the new one's put: 2 (1 + 1 + 1) = 6.
  CHECK(accounts.proof("found").observed_units_mean == doctest::Approx(4));
  // The row is read first for the old name, strongly: 1 read unit.
  CHECK(accounts.proof("rebrand").observed_units_mean == doctest::Approx(7));
}

TEST_CASE("a guard of one entity's own lets the other take the name, and is caught") {
  const Proven broken = prove(kAccounts, [](const model::Workload&, design::Design& design) {
    design.items[3].base.partition.front().parts.front() =
        design::Literal{"UNIQUE#ORGANIZATION#ACCOUNT#"};
  });
  CHECK(broken.failures.find("found: ") != std::string::npos);
}

TEST_CASE("a guard that a create takes from the other entity is caught") {
  const Proven broken =
      prove(kAccounts, [](const model::Workload& workload, design::Design& design) {
        for (design::WriteAction& action :
             design.plans[workload.find_pattern("found")->index].steps.back().actions) {
          if (action.layout == 3) action.condition = nullptr;
        }
      });
  CHECK(broken.failures.find("found: a condition of the pattern does not hold, and the write went "
                             "through") != std::string::npos);
}

TEST_CASE("a name of a row that has expired is free for the other entity too") {
  const Proven codes = prove(R"(settings: {tenant: shop_id}
entities:
  Shop: {id: shop_id, count: 20, attributes: {shop_id: string 9 B}}
  Voucher:
    id: voucher_id
    belongs_to: {Shop: 30 .. 90}
    retention: until ends_at
    attributes: {voucher_id: uuid, code: string 8 B, ends_at: epoch_s}
  GiftCard:
    id: card_id
    belongs_to: {Shop: 10 .. 40}
    unique: [{of: [shop_id, code], across: Voucher}]
    attributes: {card_id: uuid, code: string 8 B, balance: integer}
access_patterns:
  issue: {create: Voucher}
  sell: {create: GiftCard}
  redeem: {get: GiftCard, by: code, rate: 3/s}
  withdraw: {delete: Voucher, by: voucher_id}
  replace: {update: GiftCard, by: card_id, set: [code]}
)");
  CHECK(codes.failures == "");
  CHECK(refused_for(codes, "sell", "code", 1) > 0);
  const design::ItemLayout& guard = codes.design.items.back();
  REQUIRE(guard.role == design::ItemRole::guard);
  CHECK(design::to_string(guard.base.partition.front()) ==
        "TENANT#{shop_id|escape}#UNIQUE#VOUCHER+GIFT_CARD#CODE#{code}");
  // A gift card has no expiry, and takes over what an expired voucher left.
  const auto& sell =
      codes.design.plans[codes.workload.find_pattern("sell")->index].steps.back().actions;
  REQUIRE(sell.size() == 2);
  CHECK(model::to_string(*sell.back().condition) == "missing(PK) or ends_at <= now");
}

TEST_CASE("a value that is unique without the tenant is unique over all tenants") {
  const Proven clerks = prove(R"(settings: {tenant: shop_id}
entities:
  Shop: {id: shop_id, count: 20, attributes: {shop_id: string 9 B}}
  Clerk: {id: clerk_id, belongs_to: {Shop: 30 .. 90}, unique: [mail], attributes: {clerk_id: ulid, mail: string 20 B}}
access_patterns:
  open: {create: Shop}
  hire: {create: Clerk}
  log_in: {get: Clerk, by: mail}
)");
  CHECK(clerks.failures == "");
  CHECK(design::to_string(clerks.design.items.back().base.partition.front()) ==
        "UNIQUE#CLERK#MAIL#{mail}");
}

TEST_CASE("a value that parents make is unique too, and a row without one of them holds none") {
  const Proven pledges = prove(R"(entities:
  Person: {id: person_id, count: 3000, attributes: {person_id: ulid}}
  Reward: {id: [campaign_id, reward_no], count: 600, attributes: {campaign_id: {type: string 6 B, distinct: 20}, reward_no: integer}}
  Pledge:
    id: pledge_id
    belongs_to: {Person: 10 .. 200, Reward optional: {children: 40 .. 1000, present: 80%}}
    unique: [[campaign_id, person_id]]
    attributes: {pledge_id: ulid}
access_patterns:
  join: {create: Person}
  offer: {create: Reward}
  pledge: {create: Pledge}
  take_back: {delete: Pledge, by: pledge_id}
)");
  CHECK(pledges.failures == "");
  CHECK(refused_for(pledges, "pledge", "campaign_id", 2) > 0);
}

TEST_CASE("of the kinds that may hold a shared name one does") {
  const Proven crowd = prove(R"(entities:
  Person: {id: person_id, count: 900, unique: [{of: [handle], across: Team}], attributes: {person_id: ulid, handle: string 12 B, about: string 5 KB}}
  Team: {id: team_id, count: 300, unique: [{of: [handle], across: Person}], attributes: {team_id: ulid, handle: string 12 B}}
access_patterns:
  join: {create: Person}
  found: {create: Team}
  handle: {get: Person | Team, by: handle, rate: 30/s}
)");
  CHECK(crowd.failures == "");
  // Each kind has half a unit where it is not the one, and of four holders three take two blocks.
  CHECK(crowd.proof("handle").expected_units_mean ==
        doctest::Approx(0.5 + 0.25 * 0.5 + 0.75).epsilon(0.02));
  // By its guard, where the rows are kept by their ids.
  const Proven rooms = prove(R"(entities:
  Person: {id: person_id, count: 900, unique: [{of: [handle], across: Team}], attributes: {person_id: ulid, handle: string 12 B}}
  Team: {id: team_id, count: 300, unique: [{of: [handle], across: Person}], attributes: {team_id: ulid, handle: string 12 B}}
access_patterns:
  join: {create: Person, rate: 9/s}
  found: {create: Team, rate: 9/s}
  person: {get: Person, by: person_id, rate: 90/s, consistency: strong}
  team: {get: Team, by: team_id, rate: 90/s, consistency: strong}
  handle: {get: Person | Team, by: handle, rate: 1/min}
)");
  CHECK(rooms.failures == "");
  CHECK(rooms.plan("handle").steps.size() == 4);
  CHECK(rooms.proof("handle").expected_units_mean == doctest::Approx(1.5));
}
