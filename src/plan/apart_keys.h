// A collection of its own: base keys by a parent's identity that do not share the parent's partition. Where one kind
// of row heats the shared partition so that it needs shards, every other kind in it would have to be asked for in each of
// them; under another literal it stands by itself.
#pragma once

#include <vector>

#include "plan/key_spec.h"
#include "plan/table_plan.h"

namespace ddbplan::plan {

/// Adds them to an entity's base keys, for partitions that a kind of row in them may heat: elsewhere sharing costs
/// nothing.
void add_keys_apart(const model::Workload& workload, const TablePlan& tables,
                    std::vector<KeySpec>& bases);

}  // namespace ddbplan::plan
