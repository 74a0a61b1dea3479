// What a change leaves open of whether a row counts for its parent: the state that it moves from and to, its condition
// and its constants may tell without a look at the row.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "plan/row_change.h"
#include "plan/write_planner.h"

namespace ddbplan::plan {

struct Counting {
  bool may_leave = true;  ///< the row as it was may have counted
  bool may_enter = true;  ///< the row as it will be may count
  /// Whether it does is for the caller to judge, by `where`.
  bool is_judged = true;
  /// Attributes of the row that must be read to say where and how much it counts.
  std::vector<std::string> read;
};
Counting counting_of(const model::Workload& workload, model::EntityId child, const Counter& counter,
                     const RowChange& change);

}  // namespace ddbplan::plan
