// Goal: rows of several kinds that stand in one item collection cost no more requests than they must.

#include <doctest/doctest.h>

#include "capacity/usage.h"
#include "tests/unit/plan/planned.h"

namespace ddbplan::test {

using design::Operation;

namespace {

const char* const kCustomers =
    "Customer: {id: customer_id, count: 9k, attributes: {customer_id: ulid, name: string 30 B}}\n"
    "Order: {id: [customer_id, order_id], belongs_to: {Customer: 10 .. 100}, attributes: "
    "{order_id: "
    "ulid of at, at: timestamp}}\n"
    "Ticket: {id: [customer_id, ticket_id], belongs_to: {Customer: 5 .. 100}, attributes: "
    "{ticket_id: ulid of at, at: timestamp}}\n";

const char* const kCreates = "buy: {create: Order}\nask: {create: Ticket}\n";

double read_units(const Planned& p, std::string_view name) {
  double units = 0;
  for (const capacity::ResourceUnits& one :
       capacity::pattern_usage(p.workload, *p.design, p.pattern(name)).units)
    units += one.read;
  return units;
}

}  // namespace

TEST_CASE("of two kinds of children with limits one brings the row") {
  const Planned p = plan_text(
      kCustomers, std::string(kCreates) +
                      "page: {get: Customer, by: customer_id, with: {Order: {order: at desc, "
                      "limit: 5}, Ticket: {order: at desc, limit: 4}}, rate: 50/s}");
  REQUIRE(p.errors().empty());
  const design::AccessPlan& page = p.pattern("page");
  REQUIRE(page.steps.size() == 2);
  CHECK(page.steps[0].operation == Operation::query);
  CHECK(page.steps[0].layouts.size() == 2);
  CHECK_FALSE(page.steps[0].scan_index_forward);
  CHECK(page.steps[1].operation == Operation::query);
  CHECK(page.steps[1].layouts.size() == 1);
  // Neither waits for the other.
  CHECK(page.steps[1].after.empty());
  // The limit of the kind that brings the row counts the row as well.
  const int limits = *page.steps[0].limit + *page.steps[1].limit;
  CHECK(limits == 5 + 4 + 1);
  // Two Queries of less than 4 KB, each half a unit.
  CHECK(read_units(p, "page") == doctest::Approx(1));
}

TEST_CASE("a row has one kind of children on each side") {
  const Planned p = plan_text(
      kCustomers, std::string(kCreates) +
                      "orders: {get: Customer, by: customer_id, with: {Order: {order: at desc, "
                      "limit: 5}}, rate: 50/s}\n"
                      "tickets: {get: Customer, by: customer_id, with: {Ticket: {order: at asc, "
                      "limit: 5}}, rate: 50/s}\n"
                      "both: {get: Customer, by: customer_id, with: {Order: {order: at desc, "
                      "limit: 5}, Ticket: {order: at asc, limit: 5}}, rate: 50/s}");
  REQUIRE(p.errors().empty());
  CHECK(p.key("Order") == "CUSTOMER#{customer_id} / #ORDER#{order_id}");
  CHECK(p.key("Ticket") == "CUSTOMER#{customer_id} / CUSTOMER#TICKET#{ticket_id}");
  CHECK(p.pattern("orders").steps.size() == 1);
  CHECK(p.pattern("tickets").steps.size() == 1);
  CHECK(p.pattern("both").steps.size() == 2);
}

TEST_CASE("a row and its children that an index finds are one Query of it") {
  const char* const entities =
      "Org: {id: org_id, count: 1k, attributes: {org_id: ulid}}\n"
      "Proj: {id: [org_id, proj_id], belongs_to: {Org: 20 .. 200}, attributes: {proj_id: ulid, "
      "title: "
      "string 90 B}}\n"
      "Task: {id: [org_id, task_id], belongs_to: {Org: 600 .. 9000, Proj as org_id + proj_id: 30 "
      ".. 30}, "
      "attributes: {task_id: ulid of at, at: timestamp, text: string 50 B}}\n";
  const std::string patterns =
      "page: {get: Proj, by: [org_id, proj_id], with: {Task: {order: at desc, limit: 10}}, rate: "
      "800/s}\n"
      "task: {get: Task, by: [org_id, task_id], rate: 500/s, consistency: strong}\n"
      "c0: {create: Org}\nc1: {create: Proj, rate: 1/s}\nc2: {create: Task, rate: 1/s}\n";
  const Planned p = plan_text(entities, patterns);
  REQUIRE(p.errors().empty());
  const design::AccessPlan& page = p.pattern("page");
  REQUIRE(page.steps.size() == 1);
  CHECK(page.steps[0].index == "GSI1");
  CHECK(page.steps[0].layouts.size() == 2);
  CHECK(page.steps[0].limit == 10 + 1);
  CHECK_FALSE(page.steps[0].scan_index_forward);
  CHECK(p.key("Proj", "GSI1") == "PROJ#{org_id}#{proj_id} / PROJ");
  CHECK(p.key("Task", "GSI1") == "PROJ#{org_id}#{proj_id} / #TASK#{task_id}");
  // Ten tasks and their row are less than 4 KB: half a unit, where two requests would be two halves.
  const auto bytes = [&](std::string_view entity) {
    const design::ItemLayout& row = p.row(entity);
    return capacity::entry_size(p.workload, *p.design, row, row.entries.front()).mean;
  };
  REQUIRE(10 * bytes("Task") + bytes("Proj") < 4096);
  CHECK(read_units(p, "page") == doctest::Approx(0.5));
}

}  // namespace ddbplan::test
