#include "emit/why.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/unit/emit/shop_fixture.h"

using namespace ddbplan;        // NOLINT(google-build-using-namespace)
using namespace ddbplan::emit;  // NOLINT(google-build-using-namespace)
using ddbplan::emit::test::ShopFixture;

TEST_CASE("a decision: what was chosen, why, what else and at what price") {
  const ShopFixture shop;
  const std::string expected = R"(pattern:open_orders
  chosen: Query GSI1 (ORDERS#OPEN#{shard})
  because: The index holds open orders only: 1 % of the rows.
  Instead                $/month  Ruled out by
  a filter on a Scan  +$1,234.50
  one shard            ruled out  800 write units a second on one key
)";
  CHECK(why(shop.bundle(), "pattern:open_orders").value() == expected);
  CHECK(why(shop.bundle(), "open_orders").value() == expected);
  CHECK(why(shop.bundle(), "").value() == expected);
}

TEST_CASE("an index is explained by its own and its projection's decision") {
  ShopFixture shop;
  shop.design.decisions.push_back({"index:GSI1", "one index", "", {}});
  shop.design.decisions.push_back({"projection:GSI1", "total", "", {}});
  shop.design.decisions.push_back({"index:GSI2", "another", "", {}});
  CHECK(why(shop.bundle(), "GSI1").value() ==
        "index:GSI1\n  chosen: one index\n\nprojection:GSI1\n  chosen: total\n");
}

TEST_CASE("every subject that is printed can be asked for") {
  ShopFixture shop;
  shop.design.decisions.push_back({"projection:GSI1", "total", "", {}});
  shop.design.decisions.push_back({"shards:ORDERS#OPEN#{shard}", "2 shards", "", {}});
  CHECK(why(shop.bundle(), "projection:GSI1").value() == "projection:GSI1\n  chosen: total\n");
  const std::string shards = "shards:ORDERS#OPEN#{shard}\n  chosen: 2 shards\n";
  CHECK(why(shop.bundle(), "shards:ORDERS#OPEN#{shard}").value() == shards);
  CHECK(why(shop.bundle(), "ORDERS#OPEN#{shard}").value() == shards);
  CHECK(why(shop.bundle(), "shards:ORDERS#OPEN").error().message ==
        "there is no sharded key named 'ORDERS#OPEN'");
}

TEST_CASE("what exists but was not decided says so") {
  CHECK(why(ShopFixture().bundle(), "entity:Order").value() ==
        "entity:Order\n  Nothing was to decide: there is one way to do it.\n");
}

TEST_CASE("an unknown subject names the nearest known one") {
  const ShopFixture shop;
  CHECK(why(shop.bundle(), "open_order").error().message ==
        "there is no pattern, index, entity or sharded key named 'open_order'; did you mean "
        "'open_orders'?");
  CHECK(why(shop.bundle(), "entity:Ordr").error().message ==
        "there is no entity named 'Ordr'; did you mean 'Order'?");
  CHECK(why(shop.bundle(), "index:zzzzzz").error().message == "there is no index named 'zzzzzz'");
  CHECK(why(shop.bundle(), "pattern:").error().message == "there is no pattern named ''");
}
