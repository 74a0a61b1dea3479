// The average month over the horizon: what each table and index is asked for and holds, while
// counts and rates grow. Growth is averaged by Simpson's rule over the start, the middle and the
// end of the horizon, which is exact to a part in ten thousand for what grows a few percent a
// month.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "capacity/usage.h"
#include "design/design.h"
#include "model/workload.h"

namespace ddbplan::pricing {

/// A month of the horizon that is looked at, and its part in the average. Weights sum to 1.
struct SampledMonth {
  double month = 0;
  double weight = 1;
};
/// One month when nothing grows.
std::vector<SampledMonth> sampled_months(const model::Workload& workload);

/// A pattern's calls a second in a month of the horizon, what a cache answers left out, declared
/// events included.
double calls_at(const model::Workload& workload, const model::Pattern& pattern, double month);

/// A pattern's calls a second in the average month, what a cache answers left out, declared events
/// included.
double average_calls(const model::Workload& workload, const model::Pattern& pattern);

/// Capacity units to provision for a load: the mean with `target` of room for what comes on top of
/// it, or the declared peak where that is more; at least 1. A declared peak is the most that comes,
/// so it gets no room of its own: 1,000/s all day are 1,429 units at 70 %; 100/s with a peak of
/// 5,000/s are 5,000.
double provisioned_units(double mean, double peak, double target);

/// Of a table or a global index.
struct AverageResource {
  std::size_t table = 0;
  std::optional<std::string> index;
  double read = 0;  ///< units a second, events included
  double write = 0;
  double read_provisioned = 0;  ///< units held all month, declared events included
  double write_provisioned = 0;
  double read_ordinary = 0;  ///< units held all month when events have scheduled actions
  double write_ordinary = 0;
  double read_event_hours = 0;  ///< unit-hours a month of the scheduled actions
  double write_event_hours = 0;
};
struct AverageStorage {
  std::size_t table = 0;
  std::optional<std::string> index;
  double items = 0;
  double bytes = 0;
};
struct AverageMonth {
  std::vector<AverageResource> resources;
  std::vector<AverageStorage> storage;
  /// Some event needs more than the ordinary peak, and the start of every such event is known.
  bool schedulable = false;
  std::vector<capacity::PatternUsage> patterns;  ///< at the start of the horizon
};
AverageMonth average_month(const model::Workload& workload, const design::Design& design);
/// The same from usages at `samples` that are known already; `usages` may lack patterns.
AverageMonth average_month(const model::Workload& workload,
                           const std::vector<SampledMonth>& samples,
                           std::vector<capacity::Usage> usages);

}  // namespace ddbplan::pricing
