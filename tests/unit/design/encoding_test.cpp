#include "design/encoding.h"

#include <doctest/doctest.h>

using ddbplan::design::escape_text;
using ddbplan::design::inverted_number;
using ddbplan::design::padded_number;
using ddbplan::design::ulid_time;
using ddbplan::dynamo::Decimal;

namespace {

Decimal number(const char* text) {
  return *Decimal::parse(text);
}

}  // namespace

TEST_CASE("the delimiter and all below it are escaped, and nothing else") {
  CHECK(escape_text("plain-text_9") == "plain-text_9");
  CHECK(escape_text("a#b") == "a$cb");
  CHECK(escape_text("a$b") == "a$db");
  CHECK(escape_text("a b") == "a$`b");
  CHECK(escape_text(std::string(1, '\0')) == "$@");
  CHECK(escape_text("\xC3\xA9") == "\xC3\xA9");
}

TEST_CASE("numbers are padded to their width, negatives by offset") {
  CHECK(padded_number(number("42"), 5, 0) == "00042");
  CHECK(padded_number(number("0"), 3, 0) == "000");
  CHECK(padded_number(number("-1"), 3, 0) == "-998");
  CHECK(padded_number(number("-999"), 3, 0) == "-000");
  CHECK(padded_number(number("1000"), 3, 0) == std::nullopt);
  CHECK(padded_number(number("1.5"), 3, 0) == std::nullopt);
}

TEST_CASE("decimals are scaled to whole numbers") {
  CHECK(padded_number(number("1.5"), 6, 2) == "000150");
  CHECK(padded_number(number("0.01"), 6, 2) == "000001");
  CHECK(padded_number(number("0.001"), 6, 2) == std::nullopt);
}

TEST_CASE("inverted numbers descend") {
  CHECK(inverted_number(number("42"), 4, 0) == "9957");
  CHECK(inverted_number(number("-42"), 4, 0) == ":0042");
}

TEST_CASE("the time part of a ULID") {
  // The example of the ULID specification.
  CHECK(ulid_time(1469918176385) == "01ARYZ6S41");
  CHECK(ulid_time(0) == "0000000000");
}
