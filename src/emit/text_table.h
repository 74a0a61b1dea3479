// Aligned tables for a terminal of a given width. No cell is ever cut: what does not fit is wrapped,
// at blanks or after a '#', '/', '_' or '}' if it can be, so that a key template stays readable.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ddbplan::emit {

enum class Align { left, right };

struct TextColumn {
  std::string heading;
  Align align = Align::left;
  /// Gives way first when the table is too wide.
  bool flexible = false;
};

class TextTable {
 public:
  explicit TextTable(std::vector<TextColumn> columns) : columns_(std::move(columns)) {}

  /// Control characters are shown as \xNN. REQUIRES: one cell per column.
  void add(std::vector<std::string> cells);
  /// Lines below the last row, indented, over the whole width.
  void note(const std::string& text);
  [[nodiscard]] bool empty() const { return rows_.empty(); }

  /// The heading and the rows, each line indented and at most `width` columns wide.
  [[nodiscard]] std::string print(int width, int indent) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    std::vector<std::string> notes;
  };

  [[nodiscard]] std::vector<std::size_t> column_widths(std::size_t available) const;

  std::vector<TextColumn> columns_;
  std::vector<Row> rows_;
};

/// Lines of at most `columns` code points, as in a cell of a table.
std::vector<std::string> wrap_cell(const std::string& text, std::size_t columns);

}  // namespace ddbplan::emit
