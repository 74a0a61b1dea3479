// Values of a call with which a condition holds of a row.
#pragma once

#include <set>
#include <string>

#include "dynamo/value.h"
#include "model/expression.h"

namespace ddbplan::seed {

/// Gives each parameter of the condition a value that fits the row, where one can be told from what it is compared
/// with; those that are given already are replaced. `set`: parameters that the call sets too; where equal values would
/// do they get another one than the row's, since who sets a value changes it.
void satisfy(const model::ExpressionPtr& condition, const dynamo::Item& row, dynamo::Item& values,
             const std::set<std::string>& set = {});

}  // namespace ddbplan::seed
