// How often a call sends an action that hangs on the row: what keeps up a counter, a guard or a copy is left out where
// the row is not counted, has no value to guard, or stays as it was.
#pragma once

#include "capacity/steps.h"
#include "design/access_plan.h"

namespace ddbplan::capacity {

/// Share of the calls for which an action is sent: the row that the pattern's action is about passes its test and has
/// the attributes that the action's key is made of, and no other action undoes it.
double share_sent(const StepContext& context, const design::Step& step,
                  const design::WriteAction& action);

}  // namespace ddbplan::capacity
