// Goal: calls that give an optional equality (`narrow_by`) go by a key that has it where that is cheaper.

#include <doctest/doctest.h>

#include "capacity/usage.h"
#include "plan/variants.h"
#include "pricing/price_book.h"
#include "tests/unit/plan/planned.h"

namespace ddbplan::test {

using design::Operation;
using Names = std::vector<std::string>;

namespace {

/// A pipeline has 1,200 jobs of 200 branches, so that six in 1,200 are of one branch.
const std::string kJobs =
    "Pipeline: {id: pipeline_id, count: 3k, attributes: {pipeline_id: uuid}}\n"
    "Job: {id: job_id, belongs_to: {Pipeline: 1200 .. 20k}, attributes: {job_id: ulid of "
    "queued_at, queued_at: timestamp, "
    "branch: {type: string 16 B, distinct: 200}, state: {type: string 8 B, distinct: 50}}}";

/// With the variants that pay.
Planned plan_runs(const std::string& narrow_by, const std::string& rate) {
  Planned out =
      plan_text(kJobs,
                "open: {create: Pipeline}\nqueue: {create: Job, rate: 1/s}\n"
                "runs: {list: Job, by: pipeline_id, narrow_by: " +
                    narrow_by + ", order: queued_at desc, limit: 25, rate: " + rate + "}");
  plan::Planned best =
      plan::plan_best(out.workload, pricing::PriceBook::built_in(), {}, out.diagnostics);
  REQUIRE(best.design);
  out.workload = std::move(best.workload);
  out.design = std::move(best.design);
  return out;
}

}  // namespace

TEST_CASE(
    "calls with an optional equality have an index where its writes cost less than what they would "
    "read") {
  const Planned p = plan_runs("[branch 50%]", "400/s");
  REQUIRE(p.errors() == Names{});
  const design::AccessPlan& plan = p.pattern("runs");
  REQUIRE(plan.steps.size() == 2);
  CHECK(plan.served == design::Served::keys);
  CHECK(plan.steps[0].only_if_given == Names{"branch"});
  CHECK(plan.steps[0].only_if_left_out == Names{});
  REQUIRE(plan.steps[0].index);
  CHECK(p.key("Job", *plan.steps[0].index) ==
        "PIPELINE#{pipeline_id} / JOB#{branch|escape}#{job_id}");
  CHECK(plan.steps[1].only_if_given == Names{});
  CHECK(plan.steps[1].only_if_left_out == Names{"branch"});
  CHECK_FALSE(plan.steps[1].index);
  CHECK(plan.client_order.empty());
  // Half of the calls each. A job is 319 B with its keys, 25 of them 7,975 B: two blocks of 4 KB or, with longer ones,
  // three, half a unit each.
  const capacity::PatternUsage usage = capacity::pattern_usage(p.workload, *p.design, plan, {});
  for (const std::size_t step : {0U, 1U}) {
    REQUIRE(usage.steps[step].units.size() == 1);
    CHECK(usage.steps[step].units[0].read >= 0.5 * 0.5);
    CHECK(usage.steps[step].units[0].read <= 0.5 * 1.5);
  }
  CHECK(usage.steps[1].items == doctest::Approx(0.5 * 25).epsilon(0.001));
}

TEST_CASE(
    "calls with an optional equality that are few share the key of the others, with a filter") {
  // A thousandth of one call a second does not pay for an index of its own.
  const Planned p = plan_runs("[branch 1%]", "0.001/s");
  REQUIRE(p.errors() == Names{});
  const design::AccessPlan& plan = p.pattern("runs");
  REQUIRE(plan.steps.size() == 1);
  CHECK(plan.served == design::Served::filter);
  CHECK(plan.steps[0].only_if_given == Names{});
  CHECK(plan.steps[0].only_if_left_out == Names{});
  CHECK(model::to_string(*plan.steps[0].filter) == "branch = :branch");
  CHECK(p.indexes() == Names{});
}

TEST_CASE(
    "of several optional equalities the first that is given says the key, and the others are "
    "filters") {
  const Planned p = plan_runs("[branch 50%, state 20%]", "400/s");
  REQUIRE(p.errors() == Names{});
  const design::AccessPlan& plan = p.pattern("runs");
  REQUIRE(plan.steps.size() == 3);
  CHECK(plan.steps[0].only_if_given == Names{"branch"});
  CHECK(model::to_string(*plan.steps[0].filter) == "state = :state");
  CHECK(plan.steps[1].only_if_given == Names{"state"});
  CHECK(plan.steps[1].only_if_left_out == Names{"branch"});
  CHECK(plan.steps[1].filter == nullptr);
  CHECK(plan.steps[2].only_if_left_out == Names{"branch", "state"});
  CHECK(plan.steps[2].filter == nullptr);
  CHECK(p.indexes().size() == 2);
}

}  // namespace ddbplan::test
