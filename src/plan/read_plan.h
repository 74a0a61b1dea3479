// How reads run: for each Need the Query, GetItem or follow-up that its Option stands for.
#pragma once

#include "plan/assemble.h"

namespace ddbplan::plan {

/// Appends the steps that find the rows of a Need. Returns the position of the step whose items are the rows.
/// `parent_step` is given for children whose parent had to be found first.
std::size_t add_need_steps(const Problem& problem, const State& state, const Assembly& assembly,
                           std::size_t need, std::optional<std::size_t> parent_step,
                           design::AccessPlan& plan);

/// The integration that answers what keys cannot, and what it needs on the table, in words.
std::string offload_text(model::ReadKind kind);

/// A read pattern's whole plan: its Need, children, parents, the client's part.
design::AccessPlan plan_read(const Problem& problem, const State& state, const Assembly& assembly,
                             model::PatternId id);

}  // namespace ddbplan::plan
