// Read copies: where one row is asked for more often than a partition key value takes, every row of its entity is
// written several times and each read asks one of them (Developer Guide, "Best practices for designing and using
// partition keys effectively"). Writes change all of them in a transaction; a strongly consistent read asks the row.
#pragma once

#include <vector>

#include "plan/variants.h"

namespace ddbplan::plan {

/// For every entity whose hottest row takes more reads in `design` than a key value can, and for each that has copies
/// in the earlier design.
std::vector<Variant> read_copy_variants(const model::Workload& workload,
                                        const design::Design& design,
                                        const design::EarlierDesign* earlier);

}  // namespace ddbplan::plan
