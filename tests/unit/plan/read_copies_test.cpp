// Read copies: rows that are asked for more often than a partition key value takes.
#include "plan/read_copies.h"

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "capacity/usage.h"
#include "pricing/price_book.h"
#include "schema/parse.h"
#include "tests/unit/plan/planned.h"

using namespace ddbplan;
using test::Planned;

namespace {

Planned planned(const std::string& body, const design::EarlierDesign* earlier = nullptr) {
  const support::SourceText source("shop.yaml", "ddbplan: 1\nservice: shop\n" + body);
  Planned out;
  const auto workload = schema::parse(source, out.diagnostics);
  INFO(support::render(out.diagnostics, source));
  REQUIRE(workload.has_value());
  plan::PlanOptions options;
  options.earlier = earlier;
  plan::Planned made =
      plan::plan_best(*workload, pricing::PriceBook::built_in(), options, out.diagnostics);
  out.workload = std::move(made.workload);
  out.design = std::move(made.design);
  REQUIRE(out.design.has_value());
  return out;
}

/// Products whose hottest one is read `hottest` times a second, half a unit each.
std::string shop(const std::string& hottest, const std::string& more = "") {
  return R"(entities:
  Product: {id: sku, count: 10k, attributes: {sku: string 12 B, name: string 40 B, price: number}}
access_patterns:
  add: {create: Product, rate: 1/min}
  product: {get: Product, by: sku, rate: 20k/s, peak: 90k/s, hottest: )" +
         hottest + "}\n  reprice: {update: Product, by: sku, set: [price], rate: 1/s}\n" + more;
}

long copies(const Planned& made) {
  return std::count_if(
      made.design->items.begin(), made.design->items.end(),
      [](const design::ItemLayout& item) { return item.role == design::ItemRole::copy; });
}

}  // namespace

TEST_CASE("a row has as many items as its reads need") {
  // 16,000 reads a second of half a unit are 8,000 units. A key takes 3,000, planned to 70 %: 2,100; 8,000 / 2,100 is
  // 3.8, so four items, of which three are copies.
  const Planned made = planned(shop("16000/s"));
  CHECK(copies(made) == 3);
  for (const design::HotKey& hot : made.design->hot_keys) CHECK(hot.peak_read_units == 2000);
  CHECK(made.design->hot_keys.size() == 4);
  const design::Step& get = made.pattern("product").steps.front();
  CHECK(get.copies == 3);
  CHECK(get.layouts.size() == 4);
  // A write is a transaction of four, 2 units each.
  const auto usage = capacity::pattern_usage(made.workload, *made.design, made.pattern("reprice"));
  CHECK(usage.units.front().write == 8);
}

TEST_CASE("a row that one key can take has one item") {
  CHECK(copies(planned(shop("5000/s"))) ==
        0);  // 2,500 units: over what is planned for, under the limit
}

TEST_CASE("beyond twenty items a cache is the answer") {
  CHECK(copies(planned(shop("80k/s"))) == 19);  // 40,000 / 2,100 is 19.05: twenty items
  CHECK(copies(planned(shop("90k/s"))) == 0);   // 45,000 would need 22
}

TEST_CASE("rows that not only their own writes change have no copies") {
  CHECK(copies(planned(
            shop("16000/s", "  keep: {upsert: Product, by: sku, set: [name], rate: 1/s}\n"))) == 0);
}

TEST_CASE("copies of an earlier design stay when the rush is over") {
  design::EarlierDesign earlier;
  design::EarlierItem copy;
  copy.role = "copy";
  earlier.entities["Product"] = {copy, copy};
  const Planned calm = planned(shop("100/s"));
  const auto variants = plan::read_copy_variants(calm.workload, *calm.design, &earlier);
  REQUIRE(variants.size() == 1);
  CHECK(variants.front().is_held);
  CHECK(variants.front().apply(calm.workload).entities.front().read_copies == 2);
}
