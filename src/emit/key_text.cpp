#include "emit/key_text.h"

#include <nlohmann/json.hpp>

#include "dynamo/json.h"
#include "support/text.h"
#include "support/units.h"

namespace ddbplan::emit {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

std::string source_name(const design::Source& source) {
  const Overloaded visitor = {
      [](const design::FromParameter& from) { return from.name; },
      [](const design::FromConstant& from) { return value_text(from.value); },
      [](const design::FromStep& from) {
        return "step" + std::to_string(from.step) + "." + from.attribute;
      },
      [](const design::FromNow& from) {
        if (from.ago_seconds == 0) return std::string("now");
        return "now - " + support::format_duration({from.ago_seconds});
      }};
  return std::visit(visitor, source);
}

std::string part_text(const design::KeyExprPart& part) {
  const Overloaded visitor = {
      [](const design::Literal& literal) { return literal.text; },
      [](const design::FieldFrom& from) {
        // A constant is part of the text, unless its encoding shows what becomes of it.
        const bool is_constant = std::holds_alternative<design::FromConstant>(from.source);
        if (is_constant && from.field.encoding == design::Encoding::plain) {
          return source_name(from.source);
        }
        design::Field field = from.field;
        field.attribute = source_name(from.source);
        return design::to_string(field);
      },
      [](const design::ShardField&) { return std::string("{shard}"); },
      // U+FFFF and its like mean nothing to a reader; what it stands for does.
      [](const design::HighSentinel&) { return std::string("{last}"); }};
  return std::visit(visitor, part);
}

}  // namespace

std::string key_attributes_text(const dynamo::KeySchema& key) {
  std::vector<std::string> names;
  for (const dynamo::KeyAttribute& attribute : key.partition) names.push_back(attribute.name);
  for (const dynamo::KeyAttribute& attribute : key.sort) names.push_back(attribute.name);
  return support::join(names, ", ");
}

std::string templates_text(const std::vector<design::KeyTemplate>& templates) {
  std::vector<std::string> texts;
  for (const design::KeyTemplate& key : templates) texts.push_back(design::to_string(key));
  return support::join(texts, " + ");
}

std::string key_expression_text(const design::KeyExpr& expression) {
  std::string out;
  for (const design::KeyExprPart& part : expression.parts) out += part_text(part);
  return out;
}

std::string place_text(const std::optional<std::string>& index) {
  return index.value_or("table");
}

std::string value_text(const dynamo::AttributeValue& value) {
  if (const std::string* text = value.as_string()) return *text;
  if (const dynamo::Decimal* number = value.as_number()) return number->to_string();
  return dynamo::to_json(value).dump();
}

}  // namespace ddbplan::emit
