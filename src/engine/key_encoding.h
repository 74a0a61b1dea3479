// Keys as byte strings whose order is the keys' order, so that one ordered map serves every type
// and every number of key attributes, and a key condition is a range of bytes.
//
// Each attribute's encoding ends itself: the encoding of (a, b) is that of a followed by that of b,
// and orders by a first.
#pragma once

#include <optional>
#include <string>

#include "dynamo/table.h"
#include "dynamo/value.h"

namespace ddbplan::engine {

/// REQUIRES: a string, number or binary.
void append_key(std::string& out, const dynamo::AttributeValue& value);
/// What the encodings of all strings (binaries) that begin with `prefix` begin with.
/// REQUIRES: a string or binary.
void append_key_prefix(std::string& out, const dynamo::AttributeValue& prefix);
/// The smallest byte string above all that begin with `prefix`; nullopt when there is none.
std::optional<std::string> prefix_end(std::string prefix);

/// Where an item stands: its item collection, and its place in it.
struct Position {
  std::string partition;
  std::string sort;
  auto operator<=>(const Position&) const = default;
};

/// REQUIRES: the item has the key's attributes, of the key's types.
Position position_in_table(const dynamo::TableDescription& table, const dynamo::Item& item);
/// Entries with one index key order by the table's key, which makes positions unique.
Position position_in_index(const dynamo::TableDescription& table,
                           const dynamo::IndexDescription& index, const dynamo::Item& entry);

}  // namespace ddbplan::engine
