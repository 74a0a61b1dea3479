#include "design/execution.h"

#include <algorithm>
#include <utility>

#include "design/encoding.h"
#include "model/evaluate.h"
#include "model/timestamp.h"
#include "support/check.h"
#include "support/prng.h"

namespace ddbplan::design {
namespace {

using dynamo::AttributeValue;
using dynamo::Item;

void note_source(const Source& source, std::set<std::size_t>& steps) {
  if (const auto* from = std::get_if<FromStep>(&source)) steps.insert(from->step);
}

void note_key(const KeyExpr& key, std::set<std::size_t>& steps) {
  for (const KeyExprPart& part : key.parts) {
    if (const auto* field = std::get_if<FieldFrom>(&part)) note_source(field->source, steps);
  }
}

/// The literal that a key template begins with.
std::string leading_literal(const std::vector<KeyTemplate>& key) {
  if (key.empty() || key.front().parts.empty()) return {};
  const auto* literal = std::get_if<Literal>(&key.front().parts.front());
  return literal == nullptr ? std::string() : literal->text;
}

/// Whether the item's table key begins as this layout's does, and how much that says.
std::optional<std::size_t> key_similarity(const ItemLayout& layout, const Table& table,
                                          const Item& item) {
  std::size_t length = 0;
  const auto compare = [&](const std::vector<KeyTemplate>& key,
                           const std::vector<dynamo::KeyAttribute>& schema) {
    const std::string literal = leading_literal(key);
    if (literal.empty()) return true;
    const auto* value = item.find(schema.front().name);
    const std::string* text = value == item.end() ? nullptr : value->second.as_string();
    length += literal.size();
    return text != nullptr && text->compare(0, literal.size(), literal) == 0;
  };
  if (!compare(layout.base.partition, table.key.partition)) return std::nullopt;
  if (!layout.base.sort.empty() && !compare(layout.base.sort, table.key.sort)) return std::nullopt;
  return length;
}

}  // namespace

Execution::Execution(const Design& made_design, const model::Workload& made_workload,
                     const AccessPlan& made_plan, const Parameters& made_parameters,
                     const Executor& made_execute)
    : design(made_design),
      workload(made_workload),
      plan(made_plan),
      parameters(made_parameters),
      execute(made_execute),
      found(made_plan.steps.size()),
      counts(made_plan.steps.size()) {}

const dynamo::Response* Execution::send(std::size_t step, dynamo::Request request,
                                        std::optional<KeyRange> range) {
  support::Result<dynamo::Response, dynamo::ApiError> outcome = execute(request);
  answer.exchanges.push_back({step, std::move(range), std::move(request), std::move(outcome)});
  const Exchange& exchange = answer.exchanges.back();
  if (exchange.outcome) return &*exchange.outcome;
  answer.error = exchange.outcome.error();
  return nullptr;
}

void Execution::fail(const std::string& message) {
  dynamo::ApiError error;
  error.type = "ValidationException";
  error.message = message;
  answer.error = std::move(error);
}

const Item* Execution::item_of(const Bindings& bindings, std::size_t step) const {
  const auto position = bindings.origin.find(step);
  return position == bindings.origin.end() ? nullptr : &found[step][position->second].item;
}

std::optional<AttributeValue> Execution::resolve(const Source& source, model::ValueType type,
                                                 const Bindings& bindings) const {
  struct Visitor {
    const Execution& execution;
    model::ValueType type;
    const Bindings& bindings;

    static std::optional<AttributeValue> of(const Item* item, const std::string& name) {
      if (item == nullptr) return std::nullopt;
      const auto* value = item->find(name);
      if (value == item->end()) return std::nullopt;
      return value->second;
    }
    std::optional<AttributeValue> operator()(const FromParameter& from) const {
      return of(&bindings.values, from.name);
    }
    std::optional<AttributeValue> operator()(const FromConstant& from) const { return from.value; }
    std::optional<AttributeValue> operator()(const FromStep& from) const {
      if (from.worked_out != nullptr) {
        model::Scope scope;
        scope.row = execution.item_of(bindings, from.step);
        if (scope.row == nullptr) return std::nullopt;
        scope.parameters = &bindings.values;
        return model::evaluate(*from.worked_out, scope, type);
      }
      return of(execution.item_of(bindings, from.step), from.attribute);
    }
    std::optional<AttributeValue> operator()(const FromNow& from) const {
      const auto ago = static_cast<std::int64_t>(from.ago_seconds * 1000);
      return model::time_value(type, execution.parameters.now_ms - ago);
    }
    std::optional<AttributeValue> operator()(const FromAction& from) const {
      for (const Call& call : execution.parameters.calls) {
        if (call.action == from.action) return of(&call.values, from.attribute);
      }
      return std::nullopt;
    }
  };
  return std::visit(Visitor{*this, type, bindings}, source);
}

model::ValueType Execution::type_of(const std::vector<std::size_t>& layouts,
                                    const std::string& attribute) const {
  for (const std::size_t layout : layouts) {
    const model::Entity& entity = workload.entity(design.items[layout].entity);
    if (const model::Attribute* declared = entity.find(attribute)) return declared->type;
  }
  return model::ValueType::timestamp;
}

std::optional<KeyValue> Execution::key_value(const KeyExpr& expression,
                                             const std::vector<std::size_t>& layouts,
                                             const Bindings& bindings) const {
  std::string text;
  for (std::size_t i = 0; i < expression.parts.size(); ++i) {
    const KeyExprPart& part = expression.parts[i];
    if (const auto* literal = std::get_if<Literal>(&part)) {
      text += literal->text;
    } else if (std::holds_alternative<ShardField>(part)) {
      text += std::to_string(bindings.shard);
    } else if (std::holds_alternative<HighSentinel>(part)) {
      text += kHighSentinel;
    } else {
      const auto& field = std::get<FieldFrom>(part);
      std::optional<AttributeValue> value =
          resolve(field.source, type_of(layouts, field.field.attribute), bindings);
      if (!value && field.field.absent) value = AttributeValue::string(*field.field.absent);
      if (!value) return KeyValue{AttributeValue::string(text), true};
      std::optional<AttributeValue> encoded =
          encode(field.field, *value, i + 1 == expression.parts.size());
      if (!encoded) return std::nullopt;
      if (expression.type != dynamo::ScalarType::S) return KeyValue{*std::move(encoded), false};
      text += *encoded->as_string();
    }
  }
  return KeyValue{AttributeValue::string(std::move(text)), false};
}

std::vector<const Call*> Execution::calls_of(std::size_t step) const {
  // Steps that follow this one, and the actions that any of them feeds.
  std::set<std::size_t> fed{step};
  std::set<std::size_t> actions;
  for (std::size_t later = step + 1; later < plan.steps.size(); ++later) {
    for (const std::size_t used : steps_used(plan.steps[later])) {
      if (fed.contains(used)) fed.insert(later);
    }
    for (const WriteAction& action : plan.steps[later].actions) {
      for (const std::size_t used : steps_used(action)) {
        if (fed.contains(used)) actions.insert(action.action);
      }
    }
  }
  std::vector<const Call*> calls;
  for (const Call& call : parameters.calls) {
    if (actions.empty() || actions.contains(call.action)) calls.push_back(&call);
  }
  return calls;
}

bool Execution::asks(std::size_t step, const Item& values) const {
  const auto is_given = [&](const std::string& name) { return values.contains(name); };
  const std::vector<std::string>& with = plan.steps[step].only_if_given;
  const std::vector<std::string>& without = plan.steps[step].only_if_left_out;
  return std::all_of(with.begin(), with.end(), is_given) &&
         std::none_of(without.begin(), without.end(), is_given);
}

bool Execution::is_named_by(const Item& item, std::size_t step, const Item& values) const {
  const Step& read = plan.steps[step];
  const bool is_of_one =
      std::holds_alternative<model::Transaction>(workload.pattern(plan.pattern).action) &&
      read.operation == Operation::get_item;
  const bool is_of_actions = (is_of_one || read.times.max > 1) && read.leads_on &&
                             design.items[read.layouts.front()].role == ItemRole::row;
  if (!is_of_actions) return true;
  const auto agrees = [&](const KeyExprPart& part) {
    const auto* field = std::get_if<FieldFrom>(&part);
    const auto* named = field == nullptr ? nullptr : std::get_if<FromParameter>(&field->source);
    if (named == nullptr) return true;
    const auto* own = item.find(field->field.attribute);
    const auto* given = values.find(named->name);
    return own == item.end() || given == values.end() || own->second == given->second;
  };
  const auto agree = [&](const KeyExpr& key) {
    return std::all_of(key.parts.begin(), key.parts.end(), agrees);
  };
  return std::all_of(read.partition.begin(), read.partition.end(), agree) &&
         std::all_of(read.sort.begin(), read.sort.end(), agree);
}

AttributeValue Execution::picked_shard(const Item& values) const {
  // Any spread will do; that of the call's values and its time is the same in every run.
  const std::string text = key_signature(values) + std::to_string(parameters.now_ms);
  constexpr std::uint32_t kRange = 1U << 20U;
  return AttributeValue::number(std::int64_t{support::fnv1a_32(text) % kRange});
}

std::vector<Bindings> Execution::bindings_for(const std::set<std::size_t>& refs,
                                              const Item& values) const {
  Bindings start;
  start.values = values;
  std::vector<Bindings> current{std::move(start)};
  // Later steps first: an item of theirs settles which item of an earlier step led to it.
  for (auto ref = refs.rbegin(); ref != refs.rend(); ++ref) {
    std::vector<Bindings> next;
    for (const Bindings& bindings : current) {
      if (bindings.origin.contains(*ref)) {
        next.push_back(bindings);
        continue;
      }
      const bool is_left_out = !asks(*ref, values);
      if (is_left_out || (found[*ref].empty() && plan.steps[*ref].may_find_nothing))
        next.push_back(bindings);
      if (is_left_out) continue;
      for (std::size_t i = 0; i < found[*ref].size(); ++i) {
        if (!is_named_by(found[*ref][i].item, *ref, values)) continue;
        Bindings extended = bindings;
        extended.origin.insert(found[*ref][i].origin.begin(), found[*ref][i].origin.end());
        extended.origin.insert_or_assign(*ref, i);
        next.push_back(std::move(extended));
      }
    }
    current = std::move(next);
  }
  return current;
}

std::size_t Execution::layout_of(const Step& step, const Item& item) const {
  DDBPLAN_CHECK(!step.layouts.empty());
  if (step.layouts.size() == 1) return step.layouts.front();
  const auto* type = item.find(workload.settings.type_attribute);
  std::optional<std::size_t> nearest;
  std::size_t best = 0;
  for (const std::size_t candidate : step.layouts) {
    const ItemLayout& layout = design.items[candidate];
    if (type != item.end() && layout.type_value &&
        type->second == AttributeValue::string(*layout.type_value)) {
      return candidate;
    }
    const std::optional<std::size_t> similarity =
        key_similarity(layout, design.tables[step.table], item);
    if (similarity && (!nearest || *similarity > best)) {
      nearest = candidate;
      best = *similarity;
    }
  }
  return nearest.value_or(step.layouts.front());
}

std::set<std::size_t> steps_used(const Step& step) {
  std::set<std::size_t> steps;
  for (const KeyExpr& key : step.partition) note_key(key, steps);
  for (const KeyExpr& key : step.sort) note_key(key, steps);
  if (step.sort_condition) {
    note_key(step.sort_condition->low, steps);
    if (step.sort_condition->high) note_key(*step.sort_condition->high, steps);
  }
  if (step.buckets) {
    if (step.buckets->low) note_source(*step.buckets->low, steps);
    if (step.buckets->high) note_source(*step.buckets->high, steps);
  }
  return steps;
}

std::set<std::size_t> steps_used(const WriteAction& action) {
  std::set<std::size_t> steps;
  for (const auto& [attribute, source] : action.known) note_source(source, steps);
  return steps;
}

bool sorts_before(const Execution& execution, const std::vector<model::OrderBy>& order,
                  const Found& a, const Found& b) {
  for (const model::OrderBy& by : order) {
    const auto value = [&](const Found& found) -> const AttributeValue* {
      const auto* at = found.item.find(by.attribute.name);
      return at == found.item.end() ? nullptr : &at->second;
    };
    const model::EntityId entity = execution.design.items[a.layout].entity;
    const model::Attribute* attribute = execution.workload.entity(entity).find(by.attribute.name);
    const std::strong_ordering compared = model::compare_in_order(attribute, value(a), value(b));
    if (compared == 0) continue;
    return by.direction == model::Direction::ascending ? compared < 0 : compared > 0;
  }
  return false;
}

}  // namespace ddbplan::design
