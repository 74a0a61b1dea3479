// A choice taken apart by what it loads, for the linear program.
#include <algorithm>

#include "plan/entity_search.h"

namespace ddbplan::plan {

namespace {

/// Adds what one part of a plan asks of one resource; made when it is the first.
ChoiceLoads::Load& load_of(std::vector<ChoiceLoads::Load>& loads,
                           const std::optional<std::size_t>& pattern, std::size_t table,
                           const Slot& slot, std::size_t samples, std::size_t moments) {
  for (ChoiceLoads::Load& load : loads) {
    if (load.pattern == pattern && load.table == table && load.slot == slot) return load;
  }
  const std::vector<std::vector<double>> zero(samples, std::vector<double>(moments, 0.0));
  loads.push_back({pattern, table, slot, zero, zero});
  return loads.back();
}

}  // namespace

ChoiceLoads EntitySearch::take_apart(const EntityChoice& choice, Claims claims) const {
  const Decisions decisions{choice.base, claims, choice.serve, choice.all};
  const ProfileSpace& space = around_.space();
  ChoiceLoads out;
  out.storage = space.zero();
  const Evaluation laid =
      lay_out_with_shards(problem_, state_of(decisions), around_.memo(), scope_).evaluation;
  const design::Design& design = laid.assembly.design;
  const std::size_t own_table = problem_.tables.table_of[entity_];
  const design::Table& table = design.tables[own_table];
  std::map<std::string, Slot> slots;
  SlotDemand count{};
  const Carried carries = carried(decisions);
  const std::size_t row = laid.assembly.placement.row[entity_];
  for (const design::KeyEntry& entry : design.items[row].entries) {
    for (const auto& [key, place] : laid.assembly.placement.entries) {
      if (key.first != entity_ || place.index != *entry.index) continue;
      if (const auto& held = problem_.entry(model::EntityId{entity_}, key.second).held) {
        if (!table.find_index(*entry.index)->local) slots[*entry.index] = {{kHeldSlot, *held}};
        continue;
      }
      const std::size_t kind = slot_kind(key.second, carries.at(key.second));
      const std::size_t own = count[kind]++;
      const std::size_t ordinal = own + (kind == kUnshared ? entity_ * kSlotsOfEntity : 0);
      if (!table.find_index(*entry.index)->local) slots[*entry.index] = {{kind, ordinal}};
    }
  }
  for (const design::AccessPlan& plan : design.plans) {
    if (plan.steps.empty() || claimed_by_parent(decisions, laid.assembly, plan.pattern)) continue;
    const std::vector<std::size_t>& needs = problem_.needs_of_pattern[plan.pattern.index];
    const bool is_asked = std::any_of(needs.begin(), needs.end(), [&](std::size_t n) {
      return problem_.needs[n].entity.index == entity_;
    });
    const std::optional<std::size_t> pattern =
        is_asked ? std::optional(plan.pattern.index) : std::nullopt;
    for (const PlanUnits::Part& part : around_.memo().units(design, plan).parts) {
      if (owner(design, plan, part) != entity_) continue;
      for (std::size_t sample = 0; sample < part.units.size(); ++sample) {
        const std::vector<double>& calls = space.calls(plan.pattern, sample);
        for (const capacity::ResourceUnits& one : part.units[sample]) {
          const bool is_own = one.index && one.table == own_table;
          const auto found = is_own ? slots.find(*one.index) : slots.end();
          const Slot slot = found == slots.end() ? std::nullopt : found->second;
          ChoiceLoads::Load& load =
              load_of(out.loads, pattern, one.table, slot, part.units.size(), calls.size());
          for (std::size_t moment = 0; moment < calls.size(); ++moment) {
            load.read[sample][moment] += calls[moment] * one.read;
            load.write[sample][moment] += calls[moment] * one.write;
          }
        }
      }
    }
  }
  for (std::size_t layout = 0; layout < design.items.size(); ++layout) {
    if (design.items[layout].entity.index != entity_) continue;
    const LayoutStorage& storage = around_.memo().storage(design, layout);
    space.add(out.storage, storage, design.tables, ProfileSpace::Stored::items);
    space.add(out.storage, storage, design.tables, ProfileSpace::Stored::entries);
  }
  return out;
}

}  // namespace ddbplan::plan
