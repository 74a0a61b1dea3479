// Indexes that hold only rows with some values of an attribute, made one where lists by other values can share them.
#pragma once

#include <vector>

#include "plan/key_spec.h"
#include "plan/need.h"

namespace ddbplan::plan {

/// Adds to one entity's candidate entries, for each that holds rows by values of one attribute, those that hold the
/// rows of others as well, with the value in the key, where its key serves their lists: each two, and all that agree.
void merge_sparse_entries(const model::Workload& workload, const std::vector<Need>& needs,
                          std::vector<KeySpec>& entries);

}  // namespace ddbplan::plan
