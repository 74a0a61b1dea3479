#include "engine/key_encoding.h"

#include <cstdint>
#include <string_view>

#include "support/check.h"

namespace ddbplan::engine {

using dynamo::AttributeValue;
using dynamo::Decimal;
using dynamo::Item;

namespace {

/// A zero byte is followed by 0xFF and the end marked by 0x00 0x01, so that a text sorts before its
/// extensions and nothing in it looks like the end.
void append_bytes(std::string& out, std::string_view bytes) {
  while (true) {
    const std::size_t zero = bytes.find('\0');
    if (zero == std::string_view::npos) break;
    out.append(bytes, 0, zero + 1);
    out += '\xFF';
    bytes.remove_prefix(zero + 1);
  }
  out.append(bytes);
}

void append_end(std::string& out) {
  out.append("\0\1", 2);
}

/// Sign, exponent, digits; everything after the sign inverted when negative.
void append_number(std::string& out, const Decimal& number) {
  if (number.is_zero()) {
    out += '\2';
    return;
  }
  const bool negative = number.is_negative();
  out += negative ? '\1' : '\3';
  const auto put = [&](unsigned byte) { out += static_cast<char>(negative ? 0xFFU - byte : byte); };
  const auto biased = static_cast<unsigned>(number.exponent() + 200);
  put(biased >> 8U);
  put(biased & 0xFFU);
  for (const char digit : number.digits()) put(static_cast<unsigned char>(digit));
  put(0);
}

std::string_view bytes_of(const AttributeValue& value) {
  if (const std::string* text = value.as_string()) return *text;
  const dynamo::Binary* binary = value.as_binary();
  DDBPLAN_CHECK(binary != nullptr);
  return binary->bytes;
}

void append_keys(std::string& out, const std::vector<dynamo::KeyAttribute>& attributes,
                 const Item& item) {
  for (const dynamo::KeyAttribute& attribute : attributes) {
    append_key(out, item.at(attribute.name));
  }
}

}  // namespace

void append_key(std::string& out, const AttributeValue& value) {
  if (const Decimal* number = value.as_number()) {
    append_number(out, *number);
    return;
  }
  const std::string_view bytes = bytes_of(value);
  out.reserve(out.size() + bytes.size() + 2);
  append_bytes(out, bytes);
  append_end(out);
}

void append_key_prefix(std::string& out, const AttributeValue& prefix) {
  append_bytes(out, bytes_of(prefix));
}

std::optional<std::string> prefix_end(std::string prefix) {
  while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xFF) prefix.pop_back();
  if (prefix.empty()) return std::nullopt;
  prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1U);
  return prefix;
}

Position position_in_table(const dynamo::TableDescription& table, const Item& item) {
  Position position;
  append_keys(position.partition, table.key.partition, item);
  append_keys(position.sort, table.key.sort, item);
  return position;
}

Position position_in_index(const dynamo::TableDescription& table,
                           const dynamo::IndexDescription& index, const Item& entry) {
  Position position;
  append_keys(position.partition, index.key.partition, entry);
  append_keys(position.sort, index.key.sort, entry);
  append_keys(position.sort, table.key.partition, entry);
  append_keys(position.sort, table.key.sort, entry);
  return position;
}

}  // namespace ddbplan::engine
