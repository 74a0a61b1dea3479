// Legacy parameters as the trees that expressions have: from there on nothing knows how a request
// was written. Each function checks its part in the service's words.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "dynamo/legacy.h"
#include "engine/errors.h"
#include "engine/request_expressions.h"

namespace ddbplan::engine {

/// Expected. nullopt: no condition.
ApiResult<std::optional<BoundCondition>> legacy_condition(const dynamo::LegacyRef& legacy);
/// QueryFilter or ScanFilter.
ApiResult<std::optional<BoundCondition>> legacy_filter(const dynamo::LegacyRef& legacy);
/// KeyConditions. REQUIRES: there are some.
ApiResult<std::optional<BoundCondition>> legacy_key_condition(const dynamo::LegacyRef& legacy);
/// AttributeUpdates.
ApiResult<std::optional<BoundUpdate>> legacy_update(const dynamo::LegacyRef& legacy);
/// AttributesToGet.
ApiResult<std::optional<BoundProjection>> legacy_projection(const dynamo::LegacyRef& legacy);

}  // namespace ddbplan::engine
