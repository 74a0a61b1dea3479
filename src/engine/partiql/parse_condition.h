// The WHERE clause: comparisons, BETWEEN, IN, IS [NOT] NULL, IS [NOT] MISSING and functions, joined
// by AND, OR and NOT.
#pragma once

#include <optional>

#include "engine/expression/ast.h"
#include "engine/partiql/parser_base.h"

namespace ddbplan::engine::partiql {

class ConditionParser : public ParserBase {
 public:
  using ParserBase::ParserBase;

 protected:
  std::optional<Condition> condition();
  /// A path, a value, or a function of them.
  std::optional<Operand> operand();

 private:
  std::optional<Condition> conjunction();
  std::optional<Condition> negation();
  std::optional<Condition> term();
  std::optional<Condition> after_operand(Operand left);
  std::optional<Condition> is_predicate(Operand left);
  std::optional<Condition> between(Operand left);
  std::optional<Condition> in(Operand left);
  std::optional<FunctionCall> function();
};

}  // namespace ddbplan::engine::partiql
