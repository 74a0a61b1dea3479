// What expressions may do with key attributes: they are scalars, and an update leaves them alone.
#pragma once

#include <optional>

#include "dynamo/request.h"
#include "dynamo/table.h"
#include "engine/request_expressions.h"

namespace ddbplan::engine {

/// No path may look inside a key attribute of the table or of an index.
std::optional<dynamo::ApiError> check_key_paths(const BoundCondition& condition,
                                                const dynamo::TableDescription& table);
std::optional<dynamo::ApiError> check_key_paths(const BoundProjection& projection,
                                                const dynamo::TableDescription& table);
/// No update may write to a key attribute of the table.
std::optional<dynamo::ApiError> check_key_untouched(const BoundUpdate& update,
                                                    const dynamo::TableDescription& table);
/// A Query's filter may not name the attributes that its key condition is about.
/// `name` is what the request calls it.
std::optional<dynamo::ApiError> check_filter_without_key(const BoundCondition& filter,
                                                         const dynamo::KeySchema& key,
                                                         const char* name);

}  // namespace ddbplan::engine
