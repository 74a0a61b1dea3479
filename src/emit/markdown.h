// Text made safe for GitHub-flavoured Markdown, for HTML inside it, and for Mermaid diagrams: a name
// from the schema shows as it is written there and never becomes markup, a link or a table cell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ddbplan::emit {

/// Running text, also inside a table. Line breaks become blanks.
std::string markdown_text(std::string_view text);
/// A code span, also inside a table.
std::string markdown_code(std::string_view text);
/// A label in double quotes, as Mermaid's erDiagram takes it.
std::string mermaid_label(std::string_view text);
/// A bare word of Mermaid: letters, digits and _; anything else becomes _.
std::string mermaid_word(std::string_view text);

/// A table; cells are already Markdown. Columns named in `right` (by position) are right-aligned.
std::string markdown_table(const std::vector<std::string>& headings,
                           const std::vector<std::vector<std::string>>& rows,
                           const std::vector<std::size_t>& right = {});

}  // namespace ddbplan::emit
