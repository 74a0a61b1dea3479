#include "tests/unit/seed/mini_shop.h"

#include "schema/parse.h"
#include "support/check.h"

namespace ddbplan::test {

using design::Encoding;
using design::Field;
using design::FieldFrom;
using design::FromConstant;
using design::FromParameter;
using design::HighSentinel;
using design::KeyExpr;
using design::KeyTemplate;
using design::Literal;
using design::Operation;
using design::ShardField;
using dynamo::AttributeValue;
using dynamo::ScalarType;

namespace {

constexpr const char* kSchema = R"(
ddbplan: 1
service: mini
entities:
  Customer:
    id: customer_id
    count: 60
    unique: [email]
    attributes:
      customer_id: ulid
      email: string 20 B
      name: string 30 B .. 60 B
      order_count: {count_of: Order}
  Product:
    id: sku
    count: 40
    attributes: {sku: string 10 B, title: string 40 B, stock: integer}
  Order:
    id: [customer_id, order_id]
    belongs_to: {Customer: 12 .. 200}
    retention: 1 year after placed_at
    attributes:
      order_id: ulid of placed_at
      placed_at: timestamp
      status: {states: {OPEN: 10%, PAID: 20%, SHIPPED: 70%}, moves: [OPEN -> PAID, PAID -> SHIPPED]}
      total: number
      lines: list 600 B .. 2 KB
access_patterns:
  sign_up: {create: Customer, rate: 1/s}
  customer_by_mail: {get: Customer, by: email, rate: 1/s}
  customer_page: {get: Customer, by: customer_id, with: {Order: {order: placed_at desc, limit: 10}}, rate: 1/s}
  order: {get: Order, by: [customer_id, order_id], consistency: strong, rate: 1/s}
  recent_orders: {list: Order, by: customer_id, range: placed_at, order: placed_at desc, limit: 5, pages: 1.5 .. 3, rate: 1/s}
  open_orders: {list: Order, where: status = OPEN, order: placed_at asc, limit: 20, rate: 1/s}
  order_count: {count: Order, by: customer_id, rate: 1/s}
  products: {get: Product, by: sku, batch: 5 .. 30, rate: 1/s}
  rename: {update: Customer, by: customer_id, set: [name], rate: 1/s}
  pay_order: {update: Order, by: [customer_id, order_id], move: status OPEN -> PAID, rate: 1/s}
  cancel: {delete: Order, by: [customer_id, order_id], rate: 0.1/s}
  add_product: {create: Product, rate: 1/s}
  place_order:
    {transaction: [{create: Order}, {update: Product, by: sku, add: {stock: -:quantity}, if: stock >= :quantity, times: 2 .. 4}],
     idempotent: 10 min, rate: 1/s}
)";

Field field(const std::string& name, Encoding encoding = Encoding::plain) {
  Field made;
  made.attribute = name;
  made.encoding = encoding;
  return made;
}

FieldFrom given(const std::string& name, Encoding encoding = Encoding::plain,
                const std::string& from = "") {
  return {field(name, encoding), FromParameter{from.empty() ? name : from}};
}

design::Table table() {
  design::Table made;
  made.name = "mini";
  made.key = {{{"PK", ScalarType::S}}, {{"SK", ScalarType::S}}};
  made.ttl_attribute = "expires_at";
  design::Index index;
  index.name = "GSI1";
  index.key = {{{"GSI1PK", ScalarType::S}}, {{"GSI1SK", ScalarType::S}}};
  made.indexes.push_back(index);
  return made;
}

design::ItemLayout layout(design::ItemRole role, model::EntityId entity,
                          std::vector<design::KeyPart> partition, std::vector<design::KeyPart> sort,
                          const std::string& type) {
  design::ItemLayout made;
  made.role = role;
  made.entity = entity;
  made.base.partition = {KeyTemplate{std::move(partition), ScalarType::S}};
  made.base.sort = {KeyTemplate{std::move(sort), ScalarType::S}};
  made.type_value = type;
  return made;
}

void store_all(const model::Workload& workload, design::ItemLayout& layout) {
  for (const model::Attribute& attribute : workload.entity(layout.entity).attributes) {
    layout.attributes.push_back(attribute.name);
  }
}

std::vector<design::ItemLayout> layouts(const model::Workload& workload) {
  const model::EntityId customer = *workload.find_entity("Customer");
  const model::EntityId order = *workload.find_entity("Order");
  const model::EntityId product = *workload.find_entity("Product");
  using design::ItemRole;
  std::vector<design::ItemLayout> items;
  items.push_back(layout(ItemRole::row, customer, {Literal{"CUSTOMER#"}, field("customer_id")},
                         {Literal{"CUSTOMER"}}, "Customer"));
  // '#' before ORDER: orders sort below their customer, so that one backward Query meets the
  // customer first.
  items.push_back(layout(ItemRole::row, order, {Literal{"CUSTOMER#"}, field("customer_id")},
                         {Literal{"#ORDER#"}, field("order_id")}, "Order"));
  items.push_back(layout(ItemRole::row, product,
                         {Literal{"PRODUCT#"}, field("sku", Encoding::escape)},
                         {Literal{"PRODUCT"}}, "Product"));
  items.push_back(layout(ItemRole::guard, customer,
                         {Literal{"EMAIL#"}, field("email", Encoding::escape)}, {Literal{"GUARD"}},
                         "EmailGuard"));
  for (const std::size_t row : {kCustomerRow, kOrderRow, kProductRow})
    store_all(workload, items[row]);
  items[kEmailGuard].attributes = {"customer_id"};
  items[kEmailGuard].unique = 0;
  design::KeyEntry open;
  open.index = "GSI1";
  open.partition = {KeyTemplate{{Literal{"OPEN#"}, ShardField{}}, ScalarType::S}};
  open.sort = {KeyTemplate{{field("order_id"), Literal{"#"}, field("customer_id")}, ScalarType::S}};
  open.when = compare("status", model::CompareOp::eq, text_constant("OPEN"));
  open.shards.count = 3;
  open.shards.by = {"customer_id", "order_id"};
  items[kOrderRow].entries.push_back(open);
  return items;
}

design::Step step(Operation operation, std::vector<std::size_t> layouts) {
  design::Step made;
  made.operation = operation;
  made.layouts = std::move(layouts);
  return made;
}

KeyExpr customer_key() {
  return {{Literal{"CUSTOMER#"}, given("customer_id")}, ScalarType::S};
}
KeyExpr order_key() {
  return {{Literal{"#ORDER#"}, given("order_id")}, ScalarType::S};
}
model::ExpressionPtr live() {
  return compare("expires_at", model::CompareOp::gt, {model::Now{}, {}});
}

design::Step between(std::vector<std::size_t> layouts, KeyExpr low, KeyExpr high) {
  design::Step made = step(Operation::query, std::move(layouts));
  made.partition = {customer_key()};
  design::SortCondition condition;
  condition.op = design::SortCondition::Op::between;
  condition.low = std::move(low);
  condition.high = std::move(high);
  made.sort_condition = std::move(condition);
  made.scan_index_forward = false;
  return made;
}

std::vector<design::Step> mail_steps() {
  design::Step guard = step(Operation::get_item, {kEmailGuard});
  guard.partition = {{{Literal{"EMAIL#"}, given("email", Encoding::escape)}, ScalarType::S}};
  guard.sort = {{{Literal{"GUARD"}}, ScalarType::S}};
  design::Step row = step(Operation::get_item, {kCustomerRow});
  row.partition = {
      {{Literal{"CUSTOMER#"}, FieldFrom{field("customer_id"), design::FromStep{0, "customer_id"}}},
       ScalarType::S}};
  row.sort = {{{Literal{"CUSTOMER"}}, ScalarType::S}};
  row.after = {0};
  return {guard, row};
}

design::Step page_step() {
  design::Step page = between({kCustomerRow, kOrderRow}, {{Literal{"#ORDER#"}}, ScalarType::S},
                              {{Literal{"CUSTOMER"}}, ScalarType::S});
  page.filter = std::make_shared<const model::Expression>(
      model::Expression{model::Or{{missing("expires_at"), live()}}, {}});
  page.limit = 11;
  return page;
}

design::Step recent_step() {
  design::Step recent =
      between({kOrderRow},
              {{Literal{"#ORDER#"}, given("placed_at", Encoding::ulid_time, "placed_at_from")},
               ScalarType::S},
              {{Literal{"#ORDER#"}, given("placed_at", Encoding::ulid_time, "placed_at_to"),
                HighSentinel{}},
               ScalarType::S});
  recent.filter = live();
  recent.limit = 5;
  return recent;
}

design::Step open_step() {
  design::Step open = step(Operation::query, {kOrderRow});
  open.index = "GSI1";
  open.partition = {{{Literal{"OPEN#"}, ShardField{}}, ScalarType::S}};
  open.shards.count = 3;
  open.shards.by = {"customer_id", "order_id"};
  open.filter = live();
  open.limit = 20;
  model::OrderBy by;
  by.attribute.name = "placed_at";
  open.merge_order = {by};
  return open;
}

design::Step count_step() {
  design::Step count = step(Operation::query, {kOrderRow});
  count.partition = {customer_key()};
  design::SortCondition orders;
  orders.op = design::SortCondition::Op::begins_with;
  orders.low = {{Literal{"#ORDER#"}}, ScalarType::S};
  count.sort_condition = orders;
  count.filter = live();
  count.count_only = true;
  return count;
}

design::WriteAction action(Operation operation, std::size_t layout,
                           model::ExpressionPtr condition) {
  design::WriteAction made;
  made.operation = operation;
  made.layout = layout;
  made.condition = std::move(condition);
  return made;
}

design::WriteAction counter_update() {
  design::WriteAction counter = action(Operation::update_item, kCustomerRow, exists("PK"));
  counter.update.emplace_back(
      design::AddNumber{"order_count", false,
                        std::make_shared<const model::Operand>(
                            model::Operand{model::Constant{AttributeValue::number(1)}, {}})});
  return counter;
}

design::Step write(Operation operation, std::vector<design::WriteAction> actions) {
  design::Step made;
  made.operation = operation;
  made.actions = std::move(actions);
  for (const design::WriteAction& one : made.actions) made.layouts.push_back(one.layout);
  return made;
}

design::Step pay_step() {
  design::WriteAction pay =
      action(Operation::update_item, kOrderRow,
             both(exists("PK"), compare("status", model::CompareOp::eq, text_constant("OPEN"))));
  pay.update.emplace_back(
      design::SetValue{"status", std::make_shared<const model::Operand>(text_constant("PAID"))});
  pay.known["status"] = FromConstant{AttributeValue::string("PAID")};
  pay.maintains = {0};
  return write(Operation::update_item, {pay});
}

design::Step rename_step() {
  design::WriteAction rename = action(Operation::update_item, kCustomerRow, exists("PK"));
  rename.update.emplace_back(
      design::SetValue{"name", std::make_shared<const model::Operand>(parameter("name"))});
  return write(Operation::update_item, {rename});
}

std::vector<design::Step> cancel_steps() {
  // The customer's counter falls with the order, so the order must be there.
  design::WriteAction counter = counter_update();
  std::get<design::AddNumber>(counter.update.front()).subtract = true;
  return {write(Operation::transact_write_items,
                {action(Operation::delete_item, kOrderRow, exists("PK")), counter})};
}

design::Step place_step() {
  design::WriteAction stock =
      action(Operation::update_item, kProductRow,
             both(exists("PK"), compare("stock", model::CompareOp::ge, parameter("quantity"))));
  stock.action = 1;
  stock.times = {2, 4};
  stock.update.emplace_back(design::AddNumber{
      "stock", true, std::make_shared<const model::Operand>(parameter("quantity"))});
  return write(Operation::transact_write_items,
               {action(Operation::put_item, kOrderRow, missing("PK")), counter_update(), stock});
}

design::Step get(std::size_t layout, KeyExpr partition, KeyExpr sort) {
  design::Step made = step(Operation::get_item, {layout});
  made.partition = {std::move(partition)};
  made.sort = {std::move(sort)};
  return made;
}

void set_steps(design::Design& design, const model::Workload& workload, const std::string& pattern,
               std::vector<design::Step> steps) {
  plan_of(design, workload, pattern).steps = std::move(steps);
}

}  // namespace

