#include "tests/tidy/changelog.h"

#include <doctest/doctest.h>

#include "tests/support/files.h"
#include "tests/support/process.h"

namespace ddbplan::tidy {
namespace {

std::string check(const std::string& text) {
  return to_text(check_changelog({"C", text}));
}

TEST_CASE("a changelog in form passes") {
  CHECK(check("# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A.\n\n"
              "## [0.2.0] - 2026-03-01\n\n### Fixed\n\n- B.\n\n"
              "## [0.1.0] - 2026-02-01\n\n### Added\n\n- C.\n") == "");
}

TEST_CASE("Unreleased stands first") {
  CHECK(check("# Changelog\n\n## [0.1.0] - 2026-02-01\n") ==
        "C:3: no \"## [Unreleased]\" before this\n");
  CHECK(check("# Changelog\n") == "C:1: no \"## [Unreleased]\"\n");
}

TEST_CASE("versions fall, dates do not rise") {
  CHECK(check("# Changelog\n## [Unreleased]\n## [0.1.0] - 2026-02-01\n## [0.2.0] - 2026-03-01\n") ==
        "C:4: versions fall down the page\nC:4: newer than the version above it\n");
  CHECK(
      check("# Changelog\n## [Unreleased]\n## [0.10.0] - 2026-02-01\n## [0.9.0] - 2026-01-01\n") ==
      "");
  CHECK(check("# Changelog\n## [Unreleased]\n## 0.1.0\n") ==
        "C:3: not \"## [1.2.3] - 2026-01-31\": ## 0.1.0\n");
}

TEST_CASE("kinds are the six, once each, and hold something") {
  CHECK(check("# Changelog\n## [Unreleased]\n### New\n- A.\n") ==
        "C:3: not Added, Changed, Deprecated, Removed, Fixed or Security: New\n");
  CHECK(check("# Changelog\n## [Unreleased]\n### Added\n- A.\n### Added\n- B.\n") ==
        "C:5: Added twice in one version\n");
  CHECK(check("# Changelog\n## [Unreleased]\n### Added\n") == "C:3: nothing under Added\n");
}

TEST_CASE("the repository's changelog is in form") {
  const std::string text = test::read_file(test::source_directory() / "CHANGELOG.md");
  const std::vector<Finding> findings = check_changelog({"CHANGELOG.md", text});
  CHECK_MESSAGE(findings.empty(), to_text(findings));
}

}  // namespace
}  // namespace ddbplan::tidy
