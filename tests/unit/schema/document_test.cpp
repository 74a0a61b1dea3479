#include "schema/document.h"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "tests/unit/schema/fixture.h"

namespace ddbplan::schema {
namespace {

using support::SourceText;

struct Read {
  SourceText source;
  support::Diagnostics diagnostics;
  std::optional<Node> root;
};

Read read(std::string text) {
  Read result{SourceText("t.yaml", std::move(text)), {}, std::nullopt};
  result.root = read_document(result.source, result.diagnostics);
  return result;
}

std::string error(std::string text) {
  const Read result = read(std::move(text));
  if (result.diagnostics.empty()) return "";
  const support::Diagnostic& first = result.diagnostics.items().front();
  const support::LineColumn at = result.source.position(first.span.begin);
  return std::to_string(at.line) + ":" + std::to_string(at.column) + " " + first.code + " " +
         first.message;
}

std::string repeat(std::string_view text, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

TEST_CASE("scalars keep text, quotes and place") {
  const Read result =
      read("plain: a b\nsingle: 'it''s'\ndouble: \"a\\tb\"\nempty:\nmany: [1, two]\n");
  REQUIRE(result.root.has_value());
  const Node& root = *result.root;
  CHECK(root.find("plain")->value.text == "a b");
  CHECK_FALSE(root.find("plain")->value.quoted);
  CHECK(root.find("single")->value.text == "it's");
  CHECK(root.find("single")->value.quoted);
  CHECK(result.source.slice(root.find("single")->value.span) == "'it''s'");
  CHECK(root.find("double")->value.text == "a\tb");
  CHECK(result.source.slice(root.find("double")->value.span) == "\"a\\tb\"");
  CHECK(root.find("empty")->value.is_null());
  CHECK(result.source.slice(root.find("empty")->value.span) == "empty");
  CHECK(result.source.slice(root.find("many")->value.items[1].span) == "two");
}

TEST_CASE("places inside of scalars") {
  const Read result =
      read("a: one two\nb: \"x\\u00e4 two\"\nc: one\n   two\nd: 'it''s two'\ne: &anchor one two\n");
  REQUIRE(result.root.has_value());
  for (const char* key : {"a", "b", "c", "d", "e"}) {
    CAPTURE(key);
    const Node& scalar = result.root->find(key)->value;
    const std::size_t at = scalar.text.find("two");
    CHECK(result.source.slice(span_within(scalar, at, at + 3, result.source)) == "two");
  }
}

TEST_CASE("a place past the end of a scalar is behind it") {
  const Read result = read("a: one\n");
  const Node& scalar = result.root->find("a")->value;
  const support::Span span = span_within(scalar, 3, 3, result.source);
  CHECK(span.begin == 6);
  CHECK(span.end == 6);
}

TEST_CASE("a byte order mark does not shift places") {
  const Read result = read("\xEF\xBB\xBFkey: value\n");
  REQUIRE(result.root.has_value());
  CHECK(result.source.slice(result.root->entries.front().key_span) == "key");
  CHECK(result.source.slice(result.root->entries.front().value.span) == "value");
}

TEST_CASE("what is not text is refused before YAML is tried") {
  CHECK(error(std::string("a: \0b", 5)) ==
        "1:4 DDB001 the byte 0x00 does not belong in a text file");
  CHECK(error("a: \x7f"
              "ELF\x02") == "1:8 DDB001 the byte 0x02 does not belong in a text file");
  CHECK(error("a: \xff") == "1:4 DDB001 the byte 0xff is not UTF-8");
  CHECK(error("a: \xc0\xaf") == "1:4 DDB001 the byte 0xc0 is not UTF-8");
  CHECK(error("\xff\xfe"
              "a") == "1:1 DDB001 the file is UTF-16, not UTF-8");
}

TEST_CASE("nothing is no schema") {
  for (const char* text : {"", "\n\n", "# only a comment\n"}) {
    CHECK(error(text) == "1:1 DDB001 the file holds no schema");
  }
}

TEST_CASE("broken YAML") {
  CHECK(error("a: {b: c\n") == "1:10 DDB001 this is not YAML: end of map flow not found");
  CHECK(error("a: b: c\n") == "1:5 DDB001 this is not YAML: illegal map value");
  CHECK(error("a: @b\n") == "1:4 DDB001 this is not YAML: unknown token");
  CHECK(error("a: \"b\nc: d\n") == "1:4 DDB001 this quote is not closed");
  CHECK(error("a: 'b\n") == "1:4 DDB001 this quote is not closed");
  CHECK(error("a: *b\n") == "1:4 DDB001 this is not YAML: the referenced anchor is not defined");
  CHECK(error("a: 1\n---\nb: 2\n") == "2:1 DDB001 a second document begins here");
  CHECK(error("? [a]\n: b\n") == "1:3 DDB001 a key must be a word, not a list or a map");
}

TEST_CASE("duplicate keys are found and the first is kept") {
  const Read result = read("a: 1\nb: 2\na: 3\n");
  REQUIRE(result.diagnostics.items().size() == 1);
  const support::Diagnostic& finding = result.diagnostics.items().front();
  CHECK(finding.code == "DDB006");
  CHECK(finding.message == "`a` stands twice in this map");
  CHECK(result.source.position(finding.span.begin) == support::LineColumn{3, 1});
  CHECK(result.source.position(finding.notes.front().span.begin) == support::LineColumn{1, 1});
  CHECK(result.root->entries.size() == 2);
  CHECK(result.root->find("a")->value.text == "1");
}

TEST_CASE("aliases are filled in") {
  const Read result = read("a: &x {b: [1, 2]}\nc: *x\n");
  REQUIRE(result.root.has_value());
  CHECK(result.root->find("c")->value.find("b")->value.items.size() == 2);
}

TEST_CASE("hostile documents end quickly, in a message") {
  const auto started = std::chrono::steady_clock::now();
  CHECK(error("a: " + repeat("[", 100'000)) ==
        "1:28 DDB008 lists and maps are nested more than 48 deep here");
  CHECK(error("a: " + repeat("{a: ", 100'000)) ==
        "1:192 DDB008 lists and maps are nested more than 48 deep here");
  CHECK(error(repeat("- ", 100'000) + "a") ==
        "1:97 DDB008 lists and maps are nested more than 48 deep here");
  std::string bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'k'; ++c) {
    const std::string previous = std::string("*") + static_cast<char>(c - 1);
    bomb += std::string(1, c) + ": &" + c + " [" + previous + repeat(", " + previous, 8) + "]\n";
  }
  CHECK(error(bomb).find("DDB008 this schema has more than 200,000 values") != std::string::npos);
  CHECK(error("a: &a " + std::string(60'000, 'x') + "\nb: [*a" + repeat(", *a", 10'000) + "]\n")
            .find("DDB008") != std::string::npos);
  CHECK(error("a: &a [*a]\n") == "1:8 DDB001 this alias stands inside the value that it names");
  CHECK(error("a: " + std::string(100'000, 'x')) ==
        "1:4 DDB008 this text has 100,000 bytes; the most that a schema may hold in one value is "
        "65,536");
  CHECK(error(std::string(std::size_t{17} * 1024 * 1024, 'a')) ==
        "1:1 DDB008 the file is larger than 16 MB");
  CHECK(error("a: [" + repeat("1,", 250'000) + "1]").find("DDB008") != std::string::npos);
  // Generous for a sanitizer build; a doubling of aliases would take hours.
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(60));
}

TEST_CASE("whole schemas that are hostile") {
  CHECK(test::codes("- a\n- b\n") == "DDB003");
  CHECK(test::codes("hello\n") == "DDB003");
  std::string many = "ddbplan: 1\nservice: shop\naccess_patterns: {a: {list: E1}}\nentities:\n";
  for (int i = 0; i < 2000; ++i) many += "  E" + std::to_string(i) + ": {id: a}\n";
  CHECK(test::codes(many) == "DDB008");
  std::string chain =
      "ddbplan: 1\nservice: shop\naccess_patterns: {a: {list: E1}}\nentities:\n  E0: {id: a0, "
      "count: 3}\n";
  for (int i = 1; i < 900; ++i) {
    const std::string n = std::to_string(i);
    chain += "  E" + n + ": {id: a" + n + ", belongs_to: {E" + std::to_string(i - 1) + ": 1}}\n";
  }
  CHECK(test::codes(chain) == "");
  CHECK(test::codes("ddbplan: 1\nservice: shop\nentities: {" + std::string(300, 'E') +
                    ": {id: a}}\naccess_patterns: {a: {list: A}}\n") == "DDB008");
}

TEST_CASE("values from the command line") {
  CHECK(read_value("2000/s")->text == "2000/s");
  CHECK(read_value("[a, b]")->items.size() == 2);
  CHECK(read_value("{hits: 80%}")->find("hits")->value.text == "80%");
  CHECK(read_value("")->is_null());
  CHECK_FALSE(read_value("{a").ok());
  CHECK_FALSE(read_value("a\nb: c").ok());
}

}  // namespace
}  // namespace ddbplan::schema
