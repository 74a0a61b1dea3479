#include "design/key_template.h"

#include <doctest/doctest.h>

using namespace ddbplan;
using design::Encoding;
using design::Field;
using design::KeyTemplate;
using design::Literal;
using design::ShardField;
using dynamo::AttributeValue;
using dynamo::Item;

namespace {

Field field(std::string attribute, Encoding encoding = Encoding::plain, int width = 0) {
  Field made;
  made.attribute = std::move(attribute);
  made.encoding = encoding;
  made.width = width;
  return made;
}

KeyTemplate text_key(std::vector<design::KeyPart> parts) {
  return {std::move(parts)};
}

const Item kOrder{{"order_id", AttributeValue::string("01ARYZ6S41TSV4RRFFQ69G5FAV")},
                  {"placed_at", AttributeValue::string("2026-11-27T18:04:05.678Z")},
                  {"email", AttributeValue::string("Ada#Lovelace@Example.com")},
                  {"amount", AttributeValue::number(42)},
                  {"priority", AttributeValue::string("high")},
                  {"at", AttributeValue::number(1'795'802'645'678)}};

std::optional<std::string> rendered(const KeyTemplate& key, int shard = 0) {
  const std::optional<AttributeValue> value = design::render(key, kOrder, shard);
  if (!value) return std::nullopt;
  return *value->as_string();
}

}  // namespace

TEST_CASE("the written form names attribute and modifier") {
  CHECK(to_string(text_key({Literal{"ORDER#"}, field("order_id")})) == "ORDER#{order_id}");
  CHECK(to_string(field("amount", Encoding::pad, 12)) == "{amount|pad:12}");
  CHECK(to_string(field("score", Encoding::invert, 10)) == "{score|invert:10}");
  CHECK(to_string(field("at", Encoding::truncate)) == "{at|truncate:day}");
  CHECK(to_string(field("email", Encoding::lower)) == "{email|lower}");
  CHECK(to_string(text_key({Literal{"ORDERS#OPEN#"}, ShardField{}})) == "ORDERS#OPEN#{shard}");
}

TEST_CASE("each encoding writes its text") {
  CHECK(rendered(text_key({Literal{"ORDER#"}, field("order_id")})) ==
        "ORDER#01ARYZ6S41TSV4RRFFQ69G5FAV");
  CHECK(rendered(text_key({field("amount", Encoding::pad, 6)})) == "000042");
  CHECK(rendered(text_key({field("placed_at", Encoding::truncate)})) == "2026-11-27");
  CHECK(rendered(text_key({field("at", Encoding::truncate)})) == "2026-11-27");
  CHECK(rendered(text_key({field("email", Encoding::lower)})) == "ada#lovelace@example.com");
  CHECK(rendered(text_key({field("email", Encoding::lower), Literal{"#"}})) ==
        "ada$clovelace@example.com#");
  Field rank = field("priority", Encoding::rank, 2);
  rank.ranks = {"low", "normal", "high"};
  CHECK(rendered(text_key({rank})) == "02");
  rank.encoding = Encoding::invert;
  CHECK(rendered(text_key({rank})) == "97");
  CHECK(rendered(text_key({Literal{"OPEN#"}, ShardField{}}), 3) == "OPEN#3");
}

TEST_CASE("a number is a whole key by itself") {
  KeyTemplate key;
  key.type = dynamo::ScalarType::N;
  key.parts = {field("amount", Encoding::number)};
  CHECK(design::render(key, kOrder, 0) == AttributeValue::number(42));
}

TEST_CASE("a missing attribute makes no key, unless something stands in its place") {
  Field parent = field("parent_id");
  CHECK(rendered(text_key({Literal{"P#"}, parent})) == std::nullopt);
  parent.absent = "ROOT";
  CHECK(rendered(text_key({Literal{"P#"}, parent})) == "P#ROOT");
}

TEST_CASE("a value that does not fit makes no key") {
  CHECK(rendered(text_key({field("amount", Encoding::pad, 1)})) == std::nullopt);
  CHECK(rendered(text_key({field("email", Encoding::pad, 9)})) == std::nullopt);
}
