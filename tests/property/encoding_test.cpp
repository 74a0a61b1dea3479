// The law of key templates: for random templates and random rows, hostile bytes included, the
// rendered keys compare as the tuples of logical values do, and are equal only when the tuples are.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "design/encoding.h"
#include "design/key_template.h"
#include "model/timestamp.h"
#include "support/prng.h"

using namespace ddbplan;
using design::Encoding;
using design::Field;
using design::KeyTemplate;
using design::Literal;
using dynamo::AttributeValue;
using dynamo::Decimal;
using dynamo::Item;
using support::Prng;

namespace {

std::uint64_t seed_number() {
  const char* given = std::getenv("DDBPLAN_PROPERTY_SEED");
  return given == nullptr ? 20261127 : std::strtoull(given, nullptr, 10);
}

/// One column of the tuple: how its values are drawn, and how two of them compare.
enum class Column { text, identifier, whole, decimal, enumeration, timestamp, descending };
constexpr std::uint64_t kColumns = 7;

const std::vector<std::string> kRanks{"LOW", "MIDDLE", "HIGH", "#", ""};

Field field_of(Column column, const std::string& name) {
  Field field;
  field.attribute = name;
  field.width = 8;
  switch (column) {
    case Column::text:
      field.encoding = Encoding::escape;
      break;
    case Column::identifier:
      field.encoding = Encoding::plain;
      break;
    case Column::whole:
      field.encoding = Encoding::pad;
      break;
    case Column::decimal:
      field.encoding = Encoding::scale;
      field.scale = 3;
      break;
    case Column::enumeration:
      field.encoding = Encoding::rank;
      field.width = 1;
      field.ranks = kRanks;
      break;
    case Column::timestamp:
      field.encoding = Encoding::plain;
      break;
    case Column::descending:
      field.encoding = Encoding::invert;
      break;
  }
  return field;
}

std::string hostile_text(Prng& prng) {
  // Few distinct bytes, so that prefixes and delimiters meet often; also NUL, DEL and a two-byte
  // character.
  static const std::vector<std::string> kPieces{
      "#", "$", " ", "%", "a", "@", "\xC3\xA9", std::string(1, '\0'), "~", "\x7F"};
  std::string text;
  const std::uint64_t length = prng.below(4);
  for (std::uint64_t i = 0; i < length; ++i) text += kPieces[prng.below(kPieces.size())];
  return text;
}

AttributeValue draw(Column column, Prng& prng) {
  switch (column) {
    case Column::text:
      return AttributeValue::string(hostile_text(prng));
    case Column::identifier: {
      std::string text;
      for (int i = 0; i < 3; ++i) text += "#$aZ"[prng.below(4)];
      return AttributeValue::string(text);
    }
    case Column::whole:
    case Column::descending: {
      const bool far = prng.below(4) == 0;
      return AttributeValue::number(far ? prng.between(-99'999'999, 99'999'999)
                                        : prng.between(-12, 12));
    }
    case Column::decimal: {
      const std::string text =
          std::to_string(prng.between(-20, 20)) + "e-" + std::to_string(prng.below(4));
      return AttributeValue::number(*Decimal::parse(text));
    }
    case Column::enumeration:
      return AttributeValue::string(kRanks[prng.below(kRanks.size())]);
    case Column::timestamp:
      return AttributeValue::string(
          model::format_timestamp(prng.between(0, 3) * 86'400'000 + prng.between(0, 3)));
  }
  return {};
}

std::strong_ordering compare_column(Column column, const AttributeValue& a,
                                    const AttributeValue& b) {
  if (column == Column::descending) return dynamo::compare_keys(b, a);
  if (column == Column::enumeration) {
    const auto rank = [](const AttributeValue& value) {
      return std::find(kRanks.begin(), kRanks.end(), *value.as_string()) - kRanks.begin();
    };
    return rank(a) <=> rank(b);
  }
  return dynamo::compare_keys(a, b);
}

struct Tuple {
  std::vector<Column> columns;
  KeyTemplate key;
};

Tuple random_template(Prng& prng) {
  Tuple tuple;
  const std::uint64_t count = 1 + prng.below(4);
  tuple.key.parts.emplace_back(Literal{"T#"});
  for (std::uint64_t i = 0; i < count; ++i) {
    if (i > 0) tuple.key.parts.emplace_back(Literal{"#"});
    tuple.columns.push_back(static_cast<Column>(prng.below(kColumns)));
    tuple.key.parts.emplace_back(field_of(tuple.columns.back(), "a" + std::to_string(i)));
  }
  return tuple;
}

Item random_row(const Tuple& tuple, Prng& prng) {
  Item row;
  for (std::size_t i = 0; i < tuple.columns.size(); ++i) {
    row["a" + std::to_string(i)] = draw(tuple.columns[i], prng);
  }
  return row;
}

std::strong_ordering compare_rows(const Tuple& tuple, const Item& a, const Item& b) {
  for (std::size_t i = 0; i < tuple.columns.size(); ++i) {
    const std::string name = "a" + std::to_string(i);
    const std::strong_ordering order = compare_column(tuple.columns[i], a.at(name), b.at(name));
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

}  // namespace

TEST_CASE("rendered keys order as the logical values, and never collide") {
  Prng prng(seed_number());
  INFO("DDBPLAN_PROPERTY_SEED=" << seed_number());
  int equal = 0;
  for (int round = 0; round < 20000; ++round) {
    const Tuple tuple = random_template(prng);
    const Item a = random_row(tuple, prng);
    const Item b = random_row(tuple, prng);
    const std::optional<AttributeValue> key_a = design::render(tuple.key, a, 0);
    const std::optional<AttributeValue> key_b = design::render(tuple.key, b, 0);
    REQUIRE(key_a);
    REQUIRE(key_b);
    const std::strong_ordering expected = compare_rows(tuple, a, b);
    if (expected == 0) ++equal;
    INFO(to_string(tuple.key) << ": " << *key_a->as_string() << " and " << *key_b->as_string());
    REQUIRE(dynamo::compare_keys(*key_a, *key_b) == expected);
  }
  CHECK(equal > 100);
}

TEST_CASE("a prefix that ends with the delimiter selects one value's keys and no other") {
  Prng prng(seed_number() + 1);
  for (int round = 0; round < 20000; ++round) {
    const std::string wanted = hostile_text(prng);
    const std::string other = hostile_text(prng);
    const std::string prefix = design::escape_text(wanted) + "#";
    const std::string key =
        design::escape_text(other) + "#" + design::escape_text(hostile_text(prng));
    REQUIRE((key.rfind(prefix, 0) == 0) == (wanted == other));
  }
}

TEST_CASE("the high sentinel closes a range over every key that starts alike") {
  Prng prng(seed_number() + 2);
  for (int round = 0; round < 5000; ++round) {
    const std::string prefix = "T#" + design::escape_text(hostile_text(prng));
    const std::string key = prefix + "#" + hostile_text(prng);
    const std::string high = prefix + std::string(design::kHighSentinel);
    REQUIRE(key <= high);
    REQUIRE(prefix <= key);
  }
}
