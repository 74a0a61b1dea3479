#include "tests/unit/capacity/sketch.h"

#include <algorithm>

#include "support/check.h"

namespace ddbplan::test {
namespace {

design::Field field_of(const std::string& text) {
  design::Field field;
  const std::size_t bar = text.find('|');
  field.attribute = text.substr(0, bar);
  if (bar == std::string::npos) return field;
  const std::string modifier = text.substr(bar + 1);
  if (modifier == "number") field.encoding = design::Encoding::number;
  if (modifier == "truncate:day") field.encoding = design::Encoding::truncate;
  if (modifier.starts_with("pad:")) {
    field.encoding = design::Encoding::pad;
    field.width = std::stoi(modifier.substr(4));
  }
  return field;
}

/// Calls `literal` and `field` for the parts of a written template, in order.
template <class OnLiteral, class OnField>
void split(const std::string& text, const OnLiteral& literal, const OnField& field) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = text.find('{', at);
    if (open > at) literal(text.substr(at, open - at));
    if (open == std::string::npos) return;
    const std::size_t close = text.find('}', open);
    field(text.substr(open + 1, close - open - 1));
    at = close + 1;
  }
}

model::Pattern pattern_of(double per_second) {
  model::Pattern pattern;
  pattern.load.mean = {per_second};
  pattern.load.peak = {per_second};
  return pattern;
}

double units_of(const capacity::PatternUsage& usage, const std::string& index,
                double capacity::ResourceUnits::*kind) {
  for (const capacity::ResourceUnits& one : usage.units) {
    if (one.index.value_or("") == index) return one.*kind;
  }
  return 0;
}

}  // namespace

model::Attribute attribute(const std::string& name, model::ValueType type, double mean,
                           double max) {
  model::Attribute made;
  made.name = name;
  made.type = type;
  made.bytes = {mean, std::max(mean, max)};
  return made;
}

model::Attribute states(const std::string& name,
                        const std::vector<std::pair<std::string, double>>& shares) {
  model::Attribute made = attribute(name, model::ValueType::string, 4);
  made.is_state = true;
  for (const auto& [value, share] : shares) {
    made.values.push_back({value, share, static_cast<int>(made.values.size())});
  }
  return made;
}

model::Entity entity(const std::string& name, const std::vector<std::string>& id, double count,
                     std::vector<model::Attribute> attributes) {
  model::Entity made;
  made.name = name;
  made.id = id;
  made.count = count;
  made.attributes = std::move(attributes);
  return made;
}

model::Relation relation(model::EntityId parent, const std::vector<std::string>& attributes,
                         double mean, double max) {
  model::Relation made;
  made.parents = {parent};
  made.attributes = attributes;
  made.children = {mean, std::max(mean, max)};
  return made;
}

model::ExpressionPtr equals(const std::string& attribute, const std::string& value) {
  model::AttributeRef reference;
  reference.name = attribute;
  model::Compare compare;
  compare.left = std::make_shared<model::Operand>(model::Operand{reference, {}});
  compare.right = std::make_shared<model::Operand>(
      model::Operand{model::Constant{dynamo::AttributeValue::string(value)}, {}});
  return std::make_shared<model::Expression>(model::Expression{compare, {}});
}

model::ExpressionPtr both(const model::ExpressionPtr& a, const model::ExpressionPtr& b) {
  return std::make_shared<model::Expression>(model::Expression{model::And{{a, b}}, {}});
}

design::KeyTemplate key_template(const std::string& text) {
  design::KeyTemplate key;
  split(
      text, [&](const std::string& literal) { key.parts.emplace_back(design::Literal{literal}); },
      [&](const std::string& field) {
        if (field == "shard") {
          key.parts.emplace_back(design::ShardField{});
          return;
        }
        key.parts.emplace_back(field_of(field));
      });
  const auto* only = key.parts.empty() ? nullptr : std::get_if<design::Field>(&key.parts.front());
  if (only != nullptr && only->encoding == design::Encoding::number) {
    key.type = dynamo::ScalarType::N;
  }
  return key;
}

design::KeyExpr key_expr(const std::string& text) {
  design::KeyExpr key;
  split(
      text, [&](const std::string& literal) { key.parts.emplace_back(design::Literal{literal}); },
      [&](const std::string& field) {
        if (field == "shard") {
          key.parts.emplace_back(design::ShardField{});
          return;
        }
        const std::size_t sign = field.find('=');
        const std::string name = field.substr(0, sign);
        design::FieldFrom from{field_of(name), design::FromParameter{field_of(name).attribute}};
        if (sign != std::string::npos) {
          from.source =
              design::FromConstant{dynamo::AttributeValue::string(field.substr(sign + 1))};
        }
        key.parts.emplace_back(std::move(from));
      });
  return key;
}

