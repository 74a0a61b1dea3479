#include "plan/shards.h"

#include <algorithm>
#include <cmath>

#include "capacity/shares.h"
#include "dynamo/limits.h"
#include "plan/counter.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using support::contains;

std::string without_shard(design::KeyTemplate key) {
  if (std::holds_alternative<design::ShardField>(key.parts.back())) {
    key.parts.pop_back();
    // A prefix that ends in the delimiter has another one before the shard.
    if (auto* literal = std::get_if<design::Literal>(&key.parts.back()); literal != nullptr) {
      while (!literal->text.empty() && literal->text.back() == '#') literal->text.pop_back();
      if (literal->text.empty()) key.parts.pop_back();
    }
  }
  return design::to_string(key);
}

class ShardPlanner {
 public:
  ShardPlanner(const Problem& problem, const State& state, const Assembly& assembly)
      : problem_(problem), workload_(problem.workload), state_(state), assembly_(assembly) {}

  ShardPlan by_heat(const std::vector<design::HotKey>& hot_keys) {
    for (const design::HotKey& hot : hot_keys) {
      const int count = shards_needed(hot.peak_write_units);
      if (count > 1 && is_busiest(hot, hot_keys)) spread(hot, count);
    }
    return std::move(out_);
  }

  ShardPlan build(const std::vector<design::HotKey>& hot_keys) {
    out_ = by_heat(hot_keys);
    hold();
    apply_overrides();
    return std::move(out_);
  }

 private:
  [[nodiscard]] int shards_needed(double units) const {
    const double per_shard =
        dynamo::limits::kPartitionWriteUnitsPerSecond * workload_.settings.capacity_target;
    // The tolerance keeps 700.0000001 / 700 from asking for a second shard.
    return std::max(1, static_cast<int>(std::ceil(units / per_shard - 1e-9)));
  }

  /// A key stands twice where its reads and its writes have different moments.
  [[nodiscard]] static bool is_busiest(const design::HotKey& hot,
                                       const std::vector<design::HotKey>& all) {
    return std::none_of(all.begin(), all.end(), [&](const design::HotKey& other) {
      return other.table == hot.table && other.index == hot.index && other.key == hot.key &&
             other.peak_write_units > hot.peak_write_units;
    });
  }

  /// Shards every entity whose rows or entries stand under this key, except an owner row: it is one item.
  void spread(const design::HotKey& hot, int count) {
    for (std::size_t e = 0; e < workload_.entities.size(); ++e) {
      if (assembly_.placement.row[e] == Placement::kNotPlaced) continue;
      const model::EntityId id{e};
      const design::ItemLayout& row = assembly_.design.items[assembly_.placement.row[e]];
      if (row.table != hot.table) continue;
      if (!hot.index) {
        if (logical_text(row.base.partition) == hot.key && is_written(id)) {
          if (auto rule = base_rule(id, hot, count)) out_[{e, kBaseKey}] = *std::move(rule);
        }
        continue;
      }
      for (const auto& [key, place] : assembly_.placement.entries) {
        if (key.first != e || place.index != *hot.index) continue;
        const design::KeyEntry& entry = row.entries[place.position];
        const KeySpec& spec = problem_.entry(id, key.second);
        if (!spec.local && logical_text(entry.partition) == hot.key)
          out_[{e, key.second}] = rule_for(id, spec, hot, count);
      }
    }
  }

  /// nullopt: no shard can be drawn that would relieve the key.
  [[nodiscard]] std::optional<design::ShardRule> base_rule(model::EntityId id,
                                                           const design::HotKey& hot,
                                                           int count) const {
    const model::Entity& entity = workload_.entity(id);
    const KeySpec& base = problem_.base(state_, id);
    const bool one_item = base.sort.empty() && base.partition == entity.id;
    const std::size_t row = assembly_.placement.row[id.index];
    if ((one_item && is_counter(workload_, id)) ||
        (is_rollup_in_parts(workload_, id) && assembly_.design.items[row].entries.empty())) {
      design::ShardRule rule;
      rule.by_request = true;
      rule.count = count;
      name_hot_values(id, base, hot, rule);
      return rule;
    }
    if (one_item) return std::nullopt;
    design::ShardRule rule = rule_for(id, base, hot, count);
    if (capacity::is_of_present(entity, rule)) return std::nullopt;
    return rule;
  }

