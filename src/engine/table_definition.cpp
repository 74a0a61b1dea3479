#include "engine/table_definition.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::BillingMode;
using dynamo::IndexDefinition;
using dynamo::KeyAttribute;
using dynamo::KeyElement;
using dynamo::KeySchema;
using dynamo::TableDefinition;

namespace {

std::string names_of(const std::vector<KeyElement>& keys) {
  std::vector<std::string> names;
  for (const KeyElement& key : keys) names.push_back(key.name);
  return fmt::format("[{}]", fmt::join(names, ", "));
}

std::string names_of(const std::vector<KeyAttribute>& attributes) {
  std::vector<std::string> names;
  for (const KeyAttribute& attribute : attributes) names.push_back(attribute.name);
  return fmt::format("[{}]", fmt::join(names, ", "));
}

const KeyAttribute* find(const std::vector<KeyAttribute>& attributes, const std::string& name) {
  const auto found =
      std::find_if(attributes.begin(), attributes.end(),
                   [&name](const KeyAttribute& attribute) { return attribute.name == name; });
  return found == attributes.end() ? nullptr : &*found;
}

/// Partition attributes stand before sort attributes.
std::optional<ApiError> check_order(const std::vector<KeyElement>& keys) {
  if (keys.empty() || !keys.front().is_partition) {
    return validation_error("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  const bool is_ordered = std::is_partitioned(keys.begin(), keys.end(),
                                              [](const KeyElement& k) { return k.is_partition; });
  if (is_ordered) return std::nullopt;
  return validation_error("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
}

ApiResult<KeySchema> typed(const std::vector<KeyElement>& keys,
                           const std::vector<KeyAttribute>& attributes, bool is_table) {
  if (auto error = check_order(keys)) return *std::move(error);
  // A table has one of each; more of one kind is told as the wrong kind.
  if (is_table && keys.size() > 1 && keys[1].is_partition) {
    return validation_error(
        "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  KeySchema schema;
  for (const KeyElement& key : keys) {
    const KeyAttribute* found = find(attributes, key.name);
    if (found == nullptr) {
      return invalid_parameter(fmt::format(
          "Some index key attributes are not defined in AttributeDefinitions. Keys: {}, "
          "AttributeDefinitions: {}",
          names_of(keys), names_of(attributes)));
    }
    (key.is_partition ? schema.partition : schema.sort).push_back(*found);
  }
  return schema;
}

std::optional<ApiError> check_unused(const TableDefinition& table) {
  const std::vector<KeyAttribute> used = used_attributes(table);
  if (used.size() == table.attributes.size()) return std::nullopt;
  const bool has_indexes = !table.global_indexes.empty() || !table.local_indexes.empty();
  if (!has_indexes) {
    return invalid_parameter(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in "
        "AttributeDefinitions");
  }
  return invalid_parameter(
      fmt::format("Some AttributeDefinitions are not used. AttributeDefinitions: {}, keys used: {}",
                  names_of(table.attributes), names_of(used)));
}

std::optional<ApiError> check_duplicates(const std::vector<KeyAttribute>& attributes) {
  std::set<std::string> names;
  for (const KeyAttribute& attribute : attributes) {
    if (!names.insert(attribute.name).second) {
      return invalid_parameter(
          fmt::format("Cannot have two attributes with the same name: {}", attribute.name));
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<KeyAttribute> used_attributes(const TableDefinition& table) {
  std::set<std::string> names;
  const auto add = [&names](const std::vector<KeyElement>& keys) {
    for (const KeyElement& key : keys) names.insert(key.name);
  };
  add(table.keys);
  for (const IndexDefinition& index : table.global_indexes) add(index.keys);
  for (const IndexDefinition& index : table.local_indexes) add(index.keys);
  std::vector<KeyAttribute> used;
  for (const KeyAttribute& attribute : table.attributes) {
    if (names.contains(attribute.name)) used.push_back(attribute);
  }
  return used;
}

ApiResult<dynamo::IndexDescription> describe(const IndexDefinition& index,
                                             const std::vector<KeyAttribute>& attributes) {
  ApiResult<KeySchema> key = typed(index.keys, attributes, false);
  if (!key) return key.error();
  return dynamo::IndexDescription{index.name, *std::move(key), index.projection};
}

ApiResult<dynamo::TableDescription> describe(const TableDefinition& table) {
  if (auto error = check_duplicates(table.attributes)) return *std::move(error);
  dynamo::TableDescription description;
  description.name = table.name;
  ApiResult<KeySchema> key = typed(table.keys, table.attributes, true);
  if (!key) return key.error();
  description.key = *std::move(key);
  for (const IndexDefinition& index : table.global_indexes) {
    auto described = describe(index, table.attributes);
    if (!described) return described.error();
    description.global_indexes.push_back(*std::move(described));
  }
  for (const IndexDefinition& index : table.local_indexes) {
    auto described = describe(index, table.attributes);
    if (!described) return described.error();
    description.local_indexes.push_back(*std::move(described));
  }
  if (auto error = check_unused(table)) return *std::move(error);
  return description;
}

std::optional<ApiError> check_billing(const TableDefinition& table) {
  if (table.billing == BillingMode::pay_per_request) {
    const bool index_has =
        std::any_of(table.global_indexes.begin(), table.global_indexes.end(),
                    [](const IndexDefinition& index) { return index.throughput.has_value(); });
    if (!table.throughput && !index_has) return std::nullopt;
    return invalid_parameter(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
        "PAY_PER_REQUEST");
  }
  if (!table.throughput) {
    return invalid_parameter(
        "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
        "PROVISIONED");
  }
  for (const IndexDefinition& index : table.global_indexes) {
    if (index.throughput) continue;
    return invalid_parameter(
        fmt::format("ProvisionedThroughput must be specified for index: {}", index.name));
  }
  return std::nullopt;
}

}  // namespace ddbplan::engine
