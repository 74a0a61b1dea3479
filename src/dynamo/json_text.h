// What the readers and writers of JSON text share: where plain text ends, what an escape stands
// for, how a string is written.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ddbplan::dynamo {

/// Where the first byte at or after `from` stands that ends plain text in a JSON string: a quote, a
/// backslash or a control character; the text's size when there is none.
std::size_t json_plain_end(std::string_view text, std::size_t from);

/// Appends the string, quoted and escaped.
void append_json_string(std::string& out, std::string_view text);
/// The same without the quotes around it.
void append_json_text(std::string& out, std::string_view text);

/// Appends what an escape means, whose backslash stands before `at`, and moves `at` behind it.
/// False when it is no escape.
bool append_json_escape(std::string& out, std::string_view text, std::size_t& at);

}  // namespace ddbplan::dynamo
