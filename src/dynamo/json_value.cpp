#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "dynamo/base64.h"
#include "dynamo/json.h"
#include "dynamo/wire_values.h"

namespace ddbplan::dynamo {

using nlohmann::json;
using nlohmann::ordered_json;
using support::Result;

namespace {

struct ToJson {
  ordered_json operator()(const std::string& text) const { return {{"S", text}}; }
  ordered_json operator()(const Decimal& number) const { return {{"N", number.to_string()}}; }
  ordered_json operator()(const Binary& binary) const {
    return {{"B", base64_encode(binary.bytes)}};
  }
  ordered_json operator()(bool value) const { return {{"BOOL", value}}; }
  ordered_json operator()(const Null&) const { return {{"NULL", true}}; }
  ordered_json operator()(const List& list) const {
    ordered_json elements = ordered_json::array();
    for (const AttributeValue& element : list) elements.push_back(to_json(element));
    return wrap("L", std::move(elements));
  }
  ordered_json operator()(const Map& map) const { return wrap("M", to_json(map)); }
  ordered_json operator()(const StringSet& set) const {
    ordered_json elements = ordered_json::array();
    for (const std::string& element : set.elements) elements.push_back(element);
    return wrap("SS", std::move(elements));
  }
  ordered_json operator()(const NumberSet& set) const {
    ordered_json elements = ordered_json::array();
    for (const Decimal& element : set.elements) elements.push_back(element.to_string());
    return wrap("NS", std::move(elements));
  }
  ordered_json operator()(const BinarySet& set) const {
    ordered_json elements = ordered_json::array();
    for (const Binary& element : set.elements) elements.push_back(base64_encode(element.bytes));
    return wrap("BS", std::move(elements));
  }

 private:
  // Not {{type, elements}}: with a two-element array inside, nlohmann's initialiser lists guess
  // differently.
  static ordered_json wrap(const char* type, ordered_json content) {
    ordered_json out = ordered_json::object();
    out[type] = std::move(content);
    return out;
  }
};

/// Deeper documents are refused unread: writing one as text takes stack for every level, and nobody's
/// values are deeper than 32 levels of two brackets each.
constexpr std::size_t kDocumentDepthMax = 1000;

bool is_too_deep(const json& document) {
  std::vector<std::pair<const json*, std::size_t>> left = {{&document, 1}};
  while (!left.empty()) {
    const auto [at, depth] = left.back();
    left.pop_back();
    if (depth > kDocumentDepthMax) return true;
    if (!at->is_structured()) continue;
    for (const json& child : *at) left.emplace_back(&child, depth + 1);
  }
  return false;
}

/// Documents are read as the texts they are: there is one reader of values, and it reads requests.
template <class T, class Read>
Result<T, JsonError> read_document(const json& in, const Read& read) {
  if (is_too_deep(in)) return JsonError{"", "nested too deeply", true};
  const std::string text = in.dump(-1, ' ', false, json::error_handler_t::replace);
  JsonTree tree;
  if (!tree.parse(text)) return JsonError{"", "nested too deeply", true};
  WireProblems problems;
  ValueReader reader(problems);
  T out;
  read(reader, tree.root(), out);
  if (std::optional<JsonError> problem = problems.first()) return *std::move(problem);
  return out;
}

std::string to_text(const JsonError& error) {
  return error.path.empty() ? error.message : error.path + ": " + error.message;
}

}  // namespace

ordered_json to_json(const AttributeValue& value) {
  return std::visit(ToJson{}, value.data);
}

ordered_json to_json(const Item& item) {
  ordered_json out = ordered_json::object();
  for (const auto& [name, value] : item) out[name] = to_json(value);
  return out;
}

std::string item_to_json_text(const Item& item) {
  return to_json(item).dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<AttributeValue, JsonError> read_value(const json& in) {
  return read_document<AttributeValue>(in, [](ValueReader& reader, const JsonNode& node,
                                              AttributeValue& out) { reader.value(node, out); });
}

Result<Item, JsonError> read_item(const json& in) {
  return read_document<Item>(
      in, [](ValueReader& reader, const JsonNode& node, Item& out) { reader.item(node, out); });
}

Result<AttributeValue, std::string> value_from_json(const json& in) {
  Result<AttributeValue, JsonError> read = read_value(in);
  if (!read) return to_text(read.error());
  return *std::move(read);
}

Result<Item, std::string> item_from_json(const json& in) {
  Result<Item, JsonError> read = read_item(in);
  if (!read) return to_text(read.error());
  return *std::move(read);
}

Result<Item, std::string> item_from_json_text(std::string_view text) {
  const json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (parsed.is_discarded()) return std::string("not valid JSON");
  return item_from_json(parsed);
}

}  // namespace ddbplan::dynamo
