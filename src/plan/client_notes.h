// What the requests of a plan leave to the caller, in words.
#pragma once

#include "design/access_plan.h"
#include "model/workload.h"

namespace ddbplan::plan {

/// Adds to AccessPlan::client_notes what the plan's own fields say of the client's work: merging, putting in order,
/// keeping the first, summing up.
void note_client_work(const model::Workload& workload, design::AccessPlan& plan);

}  // namespace ddbplan::plan
