// The text of prices.json, compiled in. It is parsed when prices are first asked for (a third of a
// millisecond), by the same code that reads a user's price file: one format, one reader.
#pragma once

#include <string_view>

namespace ddbplan::pricing {

std::string_view built_in_prices_json();

}  // namespace ddbplan::pricing
