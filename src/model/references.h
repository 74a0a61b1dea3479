// One name in `by` may be another thing to each of the entities that an action is about.
#pragma once

#include "model/workload.h"

namespace ddbplan::model {

/// The reference as `entity` has it: its own attribute of that name, else its nearest ancestor's. Unchanged where it
/// says whose it is, or where nobody has it.
AttributeRef seen_from(const Workload& workload, EntityId entity, const AttributeRef& reference);

}  // namespace ddbplan::model
