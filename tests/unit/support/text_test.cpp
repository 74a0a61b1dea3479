#include "support/text.h"

#include <doctest/doctest.h>

#include <string>

using namespace ddbplan::support;  // NOLINT(google-build-using-namespace)

TEST_CASE("valid UTF-8 excludes overlong forms, surrogates and what is above U+10FFFF") {
  CHECK(is_valid_utf8(""));
  CHECK(is_valid_utf8("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"));
  CHECK_FALSE(is_valid_utf8("\xC0\xAF"));
  CHECK_FALSE(is_valid_utf8("\xE0\x80\xAF"));
  CHECK_FALSE(is_valid_utf8("\xED\xA0\x80"));
  CHECK_FALSE(is_valid_utf8("\xF4\x90\x80\x80"));
  CHECK_FALSE(is_valid_utf8("\xE2\x82"));
  CHECK_FALSE(is_valid_utf8("\x80"));
}

TEST_CASE("blanks around a text are not part of it") {
  CHECK(trimmed(" \ta b\r\n") == "a b");
  CHECK(trimmed(" \r\n").empty());
  CHECK(trimmed("a") == "a");
}

TEST_CASE("code points are counted, a bad byte as one") {
  CHECK(count_code_points("aä€😀") == 4);
  CHECK(count_code_points("\xFF\xFE") == 2);
}

TEST_CASE("what could drive or deceive a terminal is shown as an escape") {
  CHECK(escape_for_terminal("a\x1b[31mb\n\t\x7f") == "a\\x1B[31mb\\x0A\\x09\\x7F");
  CHECK(escape_for_terminal("bad \xFF byte") == "bad \\xFF byte");
  CHECK(escape_for_terminal("\xC2\x9B") == "\\x9B");
  CHECK(escape_for_terminal("\xE2\x80\xAE"  // NOLINT(misc-misleading-bidirectional): spelled out
                            "gnp.exe") == "\\u202Egnp.exe");
  CHECK(escape_for_terminal("Käse 😀") == "Käse 😀");
}

TEST_CASE("joins") {
  CHECK(join({}, ", ").empty());
  CHECK(join({"a", "b"}, "/") == "a/b");
  CHECK(join_list({}).empty());
  CHECK(join_list({"a"}) == "a");
  CHECK(join_list({"a", "b"}) == "a and b");
  CHECK(join_list({"a", "b", "c"}, "or") == "a, b or c");
}

TEST_CASE("lower case is ASCII's only") {
  CHECK(to_lower_ascii("AbÄ9Z") == "abÄ9z");
}

TEST_CASE("padding counts code points") {
  CHECK(pad_right("ä", 3) == "ä  ");
  CHECK(pad_left("ä", 3) == "  ä");
  CHECK(pad_left("abcd", 3) == "abcd");
}

TEST_CASE("wrapping breaks at spaces and indents what follows") {
  CHECK(wrap("one two three", 8, 2) == "one two\n  three");
  CHECK(wrap("one  two\nthree", 80, 2) == "one two three");
  CHECK(wrap("unbreakable", 4, 0) == "unbreakable");
  CHECK(wrap("", 4, 0).empty());
}
