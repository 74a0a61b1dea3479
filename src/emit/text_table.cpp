#include "emit/text_table.h"

#include <algorithm>
#include <numeric>

#include "support/check.h"
#include "support/text.h"
#include "support/utf8.h"

namespace ddbplan::emit {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kReadableMin = 8;
constexpr std::size_t kLeast = 3;

std::size_t columns_of(std::string_view text) {
  return support::count_code_points(text);
}

/// Bytes of the first `columns` code points.
std::size_t bytes_of(std::string_view text, std::size_t columns) {
  std::size_t at = 0;
  while (columns-- > 0 && at < text.size()) {
    at += support::decode_code_point(text.substr(at)).length;
  }
  return at;
}

/// Where a line that is too long ends: at the last blank that fits; else behind what ends a part of a
/// key, else behind what joins words, unless that leaves less than a third of the line; else
/// anywhere.
std::size_t break_at(const std::string& text, std::size_t columns) {
  const std::size_t limit = bytes_of(text, columns);
  if (text[limit] == ' ') return limit;
  const std::size_t blank = text.find_last_of(' ', limit - 1);
  if (blank != std::string::npos && blank > 0) return blank;
  for (const char* separators : {"#}/", "_.-"}) {
    const std::size_t separator = text.find_last_of(separators, limit - 1);
    if (separator != std::string::npos && (separator + 1) * 3 >= limit) return separator + 1;
  }
  return limit;
}

std::string aligned(const std::string& text, std::size_t width, Align align) {
  return align == Align::left ? support::pad_right(text, width) : support::pad_left(text, width);
}

void trim_right(std::string& line) {
  while (!line.empty() && line.back() == ' ') line.pop_back();
}

}  // namespace

std::vector<std::string> wrap_cell(const std::string& text, std::size_t columns) {
  std::vector<std::string> lines;
  std::string rest = text;
  while (columns_of(rest) > columns) {
    const std::size_t end = break_at(rest, columns);
    lines.push_back(rest.substr(0, end));
    trim_right(lines.back());
    rest.erase(0, rest.find_first_not_of(' ', end));
  }
  lines.push_back(rest);
  return lines;
}

void TextTable::add(std::vector<std::string> cells) {
  DDBPLAN_CHECK(cells.size() == columns_.size());
  for (std::string& cell : cells) cell = support::escape_for_terminal(cell);
  rows_.push_back({std::move(cells), {}});
}

void TextTable::note(const std::string& text) {
  DDBPLAN_CHECK(!rows_.empty());
  rows_.back().notes.push_back(support::escape_for_terminal(text));
}

std::vector<std::size_t> TextTable::column_widths(std::size_t available) const {
  std::vector<std::size_t> widths;
  for (const TextColumn& column : columns_) widths.push_back(columns_of(column.heading));
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], columns_of(row.cells[i]));
    }
  }
  const std::size_t gaps = kGap * (widths.size() - 1);
  std::size_t total = std::accumulate(widths.begin(), widths.end(), gaps);
  // The widest column gives way first, so that short ones stay whole; columns of figures never do.
  const auto shrink = [&](std::size_t least, bool flexible_only) {
    while (total > available) {
      std::size_t widest = widths.size();
      for (std::size_t i = 0; i < widths.size(); ++i) {
        if (columns_[i].align == Align::right || widths[i] <= least) continue;
        if (flexible_only && !columns_[i].flexible) continue;
        if (widest == widths.size() || widths[i] > widths[widest]) widest = i;
      }
      if (widest == widths.size()) return;
      --widths[widest];
      --total;
    }
  };
  shrink(kReadableMin, true);
  shrink(kReadableMin, false);
  shrink(kLeast, false);
  return widths;
}

std::string TextTable::print(int width, int indent) const {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  const auto available = static_cast<std::size_t>(std::max(width - indent, 20));
  const std::vector<std::size_t> widths = column_widths(available);
  std::string out;
  const auto print_row = [&](const std::vector<std::string>& cells) {
    std::vector<std::vector<std::string>> wrapped;
    std::size_t height = 1;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      wrapped.push_back(wrap_cell(cells[i], widths[i]));
      height = std::max(height, wrapped.back().size());
    }
    for (std::size_t row = 0; row < height; ++row) {
      std::string line = margin;
      for (std::size_t i = 0; i < wrapped.size(); ++i) {
        const bool has_line = row < wrapped[i].size();
        line += aligned(has_line ? wrapped[i][row] : "", widths[i], columns_[i].align);
        line.append(kGap, ' ');
      }
      trim_right(line);
      out += line + "\n";
    }
  };

  std::vector<std::string> headings;
  for (const TextColumn& column : columns_) headings.push_back(column.heading);
  print_row(headings);
  for (const Row& row : rows_) {
    print_row(row.cells);
    for (const std::string& note : row.notes) {
      for (const std::string& line : wrap_cell(note, available - kGap)) {
        out += margin + std::string(kGap, ' ') + line + "\n";
      }
    }
  }
  return out;
}

}  // namespace ddbplan::emit
