// Manual pages and completions are made from the program; the committed ones must be what it makes.

#include "cli/documents.h"

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "tests/cli/program.h"
#include "tests/support/unified_diff.h"

namespace ddbplan::test {
namespace {

bool has_program(const std::string& name) {
  return run("/bin/sh", {.arguments = {"-c", "command -v " + name}}).exit_status == 0;
}

TEST_CASE("the committed documents are those of the program") {
  for (const cli::GeneratedDocument& document : cli::generated_documents()) {
    const std::filesystem::path path = source_directory() / document.path;
    const std::string committed = std::filesystem::exists(path) ? read_file(path) : "";
    const std::string difference =
        unified_diff(committed, document.text, document.path, "the program's");
    CHECK_MESSAGE(difference.empty(), difference,
                  "\nTo renew them: cmake --build --preset release --target documents");
  }
}

TEST_CASE("manual pages are good mdoc") {
  if (!has_program("mandoc")) {
    MESSAGE("skipped: no mandoc here");
    return;
  }
  for (const cli::GeneratedDocument& document : cli::generated_documents()) {
    if (!document.path.starts_with("man/")) continue;
    INFO(document.path);
    // Cross-references are looked up on the machine, where our pages are not installed.
    const Outcome outcome =
        run("/bin/sh", {.arguments = {"-c",
                                      "mandoc -T lint -W warning \"$1\" | grep -v "
                                      "'referenced manual not found' || true",
                                      "sh", (source_directory() / document.path).string()}});
    CHECK(outcome.standard_output == "");
  }
}

TEST_CASE("every page has the sections that readers look for") {
  for (const cli::GeneratedDocument& document : cli::generated_documents()) {
    if (!document.path.ends_with(".1")) continue;
    INFO(document.path);
    for (const char* section :
         {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "FILES", "EXIT STATUS", "EXAMPLES"}) {
      CHECK(document.text.find(std::string("\n.Sh ") + section + "\n") != std::string::npos);
    }
  }
}

TEST_CASE("the shells can read the completions") {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    if (!has_program(shell)) {
      MESSAGE("skipped: no " << shell << " here");
      continue;
    }
    const std::string file =
        (source_directory() / "completions" / (std::string("ddbplan.") + shell)).string();
    const Outcome outcome =
        run("/bin/sh", {.arguments = {"-c", R"(exec "$1" -n "$2")", "sh", shell, file}});
    CHECK_MESSAGE(outcome.exit_status == 0, outcome.standard_error);
  }
}

/// What bash offers for a line, in one line.
std::string bash_offers(const std::string& words) {
  const std::string script =
      "compopt() { :; }; source \"$1\"; PATH=$(dirname \"$DDBPLAN_BINARY\"):$PATH; shift; "
      "COMP_WORDS=(" +
      words + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _ddbplan; echo \"${COMPREPLY[*]}\"";
  return run("/bin/sh", {.arguments = {"-c", R"(exec bash -c "$1" bash "$2")", "sh", script,
                                       (source_directory() / "completions/ddbplan.bash").string()},
                         .environment = {{"DDBPLAN_BINARY", ddbplan_binary().string()}}})
      .standard_output;
}

TEST_CASE("bash offers commands, options, values and names") {
  if (!has_program("bash")) {
    MESSAGE("skipped: no bash here");
    return;
  }
  CHECK(bash_offers("ddbplan de") == "design\n");
  CHECK(bash_offers("ddbplan lint --for") == "--format\n");
  CHECK(bash_offers("ddbplan lint --format s") == "sarif\n");
  CHECK(bash_offers("ddbplan --color n") == "never\n");
  CHECK(bash_offers("ddbplan explain DDB40") == "DDB401 DDB402 DDB403 DDB404\n");
  CHECK(bash_offers("ddbplan init sho") == "shop\n");
  CHECK(bash_offers("ddbplan emit clo").starts_with("cloudformation"));
}

}  // namespace
}  // namespace ddbplan::test
