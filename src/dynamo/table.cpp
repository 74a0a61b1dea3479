#include "dynamo/table.h"

#include <algorithm>

#include <string_view>

namespace ddbplan::dynamo {
namespace {

/// False when an attribute is missing or has another type: then the item is not in that index.
bool copy_key(const KeySchema& schema, const Item& item, Item& entry) {
  for (const auto* part : {&schema.partition, &schema.sort}) {
    for (const KeyAttribute& attribute : *part) {
      const auto* found = item.find(attribute.name);
      if (found == item.end()) return false;
      if (found->second.type_name() != scalar_type_name(attribute.type)) return false;
      entry.insert(*found);
    }
  }
  return true;
}

}  // namespace

bool KeySchema::has(std::string_view name) const {
  const auto is_it = [name](const KeyAttribute& key) { return key.name == name; };
  return std::any_of(partition.begin(), partition.end(), is_it) ||
         std::any_of(sort.begin(), sort.end(), is_it);
}

std::optional<Item> project_entry(const Item& item, const TableDescription& table,
                                  const IndexDescription& index) {
  Item entry;
  if (!copy_key(index.key, item, entry)) return std::nullopt;
  if (index.projection.type == ProjectionType::all) return item;
  if (!copy_key(table.key, item, entry)) return std::nullopt;
  if (index.projection.type == ProjectionType::include) {
    for (const std::string& name : index.projection.attributes) {
      if (const auto* found = item.find(name); found != item.end()) entry.insert(*found);
    }
  }
  return entry;
}

}  // namespace ddbplan::dynamo
