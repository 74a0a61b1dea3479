// Steps that read items by their whole key: GetItem, BatchGetItem, TransactGetItems. None of them
// takes a filter or promises an order, so the client filters, and puts the answers in the order of
// the keys.
#include <algorithm>
#include <numeric>
#include <utility>

#include "design/copy_literal.h"
#include "design/execution.h"
#include "design/row_parts.h"
#include "dynamo/limits.h"
#include "model/evaluate.h"
#include "support/prng.h"

namespace ddbplan::design {
namespace {

using dynamo::Item;

/// A key to get, and what led to it.
struct Wanted {
  Item key;
  Bindings bindings;
};

/// The table key under these bindings; nullopt when no item can have it. A missing parameter ends
/// the run.
std::optional<Item> key_of(Execution& execution, const Step& step, const Bindings& bindings) {
  const Table& table = execution.table_of(step);
  Item key;
  const auto add = [&](const KeyExpr& expression, const dynamo::KeyAttribute& attribute) {
    std::optional<KeyValue> value = execution.key_value(expression, step.layouts, bindings);
    if (!value) return false;
    if (value->cut) {
      // An attribute that an item of an earlier step lacks leads nowhere; a parameter must be
      // given.
      if (steps_used(step).empty()) execution.fail("a value of the key is not given");
      return false;
    }
    key.insert_or_assign(attribute.name, std::move(value->value));
    return true;
  };
  for (std::size_t i = 0; i < step.partition.size(); ++i) {
    if (!add(step.partition[i], table.key.partition[i])) return std::nullopt;
  }
  for (std::size_t i = 0; i < step.sort.size(); ++i) {
    if (!add(step.sort[i], table.key.sort[i])) return std::nullopt;
  }
  return key;
}

/// The key of one of the row's items. Any spread will do; that of the key and the call's time is the same in every run.
void pick_copy(const Execution& execution, const Step& step, Item& key) {
  const std::string text = key_signature(key) + std::to_string(execution.parameters.now_ms);
  const auto items = static_cast<std::uint32_t>(step.copies + 1);
  const int copy = static_cast<int>(support::fnv1a_32(text) % items);
  if (copy == 0) return;
  dynamo::AttributeValue& partition =
      key.find(execution.table_of(step).key.partition.front().name)->second;
  partition = dynamo::AttributeValue::string(copy_literal(copy) + *partition.as_string());
}

/// The values that say which shard an item is in.
Item identity_values(const Execution& execution, const Step& step, const Bindings& bindings) {
  Item values = bindings.values;
  const auto add = [&](const KeyExpr& key) {
    for (const KeyExprPart& part : key.parts) {
      const auto* field = std::get_if<FieldFrom>(&part);
      if (field == nullptr) continue;
      const std::string& name = field->field.attribute;
      const model::ValueType type = execution.type_of(step.layouts, name);
      if (auto value = execution.resolve(field->source, type, bindings)) {
        values.insert_or_assign(name, *std::move(value));
      }
    }
  };
  for (const KeyExpr& key : step.partition) add(key);
  for (const KeyExpr& key : step.sort) add(key);
  return values;
}

/// Of a row in parts a read asks for all of them, and a write for the one that it changes.
std::vector<int> shards_asked(const Execution& execution, const Step& step,
                              const Bindings& bindings) {
  if (!step.shards.sharded()) return {0};
  Item values = identity_values(execution, step, bindings);
  const bool is_read = execution.workload.pattern(execution.plan.pattern).is_read();
  if (!step.shards.by_request || !is_read) {
    values.insert_or_assign(kRequestShard, execution.picked_shard(bindings.values));
    return {shard_of(step.shards, values)};
  }
  std::vector<int> all(static_cast<std::size_t>(shard_count(step.shards, values)));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

/// What leads to the step is no row of the answer, but a child that one Query found beside it.
bool is_led_by_child(const Execution& execution, const Step& step, const Bindings& bindings) {
  const auto* read =
      std::get_if<model::Read>(&execution.workload.pattern(execution.plan.pattern).action);
  if (step.finds != Step::Finds::parents || read == nullptr) return false;
  return std::any_of(bindings.origin.begin(), bindings.origin.end(), [&](const auto& origin) {
    const std::size_t layout = execution.found[origin.first][origin.second].layout;
    const model::EntityId entity = execution.design.items[layout].entity;
    return execution.plan.steps[origin.first].layouts.size() > 1 &&
           std::find(read->entities.begin(), read->entities.end(), entity) == read->entities.end();
  });
}

/// Every different key that the step asks for, in order of the bindings.
std::vector<Wanted> wanted_keys(Execution& execution, std::size_t position) {
  const Step& step = execution.plan.steps[position];
  std::vector<Wanted> wanted;
  const std::set<std::size_t> refs = steps_used(step);
  static const std::vector<std::map<std::string, dynamo::AttributeValue>> kOne{{}};
  const auto& alternatives = step.alternatives.empty() ? kOne : step.alternatives;
  std::set<std::string> seen;
  for (const Call* call : execution.calls_of(position)) {
    if (!execution.asks(position, call->values)) continue;
    for (const Bindings& base : execution.bindings_for(refs, call->values)) {
      if (is_led_by_child(execution, step, base)) continue;
      for (const std::map<std::string, dynamo::AttributeValue>& alternative : alternatives) {
        Bindings bindings = base;
        for (const auto& [name, value] : alternative) bindings.values.insert_or_assign(name, value);
        for (const int shard : shards_asked(execution, step, bindings)) {
          bindings.shard = shard;
          std::optional<Item> key = key_of(execution, step, bindings);
          if (execution.failed()) return wanted;
          if (!key || !seen.insert(key_signature(*key)).second) continue;
          if (step.copies > 0) pick_copy(execution, step, *key);
          wanted.push_back({*std::move(key), bindings});
        }
      }
    }
  }
  return wanted;
}

/// Whether the client keeps the item: the step's filter, which these operations do not take.
bool keeps(const Execution& execution, const Step& step, const Bindings& bindings,
           const Item& item) {
  model::Scope scope;
  scope.row = &item;
  scope.parameters = &bindings.values;
  scope.now_ms = execution.parameters.now_ms;
  return model::holds(step.filter, scope);
}

void keep(Execution& execution, std::size_t position, const Bindings& bindings, const Item& item) {
  const Step& step = execution.plan.steps[position];
  if (!keeps(execution, step, bindings, item)) return;
  execution.found[position].push_back({item, execution.layout_of(step, item), bindings.origin});
}

void get_each(Execution& execution, std::size_t position, const std::vector<Wanted>& wanted) {
  const Step& step = execution.plan.steps[position];
  for (const Wanted& one : wanted) {
    dynamo::GetItemRequest request;
    request.table = execution.table_of(step).name;
    request.key = one.key;
    request.consistent_read = step.consistent_read;
    const dynamo::Response* response = execution.send(position, std::move(request));
    if (response == nullptr) return;
    if (response->items.empty() || !response->items.front()) continue;
    keep(execution, position, one.bindings, *response->items.front());
  }
}

/// The part of `item` that is its table key, to find the request it answers.
std::string signature_of_item(const dynamo::KeySchema& schema, const Item& item) {
  Item key;
  for (const auto* part : {&schema.partition, &schema.sort}) {
    for (const dynamo::KeyAttribute& attribute : *part) {
      const auto* value = item.find(attribute.name);
      if (value != item.end()) key.insert(*value);
    }
  }
  return key_signature(key);
}

void get_batches(Execution& execution, std::size_t position, const std::vector<Wanted>& wanted) {
  const Step& step = execution.plan.steps[position];
  const Table& table = execution.table_of(step);
  const auto size = static_cast<std::size_t>(dynamo::limits::kBatchGetItemsMax);
  for (std::size_t begin = 0; begin < wanted.size(); begin += size) {
    const std::size_t end = std::min(begin + size, wanted.size());
    dynamo::BatchGetKeys keys;
    keys.consistent_read = step.consistent_read;
    for (std::size_t i = begin; i < end; ++i) keys.keys.push_back(wanted[i].key);
    dynamo::BatchGetItemRequest request;
    request.tables.emplace(table.name, std::move(keys));
    const dynamo::Response* response = execution.send(position, std::move(request));
    if (response == nullptr) return;
    std::map<std::string, const Item*> answered;
    const auto items = response->batch_items.find(table.name);
    if (items == response->batch_items.end()) continue;
    for (const dynamo::ReadItem& item : items->second)
      answered.emplace(signature_of_item(table.key, *item), &*item);
    for (std::size_t i = begin; i < end; ++i) {
      const auto item = answered.find(key_signature(wanted[i].key));
      if (item != answered.end()) keep(execution, position, wanted[i].bindings, *item->second);
    }
  }
}

/// The shards of a counter add up to its row.
void add_up_shards(Execution& execution, std::size_t position) {
  std::vector<Found> rows;
  std::map<std::string, std::size_t> known;
  for (Found& part : execution.found[position]) {
    const model::Entity& entity =
        execution.workload.entity(execution.design.items[part.layout].entity);
    Item identity;
    for (const std::string& name : entity.id) {
      if (auto* value = part.item.find(name); value != part.item.end()) identity.insert(*value);
    }
    const auto [place, is_new] = known.try_emplace(key_signature(identity), rows.size());
    if (is_new) {
      rows.push_back(std::move(part));
      continue;
    }
    add_part(entity, part.item, rows[place->second].item);
  }
  execution.found[position] = std::move(rows);
}

/// Puts what a step of facets found into the rows that it completes.
void complete_rows(Execution& execution, std::size_t step) {
  std::vector<Found>& rows = execution.found[*execution.plan.steps[step].completes];
  for (const Found& facet : execution.found[step]) {
    const auto led_by = facet.origin.find(*execution.plan.steps[step].completes);
    // Without a row that led to it, row and facet were asked for by the same key.
    const std::size_t row = led_by == facet.origin.end() ? 0 : led_by->second;
    if (row >= rows.size()) continue;
    for (const std::string& name : execution.design.items[facet.layout].attributes) {
      if (const auto* value = facet.item.find(name); value != facet.item.end())
        rows[row].item.insert(*value);
    }
  }
}

}  // namespace

std::string key_signature(const Item& key) {
  std::string text;
  for (const auto& [name, value] : key) {
    text += name;
    text += '=';
    if (const std::string* string = value.as_string()) {
      text += *string;
    } else if (const dynamo::Decimal* number = value.as_number()) {
      text += number->to_string();
    } else if (const dynamo::Binary* binary = value.as_binary()) {
      text += binary->bytes;
    }
    text += '\0';
  }
  return text;
}

void run_get_step(Execution& execution, std::size_t step) {
  const std::vector<Wanted> wanted = wanted_keys(execution, step);
  if (execution.failed()) return;
  if (execution.plan.steps[step].operation == Operation::batch_get_item) {
    get_batches(execution, step, wanted);
  } else {
    get_each(execution, step, wanted);
  }
  if (execution.plan.steps[step].shards.by_request) add_up_shards(execution, step);
  if (execution.plan.steps[step].completes) complete_rows(execution, step);
}

void run_transact_get(Execution& execution) {
  dynamo::TransactGetItemsRequest request;
  std::vector<std::pair<std::size_t, Bindings>> asked;
  std::size_t read = 0;
  for (std::size_t position = 0; position < execution.plan.steps.size(); ++position) {
    const Step& step = execution.plan.steps[position];
    if (step.operation != Operation::transact_get_items) continue;
    const std::size_t action = read++;
    for (const Call& call : execution.parameters.calls) {
      if (call.action != action) continue;
      Bindings bindings;
      bindings.values = call.values;
      if (step.shards.sharded()) {
        bindings.shard = shard_of(step.shards, identity_values(execution, step, bindings));
      }
      std::optional<Item> key = key_of(execution, step, bindings);
      if (execution.failed()) return;
      if (!key) continue;
      dynamo::GetItemRequest get;
      get.table = execution.table_of(step).name;
      get.key = *std::move(key);
      request.gets.push_back(std::move(get));
      asked.emplace_back(position, std::move(bindings));
    }
  }
  if (request.gets.empty()) return;
  const dynamo::Response* response = execution.send(asked.front().first, std::move(request));
  if (response == nullptr) return;
  for (std::size_t i = 0; i < asked.size() && i < response->items.size(); ++i) {
    if (response->items[i]) keep(execution, asked[i].first, asked[i].second, *response->items[i]);
  }
}

}  // namespace ddbplan::design
