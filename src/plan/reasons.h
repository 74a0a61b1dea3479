// The recorded reasons: for the tables, every key, index, shard count, guard and pattern what was chosen, why, and what
// the runners-up would cost.
#pragma once

#include <vector>

#include "plan/table_search.h"

namespace ddbplan::plan {

std::vector<design::Decision> reasons(const TableSearchResult& tables);

/// What another State decides otherwise, in words; never empty.
std::vector<std::string> differences(const Problem& problem, const State& chosen,
                                     const State& other);

}  // namespace ddbplan::plan
