#include "engine/table_store.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "dynamo/units.h"

namespace ddbplan::engine {

using dynamo::HalfUnits;
using dynamo::IndexDescription;

namespace {

/// As project_entry judges it, without making an entry.
bool has_key(const dynamo::Item& item, const dynamo::KeySchema& key) {
  const auto has = [&item](const dynamo::KeyAttribute& attribute) {
    const auto* found = item.find(attribute.name);
    return found != item.end() &&
           found->second.type_name() == dynamo::scalar_type_name(attribute.type);
  };
  return std::all_of(key.partition.begin(), key.partition.end(), has) &&
         std::all_of(key.sort.begin(), key.sort.end(), has);
}

bool same_key(const dynamo::Item& a, const dynamo::Item& b, const dynamo::KeySchema& key) {
  const auto same = [&](const dynamo::KeyAttribute& attribute) {
    return a.at(attribute.name) == b.at(attribute.name);
  };
  return std::all_of(key.partition.begin(), key.partition.end(), same) &&
         std::all_of(key.sort.begin(), key.sort.end(), same);
}

}  // namespace

TableStore::TableStore(dynamo::TableDescription description)
    : description_(std::move(description)) {
  for (const IndexDescription& index : description_.global_indexes) {
    indexes_.push_back({index, true, {}});
  }
  for (const IndexDescription& index : description_.local_indexes) {
    indexes_.push_back({index, false, {}});
  }
}

const IndexStore* TableStore::find_index(std::string_view name) const {
  const auto found =
      std::find_if(indexes_.begin(), indexes_.end(),
                   [name](const IndexStore& index) { return index.description.name == name; });
  return found == indexes_.end() ? nullptr : &*found;
}

ItemRef TableStore::entry(const ItemRef& item, const IndexDescription& index) const {
  if (item == nullptr) return nullptr;
  if (index.projection.type == dynamo::ProjectionType::all) {
    return has_key(item->item, index.key) ? item : nullptr;
  }
  std::optional<dynamo::Item> projected = dynamo::project_entry(item->item, description_, index);
  if (!projected) return nullptr;
  // An entry that is the whole item shares it.
  if (projected->size() == item->item.size()) return item;
  return std::make_shared<const StoredItem>(*std::move(projected));
}

HalfUnits TableStore::replace_entry(IndexStore& index, const ItemRef& before,
                                    const ItemRef& after) {
  const ItemRef old_entry = entry(before, index.description);
  const ItemRef new_entry = entry(after, index.description);
  const auto position_of = [&](const ItemRef& of) {
    return position_in_index(description_, index.description, of->item);
  };
  dynamo::IndexEntryChange change;
  if (old_entry != nullptr) change.before = old_entry->bytes;
  if (new_entry != nullptr) change.after = new_entry->bytes;
  const bool both = old_entry != nullptr && new_entry != nullptr;
  if (both) {
    // Both are entries of one item, so the table's part of the position is the same.
    change.same_key = same_key(old_entry->item, new_entry->item, index.description.key);
    change.same_content = same_content(old_entry, new_entry);
  }
  if (old_entry != nullptr && !(both && change.same_key)) {
    index.entries.erase(position_of(old_entry));
  }
  if (new_entry != nullptr && !(both && change.same_content)) {
    index.entries.put(position_of(new_entry), new_entry);
  }
  return dynamo::index_write_units(change);
}

dynamo::ConsumedCapacity TableStore::replace(const Position& position, const ItemRef& before,
                                             const ItemRef& after) {
  if (after != nullptr) {
    items_.put(position, after);
  } else if (before != nullptr) {
    items_.erase(position);
  }
  dynamo::ConsumedCapacity charged;
  charged.table = description_.name;
  charged.is_write = true;
  for (IndexStore& index : indexes_) {
    const HalfUnits units = replace_entry(index, before, after);
    if (units == HalfUnits{}) continue;
    (index.is_global ? charged.global_indexes : charged.local_indexes)[index.description.name] =
        units;
  }
  if (listener_ != nullptr) listener_->on_change(*this, position, before, after);
  return charged;
}

void TableStore::add_global_index(IndexDescription index) {
  description_.global_indexes.push_back(index);
  indexes_.push_back({std::move(index), true, {}});
  for (const auto& [position, item] : all_items()) {
    static_cast<void>(replace_entry(indexes_.back(), nullptr, item));
  }
}

void TableStore::remove_global_index(const std::string& name) {
  std::erase_if(description_.global_indexes,
                [&name](const IndexDescription& index) { return index.name == name; });
  std::erase_if(indexes_, [&name](const IndexStore& index) {
    return index.is_global && index.description.name == name;
  });
}

std::vector<std::pair<Position, ItemRef>> TableStore::all_items() const {
  std::vector<std::pair<Position, ItemRef>> all;
  all.reserve(items_.size());
  const Collections::Span span = items_.all();
  for (Collections::Cursor at = span.begin; at != span.end; at = items_.next(at)) {
    const ItemRef& item = items_.entry(at).item;
    all.emplace_back(position_in_table(description_, item->item), item);
  }
  return all;
}

}  // namespace ddbplan::engine
