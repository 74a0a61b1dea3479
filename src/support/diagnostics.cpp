#include "support/diagnostics.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "support/text.h"
#include "support/utf8.h"

namespace ddbplan::support {
namespace {

/// Longer lines are cut around the caret.
constexpr std::size_t kLineColumnsMax = 160;
/// How much of a cut line stands before the caret.
constexpr std::size_t kColumnsBeforeCaret = 60;
constexpr std::string_view kEllipsis = "…";

class Painter {
 public:
  explicit Painter(bool colour) : colour_(colour) {}
  [[nodiscard]] std::string bold(std::string_view text) const { return paint("\x1b[1m", text); }
  [[nodiscard]] std::string dim(std::string_view text) const { return paint("\x1b[34m", text); }
  [[nodiscard]] std::string severity(Severity severity, std::string_view text) const {
    switch (severity) {
      case Severity::error:
        return paint("\x1b[1;31m", text);
      case Severity::warning:
        return paint("\x1b[1;33m", text);
      case Severity::info:
        break;
    }
    return paint("\x1b[1;36m", text);
  }

 private:
  [[nodiscard]] std::string paint(std::string_view code, std::string_view text) const {
    return colour_ ? fmt::format("{}{}\x1b[0m", code, text) : std::string(text);
  }
  bool colour_;
};

/// One code point as shown, what stands below it in the caret line, and whether it is marked.
struct Cell {
  std::string shown;
  std::size_t columns = 1;
  bool marked = false;
};

std::vector<Cell> cells_of(std::string_view line, std::size_t mark_begin, std::size_t mark_end) {
  std::vector<Cell> cells;
  for (std::size_t at = 0; at < line.size();) {
    const CodePoint point = decode_code_point(line.substr(at));
    Cell cell;
    // A tab is shown and repeated below, so that the caret stands right at any tab width.
    if (point.value == '\t') {
      cell.shown = "\t";
    } else {
      cell.shown = shown_code_point(line.substr(at, point.length), point);
      cell.columns = count_code_points(cell.shown);
    }
    cell.marked = at >= mark_begin && at < mark_end;
    cells.push_back(std::move(cell));
    at += point.length;
  }
  // A mark at the end of the line (something is missing there) has no character to stand under.
  if (mark_begin >= line.size()) cells.push_back({" ", 1, true});
  return cells;
}

struct Excerpt {
  std::string line;
  std::string carets;
};

Excerpt make_excerpt(const std::vector<Cell>& cells) {
  std::size_t total = 0;
  for (const Cell& cell : cells) total += cell.columns;
  std::size_t first = 0;
  std::size_t last = cells.size();
  if (total > kLineColumnsMax) {
    const auto mark =
        std::find_if(cells.begin(), cells.end(), [](const Cell& c) { return c.marked; });
    const auto marked = static_cast<std::size_t>(mark - cells.begin());
    first = marked > kColumnsBeforeCaret ? marked - kColumnsBeforeCaret : 0;
    std::size_t columns = 0;
    for (last = first; last < cells.size(); ++last) {
      columns += cells[last].columns;
      if (columns > kLineColumnsMax) break;
    }
  }
  Excerpt excerpt;
  if (first > 0) {
    excerpt.line = kEllipsis;
    excerpt.carets = " ";
  }
  for (std::size_t i = first; i < last; ++i) {
    const Cell& cell = cells[i];
    excerpt.line += cell.shown;
    if (cell.shown == "\t") {
      excerpt.carets += '\t';
    } else {
      excerpt.carets.append(cell.columns, cell.marked ? '^' : ' ');
    }
  }
  if (last < cells.size()) excerpt.line += kEllipsis;
  for (std::string* text : {&excerpt.line, &excerpt.carets}) {
    text->erase(text->find_last_not_of(" \t") + 1);
  }
  return excerpt;
}

/// {0, 0} is "not from the text"; an empty range elsewhere is a place where something is missing.
bool has_place(Span span) {
  return span.known() || span.begin > 0;
}

std::string place(Span span, const SourceText& source) {
  const std::string name = escape_for_terminal(source.name());
  if (!has_place(span)) return name + ": ";
  const LineColumn at = source.position(span.begin);
  return fmt::format("{}:{}:{}: ", name, at.line, at.column);
}

std::string render_excerpt(Span span, const SourceText& source, std::size_t gutter,
                           Severity severity, const Painter& painter) {
  const int number = source.position(span.begin).line;
  const std::string_view line = source.line(number);
  const std::size_t line_begin = source.offset(number - 1, 0);
  const std::size_t mark_begin = std::min<std::size_t>(span.begin - line_begin, line.size());
  // A range over several lines is marked up to the end of its first one.
  const std::size_t mark_end =
      std::clamp<std::size_t>(span.end > line_begin ? span.end - line_begin : 0, mark_begin + 1,
                              std::max(line.size(), mark_begin + 1));
  const Excerpt excerpt = make_excerpt(cells_of(line, mark_begin, mark_end));
  std::string out;
  out += painter.dim(pad_left(std::to_string(number), gutter) + " |");
  out += excerpt.line.empty() ? "\n" : " " + excerpt.line + "\n";
  out += painter.dim(pad_left("", gutter) + " |");
  out += excerpt.carets.empty() ? "\n" : " " + painter.severity(severity, excerpt.carets) + "\n";
  return out;
}

std::size_t gutter_columns(const Diagnostic& diagnostic, const SourceText& source) {
  int last = source.position(diagnostic.span.begin).line;
  for (const Note& note : diagnostic.notes) {
    last = std::max(last, source.position(note.span.begin).line);
  }
  return std::max<std::size_t>(4, std::to_string(last).size() + 1);
}

bool same_finding(const Diagnostic& a, const Diagnostic& b) {
  return a.code == b.code && a.rule == b.rule && a.severity == b.severity &&
         a.message == b.message && a.span == b.span;
}

}  // namespace

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::info:
      return "info";
    case Severity::warning:
      return "warning";
    case Severity::error:
      return "error";
  }
  return "error";
}

