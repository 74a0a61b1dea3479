// The difference of two texts as `diff -u` prints it, so that a failed comparison shows what
// changed and can be read, or applied, like any patch. Lines are compared as bytes.
#pragma once

#include <string>
#include <string_view>

namespace ddbplan::test {

/// Empty when the texts are equal. Texts that differ in very many lines (edit distance above
/// 2,000) are shown as one replaced block: correct still, but not the shortest script.
std::string unified_diff(std::string_view before, std::string_view after,
                         std::string_view before_name, std::string_view after_name);

}  // namespace ddbplan::test
