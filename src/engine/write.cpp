#include "engine/write.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "dynamo/units.h"
#include "engine/expression/evaluate.h"
#include "engine/expression/projection.h"
#include "engine/expression/update.h"
#include "engine/key_paths.h"
#include "engine/legacy_parameters.h"
#include "support/fetch.h"

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::Item;
using support::Bytes;

namespace {

/// The same for every kind of write, whose requests differ only in what they have of these.
ApiResult<BoundWrite> bind_parts(EngineState& state, WriteKind kind, const std::string& table,
                                 const Item& item, const std::optional<std::string>& condition,
                                 const std::optional<std::string>& update,
                                 const dynamo::ExpressionNames& names,
                                 const dynamo::LegacyRef& legacy) {
  BoundWrite write;
  write.kind = kind;
  write.item = &item;
  RequestExpressions expressions(*state.expressions, names);
  auto bound_update = update ? expressions.update(update) : legacy_update(legacy);
  if (!bound_update) return bound_update.error();
  auto bound_condition = condition ? expressions.condition(condition, ConditionUse::condition)
                                   : legacy_condition(legacy);
  if (!bound_condition) return bound_condition.error();
  if (auto error = expressions.check_unused()) return *std::move(error);
  write.is_legacy_update = !update;
  write.update = *std::move(bound_update);
  write.condition = *std::move(bound_condition);

  const ApiResult<TableStore*> found = state.find_table(table);
  if (!found) return found.error();
  write.table = *found;
  const dynamo::TableDescription& description = write.table->description();
  if (write.condition) {
    if (auto error = check_key_paths(*write.condition, description)) return *std::move(error);
  }
  if (write.update) {
    if (auto error = check_key_untouched(*write.update, description)) return *std::move(error);
  }
  return write;
}

/// An update with nothing but REMOVE and DELETE does not create an item.
bool creates_item(const std::optional<BoundUpdate>& update) {
  if (!update) return true;
  return std::any_of(
      update->tree->actions.begin(), update->tree->actions.end(), [](const UpdateAction& action) {
        return action.clause == UpdateClause::set || action.clause == UpdateClause::add;
      });
}

UpdateActions count_actions(const BoundUpdate& update) {
  UpdateActions count;
  for (const UpdateAction& action : update.tree->actions) {
    const bool writes = action.clause == UpdateClause::set || action.clause == UpdateClause::add;
    ++(writes ? count.writing : count.clearing);
  }
  return count;
}

ApiResult<ItemRef> updated(const BoundWrite& write, const ItemRef& before) {
  if (before == nullptr && !creates_item(write.update)) return ItemRef();
  const Item& start = before == nullptr ? *write.item : before->item;
  if (!write.update) return before != nullptr ? before : std::make_shared<const StoredItem>(start);
  support::Result<Item, std::string> after =
      apply_update(*write.update->tree, write.update->bindings, start);
  if (!after) {
    const bool is_mismatch = write.is_legacy_update && after.error() == kWrongOperand;
    return validation_error(is_mismatch ? "Type mismatch for attribute to update" : after.error());
  }
  const Item none;
  if (auto error =
          check_updated_item(write.table->description(), before == nullptr ? none : before->item,
                             *after, count_actions(*write.update))) {
    return *std::move(error);
  }
  return ItemRef(std::make_shared<const StoredItem>(*std::move(after)));
}

ApiResult<ItemRef> item_after(const BoundWrite& write, const ItemRef& before) {
  switch (write.kind) {
    case WriteKind::put:
      if (write.spare_item != nullptr) {
        return ItemRef(std::make_shared<const StoredItem>(std::move(*write.spare_item)));
      }
      return ItemRef(std::make_shared<const StoredItem>(*write.item));
    case WriteKind::update:
      return updated(write, before);
    case WriteKind::erase:
      return ItemRef();
    case WriteKind::check:
      break;
  }
  return before;
}

// An item that is replaced was most often last touched long ago. It is compared and then freed piece by piece; asked for
// while the new one is made, the pieces take a tenth off a PutItem (bench/engine).
void fetch_attributes(const ItemRef& item) {
  if (item == nullptr) return;
  for (const dynamo::Attribute& one : item->item) support::fetch(&one);
}
void fetch_texts(const ItemRef& item) {
  if (item == nullptr) return;
  for (const dynamo::Attribute& one : item->item) {
    if (const std::string* text = one.second.as_string()) support::fetch(text->data());
  }
}

std::optional<Bytes> bytes_of(const ItemRef& item) {
  return item == nullptr ? std::nullopt : std::optional<Bytes>(item->bytes);
}

dynamo::HalfUnits table_units(const PreparedWrite& write, bool transactional) {
  if (write.kind == WriteKind::check) return dynamo::condition_check_units(bytes_of(write.before));
  return dynamo::table_write_units(bytes_of(write.before), bytes_of(write.after), transactional);
}

}  // namespace

