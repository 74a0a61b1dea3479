// A row and what belongs to it, created in one transaction; several counters of one parent.
#include <doctest/doctest.h>

#include <set>

#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using test::prove;
using test::Proven;

namespace {

/// The transactions that a pattern's typical calls sent.
std::vector<dynamo::TransactWriteItemsRequest> transactions(const Proven& proven,
                                                            const std::string& pattern) {
  std::vector<dynamo::TransactWriteItemsRequest> out;
  for (const test::KeptCall& call : proven.calls) {
    if (call.pattern != pattern || !call.is_typical) continue;
    for (const dynamo::Request& request : call.requests) {
      if (const auto* one = std::get_if<dynamo::TransactWriteItemsRequest>(&request))
        out.push_back(*one);
    }
  }
  REQUIRE_FALSE(out.empty());
  return out;
}

std::vector<dynamo::Item> puts_of(const dynamo::TransactWriteItemsRequest& request,
                                  const std::string& type) {
  std::vector<dynamo::Item> out;
  for (const auto& action : request.actions) {
    const auto* put = std::get_if<dynamo::PutItemRequest>(&action);
    if (put != nullptr && *put->item.at("type").as_string() == type) out.push_back(put->item);
  }
  return out;
}

const char* const kOrgs = R"(entities:
  Org: {id: org_id, count: 300, attributes: {org_id: uuid, name: string 30 B, members: {count_of: Membership}}}
  User: {id: user_id, count: 1000, attributes: {user_id: uuid}}
  Membership: {id: [org_id, user_id], belongs_to: {Org: 3 .. 12, User: 1 .. 3}, attributes: {role: {one_of: [OWNER, MEMBER]}, org_name: {copy_of: org_id.name, kept: transaction}}}
access_patterns:
  sign_up: {create: User}
  join: {create: Membership, rate: 5/s}
  leave: {delete: Membership, by: [org_id, user_id], rate: 1/s}
  rename: {update: Org, by: org_id, set: [name], rate: 1/min}
  members: {list: Membership, by: org_id, limit: 50, rate: 10/s}
  mine: {list: Membership, by: user_id, rate: 10/s}
)";

}  // namespace

TEST_CASE("the first child is counted in the Put of its parent, which says what it copies") {
  for (const char* found :
       {"[{create: Org}, {create: Membership}]", "[{create: Membership}, {create: Org}]"}) {
    CAPTURE(found);
    const Proven proven =
        prove(std::string(kOrgs) + "  found: {transaction: " + found + ", rate: 1/s}\n");
    CHECK(proven.failures == "");
    for (const dynamo::TransactWriteItemsRequest& sent : transactions(proven, "found")) {
      // Two Puts: an Update of the new Org would be a second action on its item.
      CHECK(sent.actions.size() == 2);
      const auto orgs = puts_of(sent, "Org");
      const auto members = puts_of(sent, "Membership");
      REQUIRE((orgs.size() == 1 && members.size() == 1));
      CHECK(orgs.front().at("members") == dynamo::AttributeValue::number(1));
      CHECK(orgs.front().at("org_id") == members.front().at("org_id"));
      CHECK(orgs.front().at("name") == members.front().at("org_name"));
    }
    // Nothing has to be read first.
    CHECK(proven.plan("found").steps.size() == 1);
  }
}

TEST_CASE("an order with its lines, and a customer who counts and sums orders") {
  const Proven proven = prove(R"(entities:
  Customer: {id: customer_id, count: 300, attributes: {customer_id: uuid, orders: {count_of: Order}, spent: {sum_of: Order.total}}}
  Product: {id: sku, count: 200, attributes: {sku: string 10 B, stock: integer}}
  Order: {id: order_id, belongs_to: {Customer: 5 .. 20}, attributes: {order_id: ulid of placed_at, placed_at: timestamp, total: integer, lines: {count_of: Line}, pieces: {sum_of: Line.quantity}}}
  Line: {id: [order_id, sku], belongs_to: {Order: 1 .. 8, Product: 1 .. 100}, attributes: {quantity: integer}}
access_patterns:
  join: {create: Customer}
  stock_up: {create: Product}
  place: {transaction: [{create: Line, times: 1 .. 8}, {create: Order}, {update: Product, by: sku, add: {stock: -:quantity}, if: stock >= :quantity}], idempotent: 10 min, rate: 5/s}
  show: {get: Order, by: order_id, with: {Line: {}}, rate: 20/s}
  top: {list: Customer, order: spent desc, limit: 10, rate: 1/min}
)");
  CHECK(proven.failures == "");
  for (const dynamo::TransactWriteItemsRequest& sent : transactions(proven, "place")) {
    const auto orders = puts_of(sent, "Order");
    const auto lines = puts_of(sent, "Line");
    REQUIRE(orders.size() == 1);
    CHECK(orders.front().at("lines") ==
          dynamo::AttributeValue::number(static_cast<std::int64_t>(lines.size())));
    dynamo::Decimal pieces;
    for (const dynamo::Item& line : lines) {
      CHECK(line.at("order_id") == orders.front().at("order_id"));
      pieces = *dynamo::Decimal::add(pieces, *line.at("quantity").as_number());
    }
    CHECK(orders.front().at("pieces") == dynamo::AttributeValue::number(pieces));
    std::set<std::string> updated;
    for (const auto& action : sent.actions) {
      if (const auto* update = std::get_if<dynamo::UpdateItemRequest>(&action))
        CHECK(updated.insert(*update->key.at("PK").as_string()).second);
    }
  }
}

