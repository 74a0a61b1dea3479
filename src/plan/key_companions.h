// What a write of all rows that a query finds has to know of each row, beside what tells where it stands: the keys of
// indexes are written anew where a part of them changes, with all of their parts. Which keys there are is not known
// before the search.
#pragma once

#include <vector>

#include "model/workload.h"
#include "plan/need.h"
#include "plan/state.h"

namespace ddbplan::plan {

/// Adds to the Needs that find rows for an update, or holders of a copy, what may stand in a key beside an attribute that
/// it changes: what other Needs of these rows bind, sort by or ask for together with it.
void add_key_companions(const model::Workload& workload, std::vector<Need>& needs);

/// Those of them that a state's keys have beside what changes. All, where the state decides about base keys alone.
std::vector<std::string> companions_in_keys(const Problem& problem, const State& state,
                                            const Need& need);

}  // namespace ddbplan::plan
