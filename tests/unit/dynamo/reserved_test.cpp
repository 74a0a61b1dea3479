#include "dynamo/reserved.h"

#include <doctest/doctest.h>

#include <string>

#include "dynamo/reserved_words.h"

using namespace ddbplan::dynamo;  // NOLINT(google-build-using-namespace)

TEST_CASE("reserved words ignore case") {
  CHECK(kReservedWords.size() == 573);
  for (const char* word : {"STATUS", "status", "Name", "data", "ttl", "zone", "abort", "BucKet"}) {
    CAPTURE(word);
    CHECK(is_reserved_word(word));
  }
  for (const char* word : {"", "PK", "SK", "order_id", "statuses", "customer"}) {
    CAPTURE(word);
    CHECK_FALSE(is_reserved_word(word));
  }
}

TEST_CASE("plain names need no placeholder") {
  for (const char* name : {"PK", "a", "order_id", "x9"}) CHECK(is_plain_expression_name(name));
  for (const char* name : {"", "9x", "_x", "a-b", "a.b", "a b", "status", "größe", "#a", ":a"}) {
    CAPTURE(name);
    CHECK_FALSE(is_plain_expression_name(name));
  }
}

TEST_CASE("names of tables and indexes") {
  for (const char* name : {"abc", "Shop-1.x_y", "123"}) CHECK(is_valid_resource_name(name));
  for (const char* name : {"", "ab", "a b", "größe", "a/b"}) {
    CHECK_FALSE(is_valid_resource_name(name));
  }
  CHECK(is_valid_resource_name(std::string(255, 'a')));
  CHECK_FALSE(is_valid_resource_name(std::string(256, 'a')));
}
