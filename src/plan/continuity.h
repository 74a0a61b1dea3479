// A design beside the earlier one that it was planned around: what is new, what nothing needs any more.
#pragma once

#include <vector>

#include "design/design.h"
#include "design/earlier_design.h"
#include "model/workload.h"

namespace ddbplan::plan {

/// All that the earlier design has is in this one, unchanged: no design around it can be better than this one is
/// where it is the cheapest of all.
bool extends(const model::Workload& workload, const design::Design& design,
             const design::EarlierDesign& earlier);

/// Fills `added` and `unused`, and `lost` with the items other than rows that changed.
design::Continuity compare(const model::Workload& workload, const design::Design& design,
                           const design::EarlierDesign& earlier);

}  // namespace ddbplan::plan
