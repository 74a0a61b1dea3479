#include "capacity/usage.h"

#include <algorithm>

#include "capacity/membership.h"
#include "capacity/sizes.h"
#include "capacity/steps.h"
#include "capacity/traffic.h"
#include "dynamo/units.h"
#include "model/row_times.h"
#include "support/check.h"

namespace ddbplan::capacity {
namespace {

using design::ItemLayout;
using design::KeyEntry;

/// Billable bytes of an item or entry beyond its own (Developer Guide, "Item sizes": 100 bytes of
/// overhead for indexing).
constexpr double kStorageOverhead = 100;

bool is_local(const design::Design& design, const ResourceUnits& units) {
  if (!units.index) return false;
  const design::Index* index = design.tables[units.table].find_index(*units.index);
  return index != nullptr && index->local;
}

class Loads {
 public:
  explicit Loads(const design::Design& design) : design_(design) {
    for (std::size_t table = 0; table < design.tables.size(); ++table) {
      loads_.push_back({table, std::nullopt, {}, {}});
      for (const design::Index& index : design.tables[table].indexes) {
        if (!index.local) loads_.push_back({table, index.name, {}, {}});
      }
    }
  }

  void add(const std::vector<ResourceUnits>& units, double mean, double peak) {
    for (const ResourceUnits& one : units) {
      const std::optional<std::string> index = is_local(design_, one) ? std::nullopt : one.index;
      for (ResourceLoad& load : loads_) {
        if (load.table != one.table || load.index != index) continue;
        load.read.mean += one.read * mean;
        load.read.max += one.read * peak;
        load.write.mean += one.write * mean;
        load.write.max += one.write * peak;
      }
    }
  }

  [[nodiscard]] std::vector<ResourceLoad> take() { return std::move(loads_); }

 private:
  const design::Design& design_;
  std::vector<ResourceLoad> loads_;
};

double growth(const model::Workload& workload, const model::Load& load, double month) {
  if (load.mean.per_second <= 0) return 1;
  return model::rate_after(workload, load, month).per_second / load.mean.per_second;
}

std::vector<ResourceLoad> loads_of(const model::Workload& workload, const design::Design& design,
                                   const std::vector<PatternUsage>& patterns, double month) {
  Loads loads(design);
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const model::Pattern& pattern = workload.patterns[i];
    const double factor = growth(workload, pattern.load, month) * share_past_cache(pattern);
    loads.add(patterns[i].units, pattern.load.mean.per_second * factor,
              pattern.load.peak.per_second * factor);
  }
  return loads.take();
}

EventLoad event_load(const model::Workload& workload, const design::Design& design,
                     const std::vector<PatternUsage>& patterns, std::size_t event, double month) {
  Loads loads(design);
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const model::Pattern& pattern = workload.patterns[i];
    const auto named = workload.events[event].rates.find(pattern.name);
    const double rate = named == workload.events[event].rates.end() ? pattern.load.mean.per_second
                                                                    : named->second.per_second;
    const double calls = rate * growth(workload, pattern.load, month) * share_past_cache(pattern);
    loads.add(patterns[i].units, calls, calls);
  }
  return {event, loads.take()};
}

/// Rows that have expired and are still stored: as many a second as the retention lets expire.
double expired_rows(const model::Entity& entity, double rows) {
  const double span = model::age_span(entity).seconds;
  if (!entity.retention || span <= 0) return 0;
  return rows * kExpiryLag.seconds / span;
}

std::vector<ResourceStorage> storage_of_layout(const model::Workload& workload,
                                               const design::Design& design, std::size_t position,
                                               const Options& options, StockSizes& sizes) {
  const ItemLayout& layout = design.items[position];
  const model::Entity& entity = workload.entity(layout.entity);
  std::vector<ResourceStorage> storage;
  const auto add = [&](const KeyEntry& entry) {
    const double live = entry_count(workload, layout, entry, options);
    const double items = live + expired_rows(entity, live);
    const double bytes = sizes.of(position, entry.index).mean;
    storage.push_back({layout.table, entry.index, items, items * (bytes + kStorageOverhead)});
  };
  add(layout.base);
  for (const KeyEntry& entry : layout.entries) add(entry);
  return storage;
}

