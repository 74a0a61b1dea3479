#include "cli/mdoc.h"

#include <doctest/doctest.h>

namespace ddbplan::cli {
namespace {

TEST_CASE("every sentence begins a line") {
  CHECK(mdoc_text("One thing. Another one? Yes.") == "One thing.\nAnother one?\nYes.\n");
  CHECK(mdoc_text("Costs 1.5 units e.g. here.") == "Costs 1.5 units e.g. here.\n");
}

TEST_CASE("what would be a macro is text") {
  CHECK(mdoc_text(".Sh is text") == "\\&.Sh is text\n");
  CHECK(mdoc_text("a\\b") == "a\\eb\n");
  CHECK(mdoc_text("--format") == "\\-\\-format\n");
  CHECK(mdoc_word("say \"x\"") == "\"say \\(dqx\\(dq\"");
}

TEST_CASE("a section begins with text, later paragraphs are apart") {
  ManualPage page("demo", 1, "show a page");
  page.section("DESCRIPTION");
  page.paragraph("First.");
  page.paragraph("Second.");
  CHECK(page.text().ends_with(".Sh DESCRIPTION\nFirst.\n.Pp\nSecond.\n"));
  CHECK(page.text().find(".Dt DEMO 1\n") != std::string::npos);
}

}  // namespace
}  // namespace ddbplan::cli
