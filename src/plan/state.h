// A point of the search space: one decision per entity (its base key), one per Need (how it is served), one
// per kind of children that is read with its parent (in one Query or not). Everything else follows from these.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "plan/candidates.h"
#include "plan/held.h"
#include "plan/table_plan.h"

namespace ddbplan::plan {

inline constexpr std::size_t kUnserved = static_cast<std::size_t>(-1);

struct State {
  std::vector<std::size_t> base;   ///< by entity: position in EntityCandidates::bases
  std::vector<std::size_t> serve;  ///< by Need: position in Candidates::options, or kUnserved
  /// By Need of children: the Query that reads them brings the row that they belong to as well, where that can be.
  std::vector<bool> together;
  /// Indexes that project everything where a list of attributes would do, by (entity, entry candidate).
  std::map<std::pair<std::size_t, std::size_t>, bool> project_all;
  bool operator==(const State&) const = default;
};

/// A part of the Problem that is assembled by itself: some entities, the patterns that touch them, and the
/// Needs of these patterns, each in ascending order. The search works entity by entity, and an evaluation must
/// not cost what the whole design costs.
struct Scope {
  std::vector<std::size_t> entities;
  std::vector<std::size_t> patterns;
  std::vector<std::size_t> needs;
  /// Whose keys may be sharded, by its own load alone; nullopt: everybody's, by the load of all.
  std::optional<model::EntityId> heated;
};

/// What is given to all states: the Workload, its Needs and their candidates. Made by pose_problem.
struct Problem {
  const model::Workload& workload;
  std::vector<Need> needs;
  Candidates candidates;
  std::vector<bool> planned;  ///< by pattern: false for what is not planned yet
  std::vector<std::vector<std::size_t>> needs_of_pattern;
  /// By pattern, ascending: the entities whose items its plan may read or write.
  std::vector<std::vector<std::size_t>> entities_of_pattern;
  Scope whole;
  TablePlan tables;
  std::vector<design::Table> bare_tables;  ///< by table: without indexes
  std::vector<std::size_t> item_kinds;     ///< by table
  /// What is held of an earlier design; nothing else differs then than the candidates (hold.h).
  std::optional<Held> held = std::nullopt;

  [[nodiscard]] const KeySpec& base(const State& state, model::EntityId entity) const {
    return candidates.entities[entity.index].bases[state.base[entity.index]];
  }
  [[nodiscard]] const Option* option(const State& state, std::size_t need) const {
    const std::size_t chosen = state.serve[need];
    return chosen == kUnserved ? nullptr : &candidates.options[need][chosen];
  }
  /// The held index that an entry candidate stands in; null: an index that is made for it.
  [[nodiscard]] const HeldIndex* held_index(const KeySpec& spec) const {
    return spec.held ? &held->indexes[*spec.held] : nullptr;
  }
  [[nodiscard]] const KeySpec& entry(model::EntityId entity, std::size_t candidate) const {
    return candidates.entities[entity.index].entries[candidate];
  }
};

/// Without a TablePlan all entities share one table.
Problem pose_problem(const model::Workload& workload, std::vector<Need> needs,
                     Candidates candidates, std::vector<bool> planned,
                     std::optional<TablePlan> tables = std::nullopt);

/// Shards by key: (entity, entry candidate), or (entity, kBaseKey) for the base table.
inline constexpr std::size_t kBaseKey = static_cast<std::size_t>(-1);
using ShardPlan = std::map<std::pair<std::size_t, std::size_t>, design::ShardRule>;

}  // namespace ddbplan::plan
