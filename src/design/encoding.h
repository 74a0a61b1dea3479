// The texts that values become inside a key. Each function keeps order: the texts of two values
// compare, byte by byte, as the values do, also with a '#' and another part behind them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dynamo/decimal.h"

namespace ddbplan::design {

/// The delimiter of key templates.
inline constexpr char kDelimiter = '#';

/// Sorts after every text that starts alike: U+10FFFF, a noncharacter, the greatest in byte order.
inline constexpr std::string_view kHighSentinel = "\xF4\x8F\xBF\xBF";

/// Bytes up to '$' become '$' and that byte plus 0x40, so that the delimiter (one below '$') sorts
/// below whatever can stand in its place and never occurs. "a#b" -> "a$cb".
std::string escape_text(std::string_view text);

/// A number as `width` digits, after moving the point by `scale` digits. A negative one is '-' and
/// its distance from -10^width: "-" sorts below every digit, and the distance grows with the
/// number. nullopt: more digits than fit, on either side of the point.
std::optional<std::string> padded_number(const dynamo::Decimal& number, int width, int scale);

/// The same in descending order: the distance from 10^width - 1; negatives after all others, behind
/// ':'.
std::optional<std::string> inverted_number(const dynamo::Decimal& number, int width, int scale);

/// The time part of a ULID: ten characters of Crockford's base 32.
/// (github.com/ulid/spec, "Binary Layout": 48 bits of milliseconds since 1970.)
std::string ulid_time(std::int64_t ms);

/// Lower-case hexadecimal, which sorts as the bytes do.
std::string hexadecimal(std::string_view bytes);

}  // namespace ddbplan::design
