#include "schema/node.h"

#include <algorithm>

namespace ddbplan::schema {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Walks a scalar's source beside its text. Each step of advance() consumes one byte of the text.
class Alignment {
 public:
  Alignment(std::string_view source, std::size_t begin) : source_(source), at_(begin) {
    skip_properties();
    if (at_ < source_.size() && (source_[at_] == '"' || source_[at_] == '\''))
      quote_ = source_[at_++];
  }

  [[nodiscard]] std::size_t at() const { return at_; }
  [[nodiscard]] char quote() const { return quote_; }

  void advance(char byte) {
    if (at_ >= source_.size()) return;
    // One escape (`\u00e4`) reads as all the bytes of its character.
    const bool continues = (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
    if (escaped_ && continues) return;
    escaped_ = false;
    const char here = source_[at_];
    if (quote_ == '\'' && here == '\'' && at_ + 1 < source_.size() && source_[at_ + 1] == '\'') {
      at_ += 2;
    } else if (quote_ == '"' && here == '\\') {
      skip_escape();
      escaped_ = true;
    } else if (byte != here && is_blank(byte) && is_blank(here)) {
      skip_fold();
    } else {
      ++at_;
    }
    // A line break inside a scalar reads as one blank, however the next line is indented.
    if (is_blank(byte)) skip_fold_after_break(here);
  }

 private:
  /// `&anchor` and `!tag` stand before the scalar's own first character.
  void skip_properties() {
    while (at_ < source_.size() && (source_[at_] == '&' || source_[at_] == '!')) {
      while (at_ < source_.size() && !is_blank(source_[at_])) ++at_;
      while (at_ < source_.size() && is_blank(source_[at_])) ++at_;
    }
  }
  void skip_escape() {
    const char letter = at_ + 1 < source_.size() ? source_[at_ + 1] : '\0';
    std::size_t length = 2;
    if (letter == 'x') length = 4;
    if (letter == 'u') length = 6;
    if (letter == 'U') length = 10;
    at_ = std::min(at_ + length, source_.size());
  }
  void skip_fold() {
    while (at_ < source_.size() && is_blank(source_[at_])) ++at_;
  }
  void skip_fold_after_break(char consumed) {
    if (consumed == '\n' || consumed == '\r') skip_fold();
  }

  std::string_view source_;
  std::size_t at_;
  char quote_ = '\0';
  bool escaped_ = false;
};

}  // namespace

const Entry* Node::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [key](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

Entry* Node::find(std::string_view key) {
  return const_cast<Entry*>(static_cast<const Node*>(this)->find(key));
}

support::Span span_within(const Node& scalar, std::size_t begin, std::size_t end,
                          const support::SourceText& source) {
  if (scalar.opaque) return scalar.span;
  Alignment alignment(source.text(), scalar.span.begin);
  support::Span span{scalar.span.end, scalar.span.end};
  for (std::size_t i = 0; i <= scalar.text.size(); ++i) {
    if (i == begin) span.begin = static_cast<std::uint32_t>(alignment.at());
    if (i == end) span.end = static_cast<std::uint32_t>(alignment.at());
    if (i < scalar.text.size()) alignment.advance(scalar.text[i]);
  }
  span.begin = std::min(span.begin, scalar.span.end);
  span.end = std::clamp(span.end, span.begin, scalar.span.end);
  // Something missing at the end is shown just behind the last character.
  return span;
}

ScalarEnd end_of_scalar(std::uint32_t begin, std::string_view text,
                        const support::SourceText& source) {
  const std::string_view all = source.text();
  Alignment alignment(all, begin);
  for (const char byte : text) alignment.advance(byte);
  ScalarEnd result;
  std::size_t at = alignment.at();
  if (alignment.quote() != '\0') {
    while (at < all.size() && all[at] != alignment.quote()) ++at;
    result.closed = at < all.size();
    if (result.closed) ++at;
  }
  result.end = static_cast<std::uint32_t>(std::min(at, all.size()));
  return result;
}

}  // namespace ddbplan::schema
