#include "schema/codes.h"

#include <algorithm>
#include <utility>

#include "support/check.h"

namespace ddbplan::schema {

using support::Severity;

const std::vector<CodeInfo>& code_table() {
  static const std::vector<CodeInfo> table = {
      {Code::not_yaml, "DDB001", "not-yaml", Severity::error, "", "", ""},
      {Code::unknown_key, "DDB002", "unknown-key", Severity::error, "", "", ""},
      {Code::wrong_shape, "DDB003", "wrong-shape", Severity::error, "", "", ""},
      {Code::malformed_value, "DDB004", "malformed-value", Severity::error, "", "", ""},
      {Code::missing_key, "DDB005", "missing-key", Severity::error, "", "", ""},
      {Code::duplicate_key, "DDB006", "duplicate-key", Severity::error, "", "", ""},
      {Code::not_a_choice, "DDB007", "not-a-choice", Severity::error, "", "", ""},
      {Code::too_large, "DDB008", "too-large", Severity::error, "", "", ""},
      {Code::unknown_entity, "DDB010", "unknown-entity", Severity::error, "", "", ""},
      {Code::unknown_attribute, "DDB011", "unknown-attribute", Severity::error, "", "", ""},
      {Code::unknown_pattern, "DDB012", "unknown-pattern", Severity::error, "", "", ""},
      {Code::unknown_value, "DDB013", "unknown-value", Severity::error, "", "", ""},
      {Code::no_relation, "DDB014", "no-relation", Severity::error, "", "", ""},
      {Code::not_unique, "DDB015", "not-unique", Severity::error, "", "", ""},
      {Code::name_taken, "DDB016", "name-taken", Severity::error, "", "", ""},
      {Code::cycle, "DDB017", "cycle", Severity::error, "", "", ""},
      {Code::type_mismatch, "DDB018", "type-mismatch", Severity::error, "", "", ""},
      {Code::does_not_apply, "DDB019", "does-not-apply", Severity::error, "", "", ""},
      {Code::out_of_range, "DDB020", "out-of-range", Severity::error, "", "", ""},
      {Code::absurd, "DDB021", "absurd", Severity::error, "", "", ""},
      {Code::shares_do_not_sum, "DDB022", "shares-do-not-sum", Severity::error, "", "", ""},
      {Code::malformed_expression, "DDB023", "malformed-expression", Severity::error, "", "", ""},
      {Code::unknown_path, "DDB024", "unknown-path", Severity::error, "", "", ""},
      {Code::counts_disagree, "DDB030", "counts-disagree", Severity::warning, "", "", ""},
      {Code::rows_against_rate, "DDB031", "rows-against-rate", Severity::warning, "", "", ""},
      {Code::moves_against_stocks, "DDB032", "moves-against-stocks", Severity::warning, "", "", ""},
      {Code::load_disagrees, "DDB033", "load-disagrees", Severity::warning, "", "", ""},
      {Code::defaults_used, "DDB040", "defaults-used", Severity::info, "", "", ""},
  };
  return table;
}

const CodeInfo& info(Code code) {
  const std::vector<CodeInfo>& table = code_table();
  const auto found =
      std::find_if(table.begin(), table.end(), [code](const CodeInfo& one) { return one.code == code; });
  DDBPLAN_CHECK(found != table.end());
  return *found;
}

support::Diagnostic finding(Code code, support::Span span, std::string message, std::string help) {
  const CodeInfo& known = info(code);
  support::Diagnostic diagnostic;
  diagnostic.code = known.id;
  diagnostic.rule = known.rule;
  diagnostic.severity = known.severity;
  diagnostic.message = std::move(message);
  diagnostic.span = span;
  diagnostic.help = std::move(help);
  return diagnostic;
}

}  // namespace ddbplan::schema
