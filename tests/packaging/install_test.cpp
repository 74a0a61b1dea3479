// Installs this build into an empty folder and uses the copy: what a package would hold must run
// without the source tree, find its examples, and bring its pages.

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/files.h"
#include "tests/support/process.h"

namespace ddbplan::test {
namespace {

namespace fs = std::filesystem;

struct Installation {
  TemporaryDirectory directory;
  fs::path prefix = directory.path() / "prefix";

  Installation() {
    const Outcome outcome =
        run(CMAKE_PROGRAM,
            {.arguments = {"--install", DDBPLAN_BUILD_DIRECTORY, "--prefix", prefix.string()}});
    REQUIRE_MESSAGE(outcome.exit_status == 0, outcome.standard_error);
  }

  [[nodiscard]] Outcome ddbplan(const std::vector<std::string>& arguments) const {
    // An empty folder, so that nothing of the source tree can be found by a relative path.
    const fs::path elsewhere = directory.path() / "elsewhere";
    fs::create_directories(elsewhere);
    return run(prefix / "bin/ddbplan", {.arguments = arguments,
                                        .environment = {{"HOME", elsewhere.string()}},
                                        .directory = elsewhere});
  }
};

TEST_CASE_FIXTURE(Installation, "the installed program says its version") {
  const Outcome outcome = ddbplan({"--version"});
  CHECK(outcome.exit_status == 0);
  CHECK(outcome.standard_output.find(DDBPLAN_VERSION_EXPECTED) != std::string::npos);
}

TEST_CASE_FIXTURE(Installation, "the installed program finds the installed examples") {
  const Outcome outcome = ddbplan({"init", "--list"});
  CHECK(outcome.exit_status == 0);
  CHECK(outcome.standard_error.empty());
  for (const fs::directory_entry& example :
       fs::directory_iterator(prefix / "share/ddbplan/examples")) {
    if (example.path().extension() != ".yaml") continue;
    CAPTURE(example.path());
    CHECK(outcome.standard_output.find(example.path().stem().string()) != std::string::npos);
  }
}

TEST_CASE_FIXTURE(Installation, "every man page of the repository is installed in its section") {
  const fs::path pages = source_directory() / "man";
  if (!fs::exists(pages)) return;
  for (const fs::directory_entry& page : fs::directory_iterator(pages)) {
    const std::string section = page.path().extension().string().substr(1);
    if (section != "1" && section != "5" && section != "7") continue;
    CAPTURE(page.path());
    CHECK(fs::exists(prefix / "share/man" / ("man" + section) / page.path().filename()));
  }
}

}  // namespace
}  // namespace ddbplan::test
