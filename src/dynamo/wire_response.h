// Responses and errors of the data plane as the bytes of an HTTP body, written without a document
// in between.
#pragma once

#include <string>

#include "dynamo/request.h"

namespace ddbplan::dynamo {

/// REQUIRES: the response is the one to this request.
void append_response(std::string& out, const Request& request, const Response& response);

/// {"__type":"com.amazonaws.dynamodb.v20120810#...","message":"..."}.
void append_error(std::string& out, const ApiError& error);

}  // namespace ddbplan::dynamo
