// Where rows live: tables, indexes, and for every entity the items its rows become, with their keys.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "design/key_template.h"

namespace ddbplan::design {

/// Which shard a row's item or entry is in: `hash(by) mod count`, the same in every emitted language.
struct ShardRule {
  int count = 1;
  /// A counter: every request picks a shard, whatever the row, and the row is the sum of its shards. `by` is
  /// empty then.
  bool by_request = false;
  /// The identity attributes whose encoded text, joined by '#', is hashed. Never a mutable attribute.
  std::vector<std::string> by;
  std::string hash = "fnv1a-32";
  /// Other counts for named values of `per_key_attribute` (`{acme: 8}`); `count` is for all others.
  std::string per_key_attribute;
  std::map<std::string, int> per_key;
  [[nodiscard]] bool sharded() const { return count > 1 || !per_key.empty(); }
  bool operator==(const ShardRule&) const = default;
};
/// In a row: which shard the request has picked, for a rule that is `by_request`; no attribute has this name.
/// A row without it stands in shard 0.
inline constexpr const char* kRequestShard = "\x01shard";
/// Shards for rows (or requests) with this value of `per_key_attribute`.
int shard_count(const ShardRule& rule, const dynamo::Item& bound);
/// REQUIRES: every attribute of `by` is in `row`.
int shard_of(const ShardRule& rule, const dynamo::Item& row);

/// An item's place in the base table or in one index. One template per key attribute: one and at most one,
/// except in a GSI with multi-attribute keys.
struct KeyEntry {
  std::optional<std::string> index;  ///< nullopt: the base table
  std::vector<KeyTemplate> partition;
  std::vector<KeyTemplate> sort;
  /// Rows for which this does not hold are not in the index (sparse). Null: all rows that have the attributes.
  model::ExpressionPtr when;
  ShardRule shards;
  [[nodiscard]] Ranks ranks() const;
};

/// The attributes that a row's place in the entry hangs on: of its key, its condition and its shard.
std::vector<std::string> inputs_of(const KeyEntry& entry);

enum class ItemRole { row, facet, guard, counter, pointer, copy, rollup };
std::string_view role_name(ItemRole role);

struct SizeEstimate {
  double mean = 0;
  double max = 0;
};

/// The items that rows of one entity become: the row itself and helpers.
struct ItemLayout {
  ItemRole role = ItemRole::row;
  model::EntityId entity;
  std::size_t table = 0;
  KeyEntry base;
  std::vector<KeyEntry> entries;
  /// Logical attributes stored under their own names, in the entity's order (a row's own: all).
  std::vector<std::string> attributes;
  /// Value of the type attribute; nullopt: the table holds one kind of item and needs none.
  std::optional<std::string> type_value;
  /// Guard: which Unique of the entity it enforces.
  std::optional<std::size_t> unique;
  /// Copy: which of the row's, from 1.
  int copy = 0;
  /// Stored item in bytes, names and key attributes included, over rows that have it. Filled by capacity.
  SizeEstimate bytes;
};

struct Index {
  std::string name;
  bool local = false;
  dynamo::KeySchema key;
  dynamo::Projection projection;
};

struct Table {
  std::string name;
  dynamo::KeySchema key;
  std::vector<Index> indexes;
  std::optional<std::string> ttl_attribute;
  std::optional<std::string> stream_view;  ///< NEW_AND_OLD_IMAGES, ...
  bool point_in_time_recovery = false;
  std::optional<int> recovery_days;
  /// Warm throughput to ask for at creation, when peaks need more than a new table gives.
  std::optional<double> warm_read_units;
  std::optional<double> warm_write_units;
  [[nodiscard]] const Index* find_index(std::string_view index) const;
};

/// The key attributes that a row has in the base table or an index, by name: nullopt when the row is not
/// there. LSIs name the table's partition key too.
std::optional<dynamo::Item> entry_key(const KeyEntry& entry, const dynamo::KeySchema& schema,
                                      const dynamo::Item& row);

/// Name of the type attribute when `type_value` is set: settings.type_attribute.
/// The stored item of a row under a layout: nullopt when the layout has no item for it. Attributes, type and
/// key attributes of the table and of every index the row is in.
std::optional<dynamo::Item> materialise(const ItemLayout& layout, const Table& table,
                                        const std::string& type_attribute, const dynamo::Item& row);
/// The attributes of that item in the order of their names, without copying those that the row has: they stay
/// where they are, and what the layout makes stands in `made`.
std::optional<std::vector<const dynamo::Attribute*>> item_attributes(
    const ItemLayout& layout, const Table& table, const std::string& type_attribute,
    const dynamo::Item& row, dynamo::Item& made);

/// As CreateTable takes it.
dynamo::TableDescription describe(const Table& table);

}  // namespace ddbplan::design
