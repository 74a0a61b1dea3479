// Goal: every file in examples/ is a design that a good engineer would ship: lint and design exit with 0, every
// access pattern is served and proven. Method: the built program over the whole folder.

#include <doctest/doctest.h>

#include "tests/examples/designed.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace ddbplan::test {

namespace {

/// `name: {export: ...}` in the file.
bool is_export(const std::string& file, const std::string& name) {
  const std::string text = read_file(source_directory() / file);
  const std::size_t at = text.find("\n  " + name + ":");
  if (at == std::string::npos) return false;
  const std::string line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
  return line.find("{export:") != std::string::npos;
}

}  // namespace

TEST_CASE("every situation has its example") {
  const std::vector<std::string> files = example_files();
  const auto begins = [&](const std::string& start) {
    return std::any_of(files.begin(), files.end(), [&](const std::string& file) {
      return file.rfind("examples/" + start, 0) == 0;
    });
  };
  CHECK(begins("shop"));
  for (int number = 1; number <= 34; ++number) {
    const std::string start = (number < 10 ? "0" : "") + std::to_string(number) + "-";
    CHECK_MESSAGE(begins(start), start);
  }
}

TEST_CASE("lint passes on every example") {
  for (const std::string& file : example_files()) {
    const Outcome outcome =
        run(ddbplan_binary(), {.arguments = {"lint", file}, .directory = source_directory()});
    INFO(file << "\n" << outcome.standard_output << outcome.standard_error);
    CHECK(outcome.exit_status == 0);
  }
}

TEST_CASE("design serves and proves every pattern of every example") {
  for (const std::string& file : example_files()) {
    INFO(file);
    const Json design = design_example(file);
    CHECK(design.at("validation").at("failed") == 0);
    std::size_t executed = 0;
    for (const auto& [name, pattern] : design.at("access_patterns").items()) {
      const std::string& shown = name;  // clang 14 captures no structured binding
      INFO(shown);
      if (pattern.at("served") != "offload") ++executed;
      CHECK(pattern.at("served") != "no");
      // Only whoever asks for an export accepts a Scan.
      if (!is_export(file, name)) CHECK(pattern.at("served") != "scan");
    }
    CHECK(design.at("validation").at("patterns") == executed);
  }
}

TEST_CASE("the same input gives the same bytes") {
  for (const std::string& file : example_files()) {
    const Command command{.arguments = {"design", file, "--format", "json"},
                          .directory = source_directory()};
    CHECK(run(ddbplan_binary(), command).standard_output ==
          run(ddbplan_binary(), command).standard_output);
  }
}

}  // namespace ddbplan::test
