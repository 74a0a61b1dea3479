// The load on single partition key values. Every write and read puts units on the keys that its items and
// entries have; a key's load is the sum over all patterns and all kinds of items that share it.
#include <algorithm>
#include <cmath>
#include <map>

#include "capacity/matches.h"
#include "capacity/membership.h"
#include "capacity/shares.h"
#include "capacity/steps.h"
#include "capacity/usage.h"
#include "capacity/writes.h"
#include "dynamo/limits.h"

namespace ddbplan::capacity {
namespace {

using design::ItemLayout;
using design::KeyEntry;
using design::Operation;

/// One moment to be judged: the declared peaks of all patterns, or an event.
struct Scenario {
  std::string name;
  const model::Event* event = nullptr;
};

struct Heat {
  double write = 0;
  double read = 0;
  Heat& operator+=(const Heat& other) {
    write += other.write;
    read += other.read;
    return *this;
  }
  /// How near to a partition's ceiling.
  [[nodiscard]] double pressure() const {
    return std::max(write / dynamo::limits::kPartitionWriteUnitsPerSecond,
                    read / dynamo::limits::kPartitionReadUnitsPerSecond);
  }
};

/// A partition key value: of a base table or index, the template with its declared values filled in.
struct KeyText {
  std::size_t table = 0;
  std::optional<std::string> index;
  std::string group;  ///< the template: one line of the report for all its values
  std::string text;
  auto operator<=>(const KeyText&) const = default;
};

/// The loads of one key text: of the unnamed value that everything meets, and of named ones beside it.
struct KeyLoad {
  Heat unnamed;
  std::map<std::string, Heat> named;
  int shards = 1;
  std::string named_field;  ///< `{tenant_id}`: what a named value stands for in the text
};

std::string without_shard(const std::vector<design::KeyTemplate>& partition) {
  std::string text;
  for (const design::KeyTemplate& key : partition) {
    design::KeyTemplate logical = key;
    std::erase_if(logical.parts, [](const design::KeyPart& part) {
      return std::holds_alternative<design::ShardField>(part);
    });
    std::string one = to_string(logical);
    while (!one.empty() && one.back() == '#') one.pop_back();
    text += (text.empty() ? "" : ", ") + one;
  }
  return text;
}

void replace_first(std::string& text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  if (at != std::string::npos) text.replace(at, what.size(), by);
}

/// A text that the key may have, with the share of the traffic that meets it.
struct TextShare {
  std::string text;
  double share = 1;
};

class HeatMap {
 public:
  HeatMap(const model::Workload& workload, const design::Design& design, const Scenario& scenario)
      : workload_(workload), design_(design), scenario_(scenario) {}

  std::map<KeyText, KeyLoad> build() {
    for (const design::AccessPlan& plan : design_.plans) add_plan(plan);
    return std::move(loads_);
  }

 private:
  void add_plan(const design::AccessPlan& plan) {
    pattern_ = &workload_.pattern(plan.pattern);
    set_rates();
    if (rate_ <= 0) return;
    const Options at_the_end{1024 * 1024, workload_.settings.horizon_months};
    const PatternUsage usage = pattern_usage(workload_, design_, plan, at_the_end);
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      const design::Step& step = plan.steps[i];
      if (step.actions.empty()) {
        add_read(step, usage.steps[i]);
      } else {
        add_writes(step, usage.steps);
      }
    }
  }

  /// Judged at the declared peaks and the end of the horizon.
  void set_rates() {
    const model::Load& load = pattern_->load;
    const double mean = load.mean.per_second;
    const double months = workload_.settings.horizon_months;
    const double growth =
        mean > 0 ? model::rate_after(workload_, load, months).per_second / mean : 1;
    double rate = load.peak.per_second;
    if (scenario_.event != nullptr) {
      const auto named = scenario_.event->rates.find(pattern_->name);
      rate = named == scenario_.event->rates.end() ? mean : named->second.per_second;
    }
    rate_ = rate * growth * share_past_cache(*pattern_);
  }