bool Diagnostics::has_errors() const {
  return count(Severity::error) > 0;
}

std::size_t Diagnostics::count(Severity severity) const {
  return static_cast<std::size_t>(
      std::count_if(items_.begin(), items_.end(),
                    [severity](const Diagnostic& d) { return d.severity == severity; }));
}

void Diagnostics::sort() {
  std::stable_sort(items_.begin(), items_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return a.span.begin < b.span.begin;
  });
  std::vector<Diagnostic> kept;
  kept.reserve(items_.size());
  for (Diagnostic& item : items_) {
    // Repeats stand at the same place, so only the tail with that place needs a look.
    bool repeated = false;
    for (auto other = kept.rbegin(); other != kept.rend() && !repeated; ++other) {
      if (other->span.begin != item.span.begin) break;
      repeated = same_finding(*other, item);
    }
    if (!repeated) kept.push_back(std::move(item));
  }
  items_ = std::move(kept);
}

std::string render(const Diagnostic& diagnostic, const SourceText& source,
                   const RenderOptions& options) {
  const Painter painter(options.colour);
  const std::size_t gutter = gutter_columns(diagnostic, source);
  std::string label(severity_name(diagnostic.severity));
  if (!diagnostic.code.empty()) label += "[" + diagnostic.code + "]";

  std::string out = painter.bold(place(diagnostic.span, source));
  out += painter.severity(diagnostic.severity, label) + ": ";
  out += painter.bold(escape_for_terminal(diagnostic.message)) + "\n";
  if (has_place(diagnostic.span)) {
    out += render_excerpt(diagnostic.span, source, gutter, diagnostic.severity, painter);
  }
  for (const Note& note : diagnostic.notes) {
    const std::string where = has_place(note.span) ? place(note.span, source) : "";
    out += fmt::format("{}{}: {}\n", where, painter.severity(Severity::info, "note"),
                       escape_for_terminal(note.message));
    if (has_place(note.span)) {
      out += render_excerpt(note.span, source, gutter, Severity::info, painter);
    }
  }
  if (!diagnostic.help.empty()) {
    out += fmt::format("{}: {}\n", painter.severity(Severity::info, "help"),
                       escape_for_terminal(diagnostic.help));
  }
  return out;
}

std::string render(const Diagnostics& diagnostics, const SourceText& source,
                   const RenderOptions& options) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics.items()) {
    if (!out.empty()) out += '\n';
    out += render(diagnostic, source, options);
  }
  return out;
}

}  // namespace ddbplan::support
