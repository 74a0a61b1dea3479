#include "lint/rules/rules.h"

namespace ddbplan::lint {

constinit const Rule kUnusableEarlierDesign = {
    .info = {.code = "DDB113",
             .name = "unusable-earlier-design",
             .severity = support::Severity::error,
             .since = "0.1.0",
             .summary = "The file named with --keep holds no design that can be planned around.",
             .rationale =
                 "It must be the JSON document of an earlier run (`ddbplan design --format json`, "
                 "or design.json of `design -o`), of the same service and of this version's form. "
                 "A finding points at the value in that file that is not what it must be.",
             .source = "",
             .bad = "",
             .good = ""}};

}  // namespace ddbplan::lint
