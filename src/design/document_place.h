// Where a value stands in a JSON text, for messages: nlohmann's tree has forgotten.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "support/source.h"

namespace ddbplan::design {

/// A member's name or an element's position.
using PlaceStep = std::variant<std::string, std::size_t>;

/// The bytes of the value that the steps lead to; where they lead nowhere, of the last value on the way.
/// REQUIRES: `text` is JSON.
support::Span place_in_json(std::string_view text, const std::vector<PlaceStep>& steps);

}  // namespace ddbplan::design
