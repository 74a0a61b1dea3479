// A State becomes a Design: tables, item layouts, indexes with their projections, and every access plan. Pure
// and deterministic; the search calls it for each state it looks at, the planner once more at the end.
#pragma once

#include <optional>
#include <string>

#include "design/design.h"
#include "plan/state.h"

namespace ddbplan::plan {

/// Where the parts of a State went: for access plans, reasons and shards.
struct Placement {
  std::vector<std::size_t> row;  ///< by entity: position in Design::items
  std::map<std::pair<std::size_t, std::size_t>, std::size_t> guard;  ///< (entity, unique) -> layout
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
  /// Writes that this State leaves without a plan, by pattern, and what is not planned yet about them.
  std::map<std::size_t, std::string> unplanned;
  /// Why this State makes no Design at all; empty when it makes one.
  std::string infeasible;
  /// A limit of the service that the Design breaks, and by how much: "21 global secondary indexes, ...".
  std::string over_limit;
  std::size_t excess = 0;
};

Assembly assemble(const Problem& problem, const State& state, const ShardPlan& shards);

/// Whether a Need's parent row and its children can be read by one Query in this State: they share a
/// partition key, the children are served by the base key in one direction, and nothing is sharded.
bool can_read_together(const Problem& problem, const State& state, const ShardPlan& shards,
                       std::size_t need);

}  // namespace ddbplan::plan
