// Goal: reads that go over a relation, or over several entities, and what the client merges.

#include <doctest/doctest.h>

#include "tests/unit/plan/planned.h"

namespace ddbplan::test {

using design::Operation;

namespace {

const char* const kFleet =
    "Site: {id: site_id, count: 200, attributes: {site_id: string 6 B}}\n"
    "Device: {id: device_id, belongs_to: {Site: 10 .. 100}, attributes: {device_id: string 12 B}}\n"
    "Reading: {id: [device_id, at], belongs_to: {Device: 1k .. 9k}, attributes: {at: epoch_ms, "
    "level: string 5 B}}\n"
    "Alarm: {id: [device_id, alarm_id], belongs_to: {Device: 20 .. 900}, attributes: {alarm_id: "
    "ulid "
    "of at, at: timestamp, level: string 5 B}}";

}  // namespace

TEST_CASE("an equality on a parent finds the parents first, then their rows") {
  const Planned p = plan_text(kFleet,
                              "add: {create: Reading}\n"
                              "latest: {list: Reading, by: site_id, order: at desc, limit: 1 per "
                              "device_id}");
  REQUIRE(p.errors().empty());
  const design::AccessPlan& plan = p.pattern("latest");
  REQUIRE(plan.steps.size() == 2);
  CHECK(plan.steps[0].leads_on);
  CHECK(plan.steps[1].operation == Operation::query);
  CHECK(plan.steps[1].after == std::vector<std::size_t>{0});
  CHECK(plan.steps[1].limit == 1);
  CHECK_FALSE(plan.steps[1].index);
  // The groups come one after another; their order among each other is the client's work.
  REQUIRE(plan.client_order.size() == 1);
  CHECK(plan.client_order.front().attribute.name == "at");
  CHECK_FALSE(plan.client_limit);
}

TEST_CASE("an equality on a child leads to the parents by a batch of gets") {
  const Planned p = plan_text(
      "User: {id: user_id, count: 9k, attributes: {user_id: ulid}}\n"
      "Item: {id: item_id, count: 5k, attributes: {item_id: ulid, title: string 40 B}}\n"
      "Bid: {id: [item_id, bid_id], belongs_to: {User: 10 .. 90, Item: 18 .. 900}, attributes: "
      "{bid_id: ulid}}",
      "bid: {create: Bid}\nmine: {list: Item, by: Bid.user_id}");
  REQUIRE(p.errors().empty());
  const design::AccessPlan& plan = p.pattern("mine");
  REQUIRE(plan.steps.size() == 2);
  CHECK(plan.steps[0].operation == Operation::query);
  CHECK(plan.steps[1].operation == Operation::batch_get_item);
}

TEST_CASE("several entities are read one by one and merged in one order") {
  const Planned p =
      plan_text(kFleet,
                "add: {create: Reading}\nraise: {create: Alarm}\n"
                "timeline: {list: [Reading, Alarm], by: device_id, order: at desc, limit: 50}");
  REQUIRE(p.errors().empty());
  const design::AccessPlan& plan = p.pattern("timeline");
  REQUIRE(plan.steps.size() == 2);
  for (const design::Step& step : plan.steps) {
    CHECK(step.operation == Operation::query);
    CHECK_FALSE(step.scan_index_forward);
    CHECK(step.limit == 50);
  }
  CHECK(plan.client_limit == 50);
  CHECK(plan.client_order.size() == 1);
}

TEST_CASE("a row with all of its children is one Query of its item collection") {
  const char* const entities =
      "Customer: {id: customer_id, count: 9k, attributes: {customer_id: ulid}}\n"
      "Address: {id: [customer_id, address_id], belongs_to: {Customer: 2 .. 9}, attributes: "
      "{address_id: ulid}}\n"
      "Order: {id: [customer_id, order_id], belongs_to: {Customer: 5 .. 60}, attributes: "
      "{order_id: "
      "ulid}}\n"
      "Ticket: {id: [customer_id, ticket_id], belongs_to: {Customer: 5 .. 60}, attributes: "
      "{ticket_id: ulid}}";
  const Planned p = plan_text(entities,
                              "buy: {create: Order}\nask: {create: Ticket}\n"
                              "page: {get: Customer, by: customer_id, with: [Address, Order, "
                              "Ticket]}\n"
                              "history: {list: [Order, Ticket], by: customer_id}\n"
                              "ends: {list: [Address, Ticket], by: customer_id}");
  REQUIRE(p.errors().empty());
  const design::AccessPlan& page = p.pattern("page");
  REQUIRE(page.steps.size() == 1);
  CHECK(page.steps[0].layouts.size() == 4);
  CHECK_FALSE(page.steps[0].sort_condition);
  // ORDER# and TICKET# lie side by side.
  const design::AccessPlan& history = p.pattern("history");
  REQUIRE(history.steps.size() == 1);
  REQUIRE(history.steps[0].sort_condition);
  CHECK(history.steps[0].sort_condition->op == design::SortCondition::Op::between);
  // Between ADDRESS# and TICKET# lie the customer and the orders, which nobody wants to pay for.
  CHECK(p.pattern("ends").steps.size() == 2);
}

TEST_CASE("an optional equality is a filter") {
  const Planned p =
      plan_text(kFleet,
                "add: {create: Reading}\n"
                "list: {list: Reading, by: device_id, narrow_by: level 30%, order: at "
                "desc, limit: 9}");
  REQUIRE(p.errors().empty());
  const design::AccessPlan& plan = p.pattern("list");
  REQUIRE(plan.steps.size() == 1);
  CHECK(plan.served == design::Served::filter);
  CHECK(model::to_string(*plan.steps[0].filter) == "level = :level");
}

TEST_CASE("an order by a parent's attribute reads the parents and orders at the client") {
  const Planned p = plan_text(
      "Room: {id: room_id, count: 9k, attributes: {room_id: ulid, last_at: timestamp}}\n"
      "User: {id: user_id, count: 5k, attributes: {user_id: ulid}}\n"
      "Member: {id: [user_id, room_id], belongs_to: {User: 4 .. 90, Room: 3 .. 50}}",
      "join: {create: Member}\ntouch: {update: Room, by: room_id, set: [last_at]}\n"
      "inbox: {list: Member, by: user_id, order: room_id.last_at desc, limit: 30}");
  REQUIRE(p.errors().empty());
  const design::AccessPlan& plan = p.pattern("inbox");
  REQUIRE(plan.steps.size() == 2);
  CHECK_FALSE(plan.steps[0].limit);
  CHECK(plan.steps[1].operation == Operation::batch_get_item);
  CHECK(plan.client_limit == 30);
}

TEST_CASE("an upsert puts a new row into the indexes that its identity and values make") {
  const Planned p =
      plan_text("Presence: {id: user_id, count: 9k, attributes: {user_id: ulid, city: string 9 B}}",
                "beat: {upsert: Presence, by: user_id, set: [city]}\n"
                "near: {list: Presence, by: city, limit: 9, rate: 90/s}");
  REQUIRE(p.errors().empty());
  const design::AccessPlan& plan = p.pattern("beat");
  REQUIRE(plan.steps.size() == 1);
  CHECK(plan.steps[0].actions.front().maintains == std::vector<std::size_t>{0});
}

TEST_CASE("a base key holds more than the identity only where no second row can take its place") {
  const Planned p = plan_text(
      "Tenant: {id: tenant_id, count: 90, attributes: {tenant_id: string 8 B}}\n"
      "Ticket: {id: number, belongs_to: {Tenant: 90 .. 900}, attributes: {number: integer, mail: "
      "string 20 B}}",
      "open: {create: Ticket}\nmine: {list: Ticket, by: mail, limit: 9, rate: 900/s}",
      "{tenant: tenant_id}");
  REQUIRE(p.errors().empty());
  CHECK(p.key("Ticket").find("mail") == std::string::npos);
}

}  // namespace ddbplan::test
