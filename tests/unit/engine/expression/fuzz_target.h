// One input for the expression parsers: whatever the bytes are, parsing ends, and what parses can
// be checked, bound and evaluated.
#pragma once

#include <string_view>

namespace ddbplan::engine::testing {

/// Throws nothing and returns; a defect ends the process or is found by a sanitizer.
void parse_anything(std::string_view input);

}  // namespace ddbplan::engine::testing
