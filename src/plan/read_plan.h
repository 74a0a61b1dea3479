// How reads run: the steps of a pattern's Needs, and what is left to the client.
#pragma once

#include "plan/assemble.h"

namespace ddbplan::plan {

/// The integration that answers what keys cannot, and what it needs on the table, in words.
std::string offload_text(model::ReadKind kind);

/// A read pattern's whole plan: its Need, children, parents, the client's part.
design::AccessPlan plan_read(const Problem& problem, const State& state, const Assembly& assembly,
                             model::PatternId id);

}  // namespace ddbplan::plan