  void add_writes(const design::Step& step, const std::vector<StepUsage>& done) {
    const bool transactional = step.operation == Operation::transact_write_items;
    for (const design::WriteAction& action : step.actions) {
      const ItemLayout& layout = design_.items[action.layout];
      const WriteEffect effect =
          write_effect(workload_, design_, *pattern_, action, transactional);
      double times = action.times.mean;
      if (const auto feeder = feeding_step(action)) times *= done[*feeder].items;
      const model::Write* write = write_of(*pattern_, action.action);
      if (step.operation == Operation::batch_write_item && write != nullptr && write->batch &&
          action.times.max <= 1) {
        times *= write->batch->mean;
      }
      const bool fresh = action.operation == Operation::put_item;
      const Flow flow{*pattern_, layout, fresh, false};
      add(flow, layout.base, fresh ? effect.after : effect.before,
          {times * effect.table_units, 0});
      for (const EntryEffect& entry : effect.entries) {
        const KeyEntry& place = layout.entries[entry.entry];
        const double old_units =
            (entry.leaves + entry.moves) * entry.old_units + entry.changes * entry.changed_units;
        add(flow, place, effect.before, {times * old_units, 0});
        add(flow, place, effect.after,
            {times * (entry.enters + entry.moves) * entry.new_units, 0});
      }
    }
  }

  void add_read(const design::Step& step, const StepUsage& usage) {
    if (step.operation == Operation::scan || step.layouts.empty()) return;
    const ItemLayout& layout = design_.items[step.layouts.front()];
    const KeyEntry* entry = entry_of(layout, step.index);
    if (entry == nullptr) return;
    double units = 0;
    for (const ResourceUnits& one : usage.units) {
      if (one.index == step.index) units += one.read;
    }
    const std::size_t count = std::max<std::size_t>(1, step.alternatives.size());
    for (std::size_t i = 0; i < count; ++i) {
      RunCase run;
      if (!step.alternatives.empty()) run.alternative = &step.alternatives[i];
      const KeyMatch match = key_match(workload_, layout, *entry, step, run);
      RowView view = asked_view(layout, match);
      const Flow flow{*pattern_, layout, false, feeding_step(step).has_value()};
      add(flow, *entry, view, {0, units / static_cast<double>(count)});
    }
  }

  /// Constants are fixed; run-time values of declared ones are asked for equally often.
  RowView asked_view(const ItemLayout& layout, const KeyMatch& match) const {
    RowView view;
    for (const Binding& binding : match.equal) {
      const model::Attribute* attribute = workload_.entity(layout.entity).find(binding.attribute);
      if (attribute == nullptr) continue;
      const std::size_t count = stock_values(*attribute).size();
      if (count == 0) continue;
      std::vector<double> shares(count, 1 / static_cast<double>(count));
      if (binding.constant) {
        std::fill(shares.begin(), shares.end(), 0.0);
        if (const auto at = value_position(*attribute, *binding.constant)) shares[*at] = 1;
      }
      view.values[binding.attribute] = std::move(shares);
    }
    return view;
  }

  /// Spreads the units of one call over the key values that the entry may have.
  void add(const Flow& flow, const KeyEntry& entry, const RowView& view, Heat per_call) {
    if (per_call.write <= 0 && per_call.read <= 0) return;
    const std::string group = without_shard(entry.partition);
    const std::vector<TextShare> texts = texts_of(flow.layout, entry, group, view);
    const HotShare hot = hot_share(workload_, flow, entry, rate_);
    for (const TextShare& text : texts) {
      KeyLoad& load = loads_[{flow.layout.table, entry.index, group, text.text}];
      load.shards = std::max(load.shards, entry.shards.count);
      load.unnamed += {per_call.write * hot.calls * text.share,
                       per_call.read * hot.calls * text.share};
      for (const auto& [name, calls] : hot.named) {
        load.named[name] += {per_call.write * calls * text.share,
                             per_call.read * calls * text.share};
        load.named_field = hot.named_field;
        const auto shards = entry.shards.per_key.find(name);
        if (shards != entry.shards.per_key.end()) load.shards = std::max(load.shards, shards->second);
      }
    }
  }

