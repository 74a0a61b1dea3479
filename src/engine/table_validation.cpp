#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "dynamo/reserved.h"
#include "engine/errors.h"
#include "engine/validation.h"

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::IndexDescription;
using dynamo::KeyAttribute;
using dynamo::KeySchema;
using dynamo::ProjectionType;
using dynamo::TableDescription;
namespace limits = dynamo::limits;

namespace {

using Problem = std::optional<ApiError>;

/// Developer Guide, "Constraints": names of attributes in key schemas.
constexpr std::size_t kKeyNameBytesMax = 255;

Problem check_name(const char* member, const std::string& name) {
  if (dynamo::is_valid_resource_name(name)) return std::nullopt;
  const char* constraint = "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+";
  if (name.size() < limits::kNameLengthMin) {
    constraint = "Member must have length greater than or equal to 3";
  } else if (name.size() > limits::kNameLengthMax) {
    constraint = "Member must have length less than or equal to 255";
  }
  return validation_error(fmt::format(
      "1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: {}", name,
      member, constraint));
}

Problem check_key_schema(const KeySchema& key, std::size_t parts_max) {
  if (key.partition.empty()) {
    return validation_error("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (key.partition.size() > parts_max || key.sort.size() > parts_max) {
    return invalid_parameter(
        fmt::format("KeySchema has {} HASH and {} RANGE elements; at most {} of each are allowed",
                    key.partition.size(), key.sort.size(), parts_max));
  }
  std::set<std::string> names;
  for (const auto* part : {&key.partition, &key.sort}) {
    for (const KeyAttribute& attribute : *part) {
      if (attribute.name.empty() || attribute.name.size() > kKeyNameBytesMax) {
        return invalid_parameter("The name of a key attribute must have 1 to 255 characters");
      }
      if (!names.insert(attribute.name).second) {
        return validation_error(
            "Both the Hash Key and the Range Key element in the KeySchema have the same name");
      }
    }
  }
  return std::nullopt;
}

Problem check_projection(const IndexDescription& index) {
  const bool has_attributes = !index.projection.attributes.empty();
  switch (index.projection.type) {
    case ProjectionType::all:
      if (!has_attributes) return std::nullopt;
      return invalid_parameter("ProjectionType is ALL, but NonKeyAttributes is specified");
    case ProjectionType::keys_only:
      if (!has_attributes) return std::nullopt;
      return invalid_parameter("ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified");
    case ProjectionType::include:
      break;
  }
  if (!has_attributes) {
    return invalid_parameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  }
  if (index.projection.attributes.size() > limits::kIncludeAttributesPerIndexMax) {
    return validation_error(fmt::format(
        "1 validation error detected: Value '{}' at 'projection.nonKeyAttributes' failed to "
        "satisfy constraint: Member must have length less than or equal to 20",
        fmt::join(index.projection.attributes, ", ")));
  }
  return std::nullopt;
}

Problem check_local_index(const TableDescription& table, const IndexDescription& index) {
  if (table.key.sort.empty()) {
    return invalid_parameter(
        "Table KeySchema does not have a range key, which is required when specifying a "
        "LocalSecondaryIndex");
  }
  if (index.key.partition != table.key.partition) {
    return invalid_parameter(fmt::format(
        "Index KeySchema does not have the same leading hash key as table KeySchema for index: {}",
        index.name));
  }
  if (index.key.sort.empty()) {
    return invalid_parameter(
        fmt::format("Index KeySchema does not have a range key for index: {}", index.name));
  }
  return std::nullopt;
}

/// One attribute name has one type in all key schemas: AttributeDefinitions has it once.
Problem check_types(const TableDescription& table) {
  std::map<std::string, dynamo::ScalarType> types;
  const auto check = [&types](const KeySchema& key) -> Problem {
    for (const auto* part : {&key.partition, &key.sort}) {
      for (const KeyAttribute& attribute : *part) {
        const auto [known, is_new] = types.emplace(attribute.name, attribute.type);
        if (!is_new && known->second != attribute.type) {
          return invalid_parameter(
              fmt::format("Cannot have two attributes with the same name: {}", attribute.name));
        }
      }
    }
    return std::nullopt;
  };
  if (Problem problem = check(table.key)) return problem;
  for (const auto* indexes : {&table.global_indexes, &table.local_indexes}) {
    for (const IndexDescription& index : *indexes) {
      if (Problem problem = check(index.key)) return problem;
    }
  }
  return std::nullopt;
}

Problem check_counts(const TableDescription& table) {
  if (table.global_indexes.size() > limits::kGlobalIndexesMax) {
    return invalid_parameter("GlobalSecondaryIndex count exceeds the per-table limit of 20");
  }
  if (table.local_indexes.size() > limits::kLocalIndexesMax) {
    return invalid_parameter("Number of LocalSecondaryIndexes exceeds per-table limit of 5");
  }
  std::size_t attributes = 0;
  std::set<std::string> names;
  for (const auto* indexes : {&table.global_indexes, &table.local_indexes}) {
    for (const IndexDescription& index : *indexes) {
      attributes += index.projection.attributes.size();
      if (!names.insert(index.name).second) {
        return invalid_parameter(fmt::format("Duplicate index name: {}", index.name));
      }
    }
  }
  if (attributes > limits::kIncludeAttributesPerTableMax) {
    return invalid_parameter(fmt::format(
        "Total number of NonKeyAttributes of all indexes is {}, which exceeds the limit of 100",
        attributes));
  }
  return std::nullopt;
}

}  // namespace

Problem check_table(const TableDescription& table) {
  if (Problem problem = check_name("tableName", table.name)) return problem;
  if (Problem problem = check_key_schema(table.key, 1)) return problem;
  if (Problem problem = check_counts(table)) return problem;
  for (const IndexDescription& index : table.global_indexes) {
    if (Problem problem = check_name("indexName", index.name)) return problem;
    if (Problem problem = check_key_schema(index.key, limits::kMultiKeyPartsMax)) return problem;
    if (Problem problem = check_projection(index)) return problem;
  }
  for (const IndexDescription& index : table.local_indexes) {
    if (Problem problem = check_name("indexName", index.name)) return problem;
    if (Problem problem = check_key_schema(index.key, 1)) return problem;
    if (Problem problem = check_local_index(table, index)) return problem;
    if (Problem problem = check_projection(index)) return problem;
  }
  return check_types(table);
}

}  // namespace ddbplan::engine
