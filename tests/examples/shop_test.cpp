// Goal: the shop, end to end: what an engineer would draw on a whiteboard, with exact units.

#include <doctest/doctest.h>

#include "tests/examples/designed.h"

namespace ddbplan::test {

TEST_CASE("the shop: orders stand beside their customer, open orders in a sparse index") {
  const Json design = design_example("examples/shop.yaml");
  CHECK(design.at("schema_version") == 1);
  CHECK(row_key(design, "Customer").at("partition_key") == "CUSTOMER#{customer_id}");
  CHECK(row_key(design, "Order").at("partition_key") == "CUSTOMER#{customer_id}");
  CHECK(row_key(design, "Product").at("partition_key") == "PRODUCT#{sku}");

  const Json page = steps(design, "customer_page");
  REQUIRE(page.size() == 1);  // the customer and its newest orders in one Query
  CHECK(page.at(0).at("operation") == "Query");
  CHECK(page.at(0).at("index").is_null());
  CHECK(page.at(0).at("limit") == 11);
  CHECK(page.at(0).at("scan_index_forward") == false);

  const Json order = steps(design, "order").at(0);
  CHECK(order.at("operation") == "GetItem");
  CHECK(order.at("consistent_read") == true);

  const Json open = steps(design, "open_orders").at(0);
  REQUIRE(open.at("index").is_string());
  CHECK(row_key(design, "Order", open.at("index")).at("when") == "status = OPEN");
}

TEST_CASE("the shop: a transaction keeps the count and the stock") {
  const Json design = design_example("examples/shop.yaml");
  const Json place = steps(design, "place_order").at(0);
  CHECK(place.at("operation") == "TransactWriteItems");
  REQUIRE(place.at("actions").size() == 3);
  bool stock = false;
  bool count = false;
  for (const Json& action : place.at("actions")) {
    const std::string entity = action.at("entity");
    if (entity == "Product") {
      stock =
          action.at("condition").get<std::string>().find("stock >= :quantity") != std::string::npos;
      CHECK(action.at("times").at("mean") == 2.3);
      CHECK(action.at("times").at("max") == 40);
    }
    if (entity == "Customer") count = action.at("operation") == "UpdateItem";
  }
  CHECK(stock);
  CHECK(count);
}

TEST_CASE("the shop: a payment leaves the index of open orders") {
  const Json design = design_example("examples/shop.yaml");
  const std::string index = steps(design, "open_orders").at(0).at("index");
  // An entry that leaves costs unit(old): one, for an entry of at most 1 KB. Shipping touches it no more.
  if (row_key(design, "Order", index).contains("when")) {
    CHECK(units(design, "ship_order", index, "write") == 0);
    CHECK(units(design, "pay_order", index, "write") >= 0.99);
  }
}

TEST_CASE("the shop: cost lines add up, and every region has its own price") {
  const Json design = design_example("examples/shop.yaml");
  double sum = 0;
  for (const Json& line : design.at("cost").at("lines")) sum += line.at("usd").get<double>();
  CHECK(sum == doctest::Approx(design.at("cost").at("usd_per_month").get<double>()).epsilon(1e-9));
  const Json elsewhere =
      design_example("examples/shop.yaml", {"--set", "settings.regions=[sa-east-1]"});
  CHECK(elsewhere.at("cost").at("usd_per_month").get<double>() >
        design.at("cost").at("usd_per_month").get<double>());
}

}  // namespace ddbplan::test
