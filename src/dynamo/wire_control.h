// Requests of the control plane and of DynamoDB Streams from the bytes of an HTTP body.
#pragma once

#include <string_view>

#include "dynamo/control.h"
#include "dynamo/json.h"
#include "dynamo/json_tree.h"

namespace ddbplan::dynamo {

/// Which API has an operation of this name: "DynamoDB_20120810", "DynamoDBStreams_20120810", or
/// empty for none that is no data operation.
[[nodiscard]] std::string_view control_operation_api(std::string_view operation);

/// As read_request. REQUIRES: control_operation_api knows the operation.
support::Result<ControlRequest, JsonError> read_control_request(std::string_view operation,
                                                                std::string_view body,
                                                                JsonTree& tree);
support::Result<ControlRequest, JsonError> read_control_request(std::string_view operation,
                                                                const JsonNode& body);

}  // namespace ddbplan::dynamo
