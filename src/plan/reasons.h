// The recorded reasons: for every key, index, shard count, guard and pattern what was chosen, why, and what
// the runners-up would cost.
#pragma once

#include <vector>

#include "plan/search.h"

namespace ddbplan::plan {

std::vector<design::Decision> reasons(const Problem& problem, const SearchResult& result);

}  // namespace ddbplan::plan
