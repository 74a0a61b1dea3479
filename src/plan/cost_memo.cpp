#include "plan/cost_memo.h"

#include <algorithm>
#include <map>
#include <set>

#include "dynamo/limits.h"
#include "dynamo/units.h"

namespace ddbplan::plan {

namespace {

/// Writes everything that a cost depends on into one text. Every part ends with a byte that no name holds.
class Fingerprint {
 public:
  void add(std::string_view text) {
    text_ += text;
    text_ += '\x1f';
  }
  void add(std::size_t number) { add(std::to_string(number)); }
  void add(const design::ShardRule& rule) {
    add(static_cast<std::size_t>(rule.count));
    for (const auto& [name, count] : rule.per_key) {
      add(name);
      add(static_cast<std::size_t>(count));
    }
  }
  void add(const std::vector<design::KeyTemplate>& keys) {
    for (const design::KeyTemplate& key : keys) add(design::to_string(key));
  }
  void add(const design::KeyExpr& key) {
    for (const design::KeyExprPart& part : key.parts) {
      if (const auto* literal = std::get_if<design::Literal>(&part)) {
        add(literal->text);
      } else if (const auto* field = std::get_if<design::FieldFrom>(&part)) {
        add(design::to_string(field->field));
        add(field->source.index());
      } else {
        add(part.index());
      }
    }
  }
  void add(const design::Design& design, const design::ItemLayout& layout) {
    const design::Table& table = design.tables[layout.table];
    add(layout.table);
    add(table.key);
    add(layout.entity.index);
    add(static_cast<std::size_t>(layout.role));
    add(layout.type_value.value_or(""));
    add(layout.base.partition);
    add(layout.base.sort);
    add(layout.base.shards);
    for (const design::KeyEntry& entry : layout.entries) add(table, entry);
  }
  void add(const dynamo::KeySchema& key) {
    for (const dynamo::KeyAttribute& one : key.partition) add(one.name);
    for (const dynamo::KeyAttribute& one : key.sort) add(one.name);
  }
  void add(const design::Table& table, const design::KeyEntry& entry) {
    const design::Index* index = table.find_index(*entry.index);
    add(index->key);
    add(index->name);  // its length is part of the key attributes' names
    add(static_cast<std::size_t>(index->projection.type));
    for (const std::string& name : index->projection.attributes) add(name);
    add(entry.partition);
    add(entry.sort);
    add(entry.shards);
    if (entry.when) add(model::to_string(*entry.when));
  }
  void add(const design::Step& step) {
    add(static_cast<std::size_t>(step.operation));
    add(step.table);
    add(step.index.value_or(""));
    for (const design::KeyExpr& key : step.partition) add(key);
    for (const design::KeyExpr& key : step.sort) add(key);
    if (step.sort_condition) {
      add(static_cast<std::size_t>(step.sort_condition->op));
      add(step.sort_condition->low);
      if (step.sort_condition->high) add(*step.sort_condition->high);
    }
    add(step.shards);
    add(step.alternatives.size());
    if (step.buckets) add(step.buckets->attribute);
    if (step.filter) add(model::to_string(*step.filter));
    if (step.limit) add(static_cast<std::size_t>(*step.limit));
    for (const std::size_t after : step.after) add(after);
    for (const std::string& name : step.only_if_given) add("with " + name);
    for (const std::string& name : step.only_if_left_out) add("without " + name);
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

/// The plans and layouts of one design as texts; each layout is written once, however many plans touch it.
class DesignPrints {
 public:
  explicit DesignPrints(const design::Design& design)
      : design_(design), layouts_(design.items.size()) {}

  const std::string& layout(std::size_t position) {
    std::optional<std::string>& place = layouts_[position];
    if (!place) {
      Fingerprint print;
      print.add(design_, design_.items[position]);
      place = print.take();
    }
    return *place;
  }

  std::string plan(const design::AccessPlan& plan) {
    Fingerprint print;
    print.add(plan.pattern.index);
    std::set<std::size_t> layouts;
    for (const design::Step& step : plan.steps) {
      print.add(step);
      layouts.insert(step.layouts.begin(), step.layouts.end());
      for (const design::WriteAction& action : step.actions) {
        layouts.insert(action.layout);
        print.add(action.maintains.size());
      }
      if (step.operation != design::Operation::scan) continue;
      // A Scan reads whatever else the table holds.
      for (std::size_t i = 0; i < design_.items.size(); ++i) layouts.insert(i);
    }
    for (const std::size_t position : layouts) print.add(layout(position));
    return print.take();
  }

 private:
  const design::Design& design_;
  std::vector<std::optional<std::string>> layouts_;
};

/// The shards that a total of `units` a second on one key would take is one.
bool fits_one_key(const model::Settings& settings, double units) {
  return units <= dynamo::limits::kPartitionWriteUnitsPerSecond * settings.capacity_target;
}

bool writes_several_kinds(const design::Step& step) {
  return std::any_of(step.actions.begin(), step.actions.end(), [&](const design::WriteAction& a) {
    return a.layout != step.actions.front().layout;
  });
}

void add(std::vector<capacity::ResourceUnits>& sum,
         const std::vector<capacity::ResourceUnits>& units) {
  for (const capacity::ResourceUnits& one : units) {
    const auto found =
        std::find_if(sum.begin(), sum.end(), [&](const capacity::ResourceUnits& other) {
          return other.table == one.table && other.index == one.index;
        });
    if (found == sum.end()) {
      sum.push_back(one);
    } else {
      found->read += one.read;
      found->write += one.write;
    }
  }
}

PlanUnits units_of(const design::Design& design, const design::AccessPlan& plan,
                   const std::vector<capacity::PatternUsage>& usages) {
  PlanUnits out;
  const auto entity_of = [&](std::size_t layout) { return design.items[layout].entity; };
  for (std::size_t s = 0; s < plan.steps.size(); ++s) {
    const design::Step& step = plan.steps[s];
    const capacity::StepUsage& first = usages.front().steps[s];
    out.items.push_back(first.items);
    double read = 0;
    for (const capacity::ResourceUnits& one : first.units) read += one.read;
    const double blocks = first.scanned_bytes / static_cast<double>(dynamo::kReadBlockBytes);
    out.unrounded.push_back(
        read <= 0 ? 1 : std::min(1.0, blocks * (step.consistent_read ? 1 : 0.5) / read));
    if (!writes_several_kinds(step)) {
      const std::size_t layout =
          step.actions.empty() ? step.layouts.front() : step.actions.front().layout;
      PlanUnits::Part& part = out.parts.emplace_back(PlanUnits::Part{s, entity_of(layout), {}});
      for (const capacity::PatternUsage& usage : usages) part.units.push_back(usage.steps[s].units);
      continue;
    }
    for (std::size_t a = 0; a < step.actions.size(); ++a) {
      PlanUnits::Part& part =
          out.parts.emplace_back(PlanUnits::Part{s, entity_of(step.actions[a].layout), {}});
      for (const capacity::PatternUsage& usage : usages)
        part.units.push_back(usage.steps[s].by_action[a]);
    }
  }
  return out;
}

}  // namespace

CostMemo::CostMemo(const model::Workload& workload, const pricing::PriceBook& book)
    : workload_(workload), book_(book), samples_(pricing::sampled_months(workload)) {}

DesignNumbers CostMemo::look_up(const design::Design& design) {
  DesignNumbers out;
  DesignPrints prints(design);
  for (const design::AccessPlan& plan : design.plans)
    out.push_back(plan.steps.empty() ? &nothing_ : &plans_[prints.plan(plan)]);
  return out;
}

const PlanUnits& CostMemo::units(const design::Design& design, const DesignNumbers& plans,
                                 std::size_t plan) const {
  return measured(design, design.plans[plan], *plans[plan]);
}

const PlanUnits& CostMemo::units(const design::Design& design, const design::AccessPlan& plan) {
  PlanNumbers& place = plan.steps.empty() ? nothing_ : plans_[DesignPrints(design).plan(plan)];
  return measured(design, plan, place);
}

/// Whether a key may be hot is asked about all writes, so they have their heat at once.
const PlanUnits& CostMemo::measured(const design::Design& design, const design::AccessPlan& plan,
                                    PlanNumbers& place) const {
  if (place.units) return *place.units;
  std::vector<double> months;
  for (const pricing::SampledMonth& sample : samples_) months.push_back(sample.month);
  if (plan.steps.empty()) {
    place.units.emplace();
  } else if (workload_.pattern(plan.pattern).is_read()) {
    capacity::Options options;
    options.memo = &pages_;
    place.units = units_of(design, plan,
                           capacity::pattern_usage_over(workload_, design, plan, months, options));
  } else {
    capacity::UsageAndHeat both =
        capacity::usage_and_heat(workload_, design, plan, months, &pages_);
    place.units = units_of(design, plan, both.usage);
    place.heat = std::move(both.heat);
  }
  return *place.units;
}

support::Money CostMemo::cost(const design::Design& design, const DesignNumbers& plans,
                              std::optional<pricing::PaymentMode> mode) {
  return pricing::month_total(workload_, design, month_of(design, plans), book_, mode);
}

std::vector<pricing::PaymentMode> CostMemo::modes(const design::Design& design) {
  return pricing::month_modes(workload_, design, month_of(design, look_up(design)), book_);
}

pricing::AverageMonth CostMemo::month_of(const design::Design& design, const DesignNumbers& plans) {
  std::vector<capacity::Usage> usages;
  for (std::size_t at = 0; at < samples_.size(); ++at) {
    std::vector<capacity::PatternUsage> patterns(workload_.patterns.size());
    for (std::size_t i = 0; i < plans.size(); ++i) {
      for (const PlanUnits::Part& part : units(design, plans, i).parts)
        add(patterns[design.plans[i].pattern.index].units, part.units[at]);
    }
    std::vector<capacity::ResourceStorage> stored;
    for (std::size_t table = 0; table < design.tables.size(); ++table) {
      stored.push_back({table, std::nullopt, 0, 0});
      for (const design::Index& index : design.tables[table].indexes)
        stored.push_back({table, index.name, 0, 0});
    }
    for (std::size_t layout = 0; layout < design.items.size(); ++layout) {
      for (const capacity::ResourceStorage& part : storage(design, layout)[at]) {
        for (capacity::ResourceStorage& one : stored) {
          if (one.table != part.table || one.index != part.index) continue;
          one.items += part.items;
          one.bytes += part.bytes;
        }
      }
    }
    usages.push_back(capacity::usage_of(workload_, design, std::move(patterns), std::move(stored),
                                        samples_[at].month));
  }
  return pricing::average_month(workload_, samples_, std::move(usages));
}

bool CostMemo::some_key_may_be_hot(const design::Design& design, const DesignNumbers& plans,
                                   std::optional<model::EntityId> only) const {
  // No key takes more than its whole table or index does.
  const double end = workload_.settings.horizon_months;
  const std::size_t scenarios = 1 + workload_.events.size();
  std::map<std::pair<std::size_t, std::optional<std::string>>, std::vector<double>> totals;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const model::Pattern& pattern = workload_.pattern(design.plans[i].pattern);
    if (pattern.is_read()) continue;
    const double mean = pattern.load.mean.per_second;
    const double growth =
        mean > 0 ? model::rate_after(workload_, pattern.load, end).per_second / mean : 1;
    for (const PlanUnits::Part& part : units(design, plans, i).parts) {
      if (only && !(part.entity == *only)) continue;
      for (const capacity::ResourceUnits& one : part.units.back()) {
        std::vector<double>& loads = totals[{one.table, one.index}];
        loads.resize(scenarios);
        loads[0] += pattern.load.peak.per_second * growth * one.write;
        for (std::size_t e = 0; e < workload_.events.size(); ++e) {
          const auto named = workload_.events[e].rates.find(pattern.name);
          const double rate =
              named == workload_.events[e].rates.end() ? mean : named->second.per_second;
          loads[1 + e] += rate * growth * one.write;
        }
      }
    }
  }
  return std::any_of(totals.begin(), totals.end(), [&](const auto& resource) {
    return std::any_of(resource.second.begin(), resource.second.end(),
                       [&](double units) { return !fits_one_key(workload_.settings, units); });
  });
}

std::vector<design::HotKey> CostMemo::hot_keys(const design::Design& design,
                                               const DesignNumbers& plans,
                                               std::optional<model::EntityId> only) {
  if (!some_key_may_be_hot(design, plans, only)) return {};
  std::vector<const capacity::PlanHeat*> all;
  std::vector<const capacity::PlanHeat*> writes;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (workload_.pattern(design.plans[i].pattern).is_read() || !plans[i]->heat) continue;
    writes.push_back(&*plans[i]->heat);
  }
  // Shards are for writes: how hot reads are matters only beside them.
  if (fits_one_key(workload_.settings, capacity::most_writes(writes, only))) return {};
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (plans[i] == &nothing_) continue;
    if (!plans[i]->heat)
      plans[i]->heat = capacity::plan_heat(workload_, design, design.plans[i], &pages_);
    all.push_back(&*plans[i]->heat);
  }
  return capacity::hottest_keys(workload_, all, only);
}

const LayoutStorage& CostMemo::storage(const design::Design& design, std::size_t layout) {
  const auto [place, is_new] = storage_.try_emplace(DesignPrints(design).layout(layout));
  if (!is_new) return place->second;
  for (const pricing::SampledMonth& sample : samples_) {
    capacity::Options options;
    options.month = sample.month;
    place->second.push_back(capacity::layout_storage(workload_, design, layout, options));
  }
  return place->second;
}

std::string CostMemo::fingerprint(const design::Design& design) {
  DesignPrints prints(design);
  Fingerprint print;
  for (std::size_t i = 0; i < design.items.size(); ++i) print.add(prints.layout(i));
  for (const design::AccessPlan& plan : design.plans) print.add(prints.plan(plan));
  return print.take();
}

}  // namespace ddbplan::plan
