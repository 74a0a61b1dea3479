// All rules, in the order of their codes. The registry is a constant table in registry.cpp: a rule that is not
// in it does not exist, and nothing runs before main to fill it.
//
//   DDB0xx language     the schema's own (their text is in src/schema/codes.h), and DDB09x suppressions
//   DDB1xx keys         keys, collections, what reads touch; DDB11x is the planner's
//   DDB2xx indexes      indexes and projections
//   DDB3xx sizes        sizes and limits
//   DDB4xx heat         hot keys and capacity
//   DDB5xx cost
//   DDB6xx consistency  consistency, concurrency, transactions
//   DDB7xx lifecycle    lifecycle, backup, regions
//   DDB8xx tenancy      security and tenancy
//   DDB9xx              left to users
#pragma once

#include <span>

#include "lint/rule.h"

namespace ddbplan::lint {

std::span<const Rule* const> rules();

/// Runs the checks of one phase. REQUIRES for Phase::design: design, usage and cost in the context.
void check(Phase phase, const Context& context, support::Diagnostics& diagnostics);

}  // namespace ddbplan::lint
