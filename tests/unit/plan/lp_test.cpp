// Goal: the linear program says what the search reckons with, also where entities share an index.

#include <doctest/doctest.h>

#include <string>

#include "plan/planner.h"
#include "tests/unit/plan/planned.h"

namespace ddbplan::test {

namespace {

/// 100 orders and 100 tickets of each of a million customers, newest first, out of one index that projects what both
/// lists return.
std::string program_of_desk(const std::string& ticket_attributes) {
  const Planned p = plan_text(
      "Customer: {id: customer_id, count: 1M, attributes: {customer_id: ulid}}\n"
      "Order: {id: order_id, belongs_to: {Customer: 100 .. 100}, attributes: {order_id: ulid, at: "
      "timestamp, note: string 100 "
      "B, body: string 3000 B}}\n"
      "Ticket: {id: ticket_id, belongs_to: {Customer: 100 .. 100}, attributes: {ticket_id: ulid, "
      "at: timestamp, " +
          ticket_attributes + ", subject: string 20 B, body: string 3000 B}}",
      "join: {create: Customer, rate: 0.001/s}\nbuy: {create: Order, rate: 0.001/s}\n"
      "ask: {create: Ticket, rate: 0.001/s}\n"
      "order: {get: Order, by: order_id, rate: 900/s}\n"
      "ticket: {get: Ticket, by: ticket_id, rate: 900/s}\n"
      "orders: {list: Order, by: customer_id, order: at desc, limit: 20, returns: [at, note], "
      "rate: 300/s}\n"
      "tickets: {list: Ticket, by: customer_id, order: at desc, limit: 20, returns: [at, subject], "
      "rate: 300/s}",
      "{billing: on-demand, horizon: 1 month}");
  REQUIRE(p.errors().empty());
  REQUIRE(p.indexes().size() == 1);
  const auto text = plan::linear_program(p.workload, pricing::PriceBook::built_in(), {});
  REQUIRE(text);
  return *text;
}

/// Dollars that the objective charges a column with; 0 where there is none.
double charged(const std::string& program, const std::string& column) {
  const std::string objective = program.substr(0, program.find("Subject To"));
  const std::size_t at = objective.find(" " + column + "\n");
  if (at == std::string::npos) return 0;
  return std::stod(objective.substr(objective.rfind('+', at) + 1));
}

}  // namespace

TEST_CASE("an attribute that an index projects for one entity is in the other's entries too") {
  // Tickets have a note that nobody lists, and carry it because orders do: 100 million times the name and 50 B, of
  // which a GB (2^30 B) is $0.25 a month.
  const std::string program = program_of_desk("note: string 50 B");
  CHECK(charged(program, "heavier_Ticket_1") ==
        doctest::Approx(100e6 * (4 + 50) * 0.25 / 1073741824).epsilon(0.001));
}

TEST_CASE("entities without attributes of the same name make each other's entries no heavier") {
  CHECK(charged(program_of_desk("remark: string 50 B"), "heavier_Ticket_1") == 0);
}

}  // namespace ddbplan::test
