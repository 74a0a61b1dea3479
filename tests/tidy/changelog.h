// The form of CHANGELOG.md (keepachangelog.com 1.1.0): scripts and packagers read it, so a slip in
// it is worth a red test.
#pragma once

#include <vector>

#include "tests/tidy/finding.h"

namespace ddbplan::tidy {

/// `# Changelog`; then `## [Unreleased]` first, and `## [1.2.3] - 2026-01-31` with versions falling
/// and dates not rising; below them only `### Added`, `Changed`, `Deprecated`, `Removed`, `Fixed`
/// or `Security`, each once per version and with at least one `- ` entry.
std::vector<Finding> check_changelog(const File& file);

}  // namespace ddbplan::tidy
