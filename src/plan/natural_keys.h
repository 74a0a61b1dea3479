// Keys that are attributes as they are (settings.key_style: natural): the attribute is the key attribute, under
// its own name and type, and is stored once. An index may have up to four attributes on either side of its key
// (Developer Guide, "Multi-attribute keys pattern", 2025-11).
#pragma once

#include "plan/key_spec.h"
#include "plan/table_plan.h"

namespace ddbplan::plan {

/// Type of the attribute as a key; nullopt: its values are no keys.
std::optional<dynamo::ScalarType> key_type(const model::Attribute& attribute);

/// Says of each side of a key whether attributes are keys there. A base key only in a table of one kind of item,
/// whose keys need no telling apart; an index's partition only where the index then holds nothing else than it
/// would, and no other item of the table has an attribute of that name and another type.
KeySpec with_natural_sides(const model::Workload& workload, const TablePlan& tables, KeySpec spec);

}  // namespace ddbplan::plan
