#include "design/layout.h"

#include <algorithm>

#include "design/design.h"
#include "design/encoding.h"
#include "model/evaluate.h"
#include "support/check.h"
#include "support/prng.h"
#include "support/text.h"

namespace ddbplan::design {
namespace {

using dynamo::AttributeValue;
using dynamo::Decimal;
using dynamo::Item;

/// False, and `item` perhaps half filled, when one of the templates has no value for this row.
bool add_keys(const KeyEntry& entry, const dynamo::KeySchema& schema, const Item& row, int shard,
              Item& item) {
  DDBPLAN_CHECK(entry.partition.size() == schema.partition.size());
  DDBPLAN_CHECK(entry.sort.size() == schema.sort.size());
  const auto add = [&](const KeyTemplate& key, const dynamo::KeyAttribute& attribute) {
    std::optional<AttributeValue> value = render(key, row, shard);
    if (!value) return false;
    item.insert_or_assign(attribute.name, *std::move(value));
    return true;
  };
  for (std::size_t i = 0; i < entry.partition.size(); ++i) {
    if (!add(entry.partition[i], schema.partition[i])) return false;
  }
  for (std::size_t i = 0; i < entry.sort.size(); ++i) {
    if (!add(entry.sort[i], schema.sort[i])) return false;
  }
  return true;
}

bool has_all(const Item& row, const std::vector<std::string>& attributes) {
  return std::all_of(attributes.begin(), attributes.end(),
                     [&](const std::string& name) { return row.contains(name); });
}

dynamo::IndexDescription describe(const Index& index) {
  return {index.name, index.key, index.projection};
}

}  // namespace

int shard_count(const ShardRule& rule, const Item& bound) {
  if (rule.per_key.empty()) return std::max(rule.count, 1);
  const auto* value = bound.find(rule.per_key_attribute);
  if (value == bound.end()) return std::max(rule.count, 1);
  Field field;
  field.attribute = rule.per_key_attribute;
  const std::optional<AttributeValue> text = encode(field, value->second, true);
  const auto named = text ? rule.per_key.find(*text->as_string()) : rule.per_key.end();
  return std::max(named == rule.per_key.end() ? rule.count : named->second, 1);
}

int shard_of(const ShardRule& rule, const Item& row) {
  const int count = shard_count(rule, row);
  if (count == 1) return 0;
  if (rule.by_request) {
    const auto* picked = row.find(kRequestShard);
    const Decimal* shard = picked == row.end() ? nullptr : picked->second.as_number();
    return shard == nullptr ? 0 : static_cast<int>(shard->to_double()) % count;
  }
  std::string identity;
  for (const std::string& name : rule.by) {
    const auto* value = row.find(name);
    DDBPLAN_CHECK_MSG(value != row.end(), "a shard needs the attribute " + name);
    Field field;
    field.attribute = name;
    const std::optional<AttributeValue> text = encode(field, value->second, true);
    DDBPLAN_CHECK_MSG(text.has_value(), "no shard can be made of the attribute " + name);
    if (!identity.empty() || &name != &rule.by.front()) identity += kDelimiter;
    identity += *text->as_string();
  }
  return static_cast<int>(support::fnv1a_32(identity) % static_cast<std::uint32_t>(count));
}

std::optional<Item> entry_key(const KeyEntry& entry, const dynamo::KeySchema& schema,
                              const Item& row) {
  model::Scope scope;
  scope.row = &row;
  if (!model::holds(entry.when, scope)) return std::nullopt;
  if (entry.shards.sharded() && !has_all(row, entry.shards.by)) return std::nullopt;
  Item key;
  const int shard = entry.shards.sharded() ? shard_of(entry.shards, row) : 0;
  if (!add_keys(entry, schema, row, shard, key)) return std::nullopt;
  return key;
}

std::vector<std::string> inputs_of(const KeyEntry& entry) {
  std::vector<std::string> out;
  for (const auto* keys : {&entry.partition, &entry.sort}) {
    for (const KeyTemplate& key : *keys) {
      for (const std::string& name : attributes_of(key)) support::add_once(out, name);
    }
  }
  if (entry.when) model::collect_attributes(*entry.when, out);
  for (const std::string& by : entry.shards.by) {
    if (entry.shards.sharded()) support::add_once(out, by);
  }
  return out;
}

std::string_view role_name(ItemRole role) {
  switch (role) {
    case ItemRole::row:
      return "row";
    case ItemRole::facet:
      return "facet";
    case ItemRole::guard:
      return "guard";
    case ItemRole::counter:
      return "counter";
    case ItemRole::pointer:
      return "pointer";
    case ItemRole::copy:
      return "copy";
    case ItemRole::rollup:
      return "rollup";
  }
  return "row";
}

const Index* Table::find_index(std::string_view name_of_index) const {
  const auto found = std::find_if(indexes.begin(), indexes.end(), [&](const Index& candidate) {
    return candidate.name == name_of_index;
  });
  return found == indexes.end() ? nullptr : &*found;
}

std::optional<std::vector<const dynamo::Attribute*>> item_attributes(
    const ItemLayout& layout, const Table& table, const std::string& type_attribute,
    const Item& row, Item& made) {
  std::optional<Item> keys = entry_key(layout.base, table.key, row);
  if (!keys) return std::nullopt;
  made = *std::move(keys);
  if (layout.type_value)
    made.insert_or_assign(type_attribute, AttributeValue::string(*layout.type_value));
  std::vector<const dynamo::Attribute*> attributes;
  constexpr std::size_t kKeyOfEntry = 2;
  attributes.reserve(made.size() + layout.attributes.size() + kKeyOfEntry * layout.entries.size());
  for (const std::string& name : layout.attributes) {
    const auto* own = row.find(name);
    if (own != row.end() && !made.contains(name)) attributes.push_back(own);
  }
  const std::size_t own = attributes.size();
  const auto is_own = [&](const std::string& name) {
    return std::any_of(attributes.begin(), attributes.begin() + static_cast<std::ptrdiff_t>(own),
                       [&](const dynamo::Attribute* one) { return one->first == name; });
  };
  for (const KeyEntry& entry : layout.entries) {
    DDBPLAN_CHECK(entry.index.has_value());
    const Index* index = table.find_index(*entry.index);
    DDBPLAN_CHECK_MSG(index != nullptr, "no index " + *entry.index + " in " + table.name);
    std::optional<Item> key = entry_key(entry, index->key, row);
    if (!key) continue;
    for (dynamo::Attribute& one : *key) {
      if (!is_own(one.first)) made.insert(std::move(one));
    }
  }
  for (const dynamo::Attribute& one : made) attributes.push_back(&one);
  std::sort(attributes.begin(), attributes.end(),
            [](const auto* a, const auto* b) { return a->first < b->first; });
  return attributes;
}

std::optional<Item> materialise(const ItemLayout& layout, const Table& table,
                                const std::string& type_attribute, const Item& row) {
  Item made;
  const auto attributes = item_attributes(layout, table, type_attribute, row, made);
  if (!attributes) return std::nullopt;
  Item item;
  item.reserve(attributes->size());
  for (const dynamo::Attribute* one : *attributes) item.insert(*one);
  return item;
}

dynamo::TableDescription describe(const Table& table) {
  dynamo::TableDescription description;
  description.name = table.name;
  description.key = table.key;
  description.ttl_attribute = table.ttl_attribute;
  for (const Index& index : table.indexes) {
    auto& group = index.local ? description.local_indexes : description.global_indexes;
    group.push_back(describe(index));
  }
  return description;
}

std::size_t Design::index_count() const {
  std::size_t count = 0;
  for (const Table& table : tables) count += table.indexes.size();
  return count;
}

std::size_t Design::row_layout(model::EntityId entity) const {
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].entity == entity && items[i].role == ItemRole::row) return i;
  }
  DDBPLAN_CHECK_MSG(false, "an entity without a row in the design");
  return items.size();
}

Ranks KeyEntry::ranks() const {
  Ranks out = ranks_of(partition);
  out.merge(ranks_of(sort));
  return out;
}

}  // namespace ddbplan::design
