#include "engine/expression/bindings.h"

#include <algorithm>
#include <variant>

#include <fmt/format.h>

namespace ddbplan::engine {
namespace {

/// Developer Guide, "Constraints": expression parameters.
constexpr std::size_t kPlaceholderBytesMax = 255;
constexpr std::int64_t kSubstitutionBytesMax = std::int64_t{2} * 1024 * 1024;

bool is_placeholder(std::string_view text, char sign) {
  if (text.size() < 2 || text.front() != sign) return false;
  return std::all_of(text.begin() + 1, text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::optional<std::string> check_key(std::string_view map, std::string_view key, char sign) {
  if (key.size() > kPlaceholderBytesMax) {
    return fmt::format(
        "{} contains invalid key: The expression attribute map contains a key that is too long;",
        map);
  }
  if (!is_placeholder(key, sign)) {
    return fmt::format("{} contains invalid key: Syntax error; key: \"{}\"", map, key);
  }
  return std::nullopt;
}

template <class Map>
std::optional<std::string> unused(std::string_view map_name, const Map& map,
                                  const std::vector<std::string_view>& used) {
  std::string keys;
  for (const auto& [key, value] : map) {
    if (std::binary_search(used.begin(), used.end(), key)) continue;
    if (!keys.empty()) keys += ", ";
    keys += key;
  }
  if (keys.empty()) return std::nullopt;
  return fmt::format("Value provided in {} unused in expressions: keys: {{{}}}", map_name, keys);
}

}  // namespace

std::optional<std::string> Placeholders::check_definitions() const {
  std::int64_t bytes = 0;
  for (const auto& [key, name] : defined_.names) {
    if (auto message = check_key("ExpressionAttributeNames", key, '#')) return message;
    if (name.empty()) {
      return fmt::format(
          "ExpressionAttributeNames contains invalid value: Empty attribute name for key {}", key);
    }
    bytes += static_cast<std::int64_t>(key.size() + name.size());
  }
  for (const auto& [key, value] : defined_.values) {
    if (auto message = check_key("ExpressionAttributeValues", key, ':')) return message;
    bytes += static_cast<std::int64_t>(key.size()) + dynamo::value_bytes(value).count;
  }
  if (bytes > kSubstitutionBytesMax) {
    return std::string(
        "The total size of ExpressionAttributeNames and ExpressionAttributeValues has exceeded "
        "the maximum allowed size");
  }
  return std::nullopt;
}

support::Result<Bindings, std::string> Placeholders::bind(const Symbols& symbols) {
  Bindings bindings;
  bindings.names_.reserve(symbols.names.size());
  bindings.values_.reserve(symbols.values.size());
  for (const std::string& name : symbols.names) {
    if (name.front() != '#') {
      bindings.names_.push_back(&name);
      continue;
    }
    const auto found = defined_.names.find(name);
    if (found == defined_.names.end()) {
      return fmt::format(
          "An expression attribute name used in the document path is not defined; attribute name: "
          "{}",
          name);
    }
    used_.push_back(found->first);
    bindings.names_.push_back(&found->second);
  }
  for (const std::string& value : symbols.values) {
    const auto found = defined_.values.find(value);
    if (found == defined_.values.end()) {
      return fmt::format(
          "An expression attribute value used in expression is not defined; attribute value: {}",
          value);
    }
    used_.push_back(found->first);
    bindings.values_.push_back(&found->second);
  }
  return bindings;
}

std::optional<std::string> Placeholders::check_unused() {
  std::sort(used_.begin(), used_.end());
  if (auto message = unused("ExpressionAttributeNames", defined_.names, used_)) return message;
  return unused("ExpressionAttributeValues", defined_.values, used_);
}

std::string path_text(const Path& path, const Bindings& bindings) {
  std::string text = "[";
  for (const auto& element : path.elements) {
    if (text.size() > 1) text += ", ";
    if (const NameId* name = std::get_if<NameId>(&element)) {
      text += bindings.name(*name);
    } else {
      text += fmt::format("[{}]", std::get<ListIndex>(element).number);
    }
  }
  return text + "]";
}

const std::string& path_head(const Path& path, const Bindings& bindings) {
  return bindings.name(std::get<NameId>(path.elements.front()));
}

}  // namespace ddbplan::engine
