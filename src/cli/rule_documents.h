// Rules as documents for people and programs: `explain` prints them, ddbplan-rules(7) holds them.
#pragma once

#include <string>
#include <vector>

#include "lint/rule.h"

namespace ddbplan::cli {

std::string rules_as_text(const std::vector<lint::RuleInfo>& rules, int width);
std::string rules_as_markdown(const std::vector<lint::RuleInfo>& rules);
/// `{"schema_version": 1, "rules": [...]}`.
std::string rules_as_json(const std::vector<lint::RuleInfo>& rules);

}  // namespace ddbplan::cli