  /// The texts of the group: a field with declared values becomes each of them.
  std::vector<TextShare> texts_of(const ItemLayout& layout, const KeyEntry& entry,
                                  const std::string& group, const RowView& view) const {
    std::vector<TextShare> texts{{group, 1}};
    for (const design::KeyTemplate& key : entry.partition) {
      for (const design::KeyPart& part : key.parts) {
        const auto* field = std::get_if<design::Field>(&part);
        if (field == nullptr) continue;
        const model::Attribute* attribute = workload_.entity(layout.entity).find(field->attribute);
        if (attribute == nullptr || attribute->values.empty()) continue;
        const auto known = view.values.find(attribute->name);
        const std::vector<double> shares =
            known == view.values.end() ? stock_values(*attribute) : known->second;
        std::vector<TextShare> next;
        for (const TextShare& text : texts) {
          for (std::size_t i = 0; i < shares.size(); ++i) {
            if (shares[i] <= 0) continue;
            TextShare filled = text;
            replace_first(filled.text, to_string(*field), attribute->values[i].name);
            filled.share *= shares[i];
            next.push_back(std::move(filled));
          }
        }
        texts = std::move(next);
      }
    }
    return texts;
  }

  const model::Workload& workload_;
  const design::Design& design_;
  const Scenario& scenario_;
  const model::Pattern* pattern_ = nullptr;
  double rate_ = 0;
  std::map<KeyText, KeyLoad> loads_;
};

design::HotKey hot_key(const KeyText& key, const KeyLoad& load, const std::string& when) {
  Heat hottest = load.unnamed;
  std::string text = key.text;
  for (const auto& [name, heat] : load.named) {
    if (heat.pressure() <= hottest.pressure()) continue;
    hottest = heat;
    text = key.text;
    replace_first(text, load.named_field, name);
  }
  design::HotKey hot;
  hot.table = key.table;
  hot.index = key.index;
  hot.key = text;
  hot.when = when;
  hot.peak_write_units = hottest.write;
  hot.peak_read_units = hottest.read;
  hot.shards = load.shards;
  return hot;
}

double pressure(const design::HotKey& key) {
  return Heat{key.peak_write_units, key.peak_read_units}.pressure();
}

}  // namespace

std::vector<design::HotKey> hot_keys(const model::Workload& workload,
                                     const design::Design& design) {
  std::vector<Scenario> scenarios{{"peak", nullptr}};
  for (const model::Event& event : workload.events) scenarios.push_back({event.name, &event});
  // By table, index and template; the hottest value and moment of each.
  std::map<std::tuple<std::size_t, std::optional<std::string>, std::string>, design::HotKey> best;
  for (const Scenario& scenario : scenarios) {
    for (const auto& [key, load] : HeatMap(workload, design, scenario).build()) {
      const design::HotKey hot = hot_key(key, load, scenario.name);
      const auto place = std::make_tuple(key.table, key.index, key.group);
      const auto found = best.find(place);
      if (found == best.end()) {
        best.emplace(place, hot);
      } else if (pressure(hot) > pressure(found->second)) {
        found->second = hot;
      }
    }
  }
  std::vector<design::HotKey> keys;
  for (const auto& one : best) {
    if (pressure(one.second) > 0) keys.push_back(one.second);
  }
  std::stable_sort(keys.begin(), keys.end(), [](const design::HotKey& a, const design::HotKey& b) {
    return pressure(a) > pressure(b);
  });
  return keys;
}

}  // namespace ddbplan::capacity
