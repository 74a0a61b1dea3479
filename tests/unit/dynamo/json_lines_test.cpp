#include "dynamo/json_lines.h"

#include <doctest/doctest.h>

#include "dynamo/json.h"
#include "support/prng.h"

using namespace ddbplan::dynamo;
using ddbplan::support::Prng;

namespace {

std::string hostile_text(Prng& prng) {
  static const std::vector<std::string> kPieces{
      "a", "\"", "\\", "/", "\n", "\t", "#", "\xC3\xA9", "\xF0\x9F\x98\x80", "\x01", "\x7F", ""};
  std::string text;
  for (std::uint64_t i = prng.below(6); i > 0; --i) text += kPieces[prng.below(kPieces.size())];
  return text;
}

AttributeValue random_value(Prng& prng, int depth) {
  const auto made = [](auto part) {
    return AttributeValue(AttributeValue::Variant(std::move(part)));
  };
  switch (prng.below(depth > 0 ? 10 : 5)) {
    case 0:
      return AttributeValue::string(hostile_text(prng));
    case 1:
      return AttributeValue::number(prng.between(-1'000'000, 1'000'000));
    case 2:
      return AttributeValue::boolean(prng.below(2) == 0);
    case 3:
      return AttributeValue();
    case 4:
      return made(Binary{hostile_text(prng)});
    case 5:
      return made(List{random_value(prng, depth - 1), random_value(prng, depth - 1)});
    case 6:
      return made(Map{{hostile_text(prng), random_value(prng, depth - 1)}});
    case 7:
      return made(make_string_set({hostile_text(prng), "x"}));
    case 8:
      return made(make_number_set({Decimal::from_int(prng.between(-5, 5))}));
    default:
      return made(make_binary_set({Binary{hostile_text(prng)}, Binary{"y"}}));
  }
}

}  // namespace

TEST_CASE("items are written and read as the JSON library does it") {
  Prng prng(7);
  for (int round = 0; round < 2000; ++round) {
    Item item;
    for (std::uint64_t i = prng.below(5); i > 0; --i) {
      item[hostile_text(prng)] = random_value(prng, 2);
    }
    // Short plain names are written in another way than long ones.
    item[std::string(prng.below(60), 'n')] = AttributeValue::string(hostile_text(prng));
    std::string text;
    append_item_json(text, item);
    REQUIRE(text == item_to_json_text(item));
    const auto read = parse_item_json(text);
    REQUIRE(read);
    REQUIRE(*read == item);
  }
}

TEST_CASE("blanks and escapes of other writers are read too") {
  const auto item = parse_item_line(
      R"( { "Item" : { "name" : { "S" : "\u00e9\ud83d\ude00\/" } , "n":{"N":"1e2"} } } )");
  REQUIRE(item);
  CHECK(*item->at("name").as_string() == "\xC3\xA9\xF0\x9F\x98\x80/");
  CHECK(item->at("n") == AttributeValue::number(100));
}

TEST_CASE("what is not an item is refused with its place") {
  for (const char* text : {"", "{", R"({"Item":{})", R"({"Item":{"a":{"S":1}}})",
                           R"({"Item":{}} x)", R"({"Item":{"a":{"X":""}}})",
                           R"({"Item":{"a":{"N":"x"}}})", R"({"Item":{"a":{"S":"\ud83d"}}})",
                           R"({"Item":{"a":{"B":"*"}}})", R"({"Item":{"a":{"S":"open}}})"}) {
    INFO(text);
    const auto item = parse_item_line(text);
    CHECK_FALSE(item);
    CHECK(item.error().rfind("byte ", 0) == 0);
  }
}
