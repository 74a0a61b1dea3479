// DynamoDB's 573 reserved words (Developer Guide, "Reserved words in DynamoDB"; identical in the
// 2023 and the 2026 copy). A reserved word must be written as a #placeholder in expressions.
#pragma once

#include <string_view>

namespace ddbplan::dynamo {

/// Ignores case.
[[nodiscard]] bool is_reserved_word(std::string_view name);
/// Usable in an expression without a placeholder: a letter, then letters, digits, underscores; not
/// reserved.
[[nodiscard]] bool is_plain_expression_name(std::string_view name);
/// Table and index names: 3 to 255 of a-z A-Z 0-9 _ - .
[[nodiscard]] bool is_valid_resource_name(std::string_view name);

}  // namespace ddbplan::dynamo
