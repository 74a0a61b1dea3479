#include "lint/rules/rules.h"

namespace ddbplan::lint {

constinit const Rule kNotPlannedYet = {
    .info = {.code = "DDB119",
             .name = "not-planned-yet",
             .severity = support::Severity::error,
             .since = "0.1.0",
             .summary = "The schema says something that this version of ddbplan cannot plan.",
             .rationale = "The language is ahead of the planner. What it cannot derive is never "
                          "left out in silence: the pattern is "
                          "an error, and `design --keep-going` plans the others.",
             .source = "",
             .bad = "",
             .good = ""}};

}  // namespace ddbplan::lint
