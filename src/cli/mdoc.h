// The little of mdoc(7), the language of manual pages, that ours need. Text is escaped here and nowhere else.
#pragma once

#include <string>
#include <string_view>

namespace ddbplan::cli {

class ManualPage {
 public:
  /// Name and section of the page, and the one line of its NAME section.
  ManualPage(std::string_view name, int section, std::string_view summary);

  void section(std::string_view title);
  void subsection(std::string_view title);
  void paragraph(std::string_view text);
  /// Lines as they are.
  void display(std::string_view text);
  /// A list of terms with their texts: begin, any number of items, end. The term is a line of macros.
  void begin_list();
  void item(std::string_view macros, std::string_view text);
  void end_list();
  /// A request or macro line, given whole (".Nm").
  void line(std::string_view macros);

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// Text for a macro's argument or a text line: backslashes, and what would be a macro at the line's start.
std::string mdoc_text(std::string_view text);
/// One word among a macro's arguments.
std::string mdoc_word(std::string_view word);

}  // namespace ddbplan::cli
