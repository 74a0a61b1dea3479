// One attribute: `email: string 28 B` or `status: {states: …, moves: …}` -> model::Attribute.
#pragma once

#include "schema/context.h"

namespace ddbplan::schema {

/// All that the attribute says about itself; `where`, `derive` and upkeep, which look at others,
/// come later (resolve_upkeep).
model::Attribute resolve_attribute(Context& context, const std::string& path, const Entry& entry);

/// Type, and the size that goes with it, as if `type` alone were written.
void set_type(model::Attribute& attribute, model::ValueType type);

/// Bytes of the stored value of `name` as a value of that type (an enumeration's).
double enum_value_bytes(model::ValueType type, std::string_view name);

/// An attribute that nobody wrote.
model::Attribute implied_attribute(std::string name, model::ValueType type, model::Origin origin);

/// `mean .. maximum` with the missing half filled in: a mean alone is exact, a maximum alone has
/// the type's usual mean, or half of the maximum where that is larger.
model::Spread complete(const GivenSpread& given, double usual_mean);

}  // namespace ddbplan::schema
