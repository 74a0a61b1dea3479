// The findings of the language: every DDB0xx code with its rule's name, severity, explanation and
// examples. `ddbplan explain`, ddbplan-rules(7) and the tests read this table.
//
// DDB00x is what the JSON Schema (or YAML itself) refuses, DDB01x cross-references, DDB02x values,
// DDB03x values that disagree with each other, DDB04x defaults.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "support/diagnostics.h"

namespace ddbplan::schema {

enum class Code {
  not_yaml,
  unknown_key,
  wrong_shape,
  malformed_value,
  missing_key,
  duplicate_key,
  not_a_choice,
  too_large,
  unknown_entity,
  unknown_attribute,
  unknown_pattern,
  unknown_value,
  no_relation,
  not_unique,
  name_taken,
  cycle,
  type_mismatch,
  does_not_apply,
  out_of_range,
  absurd,
  shares_do_not_sum,
  malformed_expression,
  unknown_path,
  counts_disagree,
  rows_against_rate,
  moves_against_stocks,
  load_disagrees,
  defaults_used,
};

struct CodeInfo {
  Code code;
  std::string_view id;           ///< "DDB002"
  std::string_view rule;         ///< "unknown-key"
  support::Severity severity;    ///< unless the finding says otherwise
  std::string_view explanation;  ///< one paragraph
  std::string_view bad;          ///< YAML that is refused
  std::string_view good;         ///< the same, accepted
};

/// All of them, by code.
const std::vector<CodeInfo>& code_table();
const CodeInfo& info(Code code);

/// A diagnostic with the code's own id, rule and severity.
support::Diagnostic finding(Code code, support::Span span, std::string message,
                            std::string help = {});

}  // namespace ddbplan::schema
