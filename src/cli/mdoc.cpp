#include "cli/mdoc.h"

#include <cctype>

#include <fmt/format.h>

#include "support/text.h"

namespace ddbplan::cli {
namespace {

/// The date of the page's text, not of the build: output may not depend on the clock.
constexpr std::string_view kDate = "November 22, 2026";
constexpr std::size_t kColumns = 78;

/// A sentence begins a line, as mdoc wants it for the space behind the last one.
std::string one_sentence_a_line(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool ends = (text[i] == '.' || text[i] == '?') && i + 2 < text.size() &&
                      text[i + 1] == ' ' &&
                      std::isupper(static_cast<unsigned char>(text[i + 2])) != 0;
    out += text[i];
    if (ends) {
      out += '\n';
      ++i;
    }
  }
  return out;
}

std::string escape_characters(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

/// A control character at the start of a line would make it a macro.
std::string guard_line(std::string_view line) {
  const bool control = !line.empty() && (line.front() == '.' || line.front() == '\'');
  return (control ? "\\&" : "") + escape_characters(line);
}

template <class Line>
void for_each_line(std::string_view text, Line line) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    line(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

}  // namespace

std::string mdoc_text(std::string_view text) {
  std::string out;
  for_each_line(one_sentence_a_line(text), [&out](std::string_view sentence) {
    for_each_line(support::wrap(sentence, kColumns, 0),
                  [&out](std::string_view line) { out += guard_line(line) + "\n"; });
  });
  return out;
}

std::string mdoc_word(std::string_view word) {
  std::string out;
  for (const char c : escape_characters(word)) {
    if (c == '"') {
      out += "\\(dq";
    } else {
      out += c;
    }
  }
  return "\"" + out + "\"";
}

ManualPage::ManualPage(std::string_view name, int section, std::string_view summary) {
  std::string title;
  for (const char c : name) title += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  text_ = fmt::format(
      ".\\\" Made by ddbplan_documents from the program's own tables; edit those.\n"
      ".Dd {}\n.Dt {} {}\n.Os\n.Sh NAME\n.Nm {}\n.Nd {}\n",
      kDate, title, section, name, escape_characters(summary));
}

void ManualPage::section(std::string_view title) {
  text_ += fmt::format(".Sh {}\n", title);
}

void ManualPage::subsection(std::string_view title) {
  text_ += fmt::format(".Ss {}\n", escape_characters(title));
}

void ManualPage::paragraph(std::string_view text) {
  // mdoc starts a section with a paragraph of its own.
  const auto last_line = text_.rfind('\n', text_.size() - 2) + 1;
  const bool first =
      text_.compare(last_line, 3, ".Sh") == 0 || text_.compare(last_line, 3, ".Ss") == 0;
  if (!first) text_ += ".Pp\n";
  text_ += mdoc_text(text);
}

void ManualPage::display(std::string_view text) {
  text_ += ".Bd -literal -offset indent\n";
  for_each_line(text, [this](std::string_view line) { text_ += guard_line(line) + "\n"; });
  text_ += ".Ed\n";
}

void ManualPage::begin_list() {
  text_ += ".Bl -tag -width Ds\n";
}

void ManualPage::item(std::string_view macros, std::string_view text) {
  text_ += fmt::format(".It {}\n", macros) + mdoc_text(text);
}

void ManualPage::end_list() {
  text_ += ".El\n";
}

void ManualPage::line(std::string_view macros) {
  text_ += fmt::format("{}\n", macros);
}

}  // namespace ddbplan::cli