ApiResult<BoundWrite> bind_write(EngineState& state, const dynamo::PutItemRequest& request) {
  return bind_parts(state, WriteKind::put, request.table, request.item, request.condition,
                    std::nullopt, request.expression, request.legacy);
}

ApiResult<BoundWrite> bind_write(EngineState& state, const dynamo::UpdateItemRequest& request) {
  return bind_parts(state, WriteKind::update, request.table, request.key, request.condition,
                    request.update, request.expression, request.legacy);
}

ApiResult<BoundWrite> bind_write(EngineState& state, const dynamo::DeleteItemRequest& request) {
  return bind_parts(state, WriteKind::erase, request.table, request.key, request.condition,
                    std::nullopt, request.expression, request.legacy);
}

ApiResult<BoundWrite> bind_write(EngineState& state, const dynamo::ConditionCheck& request) {
  return bind_parts(state, WriteKind::check, request.table, request.key, request.condition,
                    std::nullopt, request.expression, nullptr);
}

std::optional<ApiError> check_write(const BoundWrite& write, ItemSource source) {
  const dynamo::TableDescription& table = write.table->description();
  return write.kind == WriteKind::put ? check_item(table, *write.item, source)
                                      : check_key(table, *write.item);
}

ApiResult<PreparedWrite> prepare(const BoundWrite& write) {
  PreparedWrite prepared;
  prepared.kind = write.kind;
  prepared.table = write.table;
  prepared.position = position_in_table(write.table->description(), *write.item);
  prepared.before = write.table->find(prepared.position);
  fetch_attributes(prepared.before);
  if (write.condition) {
    const Item none;
    const Item& stored = prepared.before == nullptr ? none : prepared.before->item;
    prepared.condition_holds =
        holds(write.condition->tree->root, write.condition->bindings, stored);
  }
  ApiResult<ItemRef> after = item_after(write, prepared.before);
  if (after) {
    prepared.after = *std::move(after);
  } else if (prepared.condition_holds) {
    return after.error();
  } else {
    // The condition fails before the update can: there is no attempted item to be charged for.
    prepared.after = prepared.before;
  }
  return prepared;
}

std::optional<Item> updated_parts(const BoundWrite& bound, const ItemRef& item) {
  if (item == nullptr || !bound.update) return std::nullopt;
  std::vector<const Path*> targets;
  for (const UpdateAction& action : bound.update->tree->actions) {
    targets.push_back(&action.target);
  }
  Item parts = Projection(targets, bound.update->bindings).apply(item->item);
  if (parts.empty()) return std::nullopt;
  return parts;
}

dynamo::ConsumedCapacity commit(const PreparedWrite& write, bool transactional) {
  if (write.kind == WriteKind::check) return charge_without_writing(write, transactional);
  fetch_texts(write.before);
  dynamo::ConsumedCapacity consumed =
      write.table->replace(write.position, write.before, write.after);
  consumed.table_units = table_units(write, transactional);
  return consumed;
}

dynamo::ConsumedCapacity charge_without_writing(const PreparedWrite& write, bool transactional) {
  dynamo::ConsumedCapacity consumed;
  consumed.table = write.table->description().name;
  consumed.is_write = true;
  consumed.table_units = table_units(write, transactional);
  return consumed;
}

}  // namespace ddbplan::engine
