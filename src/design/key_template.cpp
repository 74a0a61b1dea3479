#include "design/key_template.h"

#include <algorithm>

#include "design/encoding.h"
#include "model/timestamp.h"
#include "support/check.h"
#include "support/text.h"

namespace ddbplan::design {
namespace {

using dynamo::AttributeValue;
using dynamo::Decimal;

std::string_view unit_name(model::TimeUnit unit) {
  switch (unit) {
    case model::TimeUnit::second:
      return "second";
    case model::TimeUnit::minute:
      return "minute";
    case model::TimeUnit::hour:
      return "hour";
    case model::TimeUnit::day:
      return "day";
    case model::TimeUnit::week:
      return "week";
    case model::TimeUnit::month:
      return "month";
    case model::TimeUnit::year:
      return "year";
  }
  return "day";
}

/// What follows the attribute's name: "|pad:12", or nothing. A number that is a whole key needs no
/// word: the key attribute's type says it.
std::string modifier(const Field& field) {
  switch (field.encoding) {
    case Encoding::plain:
    case Encoding::number:
      return "";
    case Encoding::escape:
      return "|escape";
    case Encoding::pad:
      return "|pad:" + std::to_string(field.width);
    case Encoding::rank:
      return "|rank";
    case Encoding::lower:
      return "|lower";
    case Encoding::truncate:
      return "|truncate:" + std::string(unit_name(field.unit));
    case Encoding::ulid_time:
      return "|ulid_time";
    case Encoding::scale:
      return "|scale:" + std::to_string(field.scale) + ":" + std::to_string(field.width);
    case Encoding::invert: {
      const std::string scale = field.scale > 0 ? ":" + std::to_string(field.scale) : "";
      return "|invert:" + std::to_string(field.width) + scale;
    }
  }
  return "";
}

/// The text of a value that is one by itself; nullopt for lists, maps, sets and NULL.
std::optional<std::string> plain_text(const AttributeValue& value) {
  if (const std::string* text = value.as_string()) return *text;
  if (const Decimal* number = value.as_number()) return number->to_string();
  if (const dynamo::Binary* binary = value.as_binary()) return hexadecimal(binary->bytes);
  if (const bool* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
  return std::nullopt;
}

/// An enum's position, a number itself, or a time in milliseconds.
std::optional<Decimal> number_of(const Field& field, const AttributeValue& value) {
  if (!field.ranks.empty()) {
    const std::optional<std::string> name = plain_text(value);
    const auto found =
        name ? std::find(field.ranks.begin(), field.ranks.end(), *name) : field.ranks.end();
    if (found == field.ranks.end()) return std::nullopt;
    return Decimal::from_int(found - field.ranks.begin());
  }
  if (const Decimal* number = value.as_number()) return *number;
  const std::optional<std::int64_t> ms = model::instant_of(value);
  if (!ms) return std::nullopt;
  return Decimal::from_int(*ms);
}

std::optional<std::string> encode_text(const Field& field, const AttributeValue& value,
                                       bool last_part) {
  switch (field.encoding) {
    case Encoding::plain:
      return plain_text(value);
    case Encoding::escape: {
      const std::optional<std::string> text = plain_text(value);
      return text ? std::optional(escape_text(*text)) : std::nullopt;
    }
    case Encoding::lower: {
      const std::string* text = value.as_string();
      if (text == nullptr) return std::nullopt;
      std::string lower = support::to_lower_ascii(*text);
      return last_part ? lower : escape_text(lower);
    }
    case Encoding::pad:
    case Encoding::rank: {
      const std::optional<Decimal> number = number_of(field, value);
      return number ? padded_number(*number, field.width, 0) : std::nullopt;
    }
    case Encoding::scale: {
      const std::optional<Decimal> number = number_of(field, value);
      return number ? padded_number(*number, field.width, field.scale) : std::nullopt;
    }
    case Encoding::invert: {
      const std::optional<Decimal> number = number_of(field, value);
      return number ? inverted_number(*number, field.width, field.scale) : std::nullopt;
    }
    case Encoding::truncate: {
      const std::optional<std::int64_t> ms = model::instant_of(value);
      return ms ? std::optional(model::bucket_text(*ms, field.unit)) : std::nullopt;
    }
    case Encoding::ulid_time: {
      const std::optional<std::int64_t> ms = model::instant_of(value);
      return ms ? std::optional(ulid_time(*ms)) : std::nullopt;
    }
    case Encoding::number:
      return std::nullopt;
  }
  return std::nullopt;
}

/// The attribute's value; null when it is missing.
const AttributeValue* present_value(const Field& field, const dynamo::Item& row) {
  const auto* found = row.find(field.attribute);
  const bool is_missing =
      found == row.end() || std::holds_alternative<dynamo::Null>(found->second.data);
  return is_missing ? nullptr : &found->second;
}

/// What stands in the place of a missing value: encoded as a text would be, so that it stays apart
/// from what follows; for other encodings as it is.
std::optional<AttributeValue> encode_absent(const Field& field, bool last_part) {
  if (!field.absent) return std::nullopt;
  const AttributeValue text = AttributeValue::string(*field.absent);
  const bool is_text = field.encoding == Encoding::plain || field.encoding == Encoding::escape ||
                       field.encoding == Encoding::lower;
  return is_text ? encode(field, text, last_part) : text;
}

std::optional<AttributeValue> render_field(const Field& field, const dynamo::Item& row,
                                           bool last_part) {
  const AttributeValue* value = present_value(field, row);
  return value == nullptr ? encode_absent(field, last_part) : encode(field, *value, last_part);
}

/// A key attribute that is one value as it is: a number, or a binary.
std::optional<AttributeValue> render_single(const KeyTemplate& key, const dynamo::Item& row) {
  DDBPLAN_CHECK(key.parts.size() == 1);
  const Field* field = std::get_if<Field>(&key.parts.front());
  DDBPLAN_CHECK(field != nullptr);
  const AttributeValue* value = present_value(*field, row);
  if (value == nullptr) return std::nullopt;
  if (key.type == dynamo::ScalarType::N) return encode(*field, *value, true);
  const dynamo::Binary* binary = value->as_binary();
  if (binary == nullptr || binary->bytes.empty()) return std::nullopt;
  return *value;
}

}  // namespace

std::string to_string(const Field& field) {
  const std::string absent = field.absent ? "|absent:" + *field.absent : "";
  return "{" + field.attribute + modifier(field) + absent + "}";
}

Ranks ranks_of(const std::vector<KeyTemplate>& keys) {
  Ranks out;
  for (const KeyTemplate& key : keys) {
    for (const KeyPart& part : key.parts) {
      const auto* field = std::get_if<Field>(&part);
      if (field != nullptr && field->encoding == Encoding::rank)
        out[field->attribute] = field->ranks;
    }
  }
  return out;
}

std::vector<std::string> attributes_of(const KeyTemplate& key) {
  std::vector<std::string> out;
  for (const KeyPart& part : key.parts) {
    if (const auto* field = std::get_if<Field>(&part)) out.push_back(field->attribute);
  }
  return out;
}

std::string to_string(const KeyTemplate& key) {
  struct Visitor {
    std::string operator()(const Literal& literal) const { return literal.text; }
    std::string operator()(const Field& field) const { return to_string(field); }
    std::string operator()(const ShardField&) const { return "{shard}"; }
  };
  std::string text;
  for (const KeyPart& part : key.parts) text += std::visit(Visitor{}, part);
  return text;
}

std::optional<AttributeValue> encode(const Field& field, const AttributeValue& value,
                                     bool last_part) {
  if (field.encoding == Encoding::number) {
    if (value.as_number() == nullptr) return std::nullopt;
    return value;
  }
  std::optional<std::string> text = encode_text(field, value, last_part);
  if (!text) return std::nullopt;
  return AttributeValue::string(*std::move(text));
}

std::optional<AttributeValue> render(const KeyTemplate& key, const dynamo::Item& row, int shard) {
  if (key.type != dynamo::ScalarType::S) return render_single(key, row);
  std::string text;
  for (std::size_t i = 0; i < key.parts.size(); ++i) {
    if (const Literal* literal = std::get_if<Literal>(&key.parts[i])) {
      text += literal->text;
    } else if (const Field* field = std::get_if<Field>(&key.parts[i])) {
      const std::optional<AttributeValue> part =
          render_field(*field, row, i + 1 == key.parts.size());
      if (!part) return std::nullopt;
      text += *part->as_string();
    } else {
      text += std::to_string(shard);
    }
  }
  // DynamoDB refuses an empty key; an item without the attribute is just not in that index.
  if (text.empty()) return std::nullopt;
  return AttributeValue::string(std::move(text));
}

}  // namespace ddbplan::design