  [[nodiscard]] bool is_written(model::EntityId id) const {
    const std::size_t row = assembly_.placement.row[id.index];
    for (const design::AccessPlan& plan : assembly_.design.plans) {
      for (const design::Step& step : plan.steps) {
        for (const design::WriteAction& action : step.actions) {
          if (action.layout == row && action.operation != design::Operation::condition_check)
            return true;
        }
      }
    }
    return false;
  }

  [[nodiscard]] design::ShardRule rule_for(model::EntityId id, const KeySpec& spec,
                                           const design::HotKey& hot, int count) const {
    const model::Entity& entity = workload_.entity(id);
    design::ShardRule rule;
    for (const std::string& name : entity.id) {
      if (!contains(spec.partition, name)) rule.by.push_back(name);
    }
    if (rule.by.empty()) rule.by = entity.id;
    rule.count = count;
    name_hot_values(id, spec, hot, rule);
    return rule;
  }

  /// When the schema names the busy values, only those are sharded.
  void name_hot_values(model::EntityId id, const KeySpec& spec, const design::HotKey& hot,
                       design::ShardRule& rule) const {
    std::map<std::string, double> named = named_rates(id);
    if (named.empty()) return;
    const std::optional<std::string>& tenant = workload_.settings.tenant;
    for (const std::string& name : spec.partition) {
      const bool is_constant = std::any_of(spec.fixed.begin(), spec.fixed.end(),
                                           [&](const Equality& e) { return e.attribute == name; });
      if (!is_constant && (!tenant || name != *tenant || spec.partition.size() == 1)) {
        rule.per_key_attribute = name;
        break;
      }
    }
    if (rule.per_key_attribute.empty()) return;
    double busiest = 0;
    for (const auto& [name, rate] : named) busiest = std::max(busiest, rate);
    for (const auto& [name, rate] : named) {
      const int shards = shards_needed(hot.peak_write_units * rate / busiest);
      if (shards > 1) rule.per_key[name] = shards;
    }
    rule.count = 1;
  }

  [[nodiscard]] std::map<std::string, double> named_rates(model::EntityId id) const {
    std::map<std::string, double> out;
    for (const model::Pattern& pattern : workload_.patterns) {
      for (const model::Write* write : writes_of(pattern)) {
        if (write->entities.empty() || !(write->entities.front() == id)) continue;
        for (const auto& [name, rate] : pattern.load.hottest_named)
          out[name] += rate.per_second * write->times.mean;
      }
    }
    return out;
  }

  /// Another number of shards would mean to write every item anew.
  void hold() {
    if (!problem_.held) return;
    for (const auto& [key, rule] : problem_.held->shards) {
      const bool is_placed = key.second == kBaseKey
                                 ? assembly_.placement.row[key.first] != Placement::kNotPlaced
                                 : assembly_.placement.entries.contains(key);
      out_.erase(key);
      if (is_placed && rule.sharded()) out_[key] = rule;
    }
  }

  void apply_overrides() {
    for (const model::PhysicalOverride& physical : workload_.physical) {
      const model::EntityId id = physical.entity;
      if (physical.shards.empty() || assembly_.placement.row[id.index] == Placement::kNotPlaced)
        continue;
      const KeySpec& base = problem_.base(state_, id);
      design::ShardRule rule;
      for (const std::string& name : workload_.entity(id).id) {
        if (!contains(base.partition, name)) rule.by.push_back(name);
      }
      if (rule.by.empty()) continue;
      if (!base.partition.empty()) rule.per_key_attribute = base.partition.back();
      for (const auto& [name, count] : physical.shards) {
        if (name == "others") {
          rule.count = count;
        } else {
          rule.per_key[name] = count;
        }
      }
      out_[{id.index, kBaseKey}] = rule;
    }
  }

  const Problem& problem_;
  const model::Workload& workload_;
  const State& state_;
  const Assembly& assembly_;
  ShardPlan out_;
};

}  // namespace

std::string logical_text(const std::vector<design::KeyTemplate>& keys) {
  std::vector<std::string> out;
  for (const design::KeyTemplate& key : keys) out.push_back(without_shard(key));
  return support::join(out, ", ");
}

ShardPlan shards_for(const Problem& problem, const State& state, const Assembly& assembly,
                     const std::vector<design::HotKey>& hot_keys) {
  return ShardPlanner(problem, state, assembly).build(hot_keys);
}

ShardPlan shards_by_heat(const Problem& problem, const State& state, const Assembly& assembly,
                         const std::vector<design::HotKey>& hot_keys) {
  return ShardPlanner(problem, state, assembly).by_heat(hot_keys);
}

}  // namespace ddbplan::plan
