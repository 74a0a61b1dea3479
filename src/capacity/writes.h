// What one write does, by flow: the item before and after, and for every index entry of its layout
// how often it enters, leaves, moves, changes in place or stays. usage.h sums it into units;
// hot_keys needs the old and the new key apart.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "capacity/membership.h"
#include "design/design.h"
#include "model/workload.h"

namespace ddbplan::capacity {

/// Shares of the calls, and units of the entry as it was and as it is; what is left of 1 costs
/// nothing.
struct EntryEffect {
  std::size_t entry = 0;  ///< position in ItemLayout::entries
  double enters = 0;
  double leaves = 0;
  double moves = 0;
  double changes = 0;  ///< in place
  double old_units = 0;
  double new_units = 0;
  double changed_units = 0;
  [[nodiscard]] double units() const {
    return (enters + moves) * new_units + (leaves + moves) * old_units + changes * changed_units;
  }
};

/// One execution of a write action.
struct WriteEffect {
  double table_units = 0;  ///< doubled in a transaction
  std::vector<EntryEffect> entries;
  /// What is known of the row before and after; a row that is not there has neither.
  RowView before;
  RowView after;
};

/// The model's write that an action carries out.
const model::Write* write_of(const model::Pattern& pattern, std::size_t action);

}  // namespace ddbplan::capacity