std::vector<ResourceStorage> storage_of(const model::Workload& workload,
                                        const design::Design& design, const Options& options,
                                        StockSizes& sizes) {
  std::vector<ResourceStorage> storage;
  for (std::size_t table = 0; table < design.tables.size(); ++table) {
    storage.push_back({table, std::nullopt, 0, 0});
    for (const design::Index& index : design.tables[table].indexes) {
      storage.push_back({table, index.name, 0, 0});
    }
  }
  for (std::size_t position = 0; position < design.items.size(); ++position) {
    for (const ResourceStorage& part :
         storage_of_layout(workload, design, position, options, sizes)) {
      for (ResourceStorage& one : storage) {
        if (one.table != part.table || one.index != part.index) continue;
        one.items += part.items;
        one.bytes += part.bytes;
      }
    }
  }
  return storage;
}

std::optional<std::size_t> latest(std::optional<std::size_t> known, const design::Source& source) {
  const auto* from = std::get_if<design::FromStep>(&source);
  if (from == nullptr) return known;
  return std::max(known.value_or(0), from->step);
}

std::optional<std::size_t> latest(std::optional<std::size_t> known, const design::KeyExpr& key) {
  for (const design::KeyExprPart& part : key.parts) {
    if (const auto* field = std::get_if<design::FieldFrom>(&part)) {
      known = latest(known, field->source);
    }
  }
  return known;
}

}  // namespace

void add_units(std::vector<ResourceUnits>& units, std::size_t table,
               const std::optional<std::string>& index, double read, double write) {
  const auto found = std::find_if(units.begin(), units.end(), [&](const ResourceUnits& one) {
    return one.table == table && one.index == index;
  });
  if (found == units.end()) {
    units.push_back({table, index, read, write});
    return;
  }
  found->read += read;
  found->write += write;
}

std::optional<std::size_t> feeding_step(const design::Step& step) {
  std::optional<std::size_t> found;
  for (const design::KeyExpr& key : step.partition) found = latest(found, key);
  for (const design::KeyExpr& key : step.sort) found = latest(found, key);
  if (step.sort_condition) {
    found = latest(found, step.sort_condition->low);
    if (step.sort_condition->high) found = latest(found, *step.sort_condition->high);
  }
  return found;
}

std::optional<std::size_t> feeding_step(const design::WriteAction& action) {
  std::optional<std::size_t> found;
  for (const auto& [name, source] : action.known) found = latest(found, source);
  return found;
}

design::SizeEstimate item_size(const model::Workload& workload, const design::Design& design,
                               const ItemLayout& layout) {
  const SizeLaw law = item_law(workload, design, layout);
  return {law.mean(), law.max()};
}

design::SizeEstimate entry_size(const model::Workload& workload, const design::Design& design,
                                const ItemLayout& layout, const KeyEntry& entry) {
  if (!entry.index) return item_size(workload, design, layout);
  const SizeLaw law = entry_law(workload, design, layout, entry);
  return {law.mean(), law.max()};
}

double entry_count(const model::Workload& workload, const ItemLayout& layout, const KeyEntry& entry,
                   const Options& options) {
  // A row in parts has an item in each shard.
  const double parts = entry.shards.by_request ? std::max(1, entry.shards.count) : 1;
  return model::rows_after(workload, layout.entity, options.month) *
         entry_share(workload, layout, entry) * parts;
}

StockSizes::Size& StockSizes::item(std::size_t layout) {
  std::optional<Size>& place = items_[layout];
  if (!place) place.emplace(item_law(workload_, design_, design_.items[layout]));
  return *place;
}

StockSizes::Size& StockSizes::entry(std::size_t layout, std::size_t position) {
  const ItemLayout& described = design_.items[layout];
  entries_[layout].resize(described.entries.size());
  std::optional<Size>& place = entries_[layout][position];
  if (!place) place.emplace(entry_law(workload_, design_, described, described.entries[position]));
  return *place;
}

const ItemSize& StockSizes::of(std::size_t layout, const std::optional<std::string>& index) {
  const auto find = [&]() -> Size& {
    if (!index) return item(layout);
    const std::vector<KeyEntry>& entries = design_.items[layout].entries;
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const KeyEntry& one) { return one.index == index; });
    DDBPLAN_CHECK_MSG(found != entries.end(), "an index that the layout is not in");
    return entry(layout, static_cast<std::size_t>(found - entries.begin()));
  };
  Size& size = find();
  if (!size.read) {
    constexpr auto kReadBlock = static_cast<double>(dynamo::kReadBlockBytes);
    size.read =
        ItemSize{size.law.mean(), size.law.variance(), size.law.expected_blocks(kReadBlock)};
  }
  return *size.read;
}

