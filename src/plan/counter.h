// Rows that are nothing but sums: every write adds to numbers of a row that need not be there, and every read gets
// the row by its identity. Such a row may be the sum of several items, each with a partition key of its own, which is
// what a counter above the write ceiling of one key needs (Developer Guide, "Using write sharding").
#pragma once

#include "model/workload.h"

namespace ddbplan::plan {

bool is_counter(const model::Workload& workload, model::EntityId id);

}  // namespace ddbplan::plan
