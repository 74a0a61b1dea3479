#include "plan/client_notes.h"

#include <algorithm>

#include "support/text.h"

namespace ddbplan::plan {

namespace {

std::string order_text(const std::vector<model::OrderBy>& order) {
  std::vector<std::string> out;
  for (const model::OrderBy& by : order) {
    const bool descending = by.direction == model::Direction::descending;
    out.push_back(by.attribute.name + (descending ? " descending" : ""));
  }
  return support::join_list(out);
}

std::string rows_text(int rows) {
  return rows == 1 ? "first" : "first " + std::to_string(rows);
}

bool is_spread(const design::Step& step) {
  return step.shards.sharded() || step.alternatives.size() > 1 || step.buckets.has_value();
}

/// "put the rows in the order of score descending and keep the first 10"
std::string ordering(const model::Read& read, const design::AccessPlan& plan) {
  std::string out;
  if (!plan.client_order.empty())
    out = "put the rows in the order of " + order_text(plan.client_order);
  std::string kept;
  if (!plan.client_order.empty() && !read.limit_per.empty() && read.limit) {
    kept = rows_text(*read.limit) + " of each " + read.limit_per;
  } else if (plan.client_limit) {
    kept = rows_text(*plan.client_limit);
  }
  if (kept.empty()) return out;
  return out + (out.empty() ? "keep the " : " and keep the ") + kept;
}

std::string ordering_of_children(const model::Workload& workload, const model::Read& read,
                                 const design::ChildOrder& one) {
  std::string out = "put the " + workload.entity(one.child).name +
                    " rows of each answer in the order of " + order_text(one.order);
  for (const model::WithChildren& with : read.with_children) {
    if (with.child == one.child && with.limit) out += " and keep the " + rows_text(*with.limit);
  }
  return out;
}

}  // namespace

void note_client_work(const model::Workload& workload, design::AccessPlan& plan) {
  const auto* read = std::get_if<model::Read>(&workload.pattern(plan.pattern).action);
  if (read == nullptr) return;
  for (const design::Step& step : plan.steps) {
    if (is_spread(step) && !step.merge_order.empty() && plan.client_order.empty())
      plan.client_notes.push_back("merge what the requests bring in the order of " +
                                  order_text(step.merge_order));
  }
  const bool in_parts = std::any_of(plan.steps.begin(), plan.steps.end(),
                                    [](const auto& step) { return step.shards.by_request; });
  if (in_parts)
    plan.client_notes.emplace_back("make one row of the items that it has in the shards");
  if (!plan.client_keeps.empty())
    plan.client_notes.emplace_back("keep the rows that belong to an item of each other step");
  if (std::string text = ordering(*read, plan); !text.empty())
    plan.client_notes.push_back(std::move(text));
  for (const design::ChildOrder& one : plan.client_children)
    plan.client_notes.push_back(ordering_of_children(workload, *read, one));
  std::vector<std::string> taken;
  for (const design::KeptAggregate& one : plan.kept_in)
    taken.push_back(to_string(one.what) + " from " + one.attribute);
  if (!taken.empty()) plan.client_notes.push_back("take " + support::join_list(taken));
  std::vector<std::string> made;
  for (const model::Aggregate& one : plan.client_aggregates) made.push_back(to_string(one));
  if (!made.empty())
    plan.client_notes.push_back("make " + support::join_list(made) + " of all rows");
}

}  // namespace ddbplan::plan
