// Values of a call with which a condition holds of a row.
#pragma once

#include "dynamo/value.h"
#include "model/expression.h"

namespace ddbplan::seed {

/// Gives each parameter of the condition a value that fits the row, where one can be told from what it is compared
/// with; those that are given already are replaced.
void satisfy(const model::ExpressionPtr& condition, const dynamo::Item& row, dynamo::Item& values);

}  // namespace ddbplan::seed
