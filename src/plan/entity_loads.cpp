// A choice taken apart by what it loads, for the linear program.
#include <algorithm>

#include "plan/entity_search.h"
#include "support/text.h"

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

std::vector<EntitySearch::PlacedEntry> EntitySearch::placed(const Assembly& assembly,
                                                            const Decisions& decisions) const {
  std::vector<PlacedEntry> out;
  const design::Design& design = assembly.design;
  const design::Table& table = design.tables[problem_.tables.table_of[entity_]];
  SlotDemand count{};
  const Carried carries = carried(decisions);
  for (const design::KeyEntry& entry : design.items[assembly.placement.row[entity_]].entries) {
    for (const auto& [key, place] : assembly.placement.entries) {
      if (key.first != entity_ || place.index != *entry.index) continue;
      PlacedEntry& one = out.emplace_back(PlacedEntry{*entry.index, key.second, std::nullopt});
      const bool is_local = table.find_index(*entry.index)->local;
      if (const auto& held = problem_.entry(model::EntityId{entity_}, key.second).held) {
        if (!is_local) one.slot = {{kHeldSlot, *held}};
        continue;
      }
      const std::size_t kind = slot_kind(key.second, carries.at(key.second));
      const std::size_t own = count[kind]++;
      const std::size_t ordinal = own + (kind == kUnshared ? entity_ * kSlotsOfEntity : 0);
      if (!is_local) one.slot = {{kind, ordinal}};
    }
  }
  return out;
}

SlotAttributes EntitySearch::included(const EntityChoice& choice, Claims claims) const {
  const Decisions decisions{choice.base, claims, choice.serve, choice.all};
  const Assembly assembly = assemble(problem_, state_of(decisions), {}, scope_);
  SlotAttributes out;
  if (!assembly.infeasible.empty()) return out;
  const Carried carries = carried(decisions);
  for (const PlacedEntry& entry : placed(assembly, decisions)) {
    if (!entry.slot || entry.slot->first != kIncludeKind) continue;
    out[entry.slot->second] = carries.at(entry.candidate).value_or(std::vector<std::string>());
  }
  return out;
}

ChoiceLoads EntitySearch::take_apart(const EntityChoice& choice, Claims claims,
                                     const SlotAttributes& foreign, Shared shared) const {
  const Decisions decisions{choice.base, claims, choice.serve, choice.all};
  const ProfileSpace& space = around_.space();
  ChoiceLoads out;
  out.storage = space.zero();
  Evaluation laid =
      lay_out_with_shards(problem_, state_of(decisions), around_.memo(), scope_).evaluation;
  design::Design& design = laid.assembly.design;
  const std::size_t own_table = problem_.tables.table_of[entity_];
  std::map<std::string, Slot> slots;
  for (const PlacedEntry& entry : placed(laid.assembly, decisions)) {
    if (entry.slot) slots[entry.index] = entry.slot;
    const auto more = entry.slot && entry.slot->first == kIncludeKind
                          ? foreign.find(entry.slot->second)
                          : foreign.end();
    if (more == foreign.end()) continue;
    for (design::Index& index : design.tables[own_table].indexes) {
      for (const std::string& name : more->second) {
        if (index.name == entry.index) support::add_once(index.projection.attributes, name);
      }
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
    const PlanUnits& units = around_.memo().units(design, plan);
    for (const PlanUnits::Part& part : units.parts) {
      if (owner(design, plan, part) != entity_) continue;
      const double share = shared == Shared::least &&
                                   may_be_in_another(decisions, plan.pattern, plan.steps[part.step])
                               ? units.unrounded[part.step]
                               : 1;
      for (std::size_t sample = 0; sample < part.units.size(); ++sample) {
        const std::vector<double>& calls = space.calls(plan.pattern, sample);
        for (const capacity::ResourceUnits& one : part.units[sample]) {
          const bool is_own = one.index && one.table == own_table;
          const auto found = is_own ? slots.find(*one.index) : slots.end();
          const Slot slot = found == slots.end() ? std::nullopt : found->second;
          ChoiceLoads::Load& load =
              load_of(out.loads, pattern, one.table, slot, part.units.size(), calls.size());
          for (std::size_t moment = 0; moment < calls.size(); ++moment) {
            load.read[sample][moment] += share * calls[moment] * one.read;
            load.write[sample][moment] += share * calls[moment] * one.write;
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
