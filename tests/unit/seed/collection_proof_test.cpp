// Rows of several kinds that one Query finds in their item collection: each answer and each unit as planned.
#include <doctest/doctest.h>

#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using test::prove;
using test::Proven;

namespace {

const char* const kCustomers = R"(entities:
  Customer: {id: customer_id, count: 900, attributes: {customer_id: ulid, name: string 30 B}}
  Order: {id: [customer_id, order_id], belongs_to: {Customer: 10 .. 100}, attributes: {order_id: ulid of at, at: timestamp, text: string 50 B .. 2 KB}}
  Ticket: {id: [customer_id, ticket_id], belongs_to: {Customer: 5 .. 100}, attributes: {ticket_id: ulid of at, at: timestamp, text: string 700 B}}
access_patterns:
  join: {create: Customer}
  buy: {create: Order, rate: 1/s}
  ask: {create: Ticket, rate: 1/s}
)";

}  // namespace

TEST_CASE("a row comes with one of two kinds of children") {
  const Proven page =
      prove(std::string(kCustomers) +
            "  page: {get: Customer, by: customer_id, with: {Order: {order: at desc, "
            "limit: 5}, Ticket: {order: at asc, limit: 4}}, rate: 90/s}\n");
  CHECK(page.failures == "");
  CHECK(page.plan("page").steps.size() == 2);
}

TEST_CASE("a row comes with one of three kinds of children, two of them newest first") {
  const Proven page = prove(R"(entities:
  Customer: {id: customer_id, count: 900, attributes: {customer_id: ulid, name: string 30 B}}
  Order: {id: [customer_id, order_id], belongs_to: {Customer: 10 .. 100}, attributes: {order_id: ulid of at, at: timestamp}}
  Ticket: {id: [customer_id, ticket_id], belongs_to: {Customer: 5 .. 100}, attributes: {ticket_id: ulid of at, at: timestamp, text: string 3 KB}}
  Address: {id: [customer_id, address_id], belongs_to: {Customer: 2 .. 9}, attributes: {address_id: ulid}}
access_patterns:
  join: {create: Customer}
  buy: {create: Order, rate: 1/s}
  ask: {create: Ticket, rate: 1/s}
  move: {create: Address, rate: 1/s}
  page: {get: Customer, by: customer_id, with: {Order: {order: at desc, limit: 5}, Ticket: {order: at desc, limit: 4}, Address: {}}, rate: 90/s}
)");
  CHECK(page.failures == "");
  CHECK(page.plan("page").steps.size() == 3);
}

TEST_CASE("a row and its children come by one Query of an index, newest or oldest first") {
  for (const std::string order : {"at desc", "at asc"}) {
    const Proven page = prove(R"(entities:
  Org: {id: org_id, count: 90, attributes: {org_id: ulid, name: string}}
  Proj: {id: [org_id, proj_id], belongs_to: {Org: 20 .. 200}, attributes: {proj_id: ulid, title: string 10 B .. 3 KB}}
  Task: {id: [org_id, task_id], belongs_to: {Org: 600 .. 9000, Proj as org_id + proj_id: 30 .. 500}, attributes: {task_id: ulid of at, at: timestamp, text: string 20 B .. 2 KB}}
access_patterns:
  page: {get: Proj, by: [org_id, proj_id], with: {Task: {order: )" +
                              order +
                              R"(, limit: 20}}, rate: 800/s}
  tasks: {list: Task, by: [org_id, proj_id], order: )" +
                              order + R"(, limit: 5, rate: 9/s}
  task: {get: Task, by: [org_id, task_id], rate: 500/s, consistency: strong}
  c0: {create: Org, rate: 1/day}
  c1: {create: Proj, rate: 1/s}
  c2: {create: Task, rate: 1/s}
)");
    CHECK(page.failures == "");
    REQUIRE(page.plan("page").steps.size() == 1);
    CHECK(page.plan("page").steps.front().index == "GSI1");
  }
}
