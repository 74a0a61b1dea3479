// What reports say that a word in a key template stands for, against the keys that are made of it.
#include "emit/key_text.h"

#include <doctest/doctest.h>

using namespace ddbplan;
using design::Encoding;
using dynamo::AttributeValue;

namespace {

design::Field field(const std::string& attribute, Encoding encoding, int width = 0) {
  design::Field out;
  out.attribute = attribute;
  out.encoding = encoding;
  out.width = width;
  return out;
}

std::string meaning(const design::Field& of) {
  design::Design design;
  design::ItemLayout layout;
  layout.base.partition = {design::KeyTemplate{{design::Literal{"A#"}, of}, {}}};
  // Said once, however many keys have it.
  layout.base.sort = {design::KeyTemplate{{of}, {}}};
  design.items = {layout};
  const std::vector<emit::Notation> found = emit::notations(design);
  if (found.empty()) return {};
  CHECK(found.size() == 1);
  CHECK(found.front().written == design::to_string(of));
  return found.front().meaning;
}

std::string rendered(const design::Field& of, const AttributeValue& value) {
  const auto key = design::render(design::KeyTemplate{{of}, {}}, {{of.attribute, value}}, 0);
  REQUIRE(key.has_value());
  return *key->as_string();
}

}  // namespace

TEST_CASE("numbers in digits, and taken from 9") {
  const design::Field pad = field("score", Encoding::pad, 4);
  CHECK(meaning(pad) == "in 4 digits; below 0: - and each digit taken from 9");
  CHECK(rendered(pad, AttributeValue::number(12)) == "0012");
  CHECK(rendered(pad, AttributeValue::number(-12)) == "-9987");
  const design::Field invert = field("score", Encoding::invert, 4);
  CHECK(meaning(invert) == "in 4 digits, each taken from 9; below 0: : and the digits");
  CHECK(rendered(invert, AttributeValue::number(12)) == "9987");
  CHECK(rendered(invert, AttributeValue::number(-12)) == ":0012");
}

TEST_CASE("enums by their place") {
  design::Field rank = field("priority", Encoding::rank, 1);
  rank.ranks = {"HIGH", "NORMAL", "LOW"};
  CHECK(meaning(rank) == "0 HIGH, 1 NORMAL, 2 LOW");
  CHECK(rendered(rank, AttributeValue::string("NORMAL")) == "1");
  rank.ranks.assign(11, "OTHER");
  rank.ranks[1] = "NORMAL";
  rank.width = 2;
  CHECK(meaning(rank).starts_with("00 OTHER, 01 NORMAL, "));
  CHECK(rendered(rank, AttributeValue::string("NORMAL")) == "01");
}

TEST_CASE("texts with what would end them") {
  const design::Field escape = field("title", Encoding::escape);
  CHECK(meaning(escape) == "each character up to $ is $ and the one 64 places on");
  // A blank is 0x20 and 0x60 is `; # is 0x23 and 0x63 is c.
  CHECK(rendered(escape, AttributeValue::string("a b#")) == "a$`b$c");
}

TEST_CASE("times that are cut, and what stands where nothing is") {
  design::Field bucket = field("at", Encoding::truncate);
  CHECK(meaning(bucket) == "cut, as in 2026-11-27");
  CHECK(rendered(bucket, AttributeValue::string("2026-11-27T18:12:00.000Z")) == "2026-11-27");
  bucket.unit = model::TimeUnit::hour;
  CHECK(meaning(bucket) == "cut, as in 2026-11-27T18");
  design::Field parent = field("parent_id", Encoding::plain);
  CHECK(meaning(parent) == "");
  parent.absent = "ROOT";
  CHECK(meaning(parent) == "ROOT where it is missing");
}
