#include "support/source.h"

#include <doctest/doctest.h>

using ddbplan::support::LineColumn;
using ddbplan::support::SourceText;
using ddbplan::support::Span;

TEST_CASE("positions are 1-based and columns count code points") {
  const SourceText source("a.yaml", "ab\ncäé: x\n");
  CHECK(source.position(0) == LineColumn{1, 1});
  CHECK(source.position(2) == LineColumn{1, 3});
  CHECK(source.position(3) == LineColumn{2, 1});
  // c, ä (2 bytes), é (2 bytes), colon.
  CHECK(source.position(8) == LineColumn{2, 4});
  CHECK(source.position(9999) == source.position(static_cast<std::uint32_t>(source.text().size())));
}

TEST_CASE("lines come without their ends") {
  const SourceText source("a.yaml", "one\r\ntwo\n\nfour");
  CHECK(source.line_count() == 4);
  CHECK(source.line(1) == "one");
  CHECK(source.line(2) == "two");
  CHECK(source.line(3).empty());
  CHECK(source.line(4) == "four");
}

TEST_CASE("a final newline does not open another line, an empty text has one") {
  CHECK(SourceText("a", "x\n").line_count() == 1);
  CHECK(SourceText("a", "").line_count() == 1);
  CHECK(SourceText("a", "").position(0) == LineColumn{1, 1});
  CHECK(SourceText("a", "\n\n").line_count() == 2);
}

TEST_CASE("offsets of 0-based lines and byte columns") {
  const SourceText source("a.yaml", "ab\ncd\n");
  CHECK(source.offset(0, 1) == 1);
  CHECK(source.offset(1, 0) == 3);
  CHECK(source.offset(9, 0) == 6);
  CHECK(source.offset(-1, 0) == 0);
}

TEST_CASE("slices are clipped to the text") {
  const SourceText source("a.yaml", "abc");
  CHECK(source.slice({1, 2}) == "b");
  CHECK(source.slice({1, 99}) == "bc");
  CHECK(source.slice({7, 9}).empty());
  CHECK_FALSE(Span{}.known());
}