std::size_t Sketch::add_row(model::Entity made, const std::string& partition,
                            const std::string& sort) {
  if (design.tables.empty()) {
    design::Table table;
    table.name = "t";
    table.key.partition = {{"PK", dynamo::ScalarType::S}};
    table.key.sort = {{"SK", dynamo::ScalarType::S}};
    design.tables.push_back(std::move(table));
  }
  design::ItemLayout layout;
  layout.entity = {workload.entities.size()};
  layout.base.partition = {key_template(partition)};
  layout.base.sort = {key_template(sort)};
  for (const model::Attribute& one : made.attributes) layout.attributes.push_back(one.name);
  workload.entities.push_back(std::move(made));
  design.items.push_back(std::move(layout));
  return design.items.size() - 1;
}

void Sketch::add_index(const std::string& name, dynamo::ProjectionType projection,
                       const std::vector<std::string>& attributes, bool local) {
  design::Index index;
  index.name = name;
  index.local = local;
  index.key.partition = {{local ? "PK" : name + "PK", dynamo::ScalarType::S}};
  index.key.sort = {{name + "SK", dynamo::ScalarType::S}};
  index.projection = {projection, attributes};
  design.tables.front().indexes.push_back(std::move(index));
}

void Sketch::add_entry(std::size_t layout, const std::string& index, const std::string& partition,
                       const std::string& sort, const model::ExpressionPtr& when) {
  design::KeyEntry entry;
  entry.index = index;
  entry.partition = {key_template(partition)};
  entry.sort = {key_template(sort)};
  entry.when = when;
  design.items[layout].entries.push_back(std::move(entry));
}

model::Pattern& Sketch::add_pattern(const std::string& name, model::Pattern pattern,
                                    std::vector<design::Step> steps) {
  pattern.name = name;
  design::AccessPlan plan;
  plan.pattern = {workload.patterns.size()};
  plan.steps = std::move(steps);
  design.plans.push_back(std::move(plan));
  workload.patterns.push_back(std::move(pattern));
  return workload.patterns.back();
}

model::EntityId Sketch::id(const std::string& name) const {
  return *workload.find_entity(name);
}

capacity::PatternUsage Sketch::units(const std::string& pattern,
                                     const capacity::Options& options) const {
  const model::PatternId id = *workload.find_pattern(pattern);
  return capacity::pattern_usage(workload, design, design.plans[id.index], options);
}

double Sketch::read_units(const std::string& pattern, const std::string& index,
                          const capacity::Options& options) const {
  return units_of(units(pattern, options), index, &capacity::ResourceUnits::read);
}

double Sketch::write_units(const std::string& pattern, const std::string& index) const {
  return units_of(units(pattern), index, &capacity::ResourceUnits::write);
}

model::Pattern read_pattern(const model::Read& read, double per_second) {
  model::Pattern pattern = pattern_of(per_second);
  pattern.action = read;
  return pattern;
}

model::Pattern write_pattern(const model::Write& write, double per_second) {
  model::Pattern pattern = pattern_of(per_second);
  pattern.action = write;
  return pattern;
}

model::Read read_of(model::ReadKind kind, model::EntityId entity) {
  model::Read read;
  read.kind = kind;
  read.entities = {entity};
  return read;
}

model::Write write_of(model::WriteKind kind, model::EntityId entity) {
  model::Write write;
  write.kind = kind;
  write.entities = {entity};
  return write;
}

design::Step get_step(std::size_t layout, const std::string& partition, const std::string& sort) {
  design::Step step;
  step.operation = design::Operation::get_item;
  step.layouts = {layout};
  step.partition = {key_expr(partition)};
  step.sort = {key_expr(sort)};
  return step;
}

design::Step query_step(std::size_t layout, const std::string& partition) {
  design::Step step;
  step.operation = design::Operation::query;
  step.layouts = {layout};
  step.partition = {key_expr(partition)};
  return step;
}

design::Step write_step(design::WriteAction action) {
  design::Step step;
  step.operation = action.operation;
  step.layouts = {action.layout};
  step.actions = {std::move(action)};
  return step;
}

design::Step transaction_step(std::vector<design::WriteAction> actions) {
  design::Step step;
  step.operation = design::Operation::transact_write_items;
  step.actions = std::move(actions);
  return step;
}

design::WriteAction put_action(std::size_t layout) {
  design::WriteAction action;
  action.operation = design::Operation::put_item;
  action.layout = layout;
  return action;
}

design::WriteAction delete_action(std::size_t layout) {
  design::WriteAction action;
  action.operation = design::Operation::delete_item;
  action.layout = layout;
  return action;
}

design::WriteAction update_action(std::size_t layout, const std::vector<std::string>& set) {
  design::WriteAction action;
  action.operation = design::Operation::update_item;
  action.layout = layout;
  for (const std::string& name : set) {
    const auto value =
        std::make_shared<model::Operand>(model::Operand{model::ParameterRef{name}, {}});
    action.update.emplace_back(design::SetValue{name, value});
  }
  return action;
}

}  // namespace ddbplan::test
