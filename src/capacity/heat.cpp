// The load on single partition key values. Every write and read puts units on the keys that its
// items and entries have; a key's load is the sum over all patterns and all kinds of items that
// share it.
#include "capacity/heat.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "capacity/matches.h"
#include "capacity/membership.h"
#include "capacity/shares.h"
#include "capacity/steps.h"
#include "capacity/usage.h"
#include "capacity/writes.h"

namespace ddbplan::capacity {
namespace {

using design::ItemLayout;
using design::KeyEntry;
using design::Operation;
namespace limits = dynamo::limits;

/// One moment to be judged: the declared peaks of all patterns, or an event.
struct Scenario {
  std::string name;
  const model::Event* event = nullptr;
};

std::string without_shard(const std::vector<design::KeyTemplate>& partition) {
  std::string text;
  for (const design::KeyTemplate& key : partition) {
    design::KeyTemplate logical = key;
    const auto shards = std::erase_if(logical.parts, [](const design::KeyPart& part) {
      return std::holds_alternative<design::ShardField>(part);
    });
    std::string one = to_string(logical);
    while (shards > 0 && !one.empty() && one.back() == '#') one.pop_back();
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

/// Units that one call puts on keys of one entry.
struct Touch {
  const model::Pattern* pattern = nullptr;
  const ItemLayout* layout = nullptr;
  const KeyEntry* entry = nullptr;
  bool creates = false;
  bool from_step = false;
  std::string group;  ///< see KeyText
  std::vector<TextShare> texts;
  Heat per_call;
};

/// What a plan's call touches, the same in every scenario.
class Touches {
 public:
  Touches(const model::Workload& workload, const design::Design& design,
          const design::AccessPlan& plan)
      : workload_(workload),
        design_(design),
        plan_(plan),
        pattern_(&workload.pattern(plan.pattern)) {}

  /// `usage` and `effects` are the plan's at the end of the horizon.
  std::vector<Touch> build(const PatternUsage& usage, const std::vector<ExecutedEffect>& effects) {
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      if (plan_.steps[i].actions.empty()) add_read(plan_.steps[i], usage.steps[i]);
    }
    for (const ExecutedEffect& one : effects) add_write(one);
    return std::move(touches_);
  }

 private:
  void add_write(const ExecutedEffect& executed) {
    const WriteEffect& effect = executed.effect;
    const ItemLayout& layout = design_.items[executed.action->layout];
    const bool fresh = executed.action->operation == Operation::put_item;
    const auto touch = [&](const KeyEntry& entry, const RowView& view, double units) {
      add(layout, entry, fresh, follows_related_row(*executed.action, entry), view,
          {executed.times * units, 0});
    };
    touch(layout.base, fresh ? effect.after : effect.before, effect.table_units);
    for (const EntryEffect& entry : effect.entries) {
      const KeyEntry& place = layout.entries[entry.entry];
      touch(place, effect.before,
            (entry.leaves + entry.moves) * entry.old_units + entry.changes * entry.changed_units);
      touch(place, effect.after, (entry.enters + entry.moves) * entry.new_units);
    }
  }

  /// Writes of `for_each` whose key is each related row's: the call's busy value is not theirs.
  [[nodiscard]] bool follows_related_row(const design::WriteAction& action,
                                         const KeyEntry& entry) const {
    const model::Write* write = write_of(*pattern_, action.action);
    if (write == nullptr || !write->for_each) return false;
    KeyEntry partition = entry;
    partition.sort.clear();
    const std::set<std::string> fields = key_attributes(partition);
    return std::any_of(fields.begin(), fields.end(), [&](const std::string& name) {
      const auto known = action.known.find(name);
      return known != action.known.end() && std::holds_alternative<design::FromStep>(known->second);
    });
  }

  void add_read(const design::Step& step, const StepUsage& usage) {
    if (step.operation == Operation::scan || step.layouts.empty()) return;
    // Read copies share what is asked.
    const std::size_t asked = step.copies > 0 ? step.layouts.size() : 1;
    for (std::size_t i = 0; i < asked; ++i)
      add_read(step, usage, design_.items[step.layouts[i]], 1 / static_cast<double>(asked));
  }

  void add_read(const design::Step& step, const StepUsage& usage, const ItemLayout& layout,
                double share) {
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
      add(layout, *entry, false, feeding_step(step).has_value(), asked_view(layout, match),
          {0, share * units / static_cast<double>(count)});
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

  void add(const ItemLayout& layout, const KeyEntry& entry, bool creates, bool from_step,
           const RowView& view, Heat per_call) {
    if (per_call.write <= 0 && per_call.read <= 0) return;
    std::string group = without_shard(entry.partition);
    std::vector<TextShare> texts = texts_of(layout, entry, group, view);
    touches_.push_back({pattern_, &layout, &entry, creates, from_step, std::move(group),
                        std::move(texts), per_call});
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
  const design::AccessPlan& plan_;
  const model::Pattern* pattern_;
  std::vector<Touch> touches_;
};

/// Calls a second that reach DynamoDB, judged at the declared peaks and the end of the horizon.
double calls_in(const model::Workload& workload, const model::Pattern& pattern,
                const Scenario& scenario) {
  const model::Load& load = pattern.load;
  const double mean = load.mean.per_second;
  const double months = workload.settings.horizon_months;
  const double growth = mean > 0 ? model::rate_after(workload, load, months).per_second / mean : 1;
  double rate = load.peak.per_second;
  if (scenario.event != nullptr) {
    const auto named = scenario.event->rates.find(pattern.name);
    rate = named == scenario.event->rates.end() ? mean : named->second.per_second;
  }
  return rate * growth * share_past_cache(pattern);
}

std::vector<Scenario> scenarios_of(const model::Workload& workload) {
  std::vector<Scenario> scenarios{{"peak", nullptr}};
  for (const model::Event& event : workload.events) scenarios.push_back({event.name, &event});
  return scenarios;
}

void add_heat(const model::Workload& workload, const Touch& touch, const Scenario& scenario,
              std::vector<KeyHeat>& out) {
  const double rate = calls_in(workload, *touch.pattern, scenario);
  if (rate <= 0) return;
  const Flow flow{*touch.pattern, *touch.layout, touch.creates, touch.from_step};
  const HotShare hot = hot_share(workload, flow, *touch.entry, rate);
  const bool is_spread = touch.pattern->is_read() ||
                         !is_of_present(workload.entity(touch.layout->entity), touch.entry->shards);
  const design::ShardRule shards = is_spread ? touch.entry->shards : design::ShardRule();
  for (const TextShare& text : touch.texts) {
    KeyHeat heat;
    heat.entity = touch.layout->entity;
    heat.key = {touch.layout->table, touch.entry->index, touch.group, text.text};
    heat.load.shards = shards.count;
    heat.load.unnamed = touch.per_call * (hot.calls * text.share);
    for (const auto& [name, calls] : hot.named) {
      heat.load.named[name] = touch.per_call * (calls * text.share);
      const auto own = shards.per_key.find(name);
      if (own != shards.per_key.end()) heat.load.shards = std::max(heat.load.shards, own->second);
    }
    out.push_back(std::move(heat));
  }
}

PlanHeat heat_of(const model::Workload& workload, const design::Design& design,
                 const design::AccessPlan& plan, const PatternUsage& usage,
                 const std::vector<ExecutedEffect>& effects) {
  const std::vector<Touch> touches = Touches(workload, design, plan).build(usage, effects);
  PlanHeat out;
  for (const Scenario& scenario : scenarios_of(workload)) {
    std::vector<KeyHeat>& heat = out.emplace_back();
    for (const Touch& touch : touches) add_heat(workload, touch, scenario, heat);
  }
  return out;
}

PlanHeat plan_heat(const model::Workload& workload, const design::Design& design,
                   const design::AccessPlan& plan, StockSizes& sizes, PageReadMemo* memo) {
  Options at_the_end;
  at_the_end.memo = memo;
  at_the_end.month = workload.settings.horizon_months;
  std::vector<ExecutedEffect> effects;
  const PatternUsage usage = pattern_usage(workload, design, plan, at_the_end, sizes, &effects);
  return heat_of(workload, design, plan, usage, effects);
}

std::map<KeyText, KeyLoad> loads_in(const std::vector<const PlanHeat*>& plans, std::size_t scenario,
                                    std::optional<model::EntityId> only) {
  std::map<KeyText, KeyLoad> loads;
  for (const PlanHeat* plan : plans) {
    for (const KeyHeat& heat : (*plan)[scenario]) {
      if (only && !(heat.entity == *only)) continue;
      KeyLoad& load = loads[heat.key];
      load.shards = std::max(load.shards, heat.load.shards);
      load.unnamed += heat.load.unnamed;
      for (const auto& [name, one] : heat.load.named) load.named[name] += one;
    }
  }
  return loads;
}

design::HotKey hot_key(const KeyText& key, int shards, const Heat& heat, const std::string& when) {
  design::HotKey hot;
  hot.table = key.table;
  hot.index = key.index;
  hot.key = key.group;
  hot.when = when;
  hot.peak_write_units = heat.write;
  hot.peak_read_units = heat.read;
  hot.shards = shards;
  return hot;
}

double pressure(const design::HotKey& key) {
  return Heat{key.peak_write_units, key.peak_read_units}.pressure();
}

/// The hottest value and moment of a key: reads and writes need not have theirs together.
class Hottest {
 public:
  void look_at(design::HotKey hot) {
    if (hot.peak_write_units > writes_.peak_write_units ||
        (hot.peak_write_units == writes_.peak_write_units &&
         hot.peak_read_units > writes_.peak_read_units))
      writes_ = hot;
    if (hot.peak_read_units > reads_.peak_read_units ||
        (hot.peak_read_units == reads_.peak_read_units &&
         hot.peak_write_units > reads_.peak_write_units))
      reads_ = std::move(hot);
  }

  /// The nearer to its ceiling; the other too where it is beyond the share that is planned for.
  void list(double planned_share, std::vector<design::HotKey>& out) const {
    const bool writes_lead = pressure(writes_) >= pressure(reads_);
    const design::HotKey& first = writes_lead ? writes_ : reads_;
    const design::HotKey& second = writes_lead ? reads_ : writes_;
    if (pressure(first) > 0) out.push_back(first);
    const double own = writes_lead
                           ? second.peak_read_units / limits::kPartitionReadUnitsPerSecond
                           : second.peak_write_units / limits::kPartitionWriteUnitsPerSecond;
    const bool is_other = writes_lead ? second.peak_read_units > first.peak_read_units
                                      : second.peak_write_units > first.peak_write_units;
    if (is_other && own > planned_share) out.push_back(second);
  }

 private:
  design::HotKey writes_;
  design::HotKey reads_;
};

}  // namespace

PlanHeat plan_heat(const model::Workload& workload, const design::Design& design,
                   const design::AccessPlan& plan, PageReadMemo* memo) {
  StockSizes sizes(workload, design);
  return plan_heat(workload, design, plan, sizes, memo);
}

UsageAndHeat usage_and_heat(const model::Workload& workload, const design::Design& design,
                            const design::AccessPlan& plan, const std::vector<double>& months,
                            PageReadMemo* memo) {
  StockSizes sizes(workload, design);
  Options options;
  options.memo = memo;
  UsageAndHeat out;
  if (std::any_of(plan.steps.begin(), plan.steps.end(), depends_on_growth)) {
    out.usage = pattern_usage_over(workload, design, plan, months, options);
    out.heat = plan_heat(workload, design, plan, sizes, memo);
    return out;
  }
  std::vector<ExecutedEffect> effects;
  const PatternUsage usage = pattern_usage(workload, design, plan, options, sizes, &effects);
  out.usage.assign(months.size(), usage);
  out.heat = heat_of(workload, design, plan, usage, effects);
  return out;
}

std::vector<PlanHeat> plan_heats(const model::Workload& workload, const design::Design& design) {
  StockSizes sizes(workload, design);
  std::vector<PlanHeat> heat;
  for (const design::AccessPlan& plan : design.plans)
    heat.push_back(plan_heat(workload, design, plan, sizes, nullptr));
  return heat;
}

std::vector<design::HotKey> hot_keys(const model::Workload& workload,
                                     const design::Design& design) {
  const std::vector<PlanHeat> heat = plan_heats(workload, design);
  std::vector<const PlanHeat*> plans;
  for (const PlanHeat& one : heat) plans.push_back(&one);
  return hottest_keys(workload, plans, std::nullopt);
}

double most_writes(const std::vector<const PlanHeat*>& plans, std::optional<model::EntityId> only) {
  double most = 0;
  for (std::size_t s = 0; !plans.empty() && s < plans.front()->size(); ++s) {
    for (const auto& [key, load] : loads_in(plans, s, only)) {
      most = std::max(most, load.unnamed.write);
      for (const auto& [name, heat] : load.named) most = std::max(most, heat.write);
    }
  }
  return most;
}

std::vector<design::HotKey> hottest_keys(const model::Workload& workload,
                                         const std::vector<const PlanHeat*>& plans,
                                         std::optional<model::EntityId> only) {
  const std::vector<Scenario> scenarios = scenarios_of(workload);
  // By table, index and template.
  std::map<std::tuple<std::size_t, std::optional<std::string>, std::string>, Hottest> best;
  for (std::size_t s = 0; s < scenarios.size(); ++s) {
    for (const auto& [key, load] : loads_in(plans, s, only)) {
      Hottest& hottest = best[std::make_tuple(key.table, key.index, key.group)];
      hottest.look_at(hot_key(key, load.shards, load.unnamed, scenarios[s].name));
      for (const auto& named : load.named)
        hottest.look_at(hot_key(key, load.shards, named.second, scenarios[s].name));
    }
  }
  std::vector<design::HotKey> keys;
  for (const auto& one : best) one.second.list(workload.settings.capacity_target, keys);
  std::stable_sort(keys.begin(), keys.end(), [](const design::HotKey& a, const design::HotKey& b) {
    return pressure(a) > pressure(b);
  });
  return keys;
}

}  // namespace ddbplan::capacity
