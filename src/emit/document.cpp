#include "emit/document.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "support/check.h"
#include "support/text.h"
#include "support/utf8.h"

namespace ddbplan::emit {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Words that some YAML reader takes for a boolean or for null, in lower case.
constexpr std::array<std::string_view, 10> kReservedScalars = {
    "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan"};

/// Text that is text to every reader without quotes. Narrower than YAML allows on purpose: it begins with a
/// letter (no number, date, sign or indicator does), and holds nothing that could begin a comment or a map.
bool is_plain(std::string_view text) {
  if (text.empty() || !is_letter(text.front())) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool is_inner_space = c == ' ' && i + 1 < text.size() && text[i + 1] != ' ' &&
                                text[i + 1] != '#' && text[i - 1] != ':';
    const bool is_inner_colon = c == ':' && i + 1 < text.size() && text[i + 1] != ' ';
    const bool is_safe = is_letter(c) || is_digit(c) ||
                         std::string_view("_-./(),;+@").find(c) != std::string_view::npos;
    if (!is_safe && !is_inner_space && !is_inner_colon) return false;
  }
  const std::string lower = support::to_lower_ascii(text);
  return std::find(kReservedScalars.begin(), kReservedScalars.end(), lower) ==
         kReservedScalars.end();
}

/// Characters that YAML does not take raw, or that a reader may treat as a line break.
bool must_escape(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029 || c == 0xFEFF ||
         (c & 0xFFFE) == 0xFFFE;
}

std::string escaped(std::uint32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\t') return "\\t";
  if (c <= 0xFF) return fmt::format("\\x{:02X}", c);
  return c <= 0xFFFF ? fmt::format("\\u{:04X}", c) : fmt::format("\\U{:08X}", c);
}

std::string double_quoted(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const support::CodePoint point = support::decode_code_point(text);
    const std::string_view bytes = text.substr(0, point.length);
    if (!point.valid) {
      out += "\\uFFFD";  // What is not UTF-8 has no form in YAML.
    } else if (point.value == '"' || point.value == '\\') {
      out += '\\';
      out += bytes;
    } else if (must_escape(point.value)) {
      out += escaped(point.value);
    } else {
      out += bytes;
    }
    text.remove_prefix(point.length);
  }
  return out + '"';
}

class YamlPrinter {
 public:
  [[nodiscard]] std::string take() { return std::move(out_); }

  void print_comment(const Document& node, std::size_t indent) {
    for (const std::string& line : node.comment_lines()) {
      out_ += std::string(indent, ' ') + "# " + support::escape_for_terminal(line) + "\n";
    }
  }

  void print_map(const Document::Map& map, std::size_t indent, bool first_is_placed) {
    for (const auto& entry : map) {
      // The comment of a list element's first entry stands above the dash, printed there.
      if (!first_is_placed) print_comment(entry.second, indent);
      if (!first_is_placed) out_ += std::string(indent, ' ');
      first_is_placed = false;
      out_ += yaml_scalar(entry.first) + ":";
      print_value(entry.second, indent);
    }
  }

  void print_list(const Document::List& list, std::size_t indent) {
    for (const Document& element : list) {
      print_comment(element, indent);
      out_ += std::string(indent, ' ') + "-";
      if (const auto* map = std::get_if<Document::Map>(&element.value()); map && !map->empty()) {
        out_ += ' ';
        print_map(*map, indent + 2, true);
      } else {
        print_value(element, indent);
      }
    }
  }

 private:
  /// What follows `key:` or `-` standing at `indent`.
  void print_value(const Document& node, std::size_t indent) {
    const Overloaded visitor = {
        [&](const std::string& text) { out_ += " " + yaml_scalar(text) + "\n"; },
        [&](std::int64_t number) { out_ += " " + std::to_string(number) + "\n"; },
        [&](bool flag) { out_ += flag ? " true\n" : " false\n"; },
        [&](const Document::List& list) {
          out_ += list.empty() ? " []\n" : "\n";
          print_list(list, indent + 2);
        },
        [&](const Document::Map& map) {
          out_ += map.empty() ? " {}\n" : "\n";
          print_map(map, indent + 2, false);
        }};
    std::visit(visitor, node.value());
  }

  std::string out_;
};

nlohmann::ordered_json to_nlohmann(const Document& node) {
  const Overloaded visitor = {[](const std::string& text) { return nlohmann::ordered_json(text); },
                              [](std::int64_t number) { return nlohmann::ordered_json(number); },
                              [](bool flag) { return nlohmann::ordered_json(flag); },
                              [](const Document::List& list) {
                                nlohmann::ordered_json out = nlohmann::ordered_json::array();
                                for (const Document& element : list)
                                  out.push_back(to_nlohmann(element));
                                return out;
                              },
                              [](const Document::Map& map) {
                                nlohmann::ordered_json out = nlohmann::ordered_json::object();
                                for (const auto& entry : map)
                                  out[entry.first] = to_nlohmann(entry.second);
                                return out;
                              }};
  return std::visit(visitor, node.value());
}

}  // namespace

Document& Document::add(Document element) {
  auto* list = std::get_if<List>(&value_);
  DDBPLAN_CHECK(list != nullptr);
  list->push_back(std::move(element));
  return *this;
}

Document& Document::set(std::string key, Document value) {
  auto* map = std::get_if<Map>(&value_);
  DDBPLAN_CHECK(map != nullptr);
  for (const auto& entry : *map) DDBPLAN_CHECK_MSG(entry.first != key, key);
  map->emplace_back(std::move(key), std::move(value));
  return *this;
}

Document& Document::comment(std::vector<std::string> lines) {
  comment_ = std::move(lines);
  return *this;
}

bool Document::empty() const {
  if (const auto* list = std::get_if<List>(&value_)) return list->empty();
  if (const auto* map = std::get_if<Map>(&value_)) return map->empty();
  return false;
}

std::string yaml_scalar(std::string_view text) {
  return is_plain(text) ? std::string(text) : double_quoted(text);
}

std::string to_yaml(const Document& document) {
  YamlPrinter printer;
  printer.print_comment(document, 0);
  const auto* map = std::get_if<Document::Map>(&document.value());
  DDBPLAN_CHECK_MSG(map != nullptr, "a YAML document is a map here");
  printer.print_map(*map, 0, false);
  return printer.take();
}

std::string to_json(const Document& document) {
  using Handler = nlohmann::ordered_json::error_handler_t;
  return to_nlohmann(document).dump(2, ' ', false, Handler::replace) + "\n";
}

}  // namespace ddbplan::emit
