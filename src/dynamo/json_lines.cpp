#include "dynamo/json_lines.h"

#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include "dynamo/base64.h"
#include "dynamo/json_text.h"
#include "dynamo/limits.h"

namespace ddbplan::dynamo {
namespace {

using support::Result;

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
    out += R"({"S":)";
    append_json_string(out, text);
  }
  void operator()(const Decimal& number) const {
    out += R"({"N":")";
    out += number.to_string();
    out += '"';
  }
  void operator()(const Binary& binary) const {
    out += R"({"B":")";
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
    append_array(out, set.elements,
                 [&](const std::string& text) { append_json_string(out, text); });
  }
  void operator()(const NumberSet& set) const {
    out += "{\"NS\":";
    append_array(out, set.elements,
                 [&](const Decimal& number) { append_json_string(out, number.to_string()); });
  }
  void operator()(const BinarySet& set) const {
    out += "{\"BS\":";
    append_array(out, set.elements, [&](const Binary& binary) {
      append_json_string(out, base64_encode(binary.bytes));
    });
  }
};

void append_value(std::string& out, const AttributeValue& value) {
  std::visit(ValueAppender{out}, value.data);
  out += '}';
}

/// A parser of exactly the JSON that items are made of. Every step fills its argument in place. A
/// failed one notes the first problem and makes every later one fail.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  bool item(Item& out, int depth) {
    if (!expect('{')) return false;
    if (accept('}')) return true;
    do {
      std::string name;
      if (!string(name) || !expect(':')) return false;
      // Names come in order from our own files, so the end is the place.
      auto* place = out.try_emplace(out.end(), std::move(name));
      if (!value(place->second, depth)) return false;
    } while (accept(','));
    return expect('}');
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
    if (at_ < text_.size() && text_[at_] == c) {
      ++at_;
      return true;
    }
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool string(std::string& out) {
    if (!expect('"')) return false;
    while (true) {
      const std::size_t stop = json_plain_end(text_, at_);
      out.append(text_, at_, stop - at_);
      at_ = stop;
      if (at_ == text_.size()) return fail("a string does not end");
      const char c = text_[at_++];
      if (c == '"') return true;
      if (c != '\\') return fail("a control character in a string");
      if (!escape(out)) return false;
    }
  }

  bool escape(std::string& out) {
    return append_json_escape(out, text_, at_) || fail("not an escape");
  }

  bool value(AttributeValue& out, int depth) {
    if (depth > limits::kNestingDepthMax) return fail("nested too deeply");
    std::string type;  // short: no allocation
    return expect('{') && string(type) && expect(':') && typed(type, out, depth) && expect('}');
  }

  bool typed(std::string_view type, AttributeValue& out, int depth) {
    if (type == "S") return string(out.data.emplace<std::string>());
    if (type == "N") return number(out.data.emplace<Decimal>());
    if (type == "M") return item(out.data.emplace<Map>(), depth + 1);
    if (type == "L") {
      return elements(out.data.emplace<List>(),
                      [&](AttributeValue& element) { return value(element, depth + 1); });
    }
    if (type == "BOOL") return flag(out);
    if (type == "B") return binary(out.data.emplace<Binary>());
    if (type == "NULL") return literal("true");
    if (type == "SS") {
      std::vector<std::string> texts;
      const bool ok = elements(texts, [&](std::string& element) { return string(element); });
      out.data = make_string_set(std::move(texts));
      return ok;
    }
    if (type == "NS") {
      std::vector<Decimal> numbers;
      const bool ok = elements(numbers, [&](Decimal& element) { return number(element); });
      out.data = make_number_set(std::move(numbers));
      return ok;
    }
    if (type == "BS") {
      std::vector<Binary> binaries;
      const bool ok = elements(binaries, [&](Binary& element) { return binary(element); });
      out.data = make_binary_set(std::move(binaries));
      return ok;
    }
    return fail("'" + std::string(type) + "' is not a type");
  }

  template <class Elements, class Read>
  bool elements(Elements& out, const Read& read) {
    if (!expect('[')) return false;
    if (accept(']')) return true;
    do {
      if (!read(out.emplace_back())) return false;
    } while (accept(','));
    return expect(']');
  }

  bool flag(AttributeValue& out) {
    skip_blanks();
    const bool is_true = text_.substr(at_, 4) == "true";
    out = AttributeValue::boolean(is_true);
    return literal(is_true ? "true" : "false");
  }

  bool number(Decimal& out) {
    std::string text;
    if (!string(text)) return false;
    auto parsed = Decimal::parse(text);
    if (!parsed) return fail(std::string(decimal_error_message(parsed.error())));
    out = *std::move(parsed);
    return true;
  }

  bool binary(Binary& out) {
    std::string text;
    if (!string(text)) return false;
    std::optional<std::string> bytes = base64_decode(text);
    if (!bytes) return fail("not base64");
    out.bytes = *std::move(bytes);
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string error_;
  std::size_t error_at_ = 0;
};

/// Most attributes are plain texts with short plain names: those are written in three pieces instead of ten.
void append_member(std::string& out, const std::string& name, const AttributeValue& value) {
  constexpr std::size_t kShort = 48;
  const std::string* text = value.as_string();
  if (text == nullptr || name.size() > kShort || json_plain_end(name, 0) < name.size()) {
    append_json_string(out, name);
    out += ':';
    append_value(out, value);
    return;
  }
  constexpr std::string_view kBetween = R"(":{"S":")";
  std::array<char, 1 + kShort + kBetween.size()> start;
  start[0] = '"';
  std::memcpy(start.data() + 1, name.data(), name.size());
  std::memcpy(start.data() + 1 + name.size(), kBetween.data(), kBetween.size());
  out.append(start.data(), 1 + name.size() + kBetween.size());
  append_json_text(out, *text);
  out.append(R"("})", 2);
}

template <class Attributes, class At>
void append_object(std::string& out, const Attributes& attributes, const At& at) {
  out += '{';
  bool is_first = true;
  for (const auto& one : attributes) {
    if (!is_first) out += ',';
    is_first = false;
    const auto& [name, value] = at(one);
    append_member(out, name, value);
  }
  out += '}';
}

}  // namespace

void append_item_json(std::string& out, const Item& item) {
  append_object(out, item, [](const Attribute& one) -> const Attribute& { return one; });
}

void append_item_json(std::string& out, const std::vector<const Attribute*>& attributes) {
  append_object(out, attributes, [](const Attribute* one) -> const Attribute& { return *one; });
}

Result<Item, std::string> parse_item_json(std::string_view text) {
  Parser parser(text);
  Item item;
  if (!parser.item(item, 1) || !parser.end()) return parser.error();
  return item;
}

Result<Item, std::string> parse_item_line(std::string_view line, std::size_t attributes) {
  Parser parser(line);
  Item item;
  item.reserve(attributes);
  const bool ok = parser.expect('{') && parser.literal("\"Item\"") && parser.expect(':') &&
                  parser.item(item, 1) && parser.expect('}') && parser.end();
  if (!ok) return parser.error();
  return item;
}

}  // namespace ddbplan::dynamo
