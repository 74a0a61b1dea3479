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
