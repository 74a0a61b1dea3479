// What may follow the equalities in a sort key, so that it brings rows in the order of a Need or between its bounds.
#pragma once

#include <string>
#include <vector>

#include "model/workload.h"
#include "plan/need.h"

namespace ddbplan::plan {

struct SortTail {
  std::vector<std::string> names;
  /// Those of them that stand in descending order (KeySpec::inverted).
  std::vector<std::string> inverted;
  bool operator==(const SortTail&) const = default;
};

/// The order, or the range; ids that sort as an attribute stand in for it. Never empty: one without names where the
/// Need asks for neither.
std::vector<SortTail> sort_tails(const model::Entity& entity, const Need& need);

}  // namespace ddbplan::plan
