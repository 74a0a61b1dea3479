// Reads the text of an expression into its tree by recursive descent. Errors are in the service's
// words without the leading "Invalid ConditionExpression: ", which the caller knows.
//
// The depth of recursion is bounded by the limit on operators, whatever the text is.
#pragma once

#include <string>
#include <string_view>

#include "engine/expression/ast.h"
#include "support/result.h"

namespace ddbplan::engine {

/// Also filters and key conditions, which have the same grammar.
support::Result<ConditionExpression, std::string> parse_condition(std::string_view text);
support::Result<UpdateExpression, std::string> parse_update(std::string_view text);
support::Result<ProjectionExpression, std::string> parse_projection(std::string_view text);

}  // namespace ddbplan::engine
