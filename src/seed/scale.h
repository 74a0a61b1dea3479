// How many rows of each entity the seed has: small, and in the proportions of the Workload where
// they fit.
#pragma once

#include <vector>

#include "model/workload.h"
#include "seed/generator.h"

namespace ddbplan::seed {

/// Parents of every entity before it, as far as relations are not circular.
std::vector<model::EntityId> parents_first(const model::Workload& workload);

/// Rows by entity. A parent has its children's number divided by their mean; where that would leave
/// fewer than a hundred parents, there are more parents with fewer children each. Rollups have no
/// number of their own (0): they follow from the rows that they sum up.
std::vector<std::size_t> row_counts(const model::Workload& workload, const SeedOptions& options);

}  // namespace ddbplan::seed
