#include "support/source.h"

#include <algorithm>
#include <utility>

#include "support/check.h"
#include "support/text.h"

namespace ddbplan::support {

SourceText::SourceText(std::string name, std::string text)
    : name_(std::move(name)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
  }
  // A final newline ends the last line; it does not open another one.
  if (line_starts_.size() > 1 && line_starts_.back() == text_.size()) line_starts_.pop_back();
}

std::string_view SourceText::slice(Span span) const {
  const std::size_t begin = std::min<std::size_t>(span.begin, text_.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text_.size());
  return text().substr(begin, end - begin);
}

LineColumn SourceText::position(std::uint32_t offset) const {
  const std::size_t at = std::min<std::size_t>(offset, text_.size());
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), at);
  const std::size_t index = static_cast<std::size_t>(after - line_starts_.begin()) - 1;
  const std::size_t start = line_starts_[index];
  const std::size_t columns = count_code_points(text().substr(start, at - start));
  return {static_cast<int>(index) + 1, static_cast<int>(columns) + 1};
}

std::string_view SourceText::line(int number) const {
  DDBPLAN_CHECK(number >= 1 && number <= line_count());
  const std::size_t start = line_starts_[static_cast<std::size_t>(number) - 1];
  std::string_view rest = text().substr(start);
  rest = rest.substr(0, rest.find('\n'));
  if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
  return rest;
}

std::uint32_t SourceText::offset(int line0, int column0) const {
  if (line0 < 0) return 0;
  if (line0 >= line_count()) return static_cast<std::uint32_t>(text_.size());
  const std::size_t start = line_starts_[static_cast<std::size_t>(line0)];
  const std::size_t at = start + static_cast<std::size_t>(std::max(column0, 0));
  return static_cast<std::uint32_t>(std::min(at, text_.size()));
}

}  // namespace ddbplan::support
