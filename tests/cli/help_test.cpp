// Help, version, and what happens to slips of the keyboard.

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/cli/program.h"

namespace ddbplan::test {
namespace {

const std::vector<std::string> kCommands = {"init", "design",   "why",   "lint",  "explain",
                                            "emit", "validate", "query", "serve", "schema"};

std::size_t widest_line(const std::string& text) {
  std::size_t widest = 0;
  std::size_t line = 0;
  for (const char c : text) {
    line = c == '\n' ? 0 : line + 1;
    widest = std::max(widest, line);
  }
  return widest;
}

TEST_CASE("--help of the program names every command") {
  const Workplace place;
  const Outcome outcome = place.ddbplan({"--help"});
  CHECK(outcome.exit_status == 0);
  CHECK(outcome.standard_error == "");
  CHECK(widest_line(outcome.standard_output) <= 80);
  for (const std::string& command : kCommands) {
    CHECK(outcome.standard_output.find("\n  " + command + " ") != std::string::npos);
  }
}

TEST_CASE("--help of every command has usage, options and an example") {
  const Workplace place;
  for (const std::string& command : kCommands) {
    INFO(command);
    const Outcome outcome = place.ddbplan({command, "--help"});
    CHECK(outcome.exit_status == 0);
    CHECK(outcome.standard_error == "");
    CHECK(widest_line(outcome.standard_output) <= 80);
    CHECK(outcome.standard_output.find("Usage: ddbplan " + command) != std::string::npos);
    CHECK(outcome.standard_output.find("\n  -h, --help ") != std::string::npos);
    CHECK(outcome.standard_output.find("\nExamples:\n") != std::string::npos);
    CHECK(place.ddbplan({"help", command}).standard_output == outcome.standard_output);
  }
}

TEST_CASE("--version is the program's name and a version") {
  const Workplace place;
  const Outcome outcome = place.ddbplan({"--version"});
  CHECK(outcome.exit_status == 0);
  CHECK(outcome.standard_output.starts_with("ddbplan "));
  CHECK(std::count(outcome.standard_output.begin(), outcome.standard_output.end(), '.') == 2);
}

TEST_CASE("a slip gets the nearest name") {
  const Workplace place;
  CHECK(place.ddbplan({"desing", "x"}).standard_error ==
        "ddbplan: error: unknown command 'desing'; did you mean 'design'?\n"
        "Run 'ddbplan --help' for usage.\n");
  CHECK(place.ddbplan({"lint", "--formt", "json", "x"}).standard_error ==
        "ddbplan: error: unknown option '--formt'; did you mean '--format'?\n"
        "Run 'ddbplan lint --help' for usage.\n");
  CHECK(place.ddbplan({"lint", "--format", "sariff", "x"}).standard_error ==
        "ddbplan: error: --format: unknown value 'sariff'; did you mean 'sarif'?\n"
        "Run 'ddbplan lint --help' for usage.\n");
  CHECK(place.ddbplan({"explain", "DDB41"}).standard_error.find("did you mean") !=
        std::string::npos);
}

TEST_CASE("a command of a later version says so") {
  const Workplace place;
  for (const char* command : {"cost", "import", "simulate", "diff"}) {
    const Outcome outcome = place.ddbplan({command, "x.yaml"});
    CHECK(outcome.exit_status == 2);
    CHECK(outcome.standard_error.find(std::string("the command '") + command +
                                      "' is not in this version") != std::string::npos);
  }
}

TEST_CASE("options may stand before and after the command and the file") {
  const Workplace place;
  place.write("good.yaml", kGoodSchema);
  CHECK(place.ddbplan({"-q", "lint", "good.yaml"}).standard_error == "");
  CHECK(place.ddbplan({"lint", "-q", "good.yaml"}).standard_error == "");
  CHECK(place.ddbplan({"lint", "good.yaml", "--quiet"}).standard_error == "");
  CHECK(place.ddbplan({"lint", "good.yaml"}).standard_error ==
        "ddbplan: note: no findings in 1 file\n");
}

}  // namespace
}  // namespace ddbplan::test
