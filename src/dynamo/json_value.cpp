#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "dynamo/base64.h"
#include "dynamo/json.h"
#include "dynamo/limits.h"

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

/// Reads one value; keeps the path of where it is for the error.
class Reader {
 public:
  Result<AttributeValue, JsonError> value(const json& in, int depth) {
    if (depth > limits::kNestingDepthMax) {
      return invalid(
          "Nesting Levels have exceeded supported limits: Attributes in the item have nested "
          "levels beyond supported limit");
    }
    if (!in.is_object()) return shape("expected an object such as {\"S\": \"text\"}");
    if (in.empty()) {
      return invalid(
          "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes");
    }
    if (in.size() > 1) {
      return invalid(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of "
          "the supported datatypes");
    }
    return typed(in.begin().key(), in.begin().value(), depth);
  }

  Result<Map, JsonError> map(const json& in, int depth) {
    if (!in.is_object()) return shape("expected an object of attributes");
    Map out;
    const std::size_t parent = path_.size();
    for (const auto& [name, child] : in.items()) {
      path_ += (parent == 0 ? "" : ".") + name;
      Result<AttributeValue, JsonError> read = value(child, depth);
      if (!read) return read.error();
      out.insert_or_assign(name, *std::move(read));
      path_.resize(parent);
    }
    return out;
  }

 private:
  using ValueResult = Result<AttributeValue, JsonError>;

  [[nodiscard]] JsonError invalid(std::string message) const {
    return {path_, std::move(message), false};
  }
  [[nodiscard]] JsonError shape(std::string message) const {
    return {path_, std::move(message), true};
  }

  ValueResult typed(const std::string& type, const json& in, int depth) {
    if (type == "S") return string(in);
    if (type == "N") return number_value(in);
    if (type == "B") return binary_value(in);
    if (type == "BOOL") {
      if (!in.is_boolean()) return shape("BOOL must be true or false");
      return AttributeValue::boolean(in.get<bool>());
    }
    if (type == "NULL") return null(in);
    if (type == "L") return list(in, depth);
    if (type == "M") {
      Result<Map, JsonError> read = map(in, depth + 1);
      if (!read) return read.error();
      return AttributeValue(AttributeValue::Variant(*std::move(read)));
    }
    if (type == "SS") return string_set(in);
    if (type == "NS") return number_set(in);
    if (type == "BS") return binary_set(in);
    return shape(fmt::format(
        "'{}' is not a type; expected one of S, N, B, BOOL, NULL, L, M, SS, NS, BS", type));
  }

  ValueResult string(const json& in) {
    if (!in.is_string()) return shape("S must be a JSON string");
    return AttributeValue::string(in.get<std::string>());
  }

  Result<Decimal, JsonError> number(const json& in) {
    if (!in.is_string()) return shape("a number must be a JSON string, such as {\"N\": \"12\"}");
    const std::string& text = in.get_ref<const std::string&>();
    Result<Decimal, DecimalError> parsed = Decimal::parse(text);
    if (parsed) return *std::move(parsed);
    std::string message(decimal_error_message(parsed.error()));
    if (parsed.error() == DecimalError::not_a_number && !text.empty()) message += ": " + text;
    return invalid(std::move(message));
  }

  ValueResult number_value(const json& in) {
    Result<Decimal, JsonError> read = number(in);
    if (!read) return read.error();
    return AttributeValue::number(*std::move(read));
  }

  Result<Binary, JsonError> binary(const json& in) {
    if (!in.is_string()) return shape("a binary value must be a JSON string in base64");
    std::optional<std::string> bytes = base64_decode(in.get_ref<const std::string&>());
    if (!bytes) return shape("a binary value must be base64 with padding");
    return Binary{*std::move(bytes)};
  }

  ValueResult binary_value(const json& in) {
    Result<Binary, JsonError> read = binary(in);
    if (!read) return read.error();
    return AttributeValue(AttributeValue::Variant(*std::move(read)));
  }

  ValueResult null(const json& in) {
    if (!in.is_boolean()) return shape("NULL must be true");
    if (!in.get<bool>()) {
      return invalid(
          "One or more parameter values were invalid: Null attribute value types must have the "
          "value of true");
    }
    return AttributeValue();
  }

  ValueResult list(const json& in, int depth) {
    if (!in.is_array()) return shape("L must be a JSON array");
    List out;
    out.reserve(in.size());
    const std::size_t parent = path_.size();
    for (const json& element : in) {
      path_ += fmt::format("[{}]", out.size());
      ValueResult read = value(element, depth + 1);
      if (!read) return read;
      out.push_back(*std::move(read));
      path_.resize(parent);
    }
    return AttributeValue(AttributeValue::Variant(std::move(out)));
  }

  ValueResult string_set(const json& in) {
    if (!in.is_array()) return shape("SS must be a JSON array");
    if (in.empty()) {
      return invalid("One or more parameter values were invalid: An string set  may not be empty");
    }
    std::vector<std::string> elements;
    for (const json& element : in) {
      if (!element.is_string()) return shape("SS must hold JSON strings");
      elements.push_back(element.get<std::string>());
    }
    StringSet set = make_string_set(elements);
    if (set.elements.size() != in.size()) {
      return invalid(fmt::format(
          "One or more parameter values were invalid: Input collection [{}] contains duplicates.",
          fmt::join(elements, ", ")));
    }
    return AttributeValue(AttributeValue::Variant(std::move(set)));
  }

  ValueResult number_set(const json& in) {
    if (!in.is_array()) return shape("NS must be a JSON array");
    if (in.empty()) {
      return invalid("One or more parameter values were invalid: An number set  may not be empty");
    }
    std::vector<Decimal> elements;
    for (const json& element : in) {
      Result<Decimal, JsonError> read = number(element);
      if (!read) return read.error();
      elements.push_back(*std::move(read));
    }
    NumberSet set = make_number_set(std::move(elements));
    if (set.elements.size() != in.size()) return invalid("Input collection contains duplicates");
    return AttributeValue(AttributeValue::Variant(std::move(set)));
  }

  ValueResult binary_set(const json& in) {
    if (!in.is_array()) return shape("BS must be a JSON array");
    if (in.empty()) {
      return invalid("One or more parameter values were invalid: Binary sets should not be empty");
    }
    std::vector<Binary> elements;
    std::vector<std::string> shown;
    for (const json& element : in) {
      Result<Binary, JsonError> read = binary(element);
      if (!read) return read.error();
      shown.push_back(element.get<std::string>());
      elements.push_back(*std::move(read));
    }
    BinarySet set = make_binary_set(std::move(elements));
    if (set.elements.size() != in.size()) {
      return invalid(fmt::format(
          "One or more parameter values were invalid: Input collection [{}]of type BS contains "
          "duplicates.",
          fmt::join(shown, ", ")));
    }
    return AttributeValue(AttributeValue::Variant(std::move(set)));
  }

  std::string path_;
};

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
  return Reader().value(in, 1);
}

Result<Item, JsonError> read_item(const json& in) {
  return Reader().map(in, 1);
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
