// DynamoDB JSON of items, written and read without a document in between: for seed files, which
// have thousands of lines. The same bytes as json.h writes, and the same values that it reads (a
// test holds both to that).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dynamo/value.h"
#include "support/result.h"

namespace ddbplan::dynamo {

/// Appends {"name":{"S":"text"},...}: attributes in name order, no blanks.
void append_item_json(std::string& out, const Item& item);
/// The same of attributes that stand somewhere else, in this order.
void append_item_json(std::string& out, const std::vector<const Attribute*>& attributes);

/// An item from one JSON text. The error says at which byte (from 0) and what.
support::Result<Item, std::string> parse_item_json(std::string_view text);

/// The item of {"Item":{...}}, as import files have it. `attributes`: how many to make room for.
support::Result<Item, std::string> parse_item_line(std::string_view line,
                                                   std::size_t attributes = 0);

}  // namespace ddbplan::dynamo
