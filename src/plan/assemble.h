// A State becomes a Design: tables, item layouts, indexes with their projections, and every access plan. Pure
// and deterministic; the search calls it for each state it looks at, the planner once more at the end.
#pragma once

#include <optional>
#include <string>

#include "design/design.h"
#include "plan/not_planned.h"
#include "plan/state.h"

namespace ddbplan::plan {

/// Where the parts of a State went: for access plans, reasons and shards.
struct Placement {
  /// By entity: position in Design::items; kNotPlaced outside the scope.
  std::vector<std::size_t> row;
  static constexpr std::size_t kNotPlaced = static_cast<std::size_t>(-1);
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> guard;  ///< (entity, unique) -> layout
  std::map<std::size_t, std::size_t> facet;                          ///< entity -> layout
  std::map<std::size_t, std::vector<std::size_t>> copies;  ///< entity -> its read copies' layouts
  struct Entry {
    std::size_t layout = 0;
    std::size_t position = 0;  ///< in ItemLayout::entries
    std::string index;
  };
  std::map<std::pair<std::size_t, std::size_t>, Entry> entries;  ///< (entity, candidate) -> place
};

struct Assembly {
  design::Design design;
  Placement placement;
  /// Needs of children whose Query brings the parent's row as well, ascending; of one parent's at most one.
  std::vector<std::size_t> together;
  /// Every Need has steps of its own: an entity's part is measured without the others'.
  bool apart = false;
  /// Writes that this State leaves without a plan, by pattern, and what is not planned yet about them.
  std::map<std::size_t, Unplanned> unplanned;
  /// Why this State makes no Design at all; empty when it makes one.
  std::string infeasible;
  /// A limit of the service that the Design breaks, and by how much: "21 global secondary indexes, ...".
  std::string over_limit;
  std::size_t excess = 0;
};

/// The plans of the result are those of the scope's patterns, in the Workload's order.
Assembly assemble(const Problem& problem, const State& state, const ShardPlan& shards,
                  const Scope& scope);
Assembly assemble(const Problem& problem, const State& state, const ShardPlan& shards);

/// What a Need of children must be for them and their parent's row to be read by one Query, as far as one side can
/// tell: of the base key of the parent, or of the base key of the child.
bool parent_joins(const Problem& problem, const KeySpec& parent_key, std::size_t need);
bool child_joins(const Problem& problem, const KeySpec& child_key, std::size_t need);

/// A row and its children that could be one Query at all, whatever the keys are.
bool can_join(const Problem& problem, std::size_t need);
/// Children by this key stand in their parent's collection, as they are asked for.
bool is_kind_beside(const Problem& problem, const KeySpec& key, std::size_t need);

/// Some base keys of both let one Query of the table read these children and their parent's row.
bool table_may_have_both(const Problem& problem, std::size_t need);

/// The Needs of children that are read with their parent's row by one Query of the table in this State: they share a
/// partition key, the children are served by the base key in one direction, and nothing is sharded.
std::vector<std::size_t> read_together(const Problem& problem, const State& state,
                                       const ShardPlan& shards, const Scope& scope);

}  // namespace ddbplan::plan