model::Workload mini_shop() {
  const support::SourceText source("mini.yaml", kSchema);
  support::Diagnostics diagnostics;
  std::optional<model::Workload> workload = schema::parse(source, diagnostics);
  DDBPLAN_CHECK_MSG(workload.has_value(), support::render(diagnostics, source));
  return *std::move(workload);
}

design::AccessPlan& plan_of(design::Design& design, const model::Workload& workload,
                            const std::string& pattern) {
  return design.plans[workload.find_pattern(pattern)->index];
}

design::Design mini_shop_design(const model::Workload& workload) {
  design::Design design;
  design.tables = {table()};
  design.items = layouts(workload);
  for (std::size_t i = 0; i < workload.patterns.size(); ++i) {
    design::AccessPlan plan;
    plan.pattern = model::PatternId{i};
    design.plans.push_back(plan);
  }
  const auto set = [&](const char* pattern, std::vector<design::Step> steps) {
    set_steps(design, workload, pattern, std::move(steps));
  };
  set("sign_up", {write(Operation::transact_write_items,
                        {action(Operation::put_item, kCustomerRow, missing("PK")),
                         action(Operation::put_item, kEmailGuard, missing("PK"))})});
  set("customer_by_mail", mail_steps());
  set("customer_page", {page_step()});
  design::Step order = get(kOrderRow, customer_key(), order_key());
  order.consistent_read = true;
  order.filter = live();
  set("order", {order});
  set("recent_orders", {recent_step()});
  set("open_orders", {open_step()});
  set("order_count", {count_step()});
  design::Step products =
      get(kProductRow, {{Literal{"PRODUCT#"}, given("sku", Encoding::escape)}, ScalarType::S},
          {{Literal{"PRODUCT"}}, ScalarType::S});
  products.operation = Operation::batch_get_item;
  set("products", {products});
  set("rename", {rename_step()});
  set("pay_order", {pay_step()});
  set("cancel", cancel_steps());
  set("add_product",
      {write(Operation::put_item, {action(Operation::put_item, kProductRow, missing("PK"))})});
  set("place_order", {place_step()});
  return design;
}

