#include "plan/entity_search.h"

#include <algorithm>
#include <set>

#include "dynamo/limits.h"
#include "plan/collection_read.h"
#include "plan/entries_beside.h"
#include "plan/layouts.h"

namespace ddbplan::plan {

namespace {

void subtract(LoadProfile& from, const LoadProfile& what) {
  for (std::size_t i = 0; i < from.size(); ++i) from[i] -= what[i];
}

}  // namespace

/// Parts of an evaluation that a Solo tells apart.
struct EntitySearch::Split {
  model::PatternId pattern;
  LoadProfile read;
  LoadProfile open;
};

EntitySearch::EntitySearch(Surroundings& around, std::size_t entity)
    : around_(around),
      problem_(around.problem()),
      entity_(entity),
      needs_(around.needs_of(entity)) {
  std::set<std::size_t> entities{entity};
  for (const std::size_t p : around.patterns_of(entity)) {
    entities.insert(problem_.entities_of_pattern[p].begin(), problem_.entities_of_pattern[p].end());
    scope_.patterns.push_back(p);
    for (const std::size_t n : problem_.needs_of_pattern[p]) scope_.needs.push_back(n);
  }
  scope_.entities.assign(entities.begin(), entities.end());
  scope_.heated = model::EntityId{entity};
  for (std::size_t j = 0; j < around.joints().size(); ++j) {
    const Joint& joint = around.joints()[j];
    const Need& parent = problem_.needs[joint.need];
    const auto is_own = [&](std::size_t child) {
      return problem_.needs[child].entity.index == entity;
    };
    const bool is_child = joint.child
                              ? is_own(*joint.child)
                              : std::any_of(parent.children.begin(), parent.children.end(), is_own);
    if (parent.entity.index == entity || is_child) joints_.push_back(j);
  }
}

bool EntitySearch::is_child_side(std::size_t j, std::size_t need) const {
  const std::vector<std::size_t>& children = problem_.needs[joint(j).need].children;
  return joint(j).child ? *joint(j).child == need
                        : std::find(children.begin(), children.end(), need) != children.end();
}

bool EntitySearch::can_claim(std::size_t base, std::size_t j) const {
  if (joint(j).kind != Joint::Kind::together) return true;
  const KeySpec& key = problem_.candidates.entities[entity_].bases[base];
  return is_parent(j) ? parent_joins(problem_, key, *joint(j).child)
                      : child_joins(problem_, key, *joint(j).child);
}

bool EntitySearch::can_be_way(std::size_t j, std::size_t need, std::size_t option) const {
  const Option& way = problem_.candidates.options[need][option];
  switch (joint(j).kind) {
    case Joint::Kind::together:
      return way.kind == Option::Kind::base;
    case Joint::Kind::in_index:
      return joins_in_index(problem_, need, way, *joint(j).child);
    case Joint::Kind::follows:
      return need != joint(j).need;
  }
  return false;
}

Claims EntitySearch::joints_of(std::size_t position) const {
  Claims out = 0;
  for (std::size_t j = 0; j < joints_.size(); ++j) {
    const bool is_side = needs_[position] == joint(j).need || is_child_side(j, needs_[position]);
    if (is_side) out |= Claims{1} << j;
  }
  return out;
}

/// What one Query reads follows nothing.
bool EntitySearch::is_consistent(Claims claims) const {
  for (std::size_t i = 0; i < joints_.size(); ++i) {
    for (std::size_t j = i + 1; j < joints_.size(); ++j) {
      const bool both = (claims >> i & 1U) != 0 && (claims >> j & 1U) != 0;
      if (both && joint(i).need == joint(j).need) return false;
    }
  }
  return true;
}

bool EntitySearch::agrees(std::size_t position, const Solo& solo, Claims claims) const {
  const std::size_t need = needs_[position];
  const Option& option = problem_.candidates.options[need][solo.option];
  Claims wanted = claims & joints_of(position);
  for (std::size_t j = 0; j < joints_.size(); ++j) {
    if (joint(j).need != need) continue;
    // What comes by one Query of an index follows nothing.
    if (joint(j).kind == Joint::Kind::in_index && (wanted >> j & 1U) != 0)
      return solo.claims == wanted;
  }
  for (std::size_t j = 0; j < joints_.size(); ++j) {
    if (joint(j).need != need || joint(j).kind != Joint::Kind::follows) continue;
    // On the parent's side it is the option itself that says whether something follows.
    const bool claimed = (wanted >> j & 1U) != 0;
    if (claimed == (option.kind == Option::Kind::base)) return false;
    wanted &= ~(Claims{1} << j);
  }
  return solo.claims == wanted;
}

void EntitySearch::apply(const EntityChoice& choice, Claims claims, State& state) const {
  state.base[entity_] = choice.base;
  for (std::size_t i = 0; i < needs_.size(); ++i) state.serve[needs_[i]] = choice.serve[i];
  for (std::size_t j = 0; j < joints_.size(); ++j) {
    if (joint(j).child) state.together[*joint(j).child] = false;
  }
  for (std::size_t j = 0; j < joints_.size(); ++j) {
    if (joint(j).child && (claims >> j & 1U) != 0) state.together[*joint(j).child] = true;
  }
  for (const std::size_t entry : choice.all) state.project_all[{entity_, entry}] = true;
}

/// The surroundings at their lightest, but on keys that let the claims come true.
State EntitySearch::state_of(const Decisions& decisions) const {
  State state = around_.lightest();
  EntityChoice choice;
  choice.base = decisions.base;
  choice.serve = decisions.serve;
  choice.all = decisions.all;
  apply(choice, decisions.claims, state);
  for (std::size_t j = 0; j < joints_.size(); ++j) set_other_side(j, false, state);
  for (std::size_t j = 0; j < joints_.size(); ++j) {
    if ((decisions.claims >> j & 1U) != 0) set_other_side(j, true, state);
  }
  serve_others(state);
  return state;
}

/// Needs of other entities whose base key was exchanged: by what serves them there.
void EntitySearch::serve_others(State& state) const {
  for (const std::size_t n : scope_.needs) {
    const std::size_t other = problem_.needs[n].entity.index;
    const std::size_t base = state.base[other];
    const bool is_context = other != entity_ && base != around_.lightest().base[other];
    if (!is_context || (state.serve[n] != kUnserved && around_.valid(n, state.serve[n], base)))
      continue;
    state.serve[n] = kUnserved;
    for (std::size_t o = problem_.candidates.options[n].size(); o-- > 0;) {
      if (around_.valid(n, o, base)) state.serve[n] = o;
    }
  }
}

/// Puts the other entity on keys and ways that make a joint what it is claimed to be.
void EntitySearch::set_other_side(std::size_t j, bool claimed, State& state) const {
  const std::size_t parent = joint(j).need;
  const bool together = joint(j).kind == Joint::Kind::together;
  if (claimed && joint(j).kind == Joint::Kind::in_index) {
    const std::size_t need = is_parent(j) ? *joint(j).child : parent;
    state.serve[need] = around_.joining_option(need, *joint(j).child);
    return;
  }
  if (is_parent(j)) {
    if (!together || !claimed) return;
    const std::size_t child = *joint(j).child;
    const std::size_t other = problem_.needs[child].entity.index;
    const std::vector<KeySpec>& bases = problem_.candidates.entities[other].bases;
    for (std::size_t b = 0; b < bases.size(); ++b) {
      if (!child_joins(problem_, bases[b], child)) continue;
      state.base[other] = b;
      state.serve[child] = around_.base_option(child);
      return;
    }
    return;
  }
  const std::size_t other = problem_.needs[parent].entity.index;
  if (!together && claimed) {
    state.base[other] = around_.lightest().base[other];
    state.serve[parent] = around_.scarcest_option(parent);
    return;
  }
  const std::size_t by_key = around_.base_option(parent);
  const std::vector<KeySpec>& bases = problem_.candidates.entities[other].bases;
  for (std::size_t b = 0; b < bases.size() && by_key != kUnserved; ++b) {
    const bool does = together && claimed ? parent_joins(problem_, bases[b], *joint(j).child)
                                          : around_.valid(parent, by_key, b);
    if (!does) continue;
    state.base[other] = b;
    state.serve[parent] = by_key;
    return;
  }
}

/// Whose part a step is: of the entity that it reads or writes, where the pattern asks for that entity; what
/// merely follows (a parent's row for each row found) belongs to the rows that it follows.
std::size_t EntitySearch::owner(const design::Design& design, const design::AccessPlan& plan,
                                const PlanUnits::Part& part) const {
  const design::Step& step = plan.steps[part.step];
  if (!step.actions.empty()) return part.entity.index;
  if (step.layouts.size() > 1) return design.items[step.layouts.back()].entity.index;
  const std::vector<std::size_t>& needs = problem_.needs_of_pattern[plan.pattern.index];
  for (const std::size_t n : needs) {
    if (problem_.needs[n].entity == part.entity) return part.entity.index;
  }
  return needs.empty() ? part.entity.index : problem_.needs[needs.front()].entity.index;
}

/// The parent's side of a joint that these surroundings do not let happen (a third entity stands between): its
/// own read is left out, for where the joint happens it has none.
bool EntitySearch::claimed_by_parent(const Decisions& decisions, const Assembly& assembly,
                                     model::PatternId pattern) const {
  for (std::size_t j = 0; j < joints_.size(); ++j) {
    const Need& parent = problem_.needs[joint(j).need];
    if ((decisions.claims >> j & 1U) == 0 || !(parent.pattern == pattern) || !joint(j).child)
      continue;
    const bool happens =
        std::binary_search(assembly.together.begin(), assembly.together.end(), *joint(j).child);
    if (parent.entity.index == entity_ && !happens) return true;
  }
  return false;
}

/// A read that one Query may bring together with others (see collection_read.h). That Query costs at least what
/// all of their bytes do, before they are rounded up.
bool EntitySearch::may_be_in_another(const Decisions& decisions, model::PatternId pattern,
                                     const design::Step& step) const {
  if (!step.actions.empty() || step.leads_on || step.finds == design::Step::Finds::parents)
    return false;
  for (const std::size_t first : problem_.needs_of_pattern[pattern.index]) {
    if (problem_.needs[first].purpose != Purpose::answer) continue;
    const std::vector<std::size_t> group = collection_group(problem_, first);
    if (group.size() < 2) continue;
    for (const std::size_t n : group) {
      if (problem_.needs[n].entity.index != entity_) continue;
      const auto at = std::find(needs_.begin(), needs_.end(), n) - needs_.begin();
      const std::size_t chosen = decisions.serve[static_cast<std::size_t>(at)];
      const bool by_base =
          chosen != kUnserved && problem_.candidates.options[n][chosen].kind == Option::Kind::base;
      if (by_base) return true;
    }
  }
  return false;
}

/// A pattern without a plan that has none in any surroundings either, or by the fault of these decisions.
bool EntitySearch::surely_fails(const Decisions& decisions, model::PatternId pattern) const {
  const std::vector<std::size_t>& needs = problem_.needs_of_pattern[pattern.index];
  bool others_served = true;
  for (const std::size_t n : needs) {
    if (problem_.candidates.options[n].empty()) return true;
    if (problem_.needs[n].entity.index == entity_) {
      const auto at = std::find(needs_.begin(), needs_.end(), n) - needs_.begin();
      if (decisions.serve[static_cast<std::size_t>(at)] == kUnserved) return true;
    } else {
      others_served = others_served && around_.lightest().serve[n] != kUnserved;
    }
  }
  return others_served;
}

EntitySearch::Measured EntitySearch::evaluate(const Decisions& decisions, Split* split) const {
  ++around_.nodes;
  Measured out;
  out.profile = around_.space().zero();
  const State state = state_of(decisions);
  const LaidOut laid = lay_out_with_shards(problem_, state, around_.memo(), scope_);
  if (!laid.evaluation.infeasible.empty()) return out;
  out.possible = true;
  const Assembly& assembly = laid.evaluation.assembly;
  const design::Design& design = assembly.design;
  const ProfileSpace& space = around_.space();
  for (std::size_t p = 0; p < design.plans.size(); ++p) {
    const design::AccessPlan& plan = design.plans[p];
    if (plan.served == design::Served::no && surely_fails(decisions, plan.pattern)) {
      const std::size_t sharers = problem_.entities_of_pattern[plan.pattern.index].size();
      out.penalty += kPenaltyOfOne.usd() / static_cast<double>(sharers);
    }
    if (plan.steps.empty()) continue;
    const bool is_claimed = claimed_by_parent(decisions, assembly, plan.pattern);
    const PlanUnits& units = around_.memo().units(design, laid.plans, p);
    for (const PlanUnits::Part& part : units.parts) {
      if (owner(design, plan, part) != entity_) continue;
      // The row's own parents are read beside it either way.
      if (is_claimed && plan.steps[part.step].finds != design::Step::Finds::parents) continue;
      LoadProfile load = space.zero();
      space.add(load, plan.pattern, part, design.tables, ProfileSpace::Units::all);
      if (may_be_in_another(decisions, plan.pattern, plan.steps[part.step])) {
        const double share = units.unrounded[part.step];
        for (double& one : load) one *= share;
      }
      for (std::size_t i = 0; i < load.size(); ++i) out.profile[i] += load[i];
      if (split == nullptr) continue;
      LoadProfile writes = space.zero();
      space.add(writes, plan.pattern, part, design.tables, ProfileSpace::Units::index_writes);
      for (std::size_t i = 0; i < load.size(); ++i) {
        split->open[i] += writes[i];
        if (plan.pattern == split->pattern) split->read[i] += load[i] - writes[i];
      }
    }
  }
  for (std::size_t layout = 0; layout < design.items.size(); ++layout) {
    if (design.items[layout].entity.index != entity_) continue;
    const LayoutStorage& storage = around_.memo().storage(design, layout);
    space.add(out.profile, storage, design.tables, ProfileSpace::Stored::items);
    space.add(out.profile, storage, design.tables, ProfileSpace::Stored::entries);
    if (split != nullptr)
      space.add(split->open, storage, design.tables, ProfileSpace::Stored::entries);
  }
  return out;
}

const EntitySearch::Measured& EntitySearch::measure(const Decisions& decisions) {
  const auto [place, is_new] = measured_.try_emplace(decisions);
  if (is_new) place->second = evaluate(decisions, nullptr);
  return place->second;
}

LoadProfile EntitySearch::profile(const EntityChoice& choice, Claims claims) {
  return measure({choice.base, claims, choice.serve, choice.all}).profile;
}

bool EntitySearch::is_so(std::size_t j, const State& state) const {
  const std::size_t need = joint(j).need;
  const auto comes_by_index = [&](std::size_t child) {
    const Option* above = problem_.option(state, need);
    const Option* below = problem_.option(state, child);
    return state.together[child] && above != nullptr && below != nullptr &&
           joins_in_index(problem_, need, *above, child) &&
           joins_in_index(problem_, child, *below, child);
  };
  if (joint(j).child) {
    const std::size_t child = *joint(j).child;
    return state.together[child] &&
           comes_by_index(child) == (joint(j).kind == Joint::Kind::in_index);
  }
  const std::vector<std::size_t>& children = problem_.needs[need].children;
  const Option* parent = problem_.option(state, need);
  return parent != nullptr && parent->kind != Option::Kind::base &&
         std::none_of(children.begin(), children.end(), comes_by_index);
}

EntityChoice EntitySearch::choice_of(const State& state, const Prices& prices, Claims& claims) {
  Decisions decisions{state.base[entity_], 0, {}, {}};
  for (const std::size_t need : needs_) decisions.serve.push_back(state.serve[need]);
  for (const auto& [entry, all] : state.project_all) {
    if (all && entry.first == entity_) decisions.all.push_back(entry.second);
  }
  for (std::size_t j = 0; j < joints_.size(); ++j) {
    if (is_so(j, state)) decisions.claims |= Claims{1} << j;
  }
  claims = decisions.claims;
  const Measured& measured = measure(decisions);
  return {decisions.base,      decisions.serve,
          decisions.all,       prices.of(measured.profile) + measured.penalty,
          slots_of(decisions), held_of(decisions)};
}

std::optional<EntitySearch::Solo> EntitySearch::solo(std::size_t base, std::size_t position,
                                                     std::size_t option, Claims claims,
                                                     const LoadProfile& bare) {
  Decisions decisions{base, claims, std::vector<std::size_t>(needs_.size(), kUnserved), {}};
  decisions.serve[position] = option;
  Split split{problem_.needs[needs_[position]].pattern, around_.space().zero(),
              around_.space().zero()};
  const Measured measured = evaluate(decisions, &split);
  if (!measured.possible) return std::nullopt;
  Solo out;
  out.option = option;
  out.claims = claims;
  const Option& way = problem_.candidates.options[needs_[position]][option];
  if (way.kind == Option::Kind::entry) {
    out.entry = way.candidate;
    const State state = state_of(decisions);
    out.is_fixed =
        problem_.entry(model::EntityId{entity_}, way.candidate).held ||
        !needed_in_index(problem_, state, problem_.needs[needs_[position]], way).has_value();
  }
  out.heavier = measured.profile;
  subtract(out.heavier, bare);
  subtract(out.heavier, split.read);
  subtract(out.heavier, split.open);
  out.read = std::move(split.read);
  out.open = std::move(split.open);
  return out;
}

const EntitySearch::BaseNumbers& EntitySearch::numbers(std::size_t base) {
  const auto [place, is_new] = numbers_.try_emplace(base);
  if (!is_new) return place->second;
  BaseNumbers& out = place->second;
  const std::vector<std::size_t> nothing(needs_.size(), kUnserved);
  out.bare = evaluate({base, 0, nothing, {}}, nullptr).profile;
  out.solos.resize(needs_.size());
  for (std::size_t i = 0; i < needs_.size(); ++i) {
    for (std::size_t o = 0; o < problem_.candidates.options[needs_[i]].size(); ++o) {
      if (!around_.valid(needs_[i], o, base)) continue;
      if (auto found = solo(base, i, o, 0, out.bare)) out.solos[i].push_back(std::move(*found));
      for (std::size_t j = 0; j < joints_.size(); ++j) {
        const Claims claims = Claims{1} << j;
        if ((joints_of(i) & claims) == 0 || !can_claim(base, j)) continue;
        if (!can_be_way(j, needs_[i], o)) continue;
        if (auto found = solo(base, i, o, claims, out.bare))
          out.solos[i].push_back(std::move(*found));
      }
    }
  }
  return out;
}

EntitySearch::Carried EntitySearch::carried(const Decisions& decisions) const {
  Carried out;
  const State state = state_of(decisions);
  for (std::size_t i = 0; i < needs_.size(); ++i) {
    if (decisions.serve[i] == kUnserved) continue;
    const Option& option = problem_.candidates.options[needs_[i]][decisions.serve[i]];
    if (option.kind != Option::Kind::entry) continue;
    auto& names = out.try_emplace(option.candidate, std::vector<std::string>()).first->second;
    const auto needed = needed_in_index(problem_, state, problem_.needs[needs_[i]], option);
    if (!needed) names.reset();
    for (std::size_t k = 0; names && k < needed->size(); ++k) {
      if (std::find(names->begin(), names->end(), (*needed)[k]) == names->end())
        names->push_back((*needed)[k]);
    }
  }
  for (auto& [entry, names] : out) {
    if (const HeldIndex* held =
            problem_.held_index(problem_.entry(model::EntityId{entity_}, entry))) {
      names = held->index.projection.attributes;
      if (held->index.projection.type == dynamo::ProjectionType::all) names.reset();
      continue;
    }
    const bool all =
        std::find(decisions.all.begin(), decisions.all.end(), entry) != decisions.all.end() ||
        (names && names->size() > dynamo::limits::kIncludeAttributesPerIndexMax);
    if (all) names.reset();
  }
  return out;
}

EntitySearch::Carried EntitySearch::carried(const EntityChoice& choice, Claims claims) const {
  return carried(Decisions{choice.base, claims, choice.serve, choice.all});
}

std::size_t EntitySearch::slot_kind(std::size_t entry,
                                    const std::optional<std::vector<std::string>>& names) const {
  const KeySpec& spec = problem_.entry(model::EntityId{entity_}, entry);
  if (spec.natural_partition || spec.natural_sort || sorts_by_number(problem_.workload, spec))
    return kUnshared;
  const std::size_t kind = !names ? 2 : names->empty() ? 0 : 1;
  return kind + (spec.local ? 3 : 0);
}

SlotDemand EntitySearch::slots_of(const Decisions& decisions) const {
  SlotDemand out{};
  for (const auto& [entry, names] : carried(decisions)) {
    if (!problem_.entry(model::EntityId{entity_}, entry).held) ++out[slot_kind(entry, names)];
  }
  return out;
}

HeldUse EntitySearch::held_of(const Decisions& decisions) const {
  HeldUse out = 0;
  if (!problem_.held) return out;
  for (std::size_t i = 0; i < needs_.size(); ++i) {
    if (decisions.serve[i] == kUnserved) continue;
    const Option& option = problem_.candidates.options[needs_[i]][decisions.serve[i]];
    if (option.kind != Option::Kind::entry) continue;
    const KeySpec& spec = problem_.entry(model::EntityId{entity_}, option.candidate);
    const HeldIndex* held = problem_.held_index(spec);
    if (held != nullptr && !held->stays) out |= HeldUse{1} << *spec.held;
  }
  return out;
}

}  // namespace ddbplan::plan
