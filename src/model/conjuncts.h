// The terms of an expression that must all hold, and what they say of an attribute's presence.
#pragma once

#include <string>
#include <vector>

#include "model/expression.h"

namespace ddbplan::model {

/// One where the expression is no conjunction, none where it is null.
std::vector<ExpressionPtr> conjuncts(const ExpressionPtr& expression);
/// The own attributes without which the expression never holds, as far as `exists` says so.
std::vector<std::string> required_attributes(const ExpressionPtr& expression);
/// Those with which it never holds, as far as `missing` says so.
std::vector<std::string> lacking_attributes(const ExpressionPtr& expression);

}  // namespace ddbplan::model
