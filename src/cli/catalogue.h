// Every rule of the program in the order of codes: the language's, the planner's and the linter's. What
// `explain`, ddbplan-rules(7), SARIF and the suppressions know.
#pragma once

#include <string_view>
#include <vector>

#include "lint/rule.h"
#include "lint/suppression.h"

namespace ddbplan::cli {

std::vector<lint::RuleInfo> rule_catalogue();
/// The same as names that a comment may give. Errors of the language and of the planner can't be ignored: they
/// leave nothing to look at.
std::vector<lint::RuleName> rule_names();

/// "DDB0xx": what one hundred of the codes is about; empty for a hundred without rules.
std::string_view code_family(std::string_view code);

}  // namespace ddbplan::cli
