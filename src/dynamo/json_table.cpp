#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

#include "dynamo/json.h"

namespace ddbplan::dynamo {

using nlohmann::ordered_json;

namespace {

ordered_json key_schema(const KeySchema& key) {
  ordered_json out = ordered_json::array();
  for (const KeyAttribute& attribute : key.partition) {
    out.push_back({{"AttributeName", attribute.name}, {"KeyType", "HASH"}});
  }
  for (const KeyAttribute& attribute : key.sort) {
    out.push_back({{"AttributeName", attribute.name}, {"KeyType", "RANGE"}});
  }
  return out;
}

ordered_json projection(const Projection& projection) {
  ordered_json out = ordered_json::object();
  switch (projection.type) {
    case ProjectionType::all:
      out["ProjectionType"] = "ALL";
      break;
    case ProjectionType::keys_only:
      out["ProjectionType"] = "KEYS_ONLY";
      break;
    case ProjectionType::include:
      out["ProjectionType"] = "INCLUDE";
      out["NonKeyAttributes"] = projection.attributes;
      break;
  }
  return out;
}

ordered_json indexes(const std::vector<IndexDescription>& described) {
  ordered_json out = ordered_json::array();
  for (const IndexDescription& index : described) {
    out.push_back({{"IndexName", index.name},
                   {"KeySchema", key_schema(index.key)},
                   {"Projection", projection(index.projection)}});
  }
  return out;
}

/// Exactly the attributes of the key schemas: an unused definition is refused too.
std::vector<KeyAttribute> used_key_attributes(const TableDescription& table) {
  std::vector<KeyAttribute> used;
  const auto add = [&used](const KeySchema& key) {
    for (const auto* part : {&key.partition, &key.sort}) {
      for (const KeyAttribute& attribute : *part) {
        if (std::find(used.begin(), used.end(), attribute) == used.end()) {
          used.push_back(attribute);
        }
      }
    }
  };
  add(table.key);
  for (const IndexDescription& index : table.global_indexes) add(index.key);
  for (const IndexDescription& index : table.local_indexes) add(index.key);
  return used;
}

}  // namespace

ordered_json create_table_to_json(const TableDescription& table) {
  ordered_json definitions = ordered_json::array();
  for (const KeyAttribute& attribute : used_key_attributes(table)) {
    definitions.push_back(
        {{"AttributeName", attribute.name}, {"AttributeType", scalar_type_name(attribute.type)}});
  }
  ordered_json out = ordered_json::object();
  out["TableName"] = table.name;
  out["AttributeDefinitions"] = std::move(definitions);
  out["KeySchema"] = key_schema(table.key);
  if (!table.global_indexes.empty()) out["GlobalSecondaryIndexes"] = indexes(table.global_indexes);
  if (!table.local_indexes.empty()) out["LocalSecondaryIndexes"] = indexes(table.local_indexes);
  out["BillingMode"] = "PAY_PER_REQUEST";
  return out;
}

}  // namespace ddbplan::dynamo
