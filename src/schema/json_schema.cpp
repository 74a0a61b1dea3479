#include "schema/json_schema.h"

#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "schema/keys.h"
#include "support/text.h"

namespace ddbplan::schema {
namespace {

/// Just enough of JSON to write a schema: values are text, objects keep their order.
class Json {
 public:
  static Json string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      if (c == '\n') {
        out += "\\n";
      } else {
        out += c;
      }
    }
    return Json(out + "\"");
  }
  static Json number(std::size_t value) { return Json(std::to_string(value)); }
  static Json boolean(bool value) { return Json(value ? "true" : "false"); }
  static Json array(std::vector<Json> items) {
    Json json("[");
    json.close_ = ']';
    json.items_ = std::move(items);
    return json;
  }
  static Json strings(const std::vector<std::string_view>& texts) {
    std::vector<Json> items;
    for (const std::string_view text : texts) items.push_back(string(text));
    return array(std::move(items));
  }
  static Json object() {
    Json json("{");
    json.close_ = '}';
    return json;
  }

  Json& set(std::string_view key, Json value) {
    keys_.emplace_back(key);
    items_.push_back(std::move(value));
    return *this;
  }

  [[nodiscard]] std::string print(int indent = 0) const {
    if (close_ == '\0') return text_;
    if (items_.empty()) return text_ + close_;
    // Short arrays of scalars read better on one line.
    std::string flat = print_flat();
    if (close_ == ']' && flat.size() < 80) return flat;
    std::string out = text_ + "\n";
    const std::string margin(static_cast<std::size_t>(indent) + 2, ' ');
    for (std::size_t i = 0; i < items_.size(); ++i) {
      out += margin;
      if (close_ == '}') out += string(keys_[i]).text_ + ": ";
      out += items_[i].print(indent + 2);
      out += i + 1 < items_.size() ? ",\n" : "\n";
    }
    return out + std::string(static_cast<std::size_t>(indent), ' ') + close_;
  }

 private:
  explicit Json(std::string text) : text_(std::move(text)) {}

  [[nodiscard]] std::string print_flat() const {
    if (close_ == '\0') return text_;
    std::string out = text_;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (i > 0) out += ", ";
      if (close_ == '}') out += string(keys_[i]).text_ + ": ";
      out += items_[i].print_flat();
    }
    return out + close_;
  }

  std::string text_;
  char close_ = '\0';
  std::vector<std::string> keys_;
  std::vector<Json> items_;
};

Json reference(std::string_view definition) {
  Json json = Json::object();
  json.set("$ref", Json::string(fmt::format("#/$defs/{}", definition)));
  return json;
}

std::string keys_name(Place place) {
  return std::string(info(place).name) + "-keys";
}

Json scalar_schema(Grammar grammar) {
  const GrammarInfo& form = info(grammar);
  Json json = Json::object();
  if (grammar == Grammar::version) {
    json.set("enum", Json::array({Json::number(1), Json::string("1")}));
    return json;
  }
  std::vector<std::string_view> types{"string"};
  if (form.number) types.emplace_back(grammar == Grammar::integer ? "integer" : "number");
  if (form.boolean) types.emplace_back("boolean");
  json.set("type", types.size() == 1 ? Json::string(types.front()) : Json::strings(types));
  const std::string expression = pattern(grammar);
  if (!expression.empty()) json.set("pattern", Json::string(expression));
  if (grammar != Grammar::text && expression.empty()) json.set("minLength", Json::number(1));
  json.set("examples", Json::strings({form.example}));
  return json;
}

Json names_schema(Grammar grammar) {
  Json json = Json::object();
  const std::string expression = pattern(grammar);
  if (!expression.empty()) json.set("pattern", Json::string(expression));
  json.set("minLength", Json::number(grammar == Grammar::text ? 0 : 1));
  json.set("maxLength", Json::number(255));
  return json;
}

