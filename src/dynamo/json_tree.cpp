#include "dynamo/json_tree.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "dynamo/json_text.h"
#include "support/utf8.h"

namespace ddbplan::dynamo {
namespace {

/// 32 levels of a list or map take two or three levels of JSON each, in a request with a few more.
constexpr int kDepthMax = 256;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Bytes of ASCII at the start, eight at a time: most texts are nothing else.
std::size_t ascii_prefix(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
  std::size_t at = 0;
  std::uint64_t word = 0;
  for (; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & kHighBits) != 0) break;
  }
  return at;
}

bool is_utf8(std::string_view text) {
  text.remove_prefix(ascii_prefix(text));
  while (!text.empty()) {
    if (static_cast<unsigned char>(text.front()) < 0x80) {
      text.remove_prefix(1);
      continue;
    }
    const support::CodePoint point = support::decode_code_point(text);
    if (!point.valid) return false;
    text.remove_prefix(point.length);
  }
  return true;
}

}  // namespace

const JsonNode* JsonNode::find(std::string_view name) const {
  const JsonNode* found = nullptr;
  for_each_member([&](std::string_view member, const JsonNode& value) {
    if (member == name) found = &value;
  });
  return found;
}

class JsonTree::Parser {
 public:
  Parser(JsonTree& tree, std::string_view text)
      : nodes_(tree.nodes_), unescaped_(tree.unescaped_), text_(text) {}

  bool run() {
    if (!value(0)) return false;
    skip_blanks();
    return at_ == text_.size();
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
  }

  bool accept(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool value(int depth) {
    skip_blanks();
    if (at_ >= text_.size() || depth > kDepthMax) return false;
    switch (text_[at_]) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return string();
      case 't':
        return word("true", JsonKind::boolean, true);
      case 'f':
        return word("false", JsonKind::boolean, false);
      case 'n':
        return word("null", JsonKind::null, false);
      default:
        return number();
    }
  }

  std::size_t open(JsonKind kind) {
    nodes_.emplace_back().kind = kind;
    return nodes_.size() - 1;
  }

  void close(std::size_t node, std::uint32_t size) {
    nodes_[node].size = size;
    nodes_[node].span = static_cast<std::uint32_t>(nodes_.size() - node);
  }

  bool object(int depth) {
    const std::size_t node = open(JsonKind::object);
    ++at_;
    std::uint32_t size = 0;
    if (!accept('}')) {
      do {
        skip_blanks();
        if (at_ >= text_.size() || text_[at_] != '"' || !string()) return false;
        if (!accept(':') || !value(depth + 1)) return false;
        ++size;
      } while (accept(','));
      if (!accept('}')) return false;
    }
    close(node, size);
    return true;
  }

  bool array(int depth) {
    const std::size_t node = open(JsonKind::array);
    ++at_;
    std::uint32_t size = 0;
    if (!accept(']')) {
      do {
        if (!value(depth + 1)) return false;
        ++size;
      } while (accept(','));
      if (!accept(']')) return false;
    }
    close(node, size);
    return true;
  }

  bool word(std::string_view expected, JsonKind kind, bool flag) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    nodes_[open(kind)].flag = flag;
    return true;
  }

  bool digits() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ > start;
  }

  bool number() {
    const std::size_t start = at_;
    if (text_[at_] == '-') ++at_;
    const bool leading_zero = at_ < text_.size() && text_[at_] == '0';
    const std::size_t whole = at_;
    if (!digits() || (leading_zero && at_ - whole > 1)) return false;
    JsonKind kind = JsonKind::integer;
    if (at_ < text_.size() && text_[at_] == '.') {
      kind = JsonKind::decimal;
      ++at_;
      if (!digits()) return false;
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      kind = JsonKind::decimal;
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (!digits()) return false;
    }
    nodes_[open(kind)].text = text_.substr(start, at_ - start);
    return true;
  }

  bool string() {
    const std::size_t start = ++at_;
    at_ = json_plain_end(text_, at_);
    if (at_ >= text_.size()) return false;
    std::string_view found;
    if (text_[at_] == '"') {
      found = text_.substr(start, at_ - start);
      ++at_;
    } else {
      const std::optional<std::string_view> unescaped = with_escapes(start);
      if (!unescaped) return false;
      found = *unescaped;
    }
    if (!is_utf8(found)) return false;
    nodes_[open(JsonKind::string)].text = found;
    return true;
  }

  /// The rest of a string whose first escape stands at `at_`.
  std::optional<std::string_view> with_escapes(std::size_t start) {
    // Without escapes the strings are shorter than the text, so this never moves again.
    if (unescaped_.capacity() < text_.size()) unescaped_.reserve(text_.size());
    const std::size_t begin = unescaped_.size();
    unescaped_.append(text_, start, at_ - start);
    while (true) {
      if (at_ >= text_.size()) return std::nullopt;
      const char c = text_[at_];
      if (c == '"') break;
      if (c != '\\') return std::nullopt;
      ++at_;
      if (!append_json_escape(unescaped_, text_, at_)) return std::nullopt;
      const std::size_t plain = at_;
      at_ = json_plain_end(text_, at_);
      unescaped_.append(text_, plain, at_ - plain);
    }
    ++at_;
    return std::string_view(unescaped_).substr(begin);
  }

  std::vector<JsonNode>& nodes_;
  std::string& unescaped_;
  std::string_view text_;
  std::size_t at_ = 0;
};

bool JsonTree::parse(std::string_view text) {
  nodes_.clear();
  unescaped_.clear();
  return Parser(*this, text).run();
}

}  // namespace ddbplan::dynamo
