#include "tests/unit/emit/shop_fixture.h"

#include <memory>

namespace ddbplan::emit::test {
namespace {

using design::Field;
using design::KeyTemplate;
using design::Literal;
using support::Money;

constexpr model::EntityId kCustomer{0};
constexpr model::EntityId kOrder{1};

model::Attribute attribute(std::string name, model::ValueType type, double mean, double max) {
  model::Attribute out;
  out.name = std::move(name);
  out.type = type;
  out.bytes = {mean, max};
  return out;
}

model::ExpressionPtr status_is_open() {
  auto left = std::make_shared<model::Operand>();
  left->node = model::AttributeRef{"status", std::nullopt, "", {}};
  auto right = std::make_shared<model::Operand>();
  right->node = model::Constant{dynamo::AttributeValue::string("OPEN")};
  auto expression = std::make_shared<model::Expression>();
  expression->node = model::Compare{model::CompareOp::eq, left, right};
  return expression;
}

model::Workload make_workload() {
  model::Workload out;
  out.service = "shop";
  out.settings.regions = {"eu-west-1"};

  model::Entity customer;
  customer.name = "Customer";
  customer.id = {"customer_id"};
  customer.count = 2e6;
  customer.attributes = {attribute("customer_id", model::ValueType::ulid, 26, 26),
                         attribute("name", model::ValueType::string, 40, 120)};
  model::Entity order;
  order.name = "Order";
  order.id = {"customer_id", "order_id"};
  order.count = 24e6;
  order.attributes = {attribute("customer_id", model::ValueType::ulid, 26, 26),
                      attribute("order_id", model::ValueType::ulid, 26, 26),
                      attribute("status", model::ValueType::string, 5, 7),
                      attribute("total", model::ValueType::number, 4, 21)};
  order.attributes[0].origin = model::Origin::relation;
  order.attributes[2].is_state = true;
  order.attributes[2].values = {{"OPEN", 0.01, 0}, {"PAID", 0.99, 1}};
  model::Relation relation;
  relation.parents = {kCustomer};
  relation.attributes = {"customer_id"};
  relation.children = {12, 5000};
  order.relations = {relation};
  out.entities = {customer, order};

  model::Pattern page;
  page.name = "customer_page";
  model::Read get;
  get.kind = model::ReadKind::get;
  get.entities = {kCustomer};
  get.by = {{"customer_id", std::nullopt, "", {}}};
  get.with_children = {{kOrder, {}, 10, {}}};
  page.action = get;
  page.load.mean = {90};
  page.load.peak = {270};
  page.load.peak_is_default = true;

  model::Pattern open;
  open.name = "open_orders";
  model::Read list;
  list.kind = model::ReadKind::list;
  list.entities = {kOrder};
  list.where = status_is_open();
  list.limit = 100;
  open.action = list;
  open.load.mean = {2};
  open.load.peak = {6};

  model::Pattern place;
  place.name = "place_order";
  model::Write create;
  create.entities = {kOrder};
  place.action = create;
  place.load.mean = {0.38};
  place.load.peak = {60};

  out.patterns = {page, open, place};
  out.defaults = {{"access_patterns.customer_page.peak", "270/s", "3 x the mean"}};
  return out;
}

Field field(std::string attribute) {
  Field out;
  out.attribute = std::move(attribute);
  return out;
}

KeyTemplate key(std::vector<design::KeyPart> parts) {
  return {std::move(parts), {}};
}

design::Table make_table() {
  using dynamo::ScalarType;
  design::Table table;
  table.name = "shop";
  table.key = {{{"PK", ScalarType::S}}, {{"SK", ScalarType::S}}};
  table.point_in_time_recovery = true;
  table.recovery_days = 35;
  design::Index index;
  index.name = "GSI1";
  index.key = {{{"GSI1PK", ScalarType::S}}, {{"GSI1SK", ScalarType::S}}};
  index.projection = {dynamo::ProjectionType::include, {"total"}};
  table.indexes = {index};
  return table;
}

std::vector<design::ItemLayout> make_items() {
  design::ItemLayout customer;
  customer.entity = kCustomer;
  customer.base.partition = {key({Literal{"CUSTOMER#"}, field("customer_id")})};
  customer.base.sort = {key({Literal{"CUSTOMER"}})};
  customer.attributes = {"customer_id", "name"};
  customer.type_value = "Customer";
  customer.bytes = {180, 260};

  design::ItemLayout order;
  order.entity = kOrder;
  order.base.partition = {key({Literal{"CUSTOMER#"}, field("customer_id")})};
  order.base.sort = {key({Literal{"ORDER#"}, field("order_id")})};
  design::KeyEntry open;
  open.index = "GSI1";
  open.partition = {key({Literal{"ORDERS#OPEN#"}, design::ShardField{}})};
  open.sort = {key({field("order_id")})};
  open.when = status_is_open();
  open.shards.count = 2;
  open.shards.by = {"order_id"};
  order.entries = {open};
  order.attributes = {"customer_id", "order_id", "status", "total"};
  order.type_value = "Order";
  order.bytes = {210.5, 240};
  return {customer, order};
}

design::KeyExpr expr(std::string literal, const std::string& parameter) {
  design::KeyExpr out;
  out.parts = {Literal{std::move(literal)},
               design::FieldFrom{field(parameter), design::FromParameter{parameter}}};
  return out;
}

std::vector<design::AccessPlan> make_plans() {
  design::Step page;
  page.operation = design::Operation::query;
  page.layouts = {0, 1};
  page.partition = {expr("CUSTOMER#", "customer_id")};
  page.scan_index_forward = false;
  page.limit = 11;

  design::Step open;
  open.operation = design::Operation::query;
  open.index = "GSI1";
  open.layouts = {1};
  design::KeyExpr shard;
  shard.parts = {Literal{"ORDERS#OPEN#"}, design::ShardField{}};
  open.partition = {shard};
  open.shards.count = 2;
  open.shards.by = {"order_id"};
  open.limit = 100;
  open.merge_order = {{{"order_id", std::nullopt, "", {}}, model::Direction::ascending}};

  design::Step place;
  place.operation = design::Operation::put_item;
  place.layouts = {1};
  design::WriteAction put;
  put.layout = 1;
  put.maintains = {0};
  place.actions = {put};

  std::vector<design::AccessPlan> plans(3);
  for (std::size_t i = 0; i < plans.size(); ++i) plans[i].pattern = {i};
  plans[0].steps = {page};
  plans[1].steps = {open};
  plans[2].steps = {place};
  return plans;
}

design::Design make_design() {
  design::Design out;
  out.tables = {make_table()};
  out.items = make_items();
  out.plans = make_plans();
  out.hot_keys = {{0, "GSI1", "ORDERS#OPEN", "peak", 800, 0, 2}};
  design::Decision decision;
  decision.subject = "pattern:open_orders";
  decision.chosen = "Query GSI1 (ORDERS#OPEN#{shard})";
  decision.reason = "The index holds open orders only: 1 % of the rows.";
  decision.alternatives = {{"a filter on a Scan", Money::from_usd(1234.5), ""},
                           {"one shard", std::nullopt, "800 write units a second on one key"}};
  out.decisions = {decision};
  out.optimality.objective = Money::from_usd(36.5);
  out.optimality.complexity = Money::from_usd(6);
  out.optimality.nodes = 41;
  return out;
}

capacity::Usage make_usage() {
  capacity::Usage out;
  capacity::PatternUsage page;
  page.steps = {{{1, 1}, 11, 0, 2300, 11, 2300, {{0, std::nullopt, 0.5, 0}}, {}}};
  page.units = {{0, std::nullopt, 0.5, 0}};
  capacity::PatternUsage open;
  open.steps = {{{2, 2}, 100, 0, 12000, 100, 12000, {{0, "GSI1", 2, 0}}, {}}};
  open.units = {{0, "GSI1", 2, 0}};
  capacity::PatternUsage place;
  place.steps = {{{1, 1}, 0, 0, 0, 0, 0, {{0, std::nullopt, 0, 1}, {0, "GSI1", 0, 1}}, {}}};
  place.units = {{0, std::nullopt, 0, 1}, {0, "GSI1", 0, 1}};
  out.patterns = {page, open, place};
  out.loads = {{0, std::nullopt, {45, 135}, {0.38, 60}}, {0, "GSI1", {4, 12}, {0.38, 60}}};
  out.storage = {{0, std::nullopt, 26e6, 8e9}, {0, "GSI1", 240e3, 4e7}};
  return out;
}

pricing::CostReport make_cost() {
  pricing::CostReport out;
  out.lines = {
      {"read request units", 0, std::nullopt, "eu-west-1", 118.26, "million",
       Money::from_usd(16.7329)},
      {"write request units", 0, std::nullopt, "eu-west-1", 1, "million", Money::from_usd(0.705)},
      {"read request units", 0, "GSI1", "eu-west-1", 10.512, "million", Money::from_usd(1.4874)},
      {"storage", 0, std::nullopt, "eu-west-1", 7.45, "GB-month", Money::from_usd(2.1083)}};
  for (const pricing::CostLine& line : out.lines) out.total += line.usd;
  out.patterns = {Money::from_usd(16.7329), Money::from_usd(1.4874), Money::from_usd(0.705)};
  pricing::TableChoice choice;
  choice.total = out.total;
  choice.on_demand = out.total;
  choice.provisioned = Money::from_usd(42);
  out.tables = {choice};
  out.other_mode_total = choice.provisioned;
  out.not_priced = {"data transfer between regions"};
  out.region = "eu-west-1";
  out.prices_as_of = "2025-08-28";
  return out;
}

}  // namespace

ShopFixture::ShopFixture()
    : source("shop.yaml", "ddbplan: 1\nservice: shop\n"),
      workload(make_workload()),
      design(make_design()),
      usage(make_usage()),
      cost(make_cost()),
      seed({{"shop", "{\"Item\": {\"PK\": {\"S\": \"CUSTOMER#1\"}}}\n", 1}}) {
  proof.patterns = 3;
  proof.requests = 21;
  proof.items = 4210;
}

}  // namespace ddbplan::emit::test
