// Planning around an earlier design: the candidates of a Problem are restricted to what leaves it as it is, before
// any search. Rows keep their base key, entries in an index keep their key, indexes their projection; what an
// access pattern read from an index, it still reads from there. New entries may join an index that stays, where
// their entity has none and the projection has what they need; everything else gets new indexes.
#pragma once

#include <string>
#include <vector>

#include "design/earlier_design.h"
#include "plan/state.h"

namespace ddbplan::plan {

/// Why nothing can be planned around this design; "" when it can be tried.
std::string why_not_holdable(const design::EarlierDesign& earlier);

/// Returns what cannot stay. REQUIRES: why_not_holdable is "".
std::vector<design::Continuity::Loss> hold(Problem& problem, const design::EarlierDesign& earlier);

}  // namespace ddbplan::plan
