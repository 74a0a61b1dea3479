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
  if (made.design) made.design->decisions = made.reasons();
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
  product: {get: Product, by: sku, rate: 20k/s, peak: 120k/s, hottest: )" +
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
  // 45,000 would need 22; 16 take 2,813 each, under the 3,000 of a key.
  CHECK(copies(planned(shop("90k/s"))) == 15);
  CHECK(copies(planned(shop("120k/s"))) == 0);  // 60,000 / 2,850, all but the ceiling, is 21.1
}

TEST_CASE("rows that not only their own writes change have no copies") {
  CHECK(copies(planned(
            shop("16000/s", "  keep: {upsert: Product, by: sku, set: [name], rate: 1/s}\n"))) == 0);
}

TEST_CASE("what copies cannot take a part of is left to the row") {
  // The row's key also has the reviews: 4,000 lists a second of 0.5 units on one product, 2,000 of its 2,100. Gets of
  // 2,000 units a second leave each item 100 of them: twenty items.
  const Planned made = planned(R"(entities:
  Product: {id: sku, count: 10k, attributes: {sku: string 12 B, name: string 40 B}}
  Review: {id: [sku, review_id], belongs_to: {Product: 20}, attributes: {review_id: ulid, text: string 100 B}}
access_patterns:
  add: {create: Product, rate: 1/min}
  review: {create: Review, rate: 1/min}
  product: {get: Product, by: sku, rate: 500/s, peak: 4000/s, hottest: 4000/s}
  reviews: {list: Review, by: sku, order: review_id desc, limit: 10, rate: 500/s, peak: 4000/s, hottest: 4000/s}
)");
  CHECK(copies(made) == 19);
}

TEST_CASE("a strongly consistent get asks the row alone") {
  const Planned made = planned(
      shop("16000/s", "  exactly: {get: Product, by: sku, consistency: strong, rate: 10/s}\n"));
  CHECK(copies(made) >= 3);
  CHECK(made.pattern("exactly").steps.front().copies == 0);
  CHECK(made.pattern("product").steps.front().copies >= 3);
  CHECK(made.pattern("product").client_notes.size() == 1);
}

TEST_CASE("a transaction takes a hundred actions and 4 MB") {
  // 17 items, six of them: 102 actions.
  std::string six = "  batch: {transaction: [";
  for (int i = 0; i < 6; ++i)
    six += std::string(i == 0 ? "" : ", ") + "{update: Product, by: sku, add: {price: +:x}}";
  CHECK(copies(planned(shop("70k/s"))) == 16);
  CHECK(copies(planned(shop("70k/s", six + "], rate: 1/s}\n"))) == 0);
  // 17 items of 300 KB: 5 MB.
  CHECK(copies(planned(R"(entities:
  Doc: {id: doc_id, count: 12, attributes: {doc_id: ulid, title: string 20 B, data: binary 300 KB}}
access_patterns:
  add: {create: Doc, rate: 1/min}
  get: {get: Doc, by: doc_id, rate: 1000/s, peak: 1000/s, hottest: 900/s}
)")) == 0);
}

TEST_CASE("a row with a facet can have copies of what is left of it") {
  const Planned made = planned(R"(entities:
  Article: {id: article_id, count: 500, attributes: {article_id: ulid, title: string 60 B, views: integer, body: string 10 KB}}
access_patterns:
  write: {create: Article, rate: 1/s}
  read: {get: Article, by: article_id, rate: 10/s}
  seen: {update: Article, by: article_id, add: {views: 1}, rate: 20/s}
  pre: {get: Article, by: article_id, returns: [title], rate: 9000/s, peak: 12k/s, hottest: 7k/s}
)");
  CHECK(copies(made) == 1);
  CHECK(std::count_if(made.design->items.begin(), made.design->items.end(),
                      [](const design::ItemLayout& item) {
                        return item.role == design::ItemRole::facet;
                      }) == 1);
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
  // More of them, or any where there are none, would have to be written to the rows that are there.
  const Planned rush = planned(shop("16000/s"));
  const auto held = plan::read_copy_variants(rush.workload, *rush.design, &earlier);
  REQUIRE(held.size() == 1);
  CHECK(held.front().apply(rush.workload).entities.front().read_copies == 2);
  earlier.entities["Product"].clear();
  CHECK(plan::read_copy_variants(rush.workload, *rush.design, &earlier).empty());
}

TEST_CASE("copies of a parent's attributes give way to read copies") {
  // A product that holds its brand's name is written by a stream consumer as well, which knows of one item.
  const Planned made = planned(R"(entities:
  Brand: {id: brand_id, count: 100, attributes: {brand_id: ulid, name: string 20 B}}
  Product: {id: sku, count: 10k, belongs_to: {Brand: 100}, attributes: {sku: string 12 B, name: string 40 B}}
access_patterns:
  found: {create: Brand, rate: 1/day}
  rename: {update: Brand, by: brand_id, set: [name], rate: 1/month}
  add: {create: Product, rate: 1/min}
  product: {get: Product, by: sku, with: {brand_id: [name]}, rate: 20k/s, peak: 60k/s, hottest: 12k/s}
)");
  CHECK(copies(made) >= 2);
}
