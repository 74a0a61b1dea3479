// Two answers to the same request, as JSON: what the embedded engine said, and what an endpoint said.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "dynamo/request.h"

namespace ddbplan::remote {

/// How the endpoint ended a request that it refused; "" where it did not say.
struct Refusal {
  std::string type;  ///< without the name space: "ConditionalCheckFailedException"
  std::string message;
  std::string reasons;  ///< of a cancelled transaction: "None, ConditionalCheckFailed"
};
Refusal read_refusal(const std::string& body);

/// A sentence when the items, their order or their number differ; units are no part of it. Items of a Scan or a
/// batch may come in any order, and so may items of a Query of an index that agree in `index_sort`, the index's
/// sort key: DynamoDB does not order these. Bodies that are no JSON differ.
std::optional<std::string> difference(std::string_view operation,
                                      const std::vector<std::string>& index_sort,
                                      const nlohmann::ordered_json& expected,
                                      const std::string& found);

/// The sentence when the endpoint refuses for another reason.
std::optional<std::string> difference(const dynamo::ApiError& expected, const Refusal& found);

/// All units of ConsumedCapacity; 0 where there is none.
double consumed_units(const std::string& body);

}  // namespace ddbplan::remote
