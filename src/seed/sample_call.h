// A call of a read with values that rows of the seed have, drawn as the proof draws it: what `query` asks when
// nobody says what to ask, and the names and types of the values that can be given.
#pragma once

#include <optional>

#include "design/requests.h"
#include "seed/generator.h"

namespace ddbplan::seed {

/// About the busiest `by` value where there is one, one page of it. nullopt: no row is fit to be asked for.
std::optional<design::Parameters> sample_call(const model::Workload& workload, const Dataset& data,
                                              const model::Pattern& pattern);

}  // namespace ddbplan::seed
