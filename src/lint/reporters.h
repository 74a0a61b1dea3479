// Findings of several files as text for people, JSON for programs, and SARIF 2.1.0 for code scanning.
//
// Texts from the schema are escaped for each form; paths are printed as they were given, so that the output
// depends on nothing but the command line and the files.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lint/rule.h"
#include "support/diagnostics.h"
#include "support/source.h"

namespace ddbplan::lint {

struct FileFindings {
  const support::SourceText* source = nullptr;
  const support::Diagnostics* diagnostics = nullptr;
};

/// With source excerpts; nothing for files without findings.
std::string text_findings(const std::vector<FileFindings>& files,
                          const support::RenderOptions& options);

/// `{"schema_version": 1, "diagnostics": [...], "summary": {...}}`; a diagnostic is as in `design --format json`,
/// with `help` and `notes` where there are any.
std::string json_findings(const std::vector<FileFindings>& files);

/// `rules` documents every rule that may occur; the log lists those that do.
std::string sarif_findings(const std::vector<FileFindings>& files, std::span<const RuleInfo> rules,
                           std::string_view version);

}  // namespace ddbplan::lint
