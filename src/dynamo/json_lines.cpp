#include "dynamo/json_lines.h"

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

#include "dynamo/base64.h"
#include "dynamo/limits.h"

namespace ddbplan::dynamo {
namespace {

using support::Result;

bool needs_escape(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == '"' || byte == '\\';
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "\\u00";
  out += kDigits[byte >> 4U];
  out += kDigits[byte & 15U];
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i])) continue;
    out.append(text, start, i - start);
    append_escaped(out, text[i]);
    start = i + 1;
  }
  out.append(text, start, text.size() - start);
  out += '"';
}

void append_value(std::string& out, const AttributeValue& value);

template <class Elements, class Append>
void append_array(std::string& out, const Elements& elements, const Append& append) {
  out += '[';
  bool is_first = true;
  for (const auto& element : elements) {
    if (!is_first) out += ',';
    is_first = false;
    append(element);
  }
  out += ']';
}

struct ValueAppender {
  std::string& out;

  void operator()(const std::string& text) const {
    out += "{\"S\":";
    append_string(out, text);
  }
  void operator()(const Decimal& number) const {
    out += "{\"N\":\"";
    out += number.to_string();
    out += '"';
  }
  void operator()(const Binary& binary) const {
    out += "{\"B\":\"";
    out += base64_encode(binary.bytes);
    out += '"';
  }
  void operator()(bool flag) const { out += flag ? "{\"BOOL\":true" : "{\"BOOL\":false"; }
  void operator()(const Null&) const { out += "{\"NULL\":true"; }
  void operator()(const List& list) const {
    out += "{\"L\":";
    append_array(out, list, [&](const AttributeValue& element) { append_value(out, element); });
  }
  void operator()(const Map& map) const {
    out += "{\"M\":";
    append_item_json(out, map);
  }
  void operator()(const StringSet& set) const {
    out += "{\"SS\":";
    append_array(out, set.elements, [&](const std::string& text) { append_string(out, text); });
  }
  void operator()(const NumberSet& set) const {
    out += "{\"NS\":";
    append_array(out, set.elements,
                 [&](const Decimal& number) { append_string(out, number.to_string()); });
  }
  void operator()(const BinarySet& set) const {
    out += "{\"BS\":";
    append_array(out, set.elements,
                 [&](const Binary& binary) { append_string(out, base64_encode(binary.bytes)); });
  }
};

void append_value(std::string& out, const AttributeValue& value) {
  std::visit(ValueAppender{out}, value.data);
  out += '}';
}

