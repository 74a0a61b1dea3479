#include "plan/entity_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "dynamo/limits.h"
#include "plan/collection_read.h"
#include "plan/layouts.h"

namespace ddbplan::plan {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();

void subtract(LoadProfile& from, const LoadProfile& what) {
  for (std::size_t i = 0; i < from.size(); ++i) from[i] -= what[i];
}

std::size_t excess(const SlotDemand& wanted, const SlotDemand& given) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < kSlotKinds; ++i) {
    if (wanted[i] > given[i]) out += wanted[i] - given[i];
  }
  return out;
}

/// `choice` does as well as anything that costs `cost` and needs at least these indexes.
bool is_as_good(const EntityChoice& choice, double cost, const SlotDemand& slots,
                const Keep& keep) {
  const std::size_t more = excess(choice.slots, slots);
  const double indexes = more == 0 ? 0 : static_cast<double>(more) * keep.slot_price;
  return choice.cost + indexes + keep.slack <= cost;
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
  for (const std::size_t joint : around.joints()) {
    const Need& parent = problem_.needs[joint];
    const Need& child = problem_.needs[parent.children.front()];
    if (parent.entity.index == entity || child.entity.index == entity) joints_.push_back(joint);
  }
}

bool EntitySearch::can_claim(std::size_t base, std::size_t joint) const {
  const KeySpec& key = problem_.candidates.entities[entity_].bases[base];
  return problem_.needs[joint].entity.index == entity_ ? parent_joins(problem_, key, joint)
                                                       : child_joins(problem_, key, joint);
}

std::optional<std::size_t> EntitySearch::joint_of(std::size_t position) const {
  for (std::size_t j = 0; j < joints_.size(); ++j) {
    const std::size_t child = problem_.needs[joints_[j]].children.front();
    if (needs_[position] == joints_[j] || needs_[position] == child) return j;
  }
  return std::nullopt;
}

void EntitySearch::apply(const EntityChoice& choice, Claims claims, State& state) const {
  state.base[entity_] = choice.base;
  for (std::size_t i = 0; i < needs_.size(); ++i) state.serve[needs_[i]] = choice.serve[i];
  for (std::size_t j = 0; j < joints_.size(); ++j)
    state.together[joints_[j]] = (claims >> j & 1U) != 0;
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
  for (std::size_t j = 0; j < joints_.size(); ++j) {
    if ((decisions.claims >> j & 1U) == 0) continue;
    const bool is_parent = problem_.needs[joints_[j]].entity.index == entity_;
    const std::size_t other_need =
        is_parent ? problem_.needs[joints_[j]].children.front() : joints_[j];
    const std::size_t other = problem_.needs[other_need].entity.index;
    const std::vector<KeySpec>& bases = problem_.candidates.entities[other].bases;
    for (std::size_t b = 0; b < bases.size(); ++b) {
      const bool joins = is_parent ? child_joins(problem_, bases[b], joints_[j])
                                   : parent_joins(problem_, bases[b], joints_[j]);
      if (!joins) continue;
      state.base[other] = b;
      state.serve[other_need] = around_.base_option(other_need);
      break;
    }
  }
  return state;
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
    const Need& parent = problem_.needs[joints_[j]];
    if ((decisions.claims >> j & 1U) == 0 || !(parent.pattern == pattern)) continue;
    const bool happens =
        std::binary_search(assembly.together.begin(), assembly.together.end(), joints_[j]);
    if (parent.entity.index == entity_ && !happens) return true;
  }
  return false;
}

