// Text helpers that know UTF-8 and terminals.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ddbplan::support {

[[nodiscard]] bool is_valid_utf8(std::string_view text);
[[nodiscard]] std::size_t count_code_points(std::string_view text);
/// Control characters as \xNN, so that a hostile name cannot drive a terminal.
std::string escape_for_terminal(std::string_view text);
/// Lists of names are short: they are searched from the front.
[[nodiscard]] bool contains(const std::vector<std::string>& names, std::string_view name);
[[nodiscard]] bool share_one(const std::vector<std::string>& a, const std::vector<std::string>& b);
void add_once(std::vector<std::string>& names, const std::string& name);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
/// "a, b and c".
std::string join_list(const std::vector<std::string>& parts, std::string_view last = "and");
/// Without the blanks around it: spaces, tabs and ends of lines.
[[nodiscard]] std::string_view trimmed(std::string_view text);
std::string to_lower_ascii(std::string_view text);
std::string pad_right(std::string_view text, std::size_t columns);
std::string pad_left(std::string_view text, std::size_t columns);
/// Lines of at most `columns` code points, broken at spaces; the following lines are indented.
std::string wrap(std::string_view text, std::size_t columns, std::size_t indent);

}  // namespace ddbplan::support
