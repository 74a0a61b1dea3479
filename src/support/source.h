// Source text and places in it. Spans are half-open byte ranges into one SourceText; lines and
// columns exist only for display (both 1-based; a column counts code points, so that a caret stands
// right).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ddbplan::support {

/// A half-open range of bytes of a SourceText. {0, 0} on a model value means "not from the text"
/// (a default); see Span::known.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool operator==(const Span&) const = default;
  [[nodiscard]] bool known() const { return end > begin; }
};

/// A position as shown to a person.
struct LineColumn {
  int line = 1;
  int column = 1;
  bool operator==(const LineColumn&) const = default;
};

/// A file's name, as given on the command line, and its text. Immutable.
class SourceText {
 public:
  SourceText(std::string name, std::string text);
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::string_view slice(Span span) const;
  /// Positions past the end show the end.
  [[nodiscard]] LineColumn position(std::uint32_t offset) const;
  /// The text of a 1-based line, without its newline.
  [[nodiscard]] std::string_view line(int number) const;
  [[nodiscard]] int line_count() const { return static_cast<int>(line_starts_.size()); }
  /// The byte offset of a 0-based line and 0-based byte column (yaml-cpp's marks).
  [[nodiscard]] std::uint32_t offset(int line0, int column0) const;

 private:
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

}  // namespace ddbplan::support
