#include "tests/unit/emit/json_schema.h"

#include <algorithm>
#include <regex>
#include <set>
#include <string_view>

namespace ddbplan::emit::test {
namespace {

using nlohmann::json;

class Validator {
 public:
  explicit Validator(const json& root) : root_(root) {}

  void check(const json& given, const json& value, const std::string& path) {
    const json& schema = resolve(given);
    check_keywords(schema, path);
    if (schema.contains("type")) check_type(schema["type"], value, path);
    if (schema.contains("const")) expect(value == schema["const"], path, "is not the constant");
    if (schema.contains("enum")) check_enum(schema["enum"], value, path);
    if (schema.contains("minimum") && value.is_number()) {
      expect(value >= schema["minimum"], path, "is below the minimum");
    }
    if (schema.contains("pattern") && value.is_string()) {
      const std::regex pattern(schema["pattern"].get<std::string>());
      expect(std::regex_search(value.get<std::string>(), pattern), path, "has another form");
    }
    if (value.is_object()) check_object(schema, value, path);
    if (value.is_array() && schema.contains("items")) {
      for (std::size_t i = 0; i < value.size(); ++i) {
        check(schema["items"], value[i], path + "/" + std::to_string(i));
      }
    }
  }

  std::vector<std::string> take() { return std::move(violations_); }

 private:
  const json& resolve(const json& schema) {
    if (!schema.contains("$ref")) return schema;
    const std::string ref = schema["$ref"].get<std::string>();
    return root_.at(json::json_pointer(ref.substr(1)));
  }

  void expect(bool holds, const std::string& path, const std::string& what) {
    if (!holds) violations_.push_back(path + ": " + what);
  }

  void check_keywords(const json& schema, const std::string& path) {
    static const std::set<std::string_view> kKnown = {
        "$schema", "$defs",   "title",   "description", "type",       "const",
        "enum",    "pattern", "minimum", "required",    "properties", "additionalProperties",
        "items"};
    for (const auto& entry : schema.items()) {
      expect(kKnown.count(entry.key()) == 1, path, "the schema uses " + entry.key());
    }
  }

  static bool has_type(const std::string& type, const json& value) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_boolean();
    if (type == "null") return value.is_null();
    if (type == "integer") return value.is_number_integer();
    return type == "number" && value.is_number();
  }

  void check_type(const json& types, const json& value, const std::string& path) {
    const json list = types.is_array() ? types : json::array({types});
    const bool holds = std::any_of(list.begin(), list.end(), [&](const json& type) {
      return has_type(type.get<std::string>(), value);
    });
    expect(holds, path, "is a " + std::string(value.type_name()));
  }

  void check_enum(const json& values, const json& value, const std::string& path) {
    expect(std::find(values.begin(), values.end(), value) != values.end(), path,
           "is not one of the values");
  }

  void check_object(const json& schema, const json& value, const std::string& path) {
    for (const json& name : schema.value("required", json::array())) {
      expect(value.contains(name), path, "lacks " + name.get<std::string>());
    }
    const json properties = schema.value("properties", json::object());
    for (const auto& entry : value.items()) {
      const std::string at = path + "/" + entry.key();
      if (properties.contains(entry.key())) {
        const json& property = properties[entry.key()];
        expect(property.contains("description") || property.contains("$ref"), at,
               "has no description in the schema");
        check(property, entry.value(), at);
      } else if (schema.contains("additionalProperties")) {
        check(schema["additionalProperties"], entry.value(), at);
      } else {
        expect(false, at, "is not in the schema");
      }
    }
  }

  const json& root_;
  std::vector<std::string> violations_;
};

}  // namespace

std::vector<std::string> violations(const nlohmann::json& schema, const nlohmann::json& document) {
  Validator validator(schema);
  validator.check(schema, document, "");
  return validator.take();
}

}  // namespace ddbplan::emit::test
