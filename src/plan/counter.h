// Rows that are nothing but sums: every write adds to numbers of a row that need not be there, and every read gets
// the row by its identity. Such a row may be the sum of several items, each with a partition key of its own, which is
// what a counter above the write ceiling of one key needs (Developer Guide, "Using write sharding").
#pragma once

#include "model/workload.h"

namespace ddbplan::plan {

bool is_counter(const model::Workload& workload, model::EntityId id);

/// The rows of a rollup may be made of several items too, and are read together, by what all its reads name: whatever is
/// kept now is kept in the row of the present time, so that a collection of rows is no relief.
bool is_rollup_in_parts(const model::Workload& workload, model::EntityId id);

/// As much is written to a rollup's rows at the peak as needs them in parts, if all of it is of one group. Its base key
/// must then answer: an index would hold every part.
bool may_need_parts(const model::Workload& workload, model::EntityId id);

}  // namespace ddbplan::plan
