// How writes run: the row's own write, guards of unique attributes, counters of parents, index key attributes,
// and the read that must come first where a write needs what its caller does not know.
#pragma once

#include "plan/assemble.h"
#include "support/diagnostics.h"

namespace ddbplan::plan {

struct WritePlan {
  design::AccessPlan plan;
  Unplanned unplanned;
};
WritePlan plan_write(const Problem& problem, const State& state, const Assembly& assembly,
                     model::PatternId pattern);

}  // namespace ddbplan::plan
