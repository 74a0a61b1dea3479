// One name in `by` may be another thing to each of the entities that an action is about.
#pragma once

#include <optional>
#include <string_view>

#include "model/workload.h"

namespace ddbplan::model {

/// The nearest entity above `entity` that has the attribute; of several as near the first.
std::optional<EntityId> ancestor_with(const Workload& workload, EntityId entity,
                                      std::string_view attribute);

/// The reference as the entity has it: its own attribute of that name, else its nearest ancestor's. Unchanged where it
/// says whose it is, or where nobody has it.
AttributeRef seen_from(const Workload& workload, EntityId id, const AttributeRef& reference);

}  // namespace ddbplan::model
