// Numbers and the parts of the design document, for the JSON emitters of this folder alone.
#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "emit/bundle.h"

namespace ddbplan::emit {

using Json = nlohmann::ordered_json;

/// Twelve significant digits, so that a sum of tenths does not show its binary tail; null for what
/// is not finite.
Json json_number(double value);
/// The exact decimal.
Json json_money(support::Money money);
Json json_mean_max(double mean, double max);
Json json_mean_peak(double mean, double peak);
/// null for nullopt.
Json json_optional(const std::optional<std::string>& text);
/// null for an empty text.
Json json_text_or_null(const std::string& text);

/// The value of one access pattern in "access_patterns".
Json access_pattern_json(const Bundle& bundle, std::size_t pattern);

/// Two-space indentation; bytes that are no UTF-8 become U+FFFD.
std::string dump_json(const Json& json);
/// On one line.
std::string dump_json_line(const Json& json);

}  // namespace ddbplan::emit