double StockSizes::write_units(Size& size) {
  constexpr auto kWriteBlock = static_cast<double>(dynamo::kWriteBlockBytes);
  if (!size.write_units) size.write_units = size.law.expected_blocks(kWriteBlock);
  return *size.write_units;
}

double StockSizes::item_write_units(std::size_t layout) {
  return write_units(item(layout));
}

double StockSizes::entry_write_units(std::size_t layout, std::size_t position) {
  return write_units(entry(layout, position));
}

PatternUsage pattern_usage(const model::Workload& workload, const design::Design& design,
                           const design::AccessPlan& plan, const Options& options,
                           StockSizes& sizes, std::vector<ExecutedEffect>* effects) {
  PatternUsage usage;
  usage.steps.reserve(plan.steps.size());
  for (const design::Step& step : plan.steps) {
    const StepContext context{workload, design, plan, options, sizes, usage.steps, effects};
    StepUsage one = step.actions.empty() ? read_usage(context, step) : write_usage(context, step);
    for (const ResourceUnits& units : one.units) {
      add_units(usage.units, units.table, units.index, units.read, units.write);
    }
    usage.steps.push_back(std::move(one));
  }
  return usage;
}

PatternUsage pattern_usage(const model::Workload& workload, const design::Design& design,
                           const design::AccessPlan& plan, const Options& options) {
  StockSizes sizes(workload, design);
  return pattern_usage(workload, design, plan, options, sizes);
}

std::vector<PatternUsage> pattern_usage_over(const model::Workload& workload,
                                             const design::Design& design,
                                             const design::AccessPlan& plan,
                                             const std::vector<double>& months,
                                             const Options& options) {
  StockSizes sizes(workload, design);
  const bool grows = std::any_of(plan.steps.begin(), plan.steps.end(), depends_on_growth);
  std::vector<PatternUsage> all;
  for (const double month : months) {
    Options then = options;
    then.month = month;
    all.push_back(all.empty() || grows ? pattern_usage(workload, design, plan, then, sizes)
                                       : all.front());
  }
  return all;
}

double share_past_cache(const model::Pattern& pattern) {
  const auto* read = std::get_if<model::Read>(&pattern.action);
  if (read == nullptr || read->strong || !read->cache_hits) return 1;
  return std::clamp(1 - *read->cache_hits, 0.0, 1.0);
}

std::vector<ResourceLoad> highest_loads(const Usage& usage) {
  std::vector<ResourceLoad> highest = usage.loads;
  for (const EventLoad& event : usage.events) {
    for (ResourceLoad& most : highest) {
      for (const ResourceLoad& load : event.loads) {
        if (load.table != most.table || load.index != most.index) continue;
        most.read.max = std::max(most.read.max, load.read.max);
        most.write.max = std::max(most.write.max, load.write.max);
      }
    }
  }
  return highest;
}

std::vector<Usage> usage_over(const model::Workload& workload, const design::Design& design,
                              const std::vector<double>& months, const Options& options) {
  StockSizes sizes(workload, design);
  std::vector<Usage> all;
  for (const double month : months) {
    Options then = options;
    then.month = month;
    std::vector<PatternUsage> patterns(workload.patterns.size());
    for (const design::AccessPlan& plan : design.plans) {
      const std::size_t position = plan.pattern.index;
      const bool same =
          !all.empty() && std::none_of(plan.steps.begin(), plan.steps.end(), depends_on_growth);
      patterns[position] = same ? all.front().patterns[position]
                                : pattern_usage(workload, design, plan, then, sizes);
    }
    all.push_back(usage_of(workload, design, std::move(patterns),
                           storage_of(workload, design, then, sizes), month));
  }
  return all;
}

Usage usage_of(const model::Workload& workload, const design::Design& design,
               std::vector<PatternUsage> patterns, std::vector<ResourceStorage> storage,
               double month) {
  Usage usage;
  usage.patterns = std::move(patterns);
  usage.loads = loads_of(workload, design, usage.patterns, month);
  for (std::size_t event = 0; event < workload.events.size(); ++event) {
    usage.events.push_back(event_load(workload, design, usage.patterns, event, month));
  }
  usage.storage = std::move(storage);
  return usage;
}

std::vector<ResourceStorage> layout_storage(const model::Workload& workload,
                                            const design::Design& design, std::size_t layout,
                                            const Options& options) {
  StockSizes sizes(workload, design);
  return storage_of_layout(workload, design, layout, options, sizes);
}

Usage usage(const model::Workload& workload, const design::Design& design, const Options& options) {
  return std::move(usage_over(workload, design, {options.month}, options).front());
}

}  // namespace ddbplan::capacity
