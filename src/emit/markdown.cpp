#include "emit/markdown.h"

#include <algorithm>

#include <fmt/format.h>

#include "support/text.h"
#include "support/utf8.h"

namespace ddbplan::emit {
namespace {

/// One line, without control characters that a reader or a terminal might act upon.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  return support::escape_for_terminal(out);
}

/// The longest run of backticks: a code span needs a longer fence.
std::size_t longest_run(std::string_view text, char wanted) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == wanted ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Whether the punctuation at `at` could mean something there.
bool is_markup(const std::string& line, std::size_t at) {
  const char c = line[at];
  if (std::string_view("\\`*[]|~$").find(c) != std::string_view::npos) return true;
  // Inside a word an underscore is one; "order_id" stays as it is.
  const bool is_inner =
      at > 0 && at + 1 < line.size() && is_word(line[at - 1]) && is_word(line[at + 1]);
  if (c == '_') return !is_inner;
  // Lists, headings and rules begin a line; "1." does too.
  if (at == 0) return std::string_view("#+-=").find(c) != std::string_view::npos;
  const bool ends_number = c == '.' || c == ')';
  return ends_number && line.find_first_not_of("0123456789") == at;
}

std::string row_text(const std::vector<std::string>& cells) {
  return "| " + support::join(cells, " | ") + " |\n";
}

}  // namespace

std::string markdown_text(std::string_view text) {
  // Escaped only where it would be markup (CommonMark 2.4, 6), as people read the source too; < > &
  // as entities, so that the text is inert in raw HTML blocks.
  const std::string line = one_line(text);
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      if (is_markup(line, i)) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  std::string body;
  for (const char c : one_line(text)) {
    // A pipe ends a table's cell even inside a code span, unless it is escaped.
    if (c == '|') body += '\\';
    body += c;
  }
  if (body.empty()) return "";
  const std::string fence(longest_run(body, '`') + 1, '`');
  const bool needs_padding = body.front() == '`' || body.back() == '`' || body.front() == ' ';
  return needs_padding ? fence + " " + body + " " + fence : fence + body + fence;
}

std::string mermaid_label(std::string_view text) {
  // Mermaid's entity codes: "#" and a decimal code point and ";".
  std::string out = "\"";
  const std::string line = one_line(text);
  for (const char c : line) {
    const bool is_special = std::string_view("\"#;<>&`\\{}%|").find(c) != std::string_view::npos;
    if (is_special) {
      out += fmt::format("#{};", static_cast<int>(static_cast<unsigned char>(c)));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string mermaid_word(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const bool is_digit = c >= '0' && c <= '9';
    if (is_digit && out.empty()) out += '_';
    out += is_letter || is_digit || c == '_' ? c : '_';
  }
  return out.empty() ? "_" : out;
}

std::string markdown_table(const std::vector<std::string>& headings,
                           const std::vector<std::vector<std::string>>& rows,
                           const std::vector<std::size_t>& right) {
  std::string out = row_text(headings);
  std::vector<std::string> rules;
  for (std::size_t i = 0; i < headings.size(); ++i) {
    const bool is_right = std::find(right.begin(), right.end(), i) != right.end();
    rules.emplace_back(is_right ? "---:" : "---");
  }
  out += row_text(rules);
  for (const std::vector<std::string>& row : rows) out += row_text(row);
  return out;
}

}  // namespace ddbplan::emit
