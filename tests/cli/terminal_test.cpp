// Streams, colour, and outputs that fail.

#include <string>

#include <doctest/doctest.h>

#include "tests/cli/program.h"

namespace ddbplan::test {
namespace {

bool has_colour(const std::string& text) {
  return text.find("\x1b[") != std::string::npos;
}

TEST_CASE("results go to standard output, messages to standard error") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  const Outcome design = place.ddbplan({"design", "good.yaml", "-v"});
  CHECK(design.standard_error.find("detail: parse: ") != std::string::npos);
  CHECK(design.standard_output.find("detail:") == std::string::npos);
  CHECK(design.standard_output == place.ddbplan({"design", "good.yaml", "-q"}).standard_output);
}

TEST_CASE("no colour where nobody watches, unless it is forced") {
  const Workplace place;
  place.write("bad.yaml", "ddbplan: 1\nservise: x\n");
  CHECK_FALSE(has_colour(place.ddbplan({"lint", "bad.yaml"}).standard_output));
  CHECK(has_colour(place.ddbplan({"lint", "--color=always", "bad.yaml"}).standard_output));
  CHECK(has_colour(place.shell("FORCE_COLOR=1 \"$DDBPLAN\" lint bad.yaml").standard_output));
  CHECK_FALSE(has_colour(place.shell("FORCE_COLOR=0 \"$DDBPLAN\" lint bad.yaml").standard_output));
  CHECK_FALSE(has_colour(
      place.shell("NO_COLOR=1 FORCE_COLOR=1 \"$DDBPLAN\" lint bad.yaml").standard_output));
  CHECK_FALSE(has_colour(
      place.shell("FORCE_COLOR=1 \"$DDBPLAN\" lint --color never bad.yaml").standard_output));
}

TEST_CASE("a file of --format has no colour and the width of paper") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  CHECK(place.ddbplan({"design", "good.yaml", "--color=always", "--format", "text=report.txt"})
            .exit_status == 0);
  CHECK_FALSE(has_colour(place.read("report.txt")));
}

TEST_CASE("a full disk under standard output is an error") {
  const Workplace place;
  const Outcome outcome = place.shell("\"$DDBPLAN\" schema > /dev/full");
  CHECK(outcome.exit_status == 2);
  CHECK(outcome.standard_error ==
        "ddbplan: error: cannot write to standard output: No space left on device\n");
}

TEST_CASE("a closed standard output is an error, and no file takes its place") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  const Outcome outcome = place.shell("\"$DDBPLAN\" design good.yaml -o out >&-");
  CHECK(outcome.exit_status == 2);
  CHECK(outcome.standard_error.find("cannot write to standard output") != std::string::npos);
  for (const auto& file : read_tree(place.path() / "out")) {
    INFO(file.first);
    CHECK_FALSE(file.second.starts_with("notes: $"));
  }
}

TEST_CASE("a reader that has had enough is no error") {
  const Workplace place;
  const Outcome outcome = place.shell("{ \"$DDBPLAN\" explain --all; echo $? >&2; } | head -n 1");
  CHECK(outcome.standard_error == "0\n");
}

TEST_CASE("an unwritable file of --format is named") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  const Outcome outcome =
      place.ddbplan({"design", "good.yaml", "--format", "json=no/such/folder.json"});
  CHECK(outcome.exit_status == 2);
  CHECK(outcome.standard_error.find(
            "cannot write 'no/such/folder.json': No such file or directory") != std::string::npos);
}

}  // namespace
}  // namespace ddbplan::test
