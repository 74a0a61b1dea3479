// A count of a parent's rows that the parent keeps itself (`reporting: {count_of: Report}`): it is read there, and no row is
// counted.
#pragma once

#include <optional>

#include "plan/need.h"

namespace ddbplan::plan {

/// The Need of the parent's row; nullopt: the pattern is no such count, or the parent does not keep all that is asked for, of just
/// these rows and in the transaction that changes them, or its row takes more than the half unit that every read does.
std::optional<Need> parent_that_counts(const model::Workload& workload, model::PatternId pattern);

}  // namespace ddbplan::plan
