#include "tests/property/posed.h"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "plan/candidates.h"
#include "plan/need.h"
#include "schema/parse.h"
#include "support/diagnostics.h"

namespace ddbplan::test {

model::Workload parsed(const support::SourceText& source) {
  support::Diagnostics diagnostics;
  auto workload = schema::parse(source, diagnostics);
  INFO(source.text());
  INFO(support::render(diagnostics, source));
  REQUIRE(workload.has_value());
  return *std::move(workload);
}

plan::Problem pose(const model::Workload& workload, const plan::TablePlan& tables) {
  support::Diagnostics ignored;
  std::vector<model::PatternId> unplanned;
  std::vector<plan::Need> needs = plan::needs_of(workload, ignored, unplanned);
  plan::Candidates candidates = plan::generate(workload, needs, tables);
  std::vector<bool> planned(workload.patterns.size(), true);
  for (const model::PatternId id : unplanned) planned[id.index] = false;
  return plan::pose_problem(workload, std::move(needs), std::move(candidates), std::move(planned),
                            tables);
}

}  // namespace ddbplan::test
