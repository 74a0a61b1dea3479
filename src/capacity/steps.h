// The numbers of one step of an access plan, given those of the steps before it. Internal to capacity;
// usage.h is the way in.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "capacity/usage.h"
#include "design/design.h"
#include "model/workload.h"

namespace ddbplan::capacity {

struct StepContext {
  const model::Workload& workload;
  const design::Design& design;
  const design::AccessPlan& plan;
  const Options& options;
  /// Of the steps before this one.
  const std::vector<StepUsage>& done;

  [[nodiscard]] const model::Pattern& pattern() const { return workload.pattern(plan.pattern); }
};

StepUsage read_usage(const StepContext& context, const design::Step& step);
StepUsage write_usage(const StepContext& context, const design::Step& step);

/// Adds to the resource's entry, which is made when it is the first.
void add_units(std::vector<ResourceUnits>& units, std::size_t table,
               const std::optional<std::string>& index, double read, double write);

/// The step whose items the sources of a key or of an action name last; nullopt: none.
std::optional<std::size_t> feeding_step(const design::Step& step);
std::optional<std::size_t> feeding_step(const design::WriteAction& action);

}  // namespace ddbplan::capacity
