// Requests and responses as the proof exchanges them with the embedded engine, one JSON object a
// line, so that another DynamoDB can be asked the same and its answers compared:
//
//   {"pattern": "recent_orders", "call": 0, "step": 0, "operation": "Query",
//    "request": {...}, "response": {...}}
//
// A refused request has "error": {"type", "message", "reasons"} in place of "response". Lines are
// to be replayed in order on tables that hold the seed: writes change what later reads find.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "design/requests.h"
#include "emit/bundle.h"

namespace ddbplan::emit {

/// Every access pattern with parameters of the proof. REQUIRES: bundle.data, bundle.seed.
std::string exchanges(const Bundle& bundle);

/// Runs a short proof on pages of the service's size and tells `observe` of each call in order.
/// REQUIRES: bundle.data, bundle.seed.
void observe_proof(const Bundle& bundle,
                   const std::function<void(const seed::ObservedCall&)>& observe);

/// The lines of one call.
std::string exchange_lines(std::string_view pattern, std::size_t call,
                           const std::vector<design::Exchange>& exchanges);

/// A response body as DynamoDB writes it, with ConsumedCapacity by index.
nlohmann::ordered_json response_to_json(const dynamo::Request& request,
                                        const dynamo::Response& response);

}  // namespace ddbplan::emit
