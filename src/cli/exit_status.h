// What the program says to the shell. Scripts depend on these numbers; ddbplan(1), EXIT STATUS, documents
// them. A run that meets several conditions ends with the greatest number.
#pragma once

#include <algorithm>

namespace ddbplan::cli {

enum class ExitStatus {
  done = 0,      ///< the work is done, and nothing was found at or above --fail-on
  findings = 1,  ///< lint findings, a pattern no plan serves, a failed proof, a budget passed
  unusable = 2,  ///< usage, files, or a schema that is not a valid schema
  defect = 3,    ///< a bug of ddbplan
};

inline ExitStatus worse(ExitStatus a, ExitStatus b) {
  return static_cast<ExitStatus>(std::max(static_cast<int>(a), static_cast<int>(b)));
}

}  // namespace ddbplan::cli
