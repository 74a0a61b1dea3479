// Goal: every file in examples/ is a design that a good engineer would ship: lint and design exit with 0, every
// access pattern is served and proven. Method: the built program over the whole folder.

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "tests/examples/designed.h"
#include "tests/support/process.h"

namespace ddbplan::test {

namespace {

std::vector<std::string> examples() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(source_directory() / "examples")) {
    if (entry.path().extension() == ".yaml")
      files.push_back("examples/" + entry.path().filename().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

TEST_CASE("the examples of the first release are there") {
  const std::vector<std::string> files = examples();
  for (const char* number : {"01-", "02-", "03-", "11-", "13-", "15-", "18-", "26-", "shop"}) {
    const bool found = std::any_of(files.begin(), files.end(), [&](const std::string& file) {
      return file.rfind(std::string("examples/") + number, 0) == 0;
    });
    CHECK_MESSAGE(found, number);
  }
}

TEST_CASE("lint passes on every example") {
  for (const std::string& file : examples()) {
    const Outcome outcome =
        run(ddbplan_binary(), {.arguments = {"lint", file}, .directory = source_directory()});
    INFO(file << "\n" << outcome.standard_output << outcome.standard_error);
    CHECK(outcome.exit_status == 0);
  }
}

TEST_CASE("design serves and proves every pattern of every example") {
  for (const std::string& file : examples()) {
    INFO(file);
    const Json design = design_example(file);
    CHECK(design.at("validation").at("failed") == 0);
    std::size_t offloaded = 0;
    for (const auto& [name, pattern] : design.at("access_patterns").items())
      offloaded += pattern.at("served") == "offload" ? 1U : 0U;
    CHECK(design.at("validation").at("patterns") ==
          design.at("access_patterns").size() - offloaded);
    for (const auto& [name, pattern] : design.at("access_patterns").items()) {
      INFO(name);
      CHECK(pattern.at("served") != "no");
      CHECK(pattern.at("served") != "scan");
    }
  }
}

TEST_CASE("the same input gives the same bytes") {
  for (const std::string& file : examples()) {
    const Command command{.arguments = {"design", file, "--format", "json"},
                          .directory = source_directory()};
    CHECK(run(ddbplan_binary(), command).standard_output ==
          run(ddbplan_binary(), command).standard_output);
  }
}

}  // namespace ddbplan::test
