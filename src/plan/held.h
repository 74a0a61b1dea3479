// What of an earlier design a Problem is held to: its table, its indexes with their projections (DynamoDB changes
// none of an existing index), the keys and shards that items already have. Candidates that stand in a held index
// say so (KeySpec::held); everything else about holding is which candidates there are (hold.h).
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "design/layout.h"

namespace ddbplan::plan {

struct HeldIndex {
  design::Index index;
  /// It stays whatever is decided: an access pattern is pinned to it, or it is local, and a local index goes only
  /// with its table.
  bool stays = false;
  /// Entities that have entries in it already: what their entries are cannot change in place.
  std::set<std::size_t> entities;
};

struct Held {
  std::string table;
  dynamo::KeySchema table_key;
  std::vector<HeldIndex> indexes;
  /// The literal that leads the sort key of an entity's rows.
  std::map<std::size_t, std::string> sort_literals;
  /// Shards, one as well, by (entity, entry candidate) or (entity, kBaseKey).
  std::map<std::pair<std::size_t, std::size_t>, design::ShardRule> shards;
  /// Entities whose rows say their type, though it may be the only one by now.
  std::set<std::size_t> typed;

  [[nodiscard]] std::size_t staying() const {
    std::size_t count = 0;
    for (const HeldIndex& one : indexes) count += one.stays ? 1 : 0;
    return count;
  }
};

}  // namespace ddbplan::plan
