#include "tests/tidy/finding.h"

#include <algorithm>
#include <cctype>

#include "tests/support/files.h"

namespace ddbplan::tidy {
namespace {

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

void blank(std::string& text, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < std::min(to, text.size()); ++i) {
    if (text[i] != '\n') text[i] = ' ';
  }
}

/// One past the quote that ends a literal whose quote is at `start`.
std::size_t end_of_literal(std::string_view text, std::size_t start) {
  for (std::size_t i = start + 1; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[start]) {
      return i + 1;
    }
  }
  return text.size();
}

/// One past a raw string whose R is at `start`.
std::size_t end_of_raw_string(std::string_view text, std::size_t start) {
  const std::size_t open = text.find('(', start);
  if (open == std::string_view::npos) return text.size();
  const std::string close = ")" + std::string(text.substr(start + 2, open - start - 2)) + "\"";
  const std::size_t end = text.find(close, open);
  return end == std::string_view::npos ? text.size() : end + close.size();
}

}  // namespace

std::string to_text(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& finding : findings) {
    text += finding.file + ":";
    if (finding.line > 0) text += std::to_string(finding.line) + ":";
    text += " " + finding.what + "\n";
  }
  return text;
}

std::vector<File> read_files(const std::filesystem::path& repository, std::string_view directory,
                             const std::vector<std::string>& endings) {
  std::vector<File> files;
  for (const auto& [path, text] : test::read_tree(repository / directory)) {
    const std::string full = std::string(directory) + "/" + path;
    if (full.find("node_modules/") != std::string::npos) continue;
    const bool wanted = std::any_of(endings.begin(), endings.end(),
                                    [&](const std::string& end) { return full.ends_with(end); });
    if (wanted) files.push_back({full, text});
  }
  return files;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::string code_of(std::string_view text) {
  std::string code(text);
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    // Inside a name or number R is a letter, and ' separates thousands.
    const bool in_name = i > 0 && is_name_character(text[i - 1]);
    std::size_t end = i + 1;
    if (rest.starts_with("//")) {
      end = std::min(text.find('\n', i), text.size());
      blank(code, i, end);
    } else if (rest.starts_with("/*")) {
      const std::size_t close = text.find("*/", i + 2);
      end = close == std::string_view::npos ? text.size() : close + 2;
      blank(code, i, end);
    } else if (rest.starts_with("R\"") && !in_name) {
      end = end_of_raw_string(text, i);
      blank(code, i + 2, end - 1);
    } else if (rest.front() == '"' || (rest.front() == '\'' && !in_name)) {
      end = end_of_literal(text, i);
      blank(code, i + 1, end - 1);
    }
    i = end;
  }
  return code;
}

bool has_word(std::string_view line, std::string_view word) {
  for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool starts = at == 0 || !is_name_character(line[at - 1]);
    const bool ends = end == line.size() || !is_name_character(line[end]);
    if (starts && ends) return true;
  }
  return false;
}

}  // namespace ddbplan::tidy
