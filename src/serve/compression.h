// What libdeflate does for the wire: bodies that come compressed, and the checksum that answers carry.
// With zlib's checksum a Query's answer of 25 items took a tenth longer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ddbplan::serve {

/// nullopt for what is not gzip, is cut off, or would be longer than `bytes_max`.
std::optional<std::string> gunzip(std::string_view compressed, std::size_t bytes_max);

std::uint32_t crc32(std::string_view bytes);

}  // namespace ddbplan::serve