/// A parser of exactly the JSON that items are made of. A failed step notes the first problem and
/// makes every later one fail.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<Item> item(int depth) {
    Item result;
    if (!expect('{')) return std::nullopt;
    if (accept('}')) return result;
    do {
      std::optional<std::string> name = string();
      if (!name || !expect(':')) return std::nullopt;
      std::optional<AttributeValue> one = value(depth);
      if (!one) return std::nullopt;
      // Names come in order from our own files, so the end is the place.
      result.insert_or_assign(result.end(), *std::move(name), *std::move(one));
    } while (accept(','));
    if (!expect('}')) return std::nullopt;
    return result;
  }

  bool literal(std::string_view word) {
    skip_blanks();
    if (text_.substr(at_, word.size()) != word) return fail("expected " + std::string(word));
    at_ += word.size();
    return true;
  }

  bool expect(char c) {
    if (accept(c)) return true;
    return fail(std::string("expected '") + c + "'");
  }

  bool end() {
    skip_blanks();
    return at_ == text_.size() || fail("expected the end");
  }

  std::optional<std::string> string() {
    if (!expect('"')) return std::nullopt;
    std::string result;
    while (at_ < text_.size()) {
      std::size_t stop = at_;
      while (stop < text_.size() && !needs_escape(text_[stop])) ++stop;
      result.append(text_, at_, stop - at_);
      at_ = stop;
      if (at_ == text_.size()) break;
      if (text_[at_] == '"') {
        ++at_;
        return result;
      }
      if (text_[at_] != '\\') break;
      ++at_;
      if (!escape(result)) return std::nullopt;
    }
    fail("a string does not end");
    return std::nullopt;
  }

  [[nodiscard]] std::string error() const {
    return "byte " + std::to_string(error_at_) + ": " + error_;
  }

 private:
  bool fail(std::string message) {
    if (error_.empty()) {
      error_ = std::move(message);
      error_at_ = at_;
    }
    return false;
  }

  void skip_blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  bool accept(char c) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::optional<std::uint32_t> hexadecimal() {
    if (at_ + 4 > text_.size()) return std::nullopt;
    std::uint32_t code = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = text_[at_++];
      code <<= 4U;
      if (c >= '0' && c <= '9') {
        code += static_cast<std::uint32_t>(c - '0');
      } else if (c >= 'a' && c <= 'f') {
        code += static_cast<std::uint32_t>(c - 'a' + 10);
      } else if (c >= 'A' && c <= 'F') {
        code += static_cast<std::uint32_t>(c - 'A' + 10);
      } else {
        return std::nullopt;
      }
    }
    return code;
  }

  bool escape(std::string& out) {
    constexpr std::string_view kShort = "\"\\/bfnrt";
    constexpr std::string_view kMeaning = "\"\\/\b\f\n\r\t";
    if (at_ >= text_.size()) return fail("a string does not end");
    const char c = text_[at_++];
    if (const std::size_t place = kShort.find(c); place != std::string_view::npos) {
      out += kMeaning[place];
      return true;
    }
    std::optional<std::uint32_t> code = c == 'u' ? hexadecimal() : std::nullopt;
    if (!code) return fail("not an escape");
    if (*code >= 0xD800 && *code < 0xDC00) {
      const bool has_second = text_.substr(at_, 2) == "\\u";
      if (has_second) at_ += 2;
      const std::optional<std::uint32_t> low = has_second ? hexadecimal() : std::nullopt;
      if (!low || *low < 0xDC00 || *low > 0xDFFF) return fail("half of a surrogate pair");
      code = 0x10000 + ((*code - 0xD800) << 10U) + (*low - 0xDC00);
    } else if (*code >= 0xDC00 && *code <= 0xDFFF) {
      return fail("half of a surrogate pair");
    }
    append_utf8(out, *code);
    return true;
  }

  static void append_utf8(std::string& out, std::uint32_t code) {
    const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
      put(code);
    } else if (code < 0x800) {
      put(0xC0U | (code >> 6U));
      put(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
      put(0xE0U | (code >> 12U));
      put(0x80U | ((code >> 6U) & 0x3FU));
      put(0x80U | (code & 0x3FU));
    } else {
      put(0xF0U | (code >> 18U));
      put(0x80U | ((code >> 12U) & 0x3FU));
      put(0x80U | ((code >> 6U) & 0x3FU));
      put(0x80U | (code & 0x3FU));
    }
  }

  std::optional<AttributeValue> value(int depth) {
    if (depth > limits::kNestingDepthMax) {
      fail("nested too deeply");
      return std::nullopt;
    }
    if (!expect('{')) return std::nullopt;
    std::optional<std::string> type = string();
    if (!type || !expect(':')) return std::nullopt;
    std::optional<AttributeValue> result = typed(*type, depth);
    if (!result || !expect('}')) return std::nullopt;
    return result;
  }

  std::optional<AttributeValue> typed(std::string_view type, int depth) {
    if (type == "S") return made(string());
    if (type == "N") return made(number());
    if (type == "M") return made(item(depth + 1));
    if (type == "L") return made(elements<List>([&] { return value(depth + 1); }));
    if (type == "BOOL") return flag();
    if (type == "B") return made(binary());
    if (type == "NULL") {
      return literal("true") ? std::optional(AttributeValue()) : std::nullopt;
    }
    if (type == "SS") {
      auto read = elements<std::vector<std::string>>([&] { return string(); });
      return read ? made(std::optional(make_string_set(*std::move(read)))) : std::nullopt;
    }
    if (type == "NS") {
      auto read = elements<std::vector<Decimal>>([&] { return number(); });
      return read ? made(std::optional(make_number_set(*std::move(read)))) : std::nullopt;
    }
    if (type == "BS") {
      auto read = elements<std::vector<Binary>>([&] { return binary(); });
      return read ? made(std::optional(make_binary_set(*std::move(read)))) : std::nullopt;
    }
    fail("'" + std::string(type) + "' is not a type");
    return std::nullopt;
  }

  template <class T>
  static std::optional<AttributeValue> made(std::optional<T> part) {
    if (!part) return std::nullopt;
    return AttributeValue(AttributeValue::Variant(*std::move(part)));
  }

  template <class Elements, class Read>
  std::optional<Elements> elements(const Read& read) {
    Elements result;
    if (!expect('[')) return std::nullopt;
    if (accept(']')) return result;
    do {
      auto element = read();
      if (!element) return std::nullopt;
      result.push_back(*std::move(element));
    } while (accept(','));
    if (!expect(']')) return std::nullopt;
    return result;
  }

  std::optional<AttributeValue> flag() {
    skip_blanks();
    const bool is_true = text_.substr(at_, 4) == "true";
    if (!literal(is_true ? "true" : "false")) return std::nullopt;
    return AttributeValue::boolean(is_true);
  }

  std::optional<Decimal> number() {
    const std::optional<std::string> text = string();
    if (!text) return std::nullopt;
    const auto parsed = Decimal::parse(*text);
    if (parsed) return *parsed;
    fail(std::string(decimal_error_message(parsed.error())));
    return std::nullopt;
  }

  std::optional<Binary> binary() {
    const std::optional<std::string> text = string();
    if (!text) return std::nullopt;
    std::optional<std::string> bytes = base64_decode(*text);
    if (bytes) return Binary{*std::move(bytes)};
    fail("not base64");
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string error_;
  std::size_t error_at_ = 0;
};

}  // namespace

void append_item_json(std::string& out, const Item& item) {
  out += '{';
  bool is_first = true;
  for (const auto& [name, value] : item) {
    if (!is_first) out += ',';
    is_first = false;
    append_string(out, name);
    out += ':';
    append_value(out, value);
  }
  out += '}';
}

Result<Item, std::string> parse_item_json(std::string_view text) {
  Parser parser(text);
  std::optional<Item> item = parser.item(1);
  if (!item || !parser.end()) return parser.error();
  return *std::move(item);
}

Result<Item, std::string> parse_item_line(std::string_view line) {
  Parser parser(line);
  std::optional<Item> item;
  if (parser.expect('{') && parser.literal("\"Item\"") && parser.expect(':')) item = parser.item(1);
  if (!item || !parser.expect('}') || !parser.end()) return parser.error();
  return *std::move(item);
}

}  // namespace ddbplan::dynamo
