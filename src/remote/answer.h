// The JSON of an endpoint's answer, which may be anybody's: whatever it is, looking at it ends well.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace ddbplan::remote {

/// Null where the body is no JSON object. What is nested deeper than any answer of DynamoDB is left out: nlohmann's
/// functions take stack for every level.
nlohmann::ordered_json parse_answer(const std::string& body);

/// The text of this member; "" where there is no object, no such member, or no text.
std::string text_in(const nlohmann::ordered_json& object, const char* name);

}  // namespace ddbplan::remote
