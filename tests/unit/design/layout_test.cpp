#include "design/layout.h"

#include <doctest/doctest.h>

using namespace ddbplan;
using design::Field;
using design::KeyEntry;
using design::Literal;
using design::ShardRule;
using dynamo::AttributeValue;
using dynamo::Item;
using dynamo::ScalarType;

namespace {

Field field(std::string attribute) {
  Field made;
  made.attribute = std::move(attribute);
  return made;
}

model::ExpressionPtr status_is(const std::string& status) {
  const auto operand = [](auto node) {
    return std::make_shared<const model::Operand>(model::Operand{node, {}});
  };
  model::AttributeRef reference;
  reference.name = "status";
  const model::Compare compare{model::CompareOp::eq, operand(reference),
                               operand(model::Constant{AttributeValue::string(status)})};
  return std::make_shared<const model::Expression>(model::Expression{compare, {}});
}

design::Table shop_table() {
  design::Table table;
  table.name = "shop";
  table.key = {{{"PK", ScalarType::S}}, {{"SK", ScalarType::S}}};
  design::Index index;
  index.name = "GSI1";
  index.key = {{{"GSI1PK", ScalarType::S}}, {{"GSI1SK", ScalarType::S}}};
  table.indexes.push_back(index);
  return table;
}

design::ItemLayout order_layout() {
  design::ItemLayout layout;
  layout.base.partition = {{{Literal{"CUSTOMER#"}, field("customer_id")}}};
  layout.base.sort = {{{Literal{"ORDER#"}, field("order_id")}}};
  layout.attributes = {"customer_id", "order_id", "status"};
  layout.type_value = "Order";
  KeyEntry open;
  open.index = "GSI1";
  open.partition = {{{Literal{"OPEN#"}, design::ShardField{}}}};
  open.sort = {{{field("order_id")}}};
  open.when = status_is("OPEN");
  open.shards.count = 4;
  open.shards.by = {"customer_id", "order_id"};
  layout.entries.push_back(open);
  return layout;
}

Item order(const std::string& status) {
  return {{"customer_id", AttributeValue::string("c1")},
          {"order_id", AttributeValue::string("o7")},
          {"status", AttributeValue::string(status)}};
}

}  // namespace

TEST_CASE("the shard is FNV-1a of the identity, modulo the count") {
  ShardRule rule;
  rule.count = 4;
  rule.by = {"customer_id", "order_id"};
  // fnv1a_32("c1#o7") = 0x1649D24C.
  CHECK(design::shard_of(rule, order("OPEN")) == 0x1649D24CU % 4);
  rule.count = 1;
  CHECK(design::shard_of(rule, order("OPEN")) == 0);
}

TEST_CASE("named hot keys have a count of their own") {
  ShardRule rule;
  rule.per_key_attribute = "customer_id";
  rule.per_key = {{"c1", 8}};
  CHECK(rule.sharded());
  CHECK(design::shard_count(rule, order("OPEN")) == 8);
  CHECK(design::shard_count(rule, {{"customer_id", AttributeValue::string("c2")}}) == 1);
  CHECK(design::shard_count(rule, {}) == 1);
}

TEST_CASE("an item holds attributes, type and the keys of every index it is in") {
  const std::optional<Item> item =
      design::materialise(order_layout(), shop_table(), "type", order("OPEN"));
  REQUIRE(item);
  CHECK(*item->at("PK").as_string() == "CUSTOMER#c1");
  CHECK(*item->at("SK").as_string() == "ORDER#o7");
  CHECK(*item->at("type").as_string() == "Order");
  CHECK(item->at("GSI1PK").as_string()->rfind("OPEN#", 0) == 0);
  CHECK(item->at("GSI1SK").as_string()->compare("o7") == 0);
  CHECK(item->size() == 8);
}

TEST_CASE("a row outside a sparse index carries no key of it") {
  const std::optional<Item> item =
      design::materialise(order_layout(), shop_table(), "type", order("PAID"));
  REQUIRE(item);
  CHECK_FALSE(item->contains("GSI1PK"));
  CHECK_FALSE(item->contains("GSI1SK"));
}

TEST_CASE("a row that lacks an attribute of the base key has no item") {
  Item row = order("OPEN");
  row.erase("order_id");
  CHECK_FALSE(design::materialise(order_layout(), shop_table(), "type", row));
}

TEST_CASE("a table is described with its indexes apart") {
  design::Table table = shop_table();
  design::Index local = table.indexes.front();
  local.name = "LSI1";
  local.local = true;
  table.indexes.push_back(local);
  const dynamo::TableDescription description = design::describe(table);
  CHECK(description.global_indexes.size() == 1);
  CHECK(description.local_indexes.size() == 1);
  CHECK(description.key == table.key);
}
