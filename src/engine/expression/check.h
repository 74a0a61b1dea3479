// What the service refuses in an expression that its grammar allows: first by its text alone
// (reserved words, names and places of functions, counts), then by the types of the request's
// values. What depends on the stored item is not an error here; it makes a condition false.
//
// Each returns the first problem in the service's words, or nullopt.
#pragma once

#include <optional>
#include <string>

#include "engine/expression/ast.h"
#include "engine/expression/bindings.h"

namespace ddbplan::engine {

std::optional<std::string> check_structure(const ConditionExpression& condition);
std::optional<std::string> check_structure(const UpdateExpression& update);
std::optional<std::string> check_structure(const ProjectionExpression& projection);

std::optional<std::string> check_operands(const ConditionExpression& condition,
                                          const Bindings& bindings);
std::optional<std::string> check_operands(const UpdateExpression& update, const Bindings& bindings);
std::optional<std::string> check_operands(const ProjectionExpression& projection,
                                          const Bindings& bindings);

}  // namespace ddbplan::engine
