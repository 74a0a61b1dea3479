// What an update does to a row, and which index entries must follow.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "design/design.h"
#include "model/workload.h"

namespace ddbplan::plan {

/// Name under which a condition sees the value that was read before the write.
inline std::string before(const std::string& attribute) {
  return attribute + "_before";
}

struct RowChange {
  std::vector<std::string> changed;  ///< attributes that may have another value afterwards
  /// Of those, where the new value comes from; an attribute that ADD changes has no source.
  std::map<std::string, design::Source> known;
  /// Of those, which the row surely has afterwards, and which it surely lacks.
  std::vector<std::string> given;
  std::vector<std::string> removed;
  std::vector<design::UpdateClause> clauses;
  model::ExpressionPtr condition;  ///< `if`, the state moved from, the version locked on
  std::string unplanned;
};
RowChange row_change(const model::Workload& workload, const model::Write& write);

/// Of the rows that `for_each` finds, where they are the parents of the new ones: what these copy of them.
std::vector<std::string> copied_of_related(const model::Workload& workload,
                                           const model::Write& write);

/// What the guards, counters and rollups of rows that this delete takes away, or this update changes, are known by.
std::vector<std::string> attributes_of_helpers(const model::Workload& workload,
                                               const model::Write& write, model::EntityId rows);

struct Maintenance {
  std::vector<std::size_t> entries;  ///< positions in ItemLayout::entries
  std::vector<std::string> unknown;  ///< attributes of the row that must be read first
  std::string unplanned;
};
Maintenance maintained_entries(const model::Workload& workload, const design::ItemLayout& layout,
                               const design::Table& table, const RowChange& change);

}  // namespace ddbplan::plan
