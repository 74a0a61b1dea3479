#include "engine/validation.h"

#include <cstdint>
#include <variant>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "engine/errors.h"

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::AttributeValue;
using dynamo::IndexDescription;
using dynamo::Item;
using dynamo::KeyAttribute;
using dynamo::TableDescription;
namespace limits = dynamo::limits;

namespace {

using Problem = std::optional<ApiError>;

bool has_type(const AttributeValue& value, dynamo::ScalarType type) {
  return value.type_name() == dynamo::scalar_type_name(type);
}

/// "string" or "binary" when the value is an empty one, which no key may be.
const char* emptiness(const AttributeValue& value) {
  if (const std::string* text = value.as_string(); text != nullptr && text->empty()) {
    return "string";
  }
  if (const dynamo::Binary* binary = value.as_binary();
      binary != nullptr && binary->bytes.empty()) {
    return "binary";
  }
  return nullptr;
}

ApiError schema_mismatch() {
  return validation_error("The provided key element does not match the schema");
}

Problem check_key_size(const AttributeValue& value, bool is_partition) {
  if (value.as_number() != nullptr) return std::nullopt;
  const std::int64_t bytes = dynamo::value_bytes(value).count;
  if (is_partition && bytes > limits::kPartitionKeyBytesMax) {
    return invalid_parameter("Size of hashkey has exceeded the maximum size limit of2048 bytes");
  }
  if (!is_partition && bytes > limits::kSortKeyBytesMax) {
    return invalid_parameter(
        "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
  }
  return std::nullopt;
}

Problem check_key_value(const AttributeValue& value, const std::string& name, bool is_partition) {
  if (const char* empty = emptiness(value)) {
    return validation_error(fmt::format(
        "One or more parameter values are not valid. The AttributeValue for a key attribute "
        "cannot contain an empty {} value. Key: {}",
        empty, name));
  }
  return check_key_size(value, is_partition);
}

Problem check_table_key(const TableDescription& table, const Item& item, ItemSource source) {
  for (const auto* part : {&table.key.partition, &table.key.sort}) {
    for (const KeyAttribute& attribute : *part) {
      const auto* found = item.find(attribute.name);
      if (found == item.end()) {
        return invalid_parameter(fmt::format("Missing the key {} in the item", attribute.name));
      }
      const AttributeValue& value = found->second;
      if (!has_type(value, attribute.type)) {
        if (source == ItemSource::batch) return schema_mismatch();
        return invalid_parameter(
            fmt::format("Type mismatch for key {} expected: {} actual: {}", attribute.name,
                        dynamo::scalar_type_name(attribute.type), value.type_name()));
      }
      if (Problem problem = check_key_value(value, attribute.name, part == &table.key.partition)) {
        return problem;
      }
    }
  }
  return std::nullopt;
}

/// Where an attribute that is there cannot be the index key it should be.
struct IndexKeyProblem {
  const IndexDescription* index = nullptr;
  const KeyAttribute* attribute = nullptr;
  const AttributeValue* value = nullptr;
  bool is_partition = false;
};

void find_index_key_problem(const IndexDescription& index, const Item& item, const Item* before,
                            IndexKeyProblem& first) {
  for (const auto* part : {&index.key.partition, &index.key.sort}) {
    const bool is_partition = part == &index.key.partition;
    for (const KeyAttribute& attribute : *part) {
      const auto* found = item.find(attribute.name);
      if (found == item.end()) continue;
      const AttributeValue& value = found->second;
      const bool good = has_type(value, attribute.type) && emptiness(value) == nullptr &&
                        !check_key_size(value, is_partition);
      if (good) continue;
      if (before != nullptr) {
        const auto* old = before->find(attribute.name);
        if (old != before->end() && old->second == value) continue;
      }
      // The service names the first index by name.
      if (first.index == nullptr || index.name < first.index->name) {
        first = {&index, &attribute, &value, is_partition};
      }
    }
  }
}

IndexKeyProblem find_index_key_problem(const TableDescription& table, const Item& item,
                                       const Item* before) {
  IndexKeyProblem first;
  for (const auto* indexes : {&table.global_indexes, &table.local_indexes}) {
    for (const IndexDescription& index : *indexes) {
      find_index_key_problem(index, item, before, first);
    }
  }
  return first;
}

Problem check_index_keys_of_put(const TableDescription& table, const Item& item) {
  const IndexKeyProblem problem = find_index_key_problem(table, item, nullptr);
  if (problem.index == nullptr) return std::nullopt;
  const KeyAttribute& attribute = *problem.attribute;
  if (!has_type(*problem.value, attribute.type)) {
    return invalid_parameter(fmt::format(
        "Type mismatch for Index Key {} Expected: {} Actual: {} IndexName: {}", attribute.name,
        dynamo::scalar_type_name(attribute.type), problem.value->type_name(), problem.index->name));
  }
  if (const char* empty = emptiness(*problem.value)) {
    return validation_error(fmt::format(
        "One or more parameter values are not valid. A value specified for a secondary index key "
        "is not supported. The AttributeValue for a key attribute cannot contain an empty {} "
        "value. IndexName: {}, IndexKey: {}",
        empty, problem.index->name, attribute.name));
  }
  return check_key_size(*problem.value, problem.is_partition);
}

Problem check_index_keys_of_update(const TableDescription& table, const Item& before,
                                   const Item& after) {
  const IndexKeyProblem problem = find_index_key_problem(table, after, &before);
  if (problem.index == nullptr) return std::nullopt;
  if (!has_type(*problem.value, problem.attribute->type)) {
    return validation_error(
        "The update expression attempted to update the secondary index key to unsupported type");
  }
  if (const char* empty = emptiness(*problem.value)) {
    return validation_error(fmt::format(
        "One or more parameter values are not valid. The update expression attempted to update a "
        "secondary index key to a value that is not supported. The AttributeValue for a key "
        "attribute cannot contain an empty {} value.",
        empty));
  }
  return check_key_size(*problem.value, problem.is_partition);
}

/// An empty set anywhere in a value; requests built in code can have one, JSON cannot.
const char* find_empty_set(const AttributeValue& value) {
  if (const auto* set = std::get_if<dynamo::StringSet>(&value.data)) {
    return set->elements.empty() ? "An string set  may not be empty" : nullptr;
  }
  if (const auto* set = std::get_if<dynamo::NumberSet>(&value.data)) {
    return set->elements.empty() ? "An number set  may not be empty" : nullptr;
  }
  if (const auto* set = std::get_if<dynamo::BinarySet>(&value.data)) {
    return set->elements.empty() ? "Binary sets should not be empty" : nullptr;
  }
  if (const auto* list = std::get_if<dynamo::List>(&value.data)) {
    for (const AttributeValue& element : *list) {
      if (const char* problem = find_empty_set(element)) return problem;
    }
  } else if (const auto* map = std::get_if<dynamo::Map>(&value.data)) {
    for (const auto& [name, child] : *map) {
      if (const char* problem = find_empty_set(child)) return problem;
    }
  }
  return nullptr;
}

Problem check_values(const Item& item) {
  for (const auto& [name, value] : item) {
    if (name.empty()) {
      return validation_error("Attribute names must have at least one character");
    }
    if (dynamo::nesting_depth(value) > limits::kNestingDepthMax) {
      return validation_error(
          "Nesting Levels have exceeded supported limits: Attributes in the item have nested "
          "levels beyond supported limit");
    }
    if (const char* problem = find_empty_set(value)) return invalid_parameter(problem);
  }
  return std::nullopt;
}

/// An item and its entries in all local indexes share the limit.
std::int64_t limited_bytes(const TableDescription& table, const Item& item) {
  std::int64_t bytes = dynamo::item_bytes(item).count;
  for (const IndexDescription& index : table.local_indexes) {
    if (const std::optional<Item> entry = dynamo::project_entry(item, table, index)) {
      bytes += dynamo::item_bytes(*entry).count;
    }
  }
  return bytes;
}

/// What an update is measured by, beside the size of the item it makes: the item without its key,
/// 3 bytes, 19 for each action that writes and 2 for each that clears. (Measured by others, 2026.)
std::int64_t update_bytes(const TableDescription& table, const Item& after, UpdateActions actions) {
  std::int64_t bytes = dynamo::item_bytes(after).count + 3;
  for (const auto* part : {&table.key.partition, &table.key.sort}) {
    for (const KeyAttribute& attribute : *part) {
      const auto* found = after.find(attribute.name);
      bytes -= static_cast<std::int64_t>(attribute.name.size());
      bytes -= dynamo::value_bytes(found->second).count;
    }
  }
  return bytes + std::int64_t{19} * actions.writing + std::int64_t{2} * actions.clearing;
}

}  // namespace

Problem check_key(const TableDescription& table, const Item& key) {
  if (key.size() != table.key.partition.size() + table.key.sort.size()) return schema_mismatch();
  for (const auto* part : {&table.key.partition, &table.key.sort}) {
    for (const KeyAttribute& attribute : *part) {
      const auto* found = key.find(attribute.name);
      if (found == key.end() || !has_type(found->second, attribute.type)) {
        return schema_mismatch();
      }
      if (Problem problem =
              check_key_value(found->second, attribute.name, part == &table.key.partition)) {
        return problem;
      }
    }
  }
  return std::nullopt;
}

Problem check_item(const TableDescription& table, const Item& item, ItemSource source) {
  if (Problem problem = check_values(item)) return problem;
  if (Problem problem = check_table_key(table, item, source)) return problem;
  if (Problem problem = check_index_keys_of_put(table, item)) return problem;
  if (limited_bytes(table, item) > limits::kItemBytesMax) {
    return validation_error("Item size has exceeded the maximum allowed size");
  }
  return std::nullopt;
}

Problem check_updated_item(const TableDescription& table, const Item& before, const Item& after,
                           UpdateActions actions) {
  if (Problem problem = check_values(after)) return problem;
  if (Problem problem = check_index_keys_of_update(table, before, after)) return problem;
  if (limited_bytes(table, after) > limits::kItemBytesMax ||
      update_bytes(table, after, actions) > limits::kItemBytesMax) {
    return validation_error("Item size to update has exceeded the maximum allowed size");
  }
  return std::nullopt;
}

}  // namespace ddbplan::engine
