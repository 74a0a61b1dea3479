// Findings that the schema's author has answered: `# ddbplan: ignore DDB204 -- the index is small` at the end of
// a line or on the line above; `# ddbplan: ignore-file DDB204 -- reason` anywhere, for the whole file. Several
// codes, or rule names, are separated by commas.
//
// A comment that silences nothing, has no reason, or names no rule is a finding itself (DDB09x), so that
// comments do not outlive their cause.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "lint/rule.h"

namespace ddbplan::lint {

/// What a comment may name. Errors that leave nothing to plan can't be ignored.
struct RuleName {
  std::string_view code;
  std::string_view name;
  bool ignorable = true;
};

struct Suppressed {
  support::Diagnostics remaining;
  std::size_t suppressed = 0;
};

/// `known` are all rules. Unused comments are reported only when `complete`: a run that stopped at the
/// language did not look for the rest.
Suppressed apply_suppressions(const support::SourceText& source,
                              const support::Diagnostics& diagnostics,
                              std::span<const RuleName> known, bool complete);

}  // namespace ddbplan::lint