/// A read that one Query may bring together with others (see collection_read.h). That Query costs at least what
/// all of their bytes do, before they are rounded up.
bool EntitySearch::may_be_in_another(const Decisions& decisions, model::PatternId pattern,
                                     const design::Step& step) const {
  if (!step.actions.empty() || step.feeds_write) return false;
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
  const Evaluation laid = lay_out_with_shards(problem_, state, around_.memo(), scope_);
  if (!laid.infeasible.empty()) return out;
  out.possible = true;
  const design::Design& design = laid.assembly.design;
  const design::Table& table = design.tables.front();
  const ProfileSpace& space = around_.space();
  for (const design::AccessPlan& plan : design.plans) {
    if (plan.served == design::Served::no && surely_fails(decisions, plan.pattern)) {
      const std::size_t sharers = problem_.entities_of_pattern[plan.pattern.index].size();
      out.penalty += kPenaltyOfOne.usd() / static_cast<double>(sharers);
    }
    if (plan.steps.empty() || claimed_by_parent(decisions, laid.assembly, plan.pattern)) continue;
    for (const PlanUnits::Part& part : around_.memo().units(design, plan).parts) {
      if (owner(design, plan, part) != entity_) continue;
      LoadProfile load = space.zero();
      space.add(load, plan.pattern, part, table, ProfileSpace::Units::all);
      double share = may_be_in_another(decisions, plan.pattern, plan.steps[part.step])
                         ? around_.memo().units(design, plan).unrounded[part.step]
                         : 1;
      for (const std::size_t n : problem_.needs_of_pattern[plan.pattern.index]) {
        const bool follows = !problem_.needs[n].children.empty() &&
                             problem_.needs[n].entity.index != entity_ && part.step > 0;
        if (follows) share = std::min(share, around_.fewest_parents(n));
      }
      for (std::size_t i = 0; i < load.size(); ++i) out.profile[i] += share * load[i];
      if (split == nullptr) continue;
      LoadProfile writes = space.zero();
      space.add(writes, plan.pattern, part, table, ProfileSpace::Units::index_writes);
      for (std::size_t i = 0; i < load.size(); ++i) {
        split->open[i] += share * writes[i];
        if (plan.pattern == split->pattern) split->read[i] += share * (load[i] - writes[i]);
      }
    }
  }
  for (std::size_t layout = 0; layout < design.items.size(); ++layout) {
    if (design.items[layout].entity.index != entity_) continue;
    const LayoutStorage& storage = around_.memo().storage(design, layout);
    space.add(out.profile, storage, table, ProfileSpace::Stored::items);
    space.add(out.profile, storage, table, ProfileSpace::Stored::entries);
    if (split != nullptr) space.add(split->open, storage, table, ProfileSpace::Stored::entries);
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

std::optional<EntitySearch::Solo> EntitySearch::solo(std::size_t base, std::size_t position,
                                                     std::size_t option, bool joined,
                                                     const LoadProfile& bare) {
  Decisions decisions{base, 0, std::vector<std::size_t>(needs_.size(), kUnserved), {}};
  decisions.serve[position] = option;
  if (joined) decisions.claims = Claims{1} << *joint_of(position);
  Split split{problem_.needs[needs_[position]].pattern, around_.space().zero(),
              around_.space().zero()};
  const Measured measured = evaluate(decisions, &split);
  if (!measured.possible) return std::nullopt;
  Solo out;
  out.option = option;
  out.joined = joined;
  const Option& way = problem_.candidates.options[needs_[position]][option];
  if (way.kind == Option::Kind::entry) {
    out.entry = way.candidate;
    const State state = state_of(decisions);
    out.takes_all =
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
      if (auto found = solo(base, i, o, false, out.bare)) out.solos[i].push_back(std::move(*found));
    }
    const auto joint = joint_of(i);
    if (!joint || !can_claim(base, joints_[*joint])) continue;
    if (auto found = solo(base, i, around_.base_option(needs_[i]), true, out.bare))
      out.solos[i].push_back(std::move(*found));
  }
  return out;
}

SlotDemand EntitySearch::slots_of(const Decisions& decisions) const {
  std::map<std::size_t, std::optional<std::set<std::string>>> projected;
  const State state = state_of(decisions);
  for (std::size_t i = 0; i < needs_.size(); ++i) {
    if (decisions.serve[i] == kUnserved) continue;
    const Option& option = problem_.candidates.options[needs_[i]][decisions.serve[i]];
    if (option.kind != Option::Kind::entry) continue;
    auto& names = projected.try_emplace(option.candidate, std::set<std::string>()).first->second;
    const auto needed = needed_in_index(problem_, state, problem_.needs[needs_[i]], option);
    if (!needed) names.reset();
    if (names) names->insert(needed->begin(), needed->end());
  }
  SlotDemand out{};
  for (auto& [entry, names] : projected) {
    const KeySpec& spec = problem_.entry(model::EntityId{entity_}, entry);
    if (natural_sort(problem_.workload, spec)) {
      ++out[kUnshared];
      continue;
    }
    const bool all =
        !names || names->size() > dynamo::limits::kIncludeAttributesPerIndexMax ||
        std::find(decisions.all.begin(), decisions.all.end(), entry) != decisions.all.end();
    const std::size_t kind = all ? 2 : names->empty() ? 0 : 1;
    ++out[kind + (spec.local ? 3 : 0)];
  }
  return out;
}

/// Depth first over the Needs under one base key, for one set of claims.
class EntitySearch::Descent {
 public:
  Descent(EntitySearch& search, const std::vector<double>& prices, const Keep& keep,
          const Forced& forced, std::size_t base, Claims claims, std::vector<EntityChoice>& found)
      : search_(search),
        prices_(prices),
        keep_(keep),
        forced_(forced),
        found_(found),
        decisions_{base, claims, std::vector<std::size_t>(search.needs_.size(), kUnserved), {}} {}

  /// Returns a lower bound of every choice under this base key; infinite when there is none.
  double run() {
    if (!list_ways()) return kNever;
    const double bound = bare_ + least_from(0);
    visit(0);
    return bound;
  }

 private:
  struct Way {
    std::size_t option = kUnserved;
    std::optional<std::size_t> entry;
    bool takes_all = false;
    double read = 0;
    double open = 0;
    double heavier = 0;
  };
  struct OpenEntry {
    std::size_t users = 0;
    double open = 0;
    double heavier = 0;
  };

  [[nodiscard]] double price(const LoadProfile& load) const {
    return std::max(0.0, ProfileSpace::price(prices_, load));
  }

  bool list_ways() {
    const BaseNumbers& numbers = search_.numbers(decisions_.base);
    bare_ = price(numbers.bare);
    ways_.resize(search_.needs_.size());
    for (std::size_t i = 0; i < ways_.size(); ++i) {
      const std::size_t need = search_.needs_[i];
      const auto joint = search_.joint_of(i);
      const bool joined = joint && (decisions_.claims >> *joint & 1U) != 0;
      for (const Solo& solo : numbers.solos[i]) {
        if (solo.joined != joined) continue;
        if (forced_.need == need && forced_.option != solo.option) continue;
        ways_[i].push_back({solo.option, solo.entry, solo.takes_all, price(solo.read),
                            price(solo.open), price(solo.heavier)});
      }
      if (ways_[i].empty() && (joined || forced_.need == need)) return false;
      if (ways_[i].empty()) ways_[i].push_back({});
      std::stable_sort(ways_[i].begin(), ways_[i].end(), [](const Way& a, const Way& b) {
        return a.read + a.open + a.heavier < b.read + b.open + b.heavier;
      });
    }
    count_shares();
    order_needs();
    return true;
  }

  void count_shares() {
    for (const std::vector<Way>& ways : ways_) {
      std::set<std::size_t> entries;
      for (const Way& way : ways) {
        if (way.entry) entries.insert(*way.entry);
      }
      for (const std::size_t entry : entries) ++shares_[entry];
    }
  }

  /// What costs most is decided first.
  void order_needs() {
    for (std::size_t i = 0; i < ways_.size(); ++i) order_.push_back(i);
    const auto weight = [&](std::size_t i) {
      const Way& way = ways_[i].front();
      return ways_[i].size() == 1 ? kNever : way.read + way.open;
    };
    std::stable_sort(order_.begin(), order_.end(),
                     [&](std::size_t a, std::size_t b) { return weight(a) > weight(b); });
  }

  /// The least that the Needs from `depth` on can add. An entry that is still closed is paid in equal shares
  /// by all Needs that might open it, so its price is never counted twice.
  [[nodiscard]] double least_from(std::size_t depth) const {
    double sum = 0;
    for (std::size_t d = depth; d < order_.size(); ++d) {
      double least = kNever;
      for (const Way& way : ways_[order_[d]]) {
        double cost = way.read;
        if (way.entry && !is_open(*way.entry))
          cost += way.open / static_cast<double>(shares_.at(*way.entry));
        least = std::min(least, cost);
      }
      sum += least;
    }
    return sum;
  }

  [[nodiscard]] bool is_open(std::size_t entry) const {
    const auto found = open_.find(entry);
    return found != open_.end() && found->second.users > 0;
  }

  [[nodiscard]] double decided() const {
    double sum = bare_ + read_;
    double heavier = 0;
    for (const auto& [entry, one] : open_) {
      if (one.users == 0) continue;
      sum += one.open;
      heavier = std::max(heavier, one.heavier);
    }
    return sum + heavier;
  }

  [[nodiscard]] bool is_dominated(double cost, const SlotDemand& slots) const {
    return std::any_of(found_.begin(), found_.end(), [&](const EntityChoice& choice) {
      return is_as_good(choice, cost, slots, keep_);
    });
  }

  /// Indexes that every completion needs: an entry of few attributes may yet be asked for more of them, and
  /// then it shares an index with other entries.
  [[nodiscard]] SlotDemand certain_slots(std::size_t depth) const {
    SlotDemand slots = search_.slots_of(decisions_);
    if (depth == order_.size()) return slots;
    for (const std::size_t kind : {0, 1, 3, 4}) slots[kind] = 0;
    return slots;
  }

  void visit(std::size_t depth) {
    if (search_.around_.exhausted() && !found_.empty()) return;
    if (!found_.empty()) {
      const double bound = decided() + least_from(depth);
      if (is_dominated(bound, certain_slots(depth))) return;
    }
    if (depth == order_.size()) return reach();
    for (const Way& way : ways_[order_[depth]]) take(depth, way);
  }

  void take(std::size_t depth, const Way& way) {
    decisions_.serve[order_[depth]] = way.option;
    read_ += way.read;
    if (!way.entry) {
      visit(depth + 1);
    } else {
      OpenEntry& entry = open_[*way.entry];
      const OpenEntry before = entry;
      entry.open = before.users == 0 ? way.open : std::max(before.open, way.open);
      entry.heavier = before.users == 0 ? way.heavier : std::max(before.heavier, way.heavier);
      ++entry.users;
      visit(depth + 1);
      if (before.users == 0 && !way.takes_all) {
        decisions_.all.push_back(*way.entry);
        visit(depth + 1);
        decisions_.all.pop_back();
      }
      open_[*way.entry] = before;
    }
    read_ -= way.read;
    decisions_.serve[order_[depth]] = kUnserved;
  }

  void reach() {
    Decisions decisions = decisions_;
    std::sort(decisions.all.begin(), decisions.all.end());
    const Measured& measured = search_.measure(decisions);
    if (!measured.possible) return;
    EntityChoice choice;
    choice.base = decisions.base;
    choice.serve = decisions.serve;
    choice.all = decisions.all;
    choice.cost = ProfileSpace::price(prices_, measured.profile) + measured.penalty;
    choice.slots = search_.slots_of(decisions);
    if (is_dominated(choice.cost, choice.slots)) return;
    std::erase_if(found_, [&](const EntityChoice& other) {
      return is_as_good(choice, other.cost, other.slots, keep_);
    });
    found_.push_back(std::move(choice));
  }

  EntitySearch& search_;
  const std::vector<double>& prices_;
  const Keep& keep_;
  const Forced& forced_;
  std::vector<EntityChoice>& found_;
  Decisions decisions_;
  double bare_ = 0;
  double read_ = 0;
  std::vector<std::vector<Way>> ways_;
  std::vector<std::size_t> order_;
  std::map<std::size_t, std::size_t> shares_;
  std::map<std::size_t, OpenEntry> open_;
};

EntityParts EntitySearch::search(const std::vector<double>& prices, const Keep& keep,
                                 const Forced& forced) {
  EntityParts out;
  out.needs = needs_;
  out.joints = joints_;
  const std::size_t bases = problem_.candidates.entities[entity_].bases.size();
  for (Claims claims = 0; claims < (Claims{1} << joints_.size()); ++claims) {
    std::vector<EntityChoice> found;
    double floor = kNever;
    for (std::size_t b = 0; b < bases; ++b) {
      if (forced.base && *forced.base != b) continue;
      bool joins = true;
      for (std::size_t j = 0; j < joints_.size(); ++j)
        joins = joins && ((claims >> j & 1U) == 0 || can_claim(b, joints_[j]));
      if (!joins) continue;
      floor = std::min(floor, Descent(*this, prices, keep, forced, b, claims, found).run());
    }
    if (found.empty()) continue;
    std::stable_sort(found.begin(), found.end(),
                     [](const EntityChoice& a, const EntityChoice& b) { return a.cost < b.cost; });
    out.floor[claims] =
        around_.exhausted() ? std::min(floor, found.front().cost) : found.front().cost;
    out.choices[claims] = std::move(found);
  }
  return out;
}

}  // namespace ddbplan::plan
