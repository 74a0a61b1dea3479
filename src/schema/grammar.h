// The forms of single values: what a scalar under a key may read as. Each grammar has a name, an
// example, a regular expression (for the JSON Schema) and a parser (for the messages); a test holds
// the two to the same language.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/cursor.h"

namespace ddbplan::schema {

enum class Grammar {
  text,
  value,
  name,
  pattern_name,
  service,
  version,
  integer,
  count,
  share,
  count_spread,
  size,
  duration,
  rate,
  growth,
  usd,
  instant,
  attribute_type,
  relation,
  alternatives,
  retention,
  move,
  state_move,
  reference,
  source,
  order,
  narrow,
  limit,
  hottest,
  event_rate,
  amount,
  returned,
  zipf,
  condition,
  range,
  operand,
};

struct GrammarInfo {
  Grammar grammar;
  std::string_view name;      ///< "rate": in $defs and in the manual
  std::string_view expected;  ///< "a rate": in messages
  std::string_view example;   ///< "300/s"
  std::string_view sentence;  ///< for the manual
  /// May the scalar read as a YAML number (`limit: 20`), and as a boolean (`set: {unread: false}`)?
  bool number = false;
  bool boolean = false;
  /// Expressions are recursive, which no regular expression can say: their errors are DDB023, not
  /// DDB00x.
  bool is_expression = false;
};

const GrammarInfo& info(Grammar grammar);
/// In the order of the enumeration.
const std::vector<GrammarInfo>& grammar_table();

/// The regular expression (ECMA 262), anchored. Empty for text and for expressions.
std::string pattern(Grammar grammar);

/// What is wrong with the text as a value of that grammar; nullopt when it is fine.
std::optional<ValueError> check(Grammar grammar, std::string_view text);

}  // namespace ddbplan::schema
