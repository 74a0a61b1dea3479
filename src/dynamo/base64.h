// Base64 with padding (RFC 4648, section 4), as DynamoDB JSON writes binary values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ddbplan::dynamo {

std::string base64_encode(std::string_view bytes);
/// nullopt for characters outside the alphabet, wrong padding, or bits that no encoder would set.
std::optional<std::string> base64_decode(std::string_view text);

}  // namespace ddbplan::dynamo
