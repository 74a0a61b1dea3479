// Goal: access plans do what the pattern says: conditions, transactions, guards, counters, reads that come first.

#include <doctest/doctest.h>

#include "design/requests.h"
#include "tests/unit/plan/planned.h"

namespace ddbplan::test {

using design::Operation;
using Names = std::vector<std::string>;

namespace {

const design::Step& last(const Planned& p, std::string_view pattern) {
  return p.pattern(pattern).steps.back();
}

std::string condition(const Planned& p, std::string_view pattern, std::size_t action = 0) {
  return design::describe(*p.design, p.workload, last(p, pattern).actions[action]).condition;
}

constexpr const char* kAccounts =
    "Account: {id: account_id, count: 1M, unique: [email], attributes: {account_id: ulid, email: "
    "string 24 B, name: string 20 B}}";

}  // namespace

TEST_CASE("create refuses a second row of the same identity") {
  const Planned p =
      plan_text("Thing: {id: thing_id, attributes: {thing_id: ulid}}", "add: {create: Thing}");
  CHECK(last(p, "add").operation == Operation::put_item);
  CHECK(condition(p, "add") == "attribute_not_exists(PK)");
}

TEST_CASE("a unique attribute is guarded through its whole life") {
  const Planned p =
      plan_text(kAccounts,
                "add: {create: Account}\nrename: {update: Account, by: account_id, set: [name]}\n"
                "change: {update: Account, by: account_id, set: [email]}\n"
                "drop: {delete: Account, by: account_id}\n"
                "log_in: {get: Account, by: email, rate: 0.1/s}");
  CHECK(p.errors() == Names{});
  REQUIRE(last(p, "add").operation == Operation::transact_write_items);
  CHECK(last(p, "add").actions.size() == 2);
  CHECK(last(p, "rename").operation == Operation::update_item);
  // The old value must be read to delete its guard: row, old guard, new guard.
  REQUIRE(p.pattern("change").steps.size() == 2);
  CHECK(p.pattern("change").steps.front().operation == Operation::get_item);
  CHECK(p.pattern("change").steps.front().consistent_read);
  CHECK(last(p, "change").actions.size() == 3);
  REQUIRE(p.pattern("drop").steps.size() == 2);
  CHECK(last(p, "drop").actions.size() == 2);
}

TEST_CASE("who writes an address in any case is found by its guard") {
  // A key in one case would answer some calls and not others.
  const char* patterns =
      "sign_up: {create: Resident}\nlog_in: {get: Resident, by: mail, rate: 10/s}";
  const auto steps = [&](const char* unique) {
    const Planned p = plan_text((std::string("Resident: {id: resident_id, count: 500k, unique: [") +
                                 unique + "], attributes: {resident_id: ulid, mail: string 22 B}}"),
                                patterns);
    CHECK(p.errors() == Names{});
    return p.pattern("log_in").steps.size();
  };
  CHECK(steps("mail") == 1);
  CHECK(steps("{of: mail, ignore_case: true}") == 2);
  // Nor may the few rows of a tenant be filtered for it.
  const Planned tenant = plan_text(
      "User: {id: user_id, count: 900, unique: [{of: mail, ignore_case: true}], attributes: "
      "{user_id: ulid, mail: string 22 B}}",
      "invite: {create: User}\nusers: {list: User, rate: 30/s}\nlog_in: {get: User, by: mail, "
      "rate: 1/hour}",
      "{tenant: org_id}");
  CHECK(tenant.errors() == Names{});
  REQUIRE(tenant.pattern("log_in").steps.size() == 2);
  CHECK(tenant.pattern("log_in").steps.front().operation == Operation::get_item);
}

TEST_CASE("an update names its row, its state and its version") {
  const Planned p = plan_text(
      "Doc: {id: doc_id, attributes: {doc_id: ulid, text: string 90 B, version: {type: integer, "
      "lock: true}, "
      "state: {states: {DRAFT: 50%, FINAL: 50%}, moves: [DRAFT -> FINAL]}}}",
      "add: {create: Doc}\nfinish: {update: Doc, by: doc_id, move: state DRAFT -> FINAL}");
  CHECK(p.errors() == Names{});
  const std::string text = condition(p, "finish");
  CHECK(text.find("attribute_exists(PK)") != std::string::npos);
  CHECK(text.find(" = :draft") != std::string::npos);
  CHECK(text.find("version = :version") != std::string::npos);
}

TEST_CASE("a floor is a condition without arithmetic") {
  // Condition expressions have no arithmetic: `stock >= :n` beside SET stock = stock - :n.
  const Planned p = plan_text(
      "Item: {id: sku, attributes: {sku: string 8 B, stock: integer}}",
      "add: {create: Item}\nsell: {update: Item, by: sku, add: {stock: -:n}, if: stock >= :n}");
  CHECK(condition(p, "sell") == "attribute_exists(PK) AND stock >= :n");
  CHECK(design::describe(*p.design, p.workload, last(p, "sell").actions.front()).update ==
        "SET stock = stock - :n");
}

TEST_CASE("what one parent counts and sums of a row is one update of it") {
  const Planned p = plan_text(
      "Shop: {id: shop_id, attributes: {shop_id: ulid, reviews: {count_of: Review}, stars: "
      "{sum_of: "
      "Review.stars}}}\n"
      "Review: {id: review_id, belongs_to: {Shop: 20 .. 90}, attributes: {review_id: ulid, stars: "
      "integer}}",
      "open: {create: Shop}\nreview: {create: Review}\nshop: {get: Shop, by: shop_id}");
  CHECK(p.errors().empty());
  const design::AccessPlan& plan = p.pattern("review");
  REQUIRE(plan.steps.size() == 1);
  REQUIRE(plan.steps.front().actions.size() == 2);
  CHECK(plan.steps.front().actions.back().update.size() == 2);
  CHECK(plan.client_notes.empty());
}

TEST_CASE("a count is kept in the child's transaction") {
  const Planned p = plan_text(
      "Shelf: {id: shelf_id, attributes: {shelf_id: ulid, books: {count_of: Book}}}\n"
      "Book: {id: [shelf_id, book_id], belongs_to: {Shelf: 30 .. 90}, attributes: {book_id: ulid}}",
      "open: {create: Shelf}\nadd: {create: Book}\nremove: {delete: Book, by: [shelf_id, "
      "book_id]}");
  CHECK(p.errors() == Names{});
  REQUIRE(last(p, "add").actions.size() == 2);
  CHECK(last(p, "add").actions[1].operation == Operation::update_item);
  REQUIRE(last(p, "remove").actions.size() == 2);
  // A second delete of the same book must not count twice.
  CHECK(condition(p, "remove").find("attribute_exists(PK)") != std::string::npos);
}

TEST_CASE(
    "an update whose composed index key needs what it does not know reads first, and checks") {
  const Planned p = plan_text(
      "Ticket: {id: ticket_id, count: 2M, attributes: {ticket_id: ulid, queue: string 8 B, due: "
      "timestamp, text: string 900 B}}",
      "add: {create: Ticket}\nroute: {update: Ticket, by: ticket_id, set: [queue], rate: 0.1/s}\n"
      "due: {update: Ticket, by: ticket_id, set: [due], rate: 0.1/s}\n"
      "next: {list: Ticket, by: queue, order: due asc, limit: 10, rate: 200/s}");
  CHECK(p.errors() == Names{});
  REQUIRE(p.indexes() == Names{"GSI1"});
  REQUIRE(p.pattern("route").steps.size() == 2);
  CHECK(p.pattern("route").steps.front().leads_on);
  CHECK(condition(p, "route").find("due = :due_before") != std::string::npos);
}

TEST_CASE("a write by less than the identity finds its rows first") {
  const Planned p = plan_text(
      "Session: {id: session_id, count: 1M, attributes: {session_id: uuid, user_id: uuid, data: "
      "string 300 B}}",
      "log_in: {create: Session}\ncheck: {get: Session, by: session_id, consistency: strong, rate: "
      "90/s}\n"
      "revoke: {delete: Session, by: user_id}");
  CHECK(p.errors() == Names{});
  REQUIRE(p.pattern("revoke").steps.size() == 2);
  CHECK(p.pattern("revoke").steps.front().operation == Operation::query);
  CHECK(p.pattern("revoke").steps.front().leads_on);
  CHECK(last(p, "revoke").actions.front().operation == Operation::delete_item);
}

TEST_CASE("rows that expired are not answers") {
  const Planned p = plan_text(
      "User: {id: user_id, attributes: {user_id: ulid}}\n"
      "Event: {id: [user_id, event_id], belongs_to: {User: 9 .. 90}, retention: 30 days after at, "
      "attributes: {event_id: ulid of at, at: timestamp}}",
      "add: {create: Event}\nevents: {list: Event, by: user_id, order: at desc, limit: 5}\n"
      "all: {list: Event, by: user_id, include_expired: true}");
  CHECK(p.design->tables.front().ttl_attribute == "expires_at");
  CHECK(design::describe(*p.design, p.workload, last(p, "events")).filter == "expires_at > :now");
  CHECK(design::describe(*p.design, p.workload, last(p, "all")).filter.empty());
}

TEST_CASE("what keys cannot serve is answered with an integration") {
  const Planned p =
      plan_text("Doc: {id: doc_id, attributes: {doc_id: ulid, text: string 900 B}}",
                "add: {create: Doc}\nfind: {search: Doc, text: [text]}\nstats: {analyse: Doc}");
  CHECK(p.errors() == Names{});
  CHECK(p.pattern("find").served == design::Served::offload);
  CHECK(p.pattern("find").offload.find("OpenSearch") != std::string::npos);
  CHECK(p.pattern("stats").served == design::Served::offload);
  CHECK(p.design->tables.front().stream_view == "NEW_AND_OLD_IMAGES");
  CHECK(p.design->tables.front().point_in_time_recovery);
}

}  // namespace ddbplan::test
