// How many different rows the rows of an earlier step lead to, where several of them belong to one.
#pragma once

#include <cstddef>

#include "capacity/steps.h"
#include "design/access_plan.h"

namespace ddbplan::capacity {

/// The parents of `items` rows that the step `feeder` finds, each counted once; `items` where `step` is about nothing
/// that those belong to.
double distinct_parents(const StepContext& context, const design::Step& step, std::size_t feeder,
                        double items);

/// The different parents of one kind that the `items` new rows of a call have: as many as chance makes of them. `items`
/// where the write's rows do not belong to that kind alone.
double parents_of_new_rows(const StepContext& context, const model::Write& write,
                           model::EntityId parent, double items);

}  // namespace ddbplan::capacity
