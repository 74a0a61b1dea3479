// Requests of the data plane from the bytes of an HTTP body: what a server does first with every
// request, so it is one pass over the text and one over its nodes.
#pragma once

#include <string_view>

#include "dynamo/json.h"
#include "dynamo/json_tree.h"
#include "dynamo/request.h"

namespace ddbplan::dynamo {

/// Whether the data plane has an operation of this name.
[[nodiscard]] bool is_data_operation(std::string_view operation);

/// `tree` is memory to be used again; nothing in the request refers to it or to `body`.
/// JsonError::is_shape tells SerializationException from ValidationException.
/// REQUIRES: is_data_operation(operation).
support::Result<Request, JsonError> read_request(std::string_view operation, std::string_view body,
                                                 JsonTree& tree);
support::Result<Request, JsonError> read_request(std::string_view operation, const JsonNode& body);

}  // namespace ddbplan::dynamo
