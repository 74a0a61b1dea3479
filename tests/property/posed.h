// A Workload as the search gets it, for tests that look at States themselves.
#pragma once

#include "plan/state.h"
#include "support/source.h"

namespace ddbplan::test {

/// Fails the test where the text is no schema.
model::Workload parsed(const support::SourceText& source);
/// REQUIRES: the Workload stays as long as the Problem.
plan::Problem pose(const model::Workload& workload, const plan::TablePlan& tables);

}  // namespace ddbplan::test
