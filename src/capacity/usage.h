// Units in expectation: of one step, of one write's effect on every index, of a whole Design. The
// planner chooses by these numbers and the report prints them: one formula, two users.
//
// Distributions are documented and deterministic (capacity/traffic.h, ASSUMPTIONS): children of a
// parent follow a geometric distribution truncated at the declared maximum unless a skew is given;
// the parent of a read is drawn by traffic (size-biased where the pattern follows rows); sizes are
// as declared.
//
// A pattern's units are those of a call that reaches DynamoDB: what a cache answers (`cache: {hits:
// 80%}`) is left out of loads, heat and money, not of the units of a call.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "design/design.h"
#include "model/workload.h"

namespace ddbplan::capacity {

class PageReadMemo;

struct Options {
  std::int64_t page_bytes = std::int64_t{1024} * 1024;  ///< the proof lowers it, as the engine does
  double month = 0;                                     ///< months of growth since the start
  PageReadMemo* memo = nullptr;                         ///< of who asks about many designs
};

struct MeanMax {
  double mean = 0;
  double max = 0;
};

/// Request units of one call, by resource; `index` nullopt is the table.
struct ResourceUnits {
  std::size_t table = 0;
  std::optional<std::string> index;
  double read = 0;
  double write = 0;
};

/// One step of one call, in expectation.
struct StepUsage {
  MeanMax requests;
  double items = 0;  ///< returned
  /// Of a Query that other steps follow: how often it returns anything; 0: not known.
  double finds_some = 0;
  double bytes = 0;
  double scanned_items = 0;  ///< read, before the filter
  double scanned_bytes = 0;
  std::vector<ResourceUnits> units;
  /// Of a write: the part of `units` that each of Step::actions has.
  std::vector<std::vector<ResourceUnits>> by_action;
};

struct PatternUsage {
  std::vector<StepUsage> steps;
  /// Of one call, summed over steps; every touched resource once. A local index is a resource of
  /// its own here, as in the service's ConsumedCapacity.
  std::vector<ResourceUnits> units;
};

/// Units per second of a resource at the mean and at the declared peak. Local indexes are part of
/// their table, whose capacity they use.
struct ResourceLoad {
  std::size_t table = 0;
  std::optional<std::string> index;
  MeanMax read;  ///< mean and peak
  MeanMax write;
};

/// What a declared event asks for while it lasts: patterns that it names at their rates there, the
/// others at their mean.
struct EventLoad {
  std::size_t event = 0;            ///< position in Workload::events
  std::vector<ResourceLoad> loads;  ///< mean and peak are the same
};

/// Bytes at rest, 100 per item included. Index entries apart.
struct ResourceStorage {
  std::size_t table = 0;
  std::optional<std::string> index;
  double items = 0;
  double bytes = 0;
};

struct Usage {
  std::vector<PatternUsage> patterns;  ///< in the Workload's order
  /// Of every table and global index, in the design's order; peaks are the declared ones of the
  /// patterns, all at once, events not counted.
  std::vector<ResourceLoad> loads;
  std::vector<EventLoad> events;
  std::vector<ResourceStorage> storage;
};

/// Bytes of a layout's items and of its entry in an index, names and key attributes included.
design::SizeEstimate item_size(const model::Workload& workload, const design::Design& design,
                               const design::ItemLayout& layout);
design::SizeEstimate entry_size(const model::Workload& workload, const design::Design& design,
                                const design::ItemLayout& layout, const design::KeyEntry& entry);
/// Rows (of the layout's entity, at `options.month`) that have this entry.
double entry_count(const model::Workload& workload, const design::ItemLayout& layout,
                   const design::KeyEntry& entry, const Options& options);

PatternUsage pattern_usage(const model::Workload& workload, const design::Design& design,
                           const design::AccessPlan& plan, const Options& options = {});
/// At several months of growth, in their order. `options.month` is not looked at.
std::vector<PatternUsage> pattern_usage_over(const model::Workload& workload,
                                             const design::Design& design,
                                             const design::AccessPlan& plan,
                                             const std::vector<double>& months,
                                             const Options& options = {});
Usage usage(const model::Workload& workload, const design::Design& design,
            const Options& options = {});

/// Loads as Usage::loads has them, with peaks that count events in: the highest of the declared peaks and of
/// every event.
std::vector<ResourceLoad> highest_loads(const Usage& usage);

/// At several months of growth, in their order; cheaper than one after the other. `options.month`
/// is not looked at.
std::vector<Usage> usage_over(const model::Workload& workload, const design::Design& design,
                              const std::vector<double>& months, const Options& options = {});

/// What `usage` says of a design once every pattern's usage (by the Workload's patterns; units are
/// enough) and the storage are known.
Usage usage_of(const model::Workload& workload, const design::Design& design,
               std::vector<PatternUsage> patterns, std::vector<ResourceStorage> storage,
               double month);
/// Bytes at rest of one layout, its entries after it, in their order.
std::vector<ResourceStorage> layout_storage(const model::Workload& workload,
                                            const design::Design& design, std::size_t layout,
                                            const Options& options);

/// Share of a pattern's calls that reach DynamoDB: the rest is answered by its cache. Strong reads,
/// transactions and writes all do.
double share_past_cache(const model::Pattern& pattern);

/// Load on single partition key values at the peak (mean of one second): the hottest one of every
/// base key and entry, write units before sharding. Drives shard counts, lint and the report.
/// capacity/heat.h has it plan by plan.
std::vector<design::HotKey> hot_keys(const model::Workload& workload, const design::Design& design);

}  // namespace ddbplan::capacity
