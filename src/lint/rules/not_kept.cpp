#include "lint/rules/rules.h"

namespace ddbplan::lint {

constinit const Rule kNotKept = {
    .info = {
        .code = "DDB112",
        .name = "not-kept",
        .severity = support::Severity::warning,
        .since = "0.1.0",
        .summary = "Something of the design named with --keep cannot stay.",
        .rationale =
            "A key that items were written with stays only while the schema writes it the "
            "same way: its attributes are there, keep their ranks, never change, and are known "
            "to every access pattern that finds the row (their types are not looked at: an "
            "earlier design does not say them). Where that is no "
            "longer so, the planner chooses anew, and the items that are there have to be "
            "written again. Before such a move, see whether the schema can say what is "
            "wanted beside the old attribute.",
        .source = "",
        .bad = "",
        .good = ""}};

}  // namespace ddbplan::lint
