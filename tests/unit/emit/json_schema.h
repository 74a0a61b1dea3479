// As much of JSON Schema 2020-12 as schemas/design.schema.json uses, so that a plain build can hold
// the output to it: type, const, enum, pattern, minimum, required, properties,
// additionalProperties, items, $ref below #/$defs. Any other keyword is itself a violation.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace ddbplan::emit::test {

/// "/cost/lines/0/usd: is a string". A field without a description in the schema is one too: the
/// schema is the documentation of the output.
std::vector<std::string> violations(const nlohmann::json& schema, const nlohmann::json& document);

}  // namespace ddbplan::emit::test
