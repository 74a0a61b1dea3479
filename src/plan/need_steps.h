// How the rows of one Need are found: the Query, GetItem or follow-up that its Option stands for.
#pragma once

#include "plan/assemble.h"

namespace ddbplan::plan {

/// REQUIRES: the key serves the Need.
Match sure_match(const model::Workload& workload, const KeySpec& spec, const Need& need);

/// Appends the steps that find the rows of a Need. Returns the position of the step whose items are the rows.
/// `parent_step` is given for children whose parent had to be found first; `instead`: what to find by the same Option.
std::size_t add_need_steps(const Problem& problem, const State& state, const Assembly& assembly,
                           std::size_t need, std::optional<std::size_t> parent_step,
                           design::AccessPlan& plan, const Need* instead = nullptr);

}  // namespace ddbplan::plan