TEST_CASE("an index in the order of what a parent keeps moves with it") {
  const Proven forum = prove(R"(entities:
  Board: {id: slug, count: 20, attributes: {slug: string 10 B, title: string 40 B}}
  Thread: {id: thread_id, belongs_to: {Board: 50 .. 500}, attributes: {thread_id: ulid of opened_at, opened_at: timestamp, title: string 60 B, last_at: {newest_of: Post.posted_at}, replies: {count_of: Post}}}
  Post: {id: [thread_id, post_id], belongs_to: {Thread: 2 .. 200}, attributes: {post_id: ulid of posted_at, posted_at: timestamp, text: string 100 B .. 1 KB}}
access_patterns:
  add_board: {create: Board}
  begin: {create: Thread, rate: 0.1/s}
  open: {transaction: [{create: Thread}, {create: Post}], rate: 1/s}
  reply: {create: Post, rate: 10/s}
  threads: {list: Thread, by: slug, order: last_at desc, limit: 30, rate: 50/s}
  read: {get: Thread, by: thread_id, with: {Post: {order: posted_at asc, limit: 50}}, rate: 100/s}
)");
  CHECK(forum.failures == "");
  // A thread without posts has the time that its create says, so that the index has every thread.
  const auto thread = *forum.workload.find_entity("Thread");
  for (const dynamo::Item& row : forum.data.rows[thread.index]) CHECK(row.contains("last_at"));
  // Its board, which stands in the index's key, is read before the post moves it.
  CHECK(forum.plan("reply").steps.size() == 2);
}

TEST_CASE(
    "a parent that is counted in and asked for its state is one write, of a row in that state") {
  const Proven games = prove(R"(entities:
  Match: {id: match_id, count: 2000, attributes: {match_id: ulid of started_at, started_at: timestamp, mode: {one_of: [SOLO, TEAM]}, state: {states: {OPEN: 5%, OVER: 95%}, moves: [OPEN -> OVER]}, players: {count_of: Seat}}}
  Seat: {id: [match_id, player_id], belongs_to: {Match: 4 .. 20}, attributes: {player_id: uuid, score: integer}}
access_patterns:
  open: {create: Match, rate: 5/s}
  sit: {transaction: [{create: Seat}, {check: Match, by: match_id, if: state = OPEN}], rate: 20/s}
  end: {update: Match, by: match_id, move: state OPEN -> OVER, rate: 5/s}
  lobby: {list: Match, where: state = OPEN, by: mode, order: started_at asc, limit: 20, rate: 50/s}
  table: {list: Seat, by: match_id, order: score desc, rate: 50/s}
)");
  CHECK(games.failures == "");
  // The seat and the match, twice over in a transaction, and the entry of the match among the open ones.
  for (const dynamo::TransactWriteItemsRequest& sent : transactions(games, "sit"))
    CHECK(sent.actions.size() == 2);
  CHECK(games.write_units("sit") == doctest::Approx(5).epsilon(0.02));
}

TEST_CASE("what a row copies is of the parent that it has in the end") {
  const Proven crowd = prove(R"(entities:
  Campaign: {id: campaign_id, count: 1000, attributes: {campaign_id: ulid, title: string 50 B, state: {states: {DRAFT: 20%, LIVE: 36%, OVER: 44%}, moves: [DRAFT -> LIVE, LIVE -> OVER]}}}
  Reward: {id: [campaign_id, tier], belongs_to: {Campaign: 6 .. 40}, attributes: {tier: integer, left: integer}}
  Pledge:
    id: [campaign_id, backer_id]
    belongs_to: {Campaign: 130 .. 2000, Reward as campaign_id + tier: 20 .. 500}
    attributes: {backer_id: uuid, campaign_title: {copy_of: campaign_id.title, kept: stream}}
access_patterns:
  pledge: {transaction: [{create: Pledge}, {update: Reward, by: [campaign_id, tier], add: {left: -1}, if: left >= 1}, {check: Campaign, by: campaign_id, if: state = LIVE}]}
)");
  CHECK(crowd.failures == "");
}

TEST_CASE("a second parent is one of the parent that the transaction checks") {
  const Proven crowd = prove(R"(entities:
  Campaign: {id: campaign_id, count: 1000, attributes: {campaign_id: ulid, title: string 50 B, state: {states: {DRAFT: 20%, LIVE: 36%, OVER: 44%}, moves: [DRAFT -> LIVE, LIVE -> OVER]}}}
  Reward: {id: [campaign_id, tier], belongs_to: {Campaign: 6 .. 40}, attributes: {tier: string 8 B}}
  Pledge:
    id: [campaign_id, backer_id]
    belongs_to: {Campaign: 130 .. 2000, Reward as campaign_id + tier optional: {children: 20 .. 500, present: 92%}}
    attributes: {backer_id: uuid, campaign_title: {copy_of: campaign_id.title, kept: stream}}
access_patterns:
  pledge: {transaction: [{create: Pledge}, {check: Campaign, by: campaign_id, if: state = LIVE}]}
)");
  CHECK(crowd.failures == "");
}

TEST_CASE("of two relations to one kind of parent the one that is followed counts") {
  const Proven social = prove(R"(entities:
  User: {id: user_id, count: 2000, attributes: {user_id: uuid, name: string 20 B, about: string 300 B .. 3 KB}}
  Follow: {id: [follower_id, followee_id], belongs_to: {User as followee_id: 20 .. 2000, User as follower_id: 20 .. 500}, attributes: {since: timestamp}}
access_patterns:
  join: {create: User, rate: 1/s}
  describe: {update: User, by: user_id, set: [name, about], rate: 50/s}
  follow: {create: Follow, rate: 20/s}
  followers: {list: Follow, by: followee_id, order: since desc, limit: 50, with: {follower_id: [name, about]}, rate: 1/min}
)");
  CHECK(social.failures == "");
  // Nobody is followed twice by the same: as many users as rows are asked for.
  CHECK(social.proof("followers").expected_units_mean > 5);
}
