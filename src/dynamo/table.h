// The description of a table as CreateTable takes it: what the engine builds, what templates say.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dynamo/value.h"

namespace ddbplan::dynamo {

struct KeyAttribute {
  std::string name;
  ScalarType type = ScalarType::S;
  bool operator==(const KeyAttribute&) const = default;
};

/// A table or LSI has one partition attribute and at most one sort attribute; a GSI up to four of
/// each (Developer Guide, "Multi-attribute keys", November 2025).
struct KeySchema {
  std::vector<KeyAttribute> partition;
  std::vector<KeyAttribute> sort;
  /// Whether this is the name of a key attribute.
  [[nodiscard]] bool has(std::string_view name) const;
  bool operator==(const KeySchema&) const = default;
};

enum class ProjectionType { all, keys_only, include };
struct Projection {
  ProjectionType type = ProjectionType::all;
  /// NonKeyAttributes; only with include.
  std::vector<std::string> attributes;
  bool operator==(const Projection&) const = default;
};

struct IndexDescription {
  std::string name;
  KeySchema key;
  Projection projection;
  bool operator==(const IndexDescription&) const = default;
};

struct TableDescription {
  std::string name;
  KeySchema key;
  std::vector<IndexDescription> global_indexes;
  std::vector<IndexDescription> local_indexes;
  std::optional<std::string> ttl_attribute;
  bool operator==(const TableDescription&) const = default;
};

/// The part of `item` that stands in an index: nullopt when a key attribute of the index is missing
/// (sparse). Table key, index key and projected attributes.
std::optional<Item> project_entry(const Item& item, const TableDescription& table,
                                  const IndexDescription& index);

}  // namespace ddbplan::dynamo
