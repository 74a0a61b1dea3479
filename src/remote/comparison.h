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

/// A sentence when the items, their order or their number differ; units are no part of it. The items of a batch
/// may come in any order. Bodies that are no JSON differ.
std::optional<std::string> difference(std::string_view operation,
                                      const nlohmann::ordered_json& expected,
                                      const std::string& found);

/// The same for the pages of one Query of an index, whose sort key has the attributes `sort`: DynamoDB does not
/// order entries with equal sort keys, so pages begin and end among them as they like, and where the last page
/// ends before the last entry, others of its sort key may stand. What was not answered differs all the same.
std::optional<std::string> index_difference(const std::vector<std::string>& sort,
                                            const std::vector<nlohmann::ordered_json>& expected,
                                            const std::vector<std::string>& found);

/// The same for whole Scans, page by page: their order, and so what a page holds, is everybody's own.
std::optional<std::string> scan_difference(const std::vector<nlohmann::ordered_json>& expected,
                                           const std::vector<std::string>& found);

/// The sentence when the endpoint refuses for another reason.
std::optional<std::string> difference(const dynamo::ApiError& expected, const Refusal& found);

/// All units of ConsumedCapacity; nullopt where the endpoint does not tell them.
std::optional<double> consumed_units(const std::string& body);

}  // namespace ddbplan::remote
