// Goal: entities are in the tables that settings.layout asks for, and what a table has follows from its own
// entities alone: keys, TTL, stream, type attribute, indexes.

#include <doctest/doctest.h>

#include <algorithm>

#include "capacity/usage.h"
#include "tests/unit/plan/planned.h"

namespace ddbplan::test {

namespace {

using Names = std::vector<std::string>;

constexpr const char* kApart = "{layout: table-per-entity}";
constexpr const char* kAuto = "{layout: auto}";

Names table_names(const Planned& p) {
  Names out;
  for (const design::Table& table : p.design->tables) out.push_back(table.name);
  return out;
}

constexpr const char* kShop =
    "Customer: {id: customer_id, count: 2M, unique: [email], attributes: {customer_id: ulid, "
    "email: string 28 B, orders: {count_of: Order}}}\n"
    "Order: {id: [customer_id, order_id], belongs_to: {Customer: 12 .. 5000}, attributes: "
    "{order_id: ulid of placed_at, placed_at: timestamp, total: number}}\n"
    "Product: {id: sku, count: 80k, attributes: {sku: string 10 B, title: string 60 B, stock: "
    "integer}}";
constexpr const char* kShopPatterns =
    "sign_up: {create: Customer}\n"
    "page: {get: Customer, by: customer_id, with: {Order: {order: placed_at desc, limit: 10}}, "
    "rate: 90/s}\n"
    "place: {transaction: [{create: Order}, {update: Product, by: sku, add: {stock: -:quantity}, "
    "if: stock >= :quantity}], rate: 2/s}\n"
    "add: {create: Product}\nproduct: {get: Product, by: sku}";

}  // namespace

TEST_CASE("a table for each entity is named after it and holds its helpers") {
  const Planned p = plan_text(kShop, kShopPatterns, kApart);
  CHECK(p.messages().empty());
  CHECK(table_names(p) == Names{"test-Customer", "test-Order", "test-Product"});
  for (const design::ItemLayout& layout : p.design->items)
    CHECK(layout.table == p.row(p.workload.entity(layout.entity).name).table);
  // Rows and guards of customers: two kinds, told apart by their type and their sort key.
  CHECK(p.key("Customer") == "CUSTOMER#{customer_id} / CUSTOMER");
  CHECK(p.row("Customer").type_value == "Customer");
  CHECK(p.table("Customer").key.sort.size() == 1);
  CHECK(p.key("Order") == "CUSTOMER#{customer_id} / ORDER#{order_id}");
  CHECK_FALSE(p.row("Order").type_value.has_value());
}

TEST_CASE("a table of one kind of item under keys of their own has no sort key and no type") {
  const Planned p = plan_text(kShop, kShopPatterns, kApart);
  const design::ItemLayout& product = p.row("Product");
  CHECK(p.table("Product").key.sort.empty());
  CHECK(product.base.sort.empty());
  CHECK_FALSE(product.type_value.has_value());
  // PK 2 + "PRODUCT#" 8 + sku 10; sku 3 + 10; title 5 + 60; stock 5 + a number of `bytes`.
  const double stock = p.workload.entity(product.entity).find("stock")->bytes.mean;
  CHECK(product.bytes.mean == doctest::Approx(2 + 8 + 10 + 3 + 10 + 5 + 60 + 5 + stock));
}

TEST_CASE("a pattern over several entities asks each table for its own") {
  const Planned p = plan_text(kShop, kShopPatterns, kApart);
  const std::vector<design::Step>& page = p.pattern("page").steps;
  REQUIRE(page.size() == 2);
  CHECK(page[0].operation == design::Operation::get_item);
  CHECK(page[0].table == p.row("Customer").table);
  CHECK(page[1].operation == design::Operation::query);
  CHECK(page[1].table == p.row("Order").table);
  CHECK(page[1].limit == 10);
  // In the single table the two are one Query.
  CHECK(plan_text(kShop, kShopPatterns).pattern("page").steps.size() == 1);
}

TEST_CASE("a transaction writes several tables, and its units are told by table") {
  const Planned p = plan_text(kShop, kShopPatterns, kApart);
  const std::vector<design::Step>& steps = p.pattern("place").steps;
  REQUIRE(steps.size() == 1);
  CHECK(steps[0].operation == design::Operation::transact_write_items);
  const capacity::Usage usage = capacity::usage(p.workload, *p.design);
  // An order, its customer's count and a product, each below 1 KB: two units in each of three tables.
  const std::vector<capacity::ResourceUnits>& units =
      usage.patterns[p.workload.find_pattern("place")->index].units;
  REQUIRE(units.size() == 3);
  for (const capacity::ResourceUnits& one : units) {
    CHECK(one.write == doctest::Approx(2));
    CHECK_FALSE(one.index.has_value());
  }
}

TEST_CASE("TTL and streams are those of a table's own entities") {
  const char* entities =
      "Session: {id: session_id, retention: until expires_at, attributes: {session_id: uuid}}\n"
      "Code: {id: code_id, retention: until valid_until, attributes: {code_id: uuid}}\n"
      "Event: {id: event_id, archive: s3, attributes: {event_id: uuid}}";
  const char* patterns =
      "a: {put: Session}\nb: {get: Session, by: session_id}\nc: {put: Code}\n"
      "d: {get: Code, by: code_id}\ne: {put: Event}\nf: {get: Event, by: event_id}";
  // In one table the second repeats its time in the attribute of the first.
  const Planned shared = plan_text(entities, patterns);
  CHECK(shared.errors() == Names{});
  CHECK(shared.table("Code").ttl_attribute == "expires_at");
  const model::Entity& code = shared.workload.entity(*shared.workload.find_entity("Code"));
  CHECK(code.retention->base_attribute == "valid_until");
  CHECK(code.find("expires_at") != nullptr);
  // Not where that attribute means something else.
  std::string own = entities;
  own.replace(own.find("code_id: uuid}"), 14, "code_id: uuid, expires_at: timestamp}");
  CHECK(plan_text(own, patterns).errors() == Names{"DDB702"});

  const Planned p = plan_text(entities, patterns, kApart);
  CHECK(p.messages().empty());
  CHECK(p.table("Session").ttl_attribute == "expires_at");
  CHECK(p.table("Code").ttl_attribute == "valid_until");
  CHECK_FALSE(p.table("Event").ttl_attribute.has_value());
  CHECK(p.table("Event").stream_view == "NEW_AND_OLD_IMAGES");
  CHECK_FALSE(p.table("Code").stream_view.has_value());

  // Left open, the two that cannot share a table are parted, and no others.
  const Planned open = plan_text(entities, patterns, kAuto);
  CHECK(open.messages().empty());
  CHECK(open.design->tables.size() == 2);
  CHECK(open.row("Session").table != open.row("Code").table);
}

TEST_CASE("indexes of two tables are numbered by table and share nothing") {
  const Planned p = plan_text(
      "A: {id: a_id, count: 1M, attributes: {a_id: ulid, x: {type: string 8 B, distinct: 5000}}}\n"
      "B: {id: b_id, count: 1M, attributes: {b_id: ulid, x: {type: string 8 B, distinct: 5000}}}",
      "a: {create: A}\nb: {create: B}\nga: {get: A, by: a_id, consistency: strong, rate: 9/s}\n"
      "gb: {get: B, by: b_id, consistency: strong, rate: 9/s}\n"
      "ax: {list: A, by: x, limit: 9, rate: 9/s}\n"
      "bx: {list: B, by: x, limit: 9, rate: 9/s}",
      kApart);
  for (const char* entity : {"A", "B"}) {
    const design::Table& table = p.table(entity);
    REQUIRE(table.indexes.size() == 1);
    CHECK(table.indexes.front().name == "GSI1");
  }
  CHECK(p.pattern("ax").steps.front().table != p.pattern("bx").steps.front().table);
  CHECK(p.design->optimality.proven);
  // Two tables at 5 dollars and two indexes at 1.
  CHECK(p.design->optimality.complexity == support::Money::from_usd(12));
}

TEST_CASE("left open, a table is worth its price or there is none") {
  const Planned cheap =
      plan_text(kShop, kShopPatterns, "{layout: auto, complexity: {table: 0 USD}}");
  const Planned dear = plan_text(kShop, kShopPatterns, kAuto);
  CHECK(dear.design->tables.size() == 1);
  CHECK(dear.design->optimality.proven);
  CHECK(table_names(dear) == Names{"test"});
  const Planned one = plan_text(kShop, kShopPatterns, "{complexity: {table: 0 USD}}");
  CHECK(cheap.design->optimality.objective <= one.design->optimality.objective);
  const auto layout =
      std::find_if(dear.design->decisions.begin(), dear.design->decisions.end(),
                   [](const design::Decision& decision) { return decision.subject == "layout"; });
  REQUIRE(layout != dear.design->decisions.end());
  CHECK(layout->chosen == "one table");
  CHECK_FALSE(layout->alternatives.empty());
}

TEST_CASE("the guards of a shared name space are in one table") {
  const Planned p = plan_text(
      "User: {id: user_id, unique: [{of: handle, across: Page}], attributes: {user_id: ulid, "
      "handle: string 9 B}}\n"
      "Page: {id: page_id, retention: until gone_at, attributes: {page_id: "
      "ulid, handle: string 9 B, gone_at: epoch_s}}",
      "join: {create: User}\nopen: {create: Page}\nuser: {get: User, by: user_id, rate: "
      "90/s}\nnamed: {get: User, by: handle}",
      kApart);
  CHECK(p.messages().empty());
  // That of Page, whose guards expire with their rows: TTL is a setting of a table.
  int guards = 0;
  for (const design::ItemLayout& layout : p.design->items) {
    if (layout.role != design::ItemRole::guard) continue;
    ++guards;
    CHECK(layout.table == p.row("Page").table);
  }
  CHECK(guards == 2);
  CHECK(p.table("Page").ttl_attribute == "gone_at");
  CHECK(p.table("User").key.sort.empty());
  CHECK(p.pattern("named").steps.front().table == p.row("Page").table);
}

TEST_CASE("limits.tables bounds a layout that is open and refuses one that is not") {
  Planned p = plan_text(kShop, kShopPatterns, kApart);
  p.workload.limits.tables = 2;
  support::Diagnostics diagnostics;
  const auto design = replan(p.workload, diagnostics);
  REQUIRE(diagnostics.items().size() == 1);
  CHECK(diagnostics.items().front().code == "DDB206");
  CHECK(diagnostics.items().front().message ==
        "layout: table-per-entity makes 3 tables, and limits.tables allows 2");

  p.workload.settings.layout = model::Layout::automatic;
  p.workload.settings.complexity_table = {};
  support::Diagnostics none;
  const auto open = replan(p.workload, none);
  CHECK(none.items().empty());
  REQUIRE(open.has_value());
  CHECK(open->tables.size() <= 2);
}

}  // namespace ddbplan::test