model::ExpressionPtr exists(const std::string& attribute) {
  model::AttributeRef reference;
  reference.name = attribute;
  return std::make_shared<const model::Expression>(model::Expression{model::Exists{reference}, {}});
}

model::ExpressionPtr missing(const std::string& attribute) {
  model::AttributeRef reference;
  reference.name = attribute;
  return std::make_shared<const model::Expression>(
      model::Expression{model::Missing{reference}, {}});
}

model::ExpressionPtr compare(const std::string& attribute, model::CompareOp op,
                             model::Operand right) {
  model::AttributeRef reference;
  reference.name = attribute;
  const model::Compare node{op,
                            std::make_shared<const model::Operand>(model::Operand{reference, {}}),
                            std::make_shared<const model::Operand>(std::move(right))};
  return std::make_shared<const model::Expression>(model::Expression{node, {}});
}

model::ExpressionPtr both(model::ExpressionPtr a, model::ExpressionPtr b) {
  return std::make_shared<const model::Expression>(
      model::Expression{model::And{{std::move(a), std::move(b)}}, {}});
}

model::Operand text_constant(const std::string& text) {
  return {model::Constant{AttributeValue::string(text)}, {}};
}

model::Operand parameter(const std::string& name) {
  return {model::ParameterRef{name}, {}};
}

}  // namespace ddbplan::test
