// Keys and places as people read them, the same words in the report, in JSON and in explanations.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "design/design.h"

namespace ddbplan::emit {

/// The attributes of a key schema: "PK, SK".
std::string key_attributes_text(const dynamo::KeySchema& key);
/// Templates of one key, joined by " + " where there are several.
std::string templates_text(const std::vector<design::KeyTemplate>& templates);
/// "CUSTOMER#{customer_id}", in braces what is known when the pattern runs: a parameter, `now`,
/// `step0.order_id` for an attribute that an earlier step found.
std::string key_expression_text(const design::KeyExpr& expression);
/// "GSI1", or "table" for the base table.
std::string place_text(const std::optional<std::string>& index);
/// What a word in a template makes of a value: "{score|invert:8}", "99999999 less the value, in 8 digits".
struct Notation {
  std::string written;
  std::string meaning;
};
/// Of all fields of the design's keys that do not stand there as they are, each once, in the order of the keys.
std::vector<Notation> notations(const design::Design& design);
/// A scalar as text, without type or quotes; other values as DynamoDB JSON.
std::string value_text(const dynamo::AttributeValue& value);

}  // namespace ddbplan::emit
