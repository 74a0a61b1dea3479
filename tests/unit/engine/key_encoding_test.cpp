#include "engine/key_encoding.h"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "support/prng.h"
#include "tests/unit/engine/wire_requests.h"

using namespace ddbplan::engine;           // NOLINT(google-build-using-namespace)
using namespace ddbplan::engine::testing;  // NOLINT(google-build-using-namespace)
using ddbplan::dynamo::AttributeValue;
using ddbplan::dynamo::compare_keys;
using ddbplan::dynamo::Decimal;
using ddbplan::support::Prng;

namespace {

std::string encoded(const AttributeValue& value) {
  std::string out;
  append_key(out, value);
  return out;
}

std::string random_bytes(Prng& prng) {
  // Few bytes, the awkward ones among them, so that prefixes and equals are frequent.
  const std::string alphabet("\0\1ab\xFE\xFF", 6);
  std::string text;
  for (auto i = prng.below(5); i > 0; --i) text += alphabet[prng.below(alphabet.size())];
  return text;
}

AttributeValue random_number(Prng& prng) {
  const std::string text =
      std::to_string(prng.between(-200, 200)) + "E" + std::to_string(prng.between(-3, 3));
  return AttributeValue::number(*Decimal::parse(text));
}

}  // namespace

TEST_CASE("property: encoded keys order as the keys do") {
  Prng prng(17);
  for (int round = 0; round < 4000; ++round) {
    const AttributeValue text_a = AttributeValue::string(random_bytes(prng));
    const AttributeValue text_b = AttributeValue::string(random_bytes(prng));
    CHECK((encoded(text_a) <=> encoded(text_b)) == compare_keys(text_a, text_b));
    const AttributeValue number_a = random_number(prng);
    const AttributeValue number_b = random_number(prng);
    CHECK((encoded(number_a) <=> encoded(number_b)) == compare_keys(number_a, number_b));
  }
}

TEST_CASE("property: several attributes order by the first that differs") {
  Prng prng(18);
  for (int round = 0; round < 4000; ++round) {
    const std::array<AttributeValue, 2> a = {AttributeValue::string(random_bytes(prng)),
                                             random_number(prng)};
    const std::array<AttributeValue, 2> b = {AttributeValue::string(random_bytes(prng)),
                                             random_number(prng)};
    const auto first = compare_keys(a[0], b[0]);
    const auto expected = first != 0 ? first : compare_keys(a[1], b[1]);
    CHECK((encoded(a[0]) + encoded(a[1]) <=> encoded(b[0]) + encoded(b[1])) == expected);
  }
}

TEST_CASE("the extremes of numbers") {
  const std::vector<const char*> ascending = {"-9.9E125", "-1E125", "-1",    "-1E-130", "0",
                                              "1E-130",   "1",      "1E125", "9.9E125"};
  for (std::size_t i = 1; i < ascending.size(); ++i) {
    CHECK(encoded(AttributeValue::number(*Decimal::parse(ascending[i - 1]))) <
          encoded(AttributeValue::number(*Decimal::parse(ascending[i]))));
  }
}

TEST_CASE("property: a prefix's range holds exactly what begins with it") {
  Prng prng(19);
  for (int round = 0; round < 4000; ++round) {
    const std::string prefix = random_bytes(prng);
    const std::string text = random_bytes(prng);
    std::string lower;
    append_key_prefix(lower, AttributeValue::string(prefix));
    const auto upper = prefix_end(lower);
    const std::string key = encoded(AttributeValue::string(text));
    const bool in_range = key >= lower && (!upper || key < *upper);
    CHECK(in_range == text.starts_with(prefix));
  }
}

TEST_CASE("the end of a prefix") {
  CHECK(prefix_end("a") == "b");
  CHECK(prefix_end("a\xFF\xFF") == "b");
  CHECK(prefix_end("\xFF") == std::nullopt);
  CHECK(prefix_end("") == std::nullopt);
}

TEST_CASE("index positions are unique by the table's key") {
  const auto described = table("t", "PK", "SK");
  const auto by_g = index("g", {"G"}, {});
  const Position a =
      position_in_index(described, by_g, item(R"({"PK":{"S":"1"},"SK":{"S":"1"},"G":{"S":"x"}})"));
  const Position b =
      position_in_index(described, by_g, item(R"({"PK":{"S":"1"},"SK":{"S":"2"},"G":{"S":"x"}})"));
  CHECK(a.partition == b.partition);
  CHECK(a.sort < b.sort);
}
