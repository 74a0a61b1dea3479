#include "emit/document.h"

#include <doctest/doctest.h>

#include <string>

using namespace ddbplan::emit;  // NOLINT(google-build-using-namespace)

TEST_CASE("maps, lists and scalars in block style") {
  Document document = Document::map()
                          .set("Name", "shop")
                          .set("Count", 3)
                          .set("On", true)
                          .set("None", Document::list())
                          .set("Empty", Document::map())
                          .set("Keys", Document::list()
                                           .add(Document::map().set("A", "x").set("B", "b"))
                                           .add("z")
                                           .add(Document::list().add(1).add(2)));
  CHECK(to_yaml(document) ==
        "Name: shop\n"
        "Count: 3\n"
        "\"On\": true\n"
        "None: []\n"
        "Empty: {}\n"
        "Keys:\n"
        "  - A: x\n"
        "    B: b\n"
        "  - z\n"
        "  -\n"
        "    - 1\n"
        "    - 2\n");
}

TEST_CASE("comments stand above entries and elements, and only in YAML") {
  Document element = Document::map().set("A", 1);
  element.comment({"of an element"});
  Document map = Document::map().set("B", 2);
  map.comment({"first", "second\nnot a line of YAML: x"});
  Document document =
      Document::map().set("List", Document::list().add(element)).set("Map", std::move(map));
  document.comment({"of all"});
  CHECK(to_yaml(document) ==
        "# of all\n"
        "List:\n"
        "  # of an element\n"
        "  - A: 1\n"
        "# first\n"
        "# second\\x0Anot a line of YAML: x\n"
        "Map:\n"
        "  B: 2\n");
  CHECK(
      to_json(document) ==
      "{\n  \"List\": [\n    {\n      \"A\": 1\n    }\n  ],\n  \"Map\": {\n    \"B\": 2\n  }\n}\n");
}

TEST_CASE("what some YAML reader takes for a boolean, null or number is quoted") {
  for (const char* text :
       {"N",    "Y",          "n",   "y",    "NO",   "No",   "on",   "OFF",   "true", "False",
        "null", "~",          "NaN", ".nan", ".inf", "1",    "-1",   "1e3",   "0x1F", "1_000",
        "1:20", "2010-09-09", "",    " x",   "x ",   "a: b", "a #b", "#a",    "-",    "- a",
        "? a",  "*a",         "&a",  "!a",   "|",    ">",    "%a",   "@a",    "`a",   "=",
        "<<",   "[a]",        "{a}", "a:",   "'a'",  "a\tb", "a\nb", "\"a\"", "a  b"}) {
    INFO(text);
    CHECK(yaml_scalar(text).front() == '"');
  }
  for (const char* text : {"shop", "AWS::DynamoDB::Table", "eu-west-1", "Fn::GetAtt", "a b", "PK",
                           "one, two", "NOT", "yesterday", "tags/a"}) {
    INFO(text);
    CHECK(yaml_scalar(text) == text);
  }
}

TEST_CASE("quoted text escapes what YAML does not take raw") {
  CHECK(yaml_scalar("a\"b\\c") == "\"a\\\"b\\\\c\"");
  CHECK(yaml_scalar("a\nb\tc\x01") == "\"a\\nb\\tc\\x01\"");
  CHECK(yaml_scalar("\x7F\xC2\x85\xE2\x80\xA8\xEF\xBB\xBF") == "\"\\x7F\\x85\\u2028\\uFEFF\"");
  CHECK(yaml_scalar("caf\xC3\xA9 \xF0\x9F\x98\x80") == "\"caf\xC3\xA9 \xF0\x9F\x98\x80\"");
  CHECK(yaml_scalar("\xF0\x9F\xBF\xBF \xFF") == "\"\\U0001FFFF \\uFFFD\"");
}

TEST_CASE("JSON escapes and replaces what is not UTF-8") {
  CHECK(to_json(Document::map().set("a\"", "\n\xFF")) ==
        "{\n  \"a\\\"\": \"\\n\xEF\xBF\xBD\"\n}\n");
}
