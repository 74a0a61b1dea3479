// File hygiene: what every source file has, and what none may have. Each rule keeps a promise of the
// design that a compiler cannot see (output only from cli, no clock, no library-dependent random
// numbers), or keeps files readable.
#pragma once

#include <vector>

#include "tests/tidy/finding.h"

namespace ddbplan::tidy {

inline constexpr int kLinesMax = 600;

/// For .h and .cpp files below src and tests: at most kLinesMax lines, no tab, no trailing blank, a
/// newline at the end, no name like utils; headers have #pragma once and open with a comment.
std::vector<Finding> check_form(const File& file);

/// For files below src: calls and headers that are kept out of the libraries, each with the reason.
std::vector<Finding> check_banned(const File& file);

}  // namespace ddbplan::tidy
