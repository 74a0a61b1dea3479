// The terms of an expression that must all hold, put together and taken apart, and what they say of an attribute's
// presence.
#pragma once

#include <string>
#include <vector>

#include "model/expression.h"

namespace ddbplan::model {

/// One where the expression is no conjunction, none where it is null; what is a conjunction within one counts by its
/// terms.
std::vector<ExpressionPtr> conjuncts(const ExpressionPtr& expression);
/// The terms of both; null where both are.
ExpressionPtr conjunction(const ExpressionPtr& a, const ExpressionPtr& b);
/// The own attributes without which the expression never holds, as far as `exists` says so.
std::vector<std::string> required_attributes(const ExpressionPtr& expression);
/// Those with which it never holds, as far as `missing` says so.
std::vector<std::string> lacking_attributes(const ExpressionPtr& expression);

}  // namespace ddbplan::model
