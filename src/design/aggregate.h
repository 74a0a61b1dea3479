// What a client makes of all rows of an answer.
#pragma once

#include <optional>
#include <vector>

#include "dynamo/value.h"
#include "model/entity.h"
#include "model/pattern.h"

namespace ddbplan::design {

/// Rows without the attribute do not count; nullopt where none has it, or where a sum has more than 38 digits. An
/// average has fifteen significant digits; the least of an enum is that of the lowest rank.
std::optional<dynamo::AttributeValue> aggregate(const model::Aggregate& what,
                                                const model::Entity& entity,
                                                const std::vector<dynamo::Item>& rows);

}  // namespace ddbplan::design
