// What a Need has to do with the facet of its rows (plan/facets.h).
#pragma once

#include <string>
#include <vector>

#include "plan/need.h"

namespace ddbplan::plan {

/// Sorts what stands apart out of what a Need asks of the rows' own items.
void want_facet(const model::Workload& workload, Need& need);

/// What the facet of an earlier design cannot do, in words; empty: nothing. A new one is only made where nothing asks
/// for it. `looked_at`: attributes of conditions and orders.
std::string against_facet(const model::Workload& workload, const Need& need,
                          const std::vector<std::string>& looked_at);

}  // namespace ddbplan::plan
