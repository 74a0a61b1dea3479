#include "lint/rules/rules.h"

namespace ddbplan::lint {

constinit const Rule kNoFeasibleDesign = {
    .info = {
        .code = "DDB201",
        .name = "no-feasible-design",
        .severity = support::Severity::error,
        .since = "0.1.0",
        .summary = "Every design that was considered breaks a limit of DynamoDB.",
        .rationale = "Each access pattern can be served by itself, but no choice serves all of "
                     "them within the "
                     "limits: a collection with a local index holds 10 GB, a table at most five "
                     "local indexes. "
                     "The message names the limit that the nearest design breaks.",
        .source =
            "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html",
        .bad = R"()",
        .good = R"()"}};

}  // namespace ddbplan::lint
