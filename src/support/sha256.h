// SHA-256 (FIPS 180-4) and its HMAC (RFC 2104), of nettle: for the manifest of `design -o`, which a user can hold
// to a folder with sha256sum, and for the signatures of requests. Not hardened against an observer
// of its timing.
#pragma once

#include <string>
#include <string_view>

namespace ddbplan::support {

/// 32 bytes.
std::string sha256(std::string_view bytes);
std::string hmac_sha256(std::string_view key, std::string_view message);
/// Two digits for each byte, small letters.
std::string to_hex(std::string_view bytes);
/// 64 hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

}  // namespace ddbplan::support
