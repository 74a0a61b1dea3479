#include "dynamo/table.h"

#include <doctest/doctest.h>

using namespace ddbplan::dynamo;  // NOLINT(google-build-using-namespace)

namespace {

AttributeValue s(std::string text) {
  return AttributeValue::string(std::move(text));
}

const TableDescription kTable = {
    .name = "shop",
    .key = {{{"PK", ScalarType::S}}, {{"SK", ScalarType::S}}},
    .global_indexes = {},
    .local_indexes = {},
    .ttl_attribute = std::nullopt,
};

IndexDescription index(Projection projection) {
  return {"GSI1", {{{"GPK", ScalarType::S}}, {{"GSK", ScalarType::N}}}, std::move(projection)};
}

const Item kItem = {{"PK", s("C#1")},   {"SK", s("O#1")},
                    {"GPK", s("OPEN")}, {"GSK", AttributeValue::number(7)},
                    {"total", s("9")},  {"note", s("x")}};

Item without(Item item, const std::string& name) {
  item.erase(name);
  return item;
}

}  // namespace

TEST_CASE("KEYS_ONLY holds the keys of the table and the index") {
  const auto entry = project_entry(kItem, kTable, index({ProjectionType::keys_only, {}}));
  REQUIRE(entry.has_value());
  CHECK(*entry == without(without(kItem, "total"), "note"));
}

TEST_CASE("INCLUDE adds the attributes that the item has") {
  const auto entry =
      project_entry(kItem, kTable, index({ProjectionType::include, {"total", "absent"}}));
  REQUIRE(entry.has_value());
  CHECK(*entry == without(kItem, "note"));
}

TEST_CASE("ALL is the item") {
  CHECK(project_entry(kItem, kTable, index({ProjectionType::all, {}})) == kItem);
}

TEST_CASE("an item that lacks a key attribute is not in the index") {
  const IndexDescription all = index({ProjectionType::all, {}});
  CHECK(project_entry(without(kItem, "GPK"), kTable, all) == std::nullopt);
  CHECK(project_entry(without(kItem, "GSK"), kTable, all) == std::nullopt);
}

TEST_CASE("an attribute of another type does not index the item") {
  Item item = kItem;
  item["GSK"] = s("seven");
  CHECK(project_entry(item, kTable, index({ProjectionType::all, {}})) == std::nullopt);
}

TEST_CASE("with several key attributes every one must be there") {
  IndexDescription multi = index({ProjectionType::keys_only, {}});
  multi.key.partition.push_back({"total", ScalarType::S});
  CHECK(project_entry(kItem, kTable, multi).has_value());
  CHECK(project_entry(without(kItem, "total"), kTable, multi) == std::nullopt);
}

TEST_CASE("the table's key may be part of the index's key") {
  const IndexDescription inverted = {"inverted",
                                     {{{"SK", ScalarType::S}}, {{"PK", ScalarType::S}}},
                                     {ProjectionType::keys_only, {}}};
  CHECK(project_entry(kItem, kTable, inverted) == Item{{"PK", s("C#1")}, {"SK", s("O#1")}});
}
