// Rows that lead to an answer may stand in its order: then no more of them are read than the answer has rows.
#pragma once

#include "plan/need.h"

namespace ddbplan::plan {

/// Gives `lead` the order and the limit of `need`, where each of its rows leads to another row of the answer, nothing
/// else decides about them, and its own attributes order them as the answer is ordered.
void limit_leading_rows(const model::Workload& workload, const Need& need, Need& lead);

}  // namespace ddbplan::plan
