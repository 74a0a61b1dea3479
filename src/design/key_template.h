// Key templates: how attributes of a row become one key attribute, as in `ORDER#{order_id}`.
//
// A template is literals and fields. Text keys order by bytes, so every field before another part must be of
// fixed width or escaped in an order-preserving way (see Encoding::escape); the delimiter is '#'.
// Written form: `{amount|pad:12}`, `{at|truncate:day}`, `{email|lower}`, `{priority|rank}`, `{name|escape}`,
// `{placed_at|ulid_time}`, `{shard}`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "dynamo/table.h"
#include "dynamo/value.h"
#include "model/workload.h"

namespace ddbplan::design {

enum class Encoding {
  plain,  ///< text as it is: fixed width (ulid, uuid, timestamp, date), or the last part
  escape,  ///< order-preserving: bytes up to '$' become '$' and a byte from '@' on; needs no other care
  pad,  ///< whole number, zero-padded to `width` digits; negatives by offset (see key_template.cpp)
  rank,       ///< an enum by its rank, zero-padded to `width`; `ranks` holds the names in order
  lower,      ///< ASCII lower case, then escape if another part follows
  truncate,   ///< a timestamp cut to `unit` (time buckets): 2026-11-27, 2026-11-27T18
  ulid_time,  ///< only in bounds: the first 10 characters of a ULID of this timestamp
  number,  ///< the whole key attribute is the number (ScalarType::N); the only part of its template
  scale,   ///< a decimal as a whole number of `scale` fraction digits, padded to `width`
  invert   ///< padded number subtracted from its maximum: descending order inside an ascending key
};

/// `{attribute|encoding}`.
struct Field {
  std::string attribute;
  Encoding encoding = Encoding::plain;
  int width = 0;
  int scale = 0;
  model::TimeUnit unit = model::TimeUnit::day;
  std::vector<std::string> ranks;
  /// Written in place of a missing attribute (`absent: ROOT`); nullopt: the row has no such key.
  std::optional<std::string> absent;
  bool operator==(const Field&) const = default;
};
struct Literal {
  std::string text;
  bool operator==(const Literal&) const = default;
};
/// The shard number of the entry's ShardRule, decimal without padding.
struct ShardField {
  bool operator==(const ShardField&) const = default;
};
using KeyPart = std::variant<Literal, Field, ShardField>;

struct KeyTemplate {
  std::vector<KeyPart> parts;
  dynamo::ScalarType type = dynamo::ScalarType::S;
  bool operator==(const KeyTemplate&) const = default;
};

/// The written form. Also the identity of a template in reports and tests.
std::string to_string(const KeyTemplate& key);
/// The attributes of a template, in order.
std::vector<std::string> attributes_of(const KeyTemplate& key);
std::string to_string(const Field& field);

/// Values in their order, by attribute.
using Ranks = std::map<std::string, std::vector<std::string>>;
/// Of the attributes that the templates write by rank: `{priority|rank}` does not say them.
Ranks ranks_of(const std::vector<KeyTemplate>& keys);

/// One field's text (or, for Encoding::number, its number). nullopt when the value cannot be encoded: wrong
/// type, too wide for `width`. The value is the row's, already checked against the attribute's type.
std::optional<dynamo::AttributeValue> encode(const Field& field,
                                             const dynamo::AttributeValue& value, bool last_part);

/// The key attribute of a row: nullopt when a field's attribute is missing and has no `absent`.
std::optional<dynamo::AttributeValue> render(const KeyTemplate& key, const dynamo::Item& row,
                                             int shard);

}  // namespace ddbplan::design
