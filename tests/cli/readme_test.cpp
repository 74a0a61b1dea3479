// The commands that README.md shows are run in order, in one folder, and must print what it shows. A block of
// the language "console" holds "$ command" lines, each followed by its output; a line "..." stands for any lines.

#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/cli/program.h"
#include "tests/support/unified_diff.h"

namespace ddbplan::test {
namespace {

struct Shown {
  std::string command;
  std::vector<std::string> output;
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<Shown> shown_commands(const std::string& readme) {
  std::vector<Shown> commands;
  bool inside = false;
  for (const std::string& line : lines_of(readme)) {
    if (line.starts_with("```")) {
      inside = line == "```console";
    } else if (inside && line.starts_with("$ ")) {
      commands.push_back({line.substr(2), {}});
    } else if (inside && !commands.empty()) {
      commands.back().output.push_back(line);
    }
  }
  return commands;
}

/// Do the lines fit the pattern, in which "..." stands for any number of lines?
bool fits(const std::vector<std::string>& pattern, std::size_t p,
          const std::vector<std::string>& lines, std::size_t l) {
  if (p == pattern.size()) return l == lines.size();
  if (pattern[p] == "...") {
    for (std::size_t next = l; next <= lines.size(); ++next) {
      if (fits(pattern, p + 1, lines, next)) return true;
    }
    return false;
  }
  return l < lines.size() && pattern[p] == lines[l] && fits(pattern, p + 1, lines, l + 1);
}

TEST_CASE("the schema that README.md shows is the one that init writes") {
  const Workplace place;
  const std::string readme = read_file(source_directory() / "README.md");
  CHECK(readme.find("```yaml\n" + place.ddbplan({"init", "--print"}).standard_output + "```\n") !=
        std::string::npos);
}

TEST_CASE("README.md shows what the program prints") {
  const Workplace place;
  const std::vector<Shown> commands = shown_commands(read_file(source_directory() / "README.md"));
  REQUIRE(commands.size() >= 4);
  for (const Shown& shown : commands) {
    INFO(shown.command);
    const Outcome outcome =
        place.shell("PATH=$(dirname \"$DDBPLAN\"):$PATH; exec 2>&1; " + shown.command);
    CHECK_FALSE(is_defect(outcome));
    const std::vector<std::string> lines = lines_of(outcome.standard_output);
    std::string expected;
    for (const std::string& line : shown.output) expected += line + "\n";
    CHECK_MESSAGE(fits(shown.output, 0, lines, 0),
                  unified_diff(expected, outcome.standard_output, "README.md", "the program"));
  }
}

}  // namespace
}  // namespace ddbplan::test