Json form_schema(const Form& form) {
  Json json = Json::object();
  switch (form.kind) {
    case Form::Kind::scalar:
      return scalar_schema(form.grammar);
    case Form::Kind::choice:
      return json.set("enum", Json::strings(form.choices));
    case Form::Kind::flag:
      return json.set("type", Json::string("boolean"));
    case Form::Kind::nothing:
      return json.set("type", Json::string("null"));
    case Form::Kind::anything:
      return json;
    case Form::Kind::record:
      return reference(keys_name(form.place));
    case Form::Kind::list:
      json.set("type", Json::string("array")).set("items", reference(shape(form.element).name));
      if (form.items_min > 0) json.set("minItems", Json::number(form.items_min));
      return json.set("maxItems", Json::number(form.items_max));
    case Form::Kind::dictionary:
      json.set("type", Json::string("object")).set("propertyNames", names_schema(form.grammar));
      json.set("additionalProperties", reference(shape(form.element).name));
      if (form.items_min > 0) json.set("minProperties", Json::number(form.items_min));
      return json.set("maxProperties", Json::number(form.items_max));
  }
  return json;
}

Json shape_schema(const ShapeInfo& shape) {
  if (shape.forms.size() == 1) return form_schema(shape.forms.front());
  std::vector<Json> forms;
  for (const Form& form : shape.forms) forms.push_back(form_schema(form));
  Json json = Json::object();
  json.set("anyOf", Json::array(std::move(forms)));
  return json;
}

std::string hover(const KeyInfo& key) {
  std::string text(key.sentence);
  text += fmt::format(" Holds {}.", shape(key.shape).expected);
  if (!key.unit.empty()) text += fmt::format(" Unit: {}.", key.unit);
  if (!key.usual.empty()) text += fmt::format(" Default: {}.", key.usual);
  return text;
}

/// Exactly one action, and only the keys that go with it.
void add_actions(Json& json, const std::vector<const KeyInfo*>& keys) {
  std::vector<Json> one_of;
  std::vector<Json> all_of;
  for (const KeyInfo* action : keys) {
    if (!action->is_action) continue;
    Json condition = Json::object();
    condition.set("required", Json::strings({action->key}));
    one_of.push_back(condition);
    std::vector<std::string_view> allowed;
    for (const KeyInfo* key : keys) {
      if ((key->actions & action->actions) != 0) allowed.push_back(key->key);
    }
    Json names = Json::object();
    names.set("enum", Json::strings(allowed));
    Json then = Json::object();
    then.set("propertyNames", std::move(names));
    Json rule = Json::object();
    rule.set("if", std::move(condition)).set("then", std::move(then));
    all_of.push_back(std::move(rule));
  }
  if (one_of.empty()) return;
  json.set("oneOf", Json::array(std::move(one_of)));
  json.set("allOf", Json::array(std::move(all_of)));
}

Json place_schema(const PlaceInfo& place) {
  const std::vector<const KeyInfo*> keys = keys_of(place.place);
  Json properties = Json::object();
  std::vector<std::string_view> required;
  for (const KeyInfo* key : keys) {
    Json property = Json::object();
    property.set("description", Json::string(hover(*key)));
    property.set("$ref", Json::string(fmt::format("#/$defs/{}", shape(key->shape).name)));
    properties.set(key->key, std::move(property));
    if (key->required) required.push_back(key->key);
  }
  Json json = Json::object();
  json.set("type", Json::string("object")).set("description", Json::string(place.sentence));
  json.set("properties", std::move(properties));
  json.set("additionalProperties", Json::boolean(false));
  if (!required.empty()) json.set("required", Json::strings(required));
  add_actions(json, keys);
  return json;
}

}  // namespace

std::string json_schema() {
  Json definitions = Json::object();
  for (const PlaceInfo& place : place_table())
    definitions.set(keys_name(place.place), place_schema(place));
  for (const ShapeInfo& one : shape_table()) definitions.set(one.name, shape_schema(one));
  Json root = Json::object();
  root.set("$schema", Json::string("https://json-schema.org/draft/2020-12/schema"));
  root.set("title", Json::string("A schema of ddbplan, version 1 of the language"));
  root.set("$ref", Json::string(fmt::format("#/$defs/{}", keys_name(Place::root))));
  root.set("$defs", std::move(definitions));
  return root.print() + "\n";
}

}  // namespace ddbplan::schema
