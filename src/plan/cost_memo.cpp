#include "plan/cost_memo.h"

#include <set>

#include "capacity/usage.h"
#include "pricing/cost.h"

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
  void add(const design::Table& table, const design::ItemLayout& layout) {
    add(layout.entity.index);
    add(static_cast<std::size_t>(layout.role));
    add(layout.type_value.value_or(""));
    add(layout.base.partition);
    add(layout.base.sort);
    add(layout.base.shards);
    for (const design::KeyEntry& entry : layout.entries) add(table, entry);
  }
  void add(const design::Table& table, const design::KeyEntry& entry) {
    const design::Index* index = table.find_index(*entry.index);
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
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace

support::Money CostMemo::cost(const design::Design& design) {
  support::Money total;
  for (const design::AccessPlan& plan : design.plans) total += requests(design, plan);
  for (const design::ItemLayout& layout : design.items) total += storage(design, layout);
  return total;
}

const std::vector<design::HotKey>& CostMemo::hot_keys(const design::Design& design) {
  Fingerprint print;
  for (const design::ItemLayout& layout : design.items) print.add(design.tables.front(), layout);
  const auto [place, is_new] = known_heat_.try_emplace(print.take());
  if (is_new) place->second = capacity::hot_keys(workload_, design);
  return place->second;
}

support::Money CostMemo::requests(const design::Design& design, const design::AccessPlan& plan) {
  if (plan.steps.empty()) return {};
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
  }
  for (const std::size_t layout : layouts) print.add(design.tables.front(), design.items[layout]);
  const auto [place, is_new] = known_.try_emplace(print.take());
  if (is_new) {
    const capacity::PatternUsage usage = capacity::pattern_usage(workload_, design, plan);
    place->second =
        pricing::request_money(workload_, workload_.pattern(plan.pattern), usage.units, book_);
  }
  return place->second;
}

support::Money CostMemo::storage(const design::Design& design, const design::ItemLayout& layout) {
  Fingerprint print;
  print.add("storage");
  print.add(design.tables.front(), layout);
  const auto [place, is_new] = known_.try_emplace(print.take());
  if (!is_new) return place->second;
  // The middle of the horizon stands for its average month.
  capacity::Options options;
  options.month = workload_.settings.horizon_months / 2;
  const auto money = [&](const design::KeyEntry& entry, double bytes) {
    return pricing::storage_money(
        workload_, capacity::entry_count(workload_, layout, entry, options), bytes, book_);
  };
  place->second = money(layout.base, capacity::item_size(workload_, design, layout).mean);
  for (const design::KeyEntry& entry : layout.entries)
    place->second += money(entry, capacity::entry_size(workload_, design, layout, entry).mean);
  return place->second;
}

}  // namespace ddbplan::plan
