#include "support/diagnostics.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using ddbplan::support::Diagnostic;
using ddbplan::support::Diagnostics;
using ddbplan::support::nearest;
using ddbplan::support::render;
using ddbplan::support::Severity;
using ddbplan::support::SourceText;
using ddbplan::support::Span;

namespace {

Span find(const SourceText& source, std::string_view text) {
  const std::size_t at = source.text().find(text);
  REQUIRE(at != std::string_view::npos);
  return {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + text.size())};
}

Diagnostic make(std::string message, Span span) {
  Diagnostic diagnostic;
  diagnostic.code = "DDB001";
  diagnostic.rule = "unknown-key";
  diagnostic.message = std::move(message);
  diagnostic.span = span;
  return diagnostic;
}

}  // namespace

TEST_CASE("a diagnostic shows its line, a caret range, notes and help") {
  const SourceText source("orders.yaml", "service: shop\nentites:\n  Order: {}\n");
  Diagnostic diagnostic = make("unknown key 'entites'", find(source, "entites"));
  diagnostic.notes.push_back({"the file starts here", find(source, "service")});
  diagnostic.help = "Write 'entities'.";
  CHECK(render(diagnostic, source) ==
        "orders.yaml:2:1: error[DDB001]: unknown key 'entites'\n"
        "   2 | entites:\n"
        "     | ^^^^^^^\n"
        "orders.yaml:1:1: note: the file starts here\n"
        "   1 | service: shop\n"
        "     | ^^^^^^^\n"
        "help: Write 'entities'.\n");
}

TEST_CASE("the caret counts code points and repeats tabs") {
  const SourceText source("a.yaml", "\tschlüssel: wört\n");
  CHECK(render(make("no", find(source, "wört")), source) ==
        "a.yaml:1:13: error[DDB001]: no\n"
        "   1 | \tschlüssel: wört\n"
        "     | \t           ^^^^\n");
}

TEST_CASE("a range over lines is marked to the end of the first") {
  const SourceText source("a.yaml", "ab: |\n  text\n");
  CHECK(render(make("no", {4, 11}), source) ==
        "a.yaml:1:5: error[DDB001]: no\n"
        "   1 | ab: |\n"
        "     |     ^\n");
}

TEST_CASE("a place past the end of a line and an empty line have a caret") {
  const SourceText source("a.yaml", "ab:\n\nx\n");
  CHECK(render(make("missing", {3, 3}), source) ==
        "a.yaml:1:4: error[DDB001]: missing\n"
        "   1 | ab:\n"
        "     |    ^\n");
  CHECK(render(make("missing", {4, 5}), source) ==
        "a.yaml:2:1: error[DDB001]: missing\n"
        "   2 |\n"
        "     | ^\n");
}

TEST_CASE("without a place there is only the file") {
  const SourceText source("a.yaml", "");
  CHECK(render(make("the file is empty", {}), source) ==
        "a.yaml: error[DDB001]: the file is empty\n");
}

TEST_CASE("a long line is cut around the caret") {
  const SourceText source("a.yaml", std::string(500, 'a') + "BAD" + std::string(500, 'b') + "\n");
  const std::string text = render(make("no", find(source, "BAD")), source);
  CHECK(text.find("   1 | …" + std::string(60, 'a') + "BAD" + std::string(97, 'b') + "…\n") !=
        std::string::npos);
  CHECK(text.find("     | " + std::string(61, ' ') + "^^^\n") != std::string::npos);
}

TEST_CASE("text of the input cannot drive the terminal") {
  const SourceText source("a\x1b.yaml", "k: \x1b[2J!\n");
  const std::string text = render(make("bad \x1b[0m", find(source, "!")), source);
  CHECK(text ==
        "a\\x1B.yaml:1:8: error[DDB001]: bad \\x1B[0m\n"
        "   1 | k: \\x1B[2J!\n"
        "     |           ^\n");
}

TEST_CASE("colour only when asked for") {
  const SourceText source("a.yaml", "x\n");
  CHECK(render(make("no", {0, 1}), source).find('\x1b') == std::string::npos);
  CHECK(render(make("no", {0, 1}), source, {.colour = true}).find("\x1b[1;31m") !=
        std::string::npos);
}

TEST_CASE("sorting keeps source order, the order of finding, and drops repeats") {
  Diagnostics all;
  all.add(make("b", {5, 6}));
  all.add(make("a", {5, 6}));
  all.add(make("c", {1, 2}));
  all.add(make("b", {5, 6}));
  all.sort();
  REQUIRE(all.items().size() == 3);
  CHECK(all.items()[0].message == "c");
  CHECK(all.items()[1].message == "b");
  CHECK(all.items()[2].message == "a");
  CHECK(all.has_errors());
  CHECK(all.count(Severity::error) == 3);
  CHECK(all.count(Severity::warning) == 0);
}

TEST_CASE("several diagnostics are separated by blank lines") {
  const SourceText source("a.yaml", "x\n");
  Diagnostics all;
  CHECK(render(all, source).empty());
  all.add(make("one", {}));
  all.add(make("two", {}));
  CHECK(render(all, source) == "a.yaml: error[DDB001]: one\n\na.yaml: error[DDB001]: two\n");
}

TEST_CASE("the nearest name is offered when it is near enough to be a slip") {
  CHECK(nearest("entites", {"entities", "settings"}) == "entities");
  CHECK(nearest("raet", {"rate", "range"}) == "rate");
  CHECK(nearest("ORDER", {"Order", "Border"}) == "Order");
  CHECK(nearest("colour", {"settings"}) == std::nullopt);
  CHECK(nearest("a", {"b"}) == std::nullopt);
  CHECK(nearest("", {"b"}) == std::nullopt);
  // Equally near: the first, so that the answer does not depend on anything else.
  CHECK(nearest("cat", {"bat", "rat"}) == "bat");
}
