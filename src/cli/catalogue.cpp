#include "cli/catalogue.h"

#include <algorithm>

#include "lint/registry.h"
#include "schema/codes.h"

namespace ddbplan::cli {
namespace {

/// The language keeps its rules in a table of its own, with one paragraph each.
lint::RuleInfo from_language(const schema::CodeInfo& code) {
  const auto end = code.explanation.find(". ");
  const bool one_sentence = end == std::string_view::npos;
  return {.code = code.id,
          .name = code.rule,
          .severity = code.severity,
          .since = "0.1.0",
          .summary = one_sentence ? code.explanation : code.explanation.substr(0, end + 1),
          .rationale = one_sentence ? std::string_view{} : code.explanation.substr(end + 2),
          .source = {},
          .bad = code.bad,
          .good = code.good};
}

}  // namespace

std::vector<lint::RuleInfo> rule_catalogue() {
  std::vector<lint::RuleInfo> all;
  for (const schema::CodeInfo& code : schema::code_table()) all.push_back(from_language(code));
  for (const lint::Rule* rule : lint::rules()) all.push_back(rule->info);
  std::sort(all.begin(), all.end(),
            [](const lint::RuleInfo& a, const lint::RuleInfo& b) { return a.code < b.code; });
  return all;
}

std::vector<lint::RuleName> rule_names() {
  std::vector<lint::RuleName> names;
  for (const schema::CodeInfo& code : schema::code_table()) {
    names.push_back({code.id, code.rule, code.severity != support::Severity::error});
  }
  for (const lint::Rule* rule : lint::rules()) {
    names.push_back({rule->info.code, rule->info.name, rule->phase != lint::Phase::elsewhere});
  }
  return names;
}

std::string_view code_family(std::string_view code) {
  switch (code.size() > 3 ? code[3] : ' ') {
    case '0':
      return "Language";
    case '1':
      return "Keys and collections";
    case '2':
      return "Indexes and projections";
    case '3':
      return "Sizes and limits";
    case '4':
      return "Heat and capacity";
    case '5':
      return "Cost";
    case '6':
      return "Consistency, concurrency, transactions";
    case '7':
      return "Lifecycle, backup, regions";
    case '8':
      return "Security and tenancy";
    default:
      return {};
  }
}

}  // namespace ddbplan::cli
