// The load on single partition key values, plan by plan: what each plan's calls put on which keys, and the
// hottest key once all plans are known. usage.h has both at once, for a whole design.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "capacity/usage.h"
#include "design/design.h"
#include "dynamo/limits.h"
#include "model/workload.h"

namespace ddbplan::capacity {

/// Units a second.
struct Heat {
  double write = 0;
  double read = 0;
  Heat& operator+=(const Heat& other) {
    write += other.write;
    read += other.read;
    return *this;
  }
  Heat operator*(double factor) const { return {write * factor, read * factor}; }
  /// How near to a partition's ceiling.
  [[nodiscard]] double pressure() const {
    return std::max(write / dynamo::limits::kPartitionWriteUnitsPerSecond,
                    read / dynamo::limits::kPartitionReadUnitsPerSecond);
  }
};

/// A partition key value: of a base table or index, the template with its declared values filled
/// in.
struct KeyText {
  std::size_t table = 0;
  std::optional<std::string> index;
  std::string group;  ///< the template: one line of the report for all its values
  std::string text;
  auto operator<=>(const KeyText&) const = default;
};

/// The load on one key text: on the unnamed value that everything meets, and on named ones beside it.
struct KeyLoad {
  Heat unnamed;
  std::map<std::string, Heat> named;
  int shards = 1;
};

/// What one plan's calls put on a key for the items of one entity.
struct KeyHeat {
  model::EntityId entity;
  KeyText key;
  KeyLoad load;
};

/// By moment to be judged: the declared peaks of all patterns, then each event.
using PlanHeat = std::vector<std::vector<KeyHeat>>;

PlanHeat plan_heat(const model::Workload& workload, const design::Design& design,
                   const design::AccessPlan& plan, PageReadMemo* memo = nullptr);

/// Of every plan of a design, in order.
std::vector<PlanHeat> plan_heats(const model::Workload& workload, const design::Design& design);

/// A plan's usage at several months, and its heat: what both are made of is worked out once.
struct UsageAndHeat {
  std::vector<PatternUsage> usage;
  PlanHeat heat;
};
UsageAndHeat usage_and_heat(const model::Workload& workload, const design::Design& design,
                            const design::AccessPlan& plan, const std::vector<double>& months,
                            PageReadMemo* memo = nullptr);

/// The most write units that one key value takes at any of the moments. `only`: as of hottest_keys.
double most_writes(const std::vector<const PlanHeat*>& plans, std::optional<model::EntityId> only);
/// The hottest value and moment of every base key and entry, the nearest to a ceiling first; twice where its most
/// reads and its most writes are not at one moment, and both are more than is planned for. With `only`, of what the items of that entity alone put on their keys.
std::vector<design::HotKey> hottest_keys(const model::Workload& workload,
                                         const std::vector<const PlanHeat*>& plans,
                                         std::optional<model::EntityId> only);

}  // namespace ddbplan::capacity
