// SHA-256 (FIPS 180-4), for the manifest of `design -o`: a user can hold a written folder to it with
// sha256sum. Not for secrets.
#pragma once

#include <string>
#include <string_view>

namespace ddbplan::emit {

/// 64 hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace ddbplan::emit
