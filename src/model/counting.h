// Whether a row counts for what is kept of it (`count_of: Task, where: state = DONE`), as far as what is known of its
// values tells.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/entity.h"
#include "model/expression.h"

namespace ddbplan::model {

/// The values that an attribute may have, none where it is missing; nullopt: any.
using Values = std::optional<std::vector<dynamo::AttributeValue>>;
using ValuesOf = std::function<Values(const std::string& attribute)>;

/// Whether the condition holds of a row with such values; nullopt: of some it does. Null is "no condition": true.
std::optional<bool> counts(const ExpressionPtr& where, const ValuesOf& values_of);

/// Whether a new row counts, whose states are the first ones; nullopt: that depends on the call.
std::optional<bool> counts_when_created(const Entity& entity, const ExpressionPtr& where);

}  // namespace ddbplan::model
