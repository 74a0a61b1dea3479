#include "plan/combination_price.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>

#include "dynamo/limits.h"
#include "plan/collection_read.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

/// Loads are sums: what is a whole number of units may be a little more.
constexpr double kNoise = 1e-9;

void add(std::vector<double>& to, const std::vector<double>& what) {
  to.resize(std::max(to.size(), what.size()), 0.0);
  for (std::size_t i = 0; i < what.size(); ++i) to[i] += what[i];
}

}  // namespace

CombinationPrice::CombinationPrice(Surroundings& around,
                                   const std::vector<std::unique_ptr<EntitySearch>>& entities,
                                   const std::vector<pricing::PaymentMode>& modes,
                                   const std::vector<std::vector<double>>& prices)
    : around_(around), entities_(entities), modes_(modes), prices_(prices) {
  for (const pricing::SampledMonth& sample : around.memo().samples())
    weights_.push_back(sample.weight);
  find_collection_patterns();
}

void CombinationPrice::find_collection_patterns() {
  const Problem& problem = around_.problem();
  for (std::size_t p = 0; p < problem.needs_of_pattern.size(); ++p) {
    if (!problem.planned[p] || !may_be_one_query(p)) continue;
    CollectionPattern& made = collections_[p];
    std::set<std::size_t> entities;
    for (const std::size_t n : problem.needs_of_pattern[p])
      entities.insert(problem.needs[n].entity.index);
    std::set<std::size_t> around;
    std::set<std::size_t> needs;
    for (const std::size_t entity : entities) {
      const Scope& own = entities_[entity]->scope();
      around.insert(own.entities.begin(), own.entities.end());
      needs.insert(own.needs.begin(), own.needs.end());
    }
    made.entities.assign(entities.begin(), entities.end());
    made.scope.entities.assign(around.begin(), around.end());
    made.scope.needs.assign(needs.begin(), needs.end());
    made.scope.patterns = {p};
  }
}

bool CombinationPrice::may_be_one_query(std::size_t pattern) const {
  const std::vector<std::size_t>& needs = around_.problem().needs_of_pattern[pattern];
  return std::any_of(needs.begin(), needs.end(), [&](std::size_t n) {
    return around_.problem().needs[n].purpose == Purpose::answer &&
           collection_group(around_.problem(), n).size() > 1;
  });
}

const std::optional<CombinationPrice::Units>& CombinationPrice::together(
    std::size_t pattern, CollectionPattern& of, const std::vector<const EntityChoice*>& choices,
    const std::vector<Claims>& claims, const std::vector<Known*>& all) {
  std::vector<const Known*> decided;
  for (const std::size_t entity : of.entities) decided.push_back(all[entity]);
  const auto [place, is_new] = of.known.try_emplace(std::move(decided));
  if (!is_new) return place->second;
  State state = around_.lightest();
  for (const std::size_t entity : of.entities)
    entities_[entity]->apply(*choices[entity], claims[entity], state);
  place->second = measured(pattern, of.scope, state);
  return place->second;
}

/// With nothing sharded: shards add to what is read.
std::optional<CombinationPrice::Units> CombinationPrice::measured(std::size_t pattern,
                                                                  const Scope& scope,
                                                                  const State& state) {
  ++around_.nodes;
  const Assembly assembly = assemble(around_.problem(), state, {}, scope);
  if (!assembly.infeasible.empty()) return std::nullopt;
  const design::AccessPlan& plan = assembly.design.plans.front();
  Units out;
  for (const PlanUnits::Part& part : around_.memo().units(assembly.design, plan).parts) {
    for (std::size_t sample = 0; sample < part.units.size(); ++sample) {
      const std::vector<double>& calls = around_.space().calls(model::PatternId{pattern}, sample);
      for (const capacity::ResourceUnits& one : part.units[sample]) {
        // Which of the shared indexes it is shows only in a whole design.
        if (one.index) return std::nullopt;
        std::vector<double>& units = out[resource(one.table, std::nullopt)];
        units.resize(2 * part.units.size() * calls.size(), 0.0);
        for (std::size_t moment = 0; moment < calls.size(); ++moment)
          units[sample * calls.size() + moment] += calls[moment] * one.read;
      }
    }
  }
  return out;
}

double CombinationPrice::of(const std::vector<const EntityChoice*>& choices,
                            const std::vector<Claims>& claims,
                            const std::vector<std::vector<std::size_t>>& open) {
  std::vector<Known*> all;
  for (std::size_t e = 0; e < choices.size(); ++e) all.push_back(&known(e, *choices[e], claims[e]));
  Units units;
  LoadProfile storage = around_.space().zero();
  std::vector<const Loads*> used;
  for (std::size_t e = 0; e < choices.size(); ++e) {
    const Loads& own = loads(e, *choices[e], claims[e], *all[e], foreign(e, all));
    for (const auto& [resource, one] : own.units) add(units[resource], one);
    add(storage, own.storage);
    used.push_back(&own);
  }
  for (auto& [pattern, collection] : collections_) {
    if (const auto& whole = together(pattern, collection, choices, claims, all)) {
      for (const auto& [resource, one] : *whole) add(units[resource], one);
      continue;
    }
    for (const Loads* own : used) {
      const auto apart = own->of_pattern.find(pattern);
      if (apart == own->of_pattern.end()) continue;
      for (const auto& [resource, one] : apart->second) add(units[resource], one);
    }
  }
  double sum = 0;
  for (std::size_t table = 0; table < open.size(); ++table) {
    double least = std::numeric_limits<double>::infinity();
    for (const std::size_t mode : open[table]) {
      const auto from = static_cast<std::ptrdiff_t>(around_.space().begin_of(table));
      const auto to = static_cast<std::ptrdiff_t>(around_.space().begin_of(table + 1));
      double dollars = std::inner_product(storage.begin() + from, storage.begin() + to,
                                          prices_[mode].begin() + from, 0.0);
      for (const auto& [resource, one] : units) {
        if (places_[resource].first == table) dollars += price(resource, one, mode);
      }
      least = std::min(least, dollars);
    }
    sum += least;
  }
  return sum;
}

CombinationPrice::Known& CombinationPrice::known(std::size_t entity, const EntityChoice& choice,
                                                 Claims claims) {
  const auto [place, is_new] =
      known_.try_emplace({entity, claims, choice.base, choice.serve, choice.all});
  Known& out = place->second;
  if (!is_new) return out;
  out.included = entities_[entity]->included(choice, claims);
  const Problem& problem = around_.problem();
  for (const auto& [candidate, names] : entities_[entity]->carried(choice, claims)) {
    // Sharded it would stand in another index than its attributes let expect.
    if (problem.entry(model::EntityId{entity}, candidate).natural_partition) out.may_share = false;
  }
  // A pair that one Query of an index reads stands in its index first, whatever the order of the entries.
  const std::vector<std::size_t>& joints = entities_[entity]->joints();
  for (std::size_t j = 0; j < joints.size() && out.included.size() > 1; ++j) {
    const bool is_pair =
        (claims >> j & 1U) != 0 && around_.joints()[joints[j]].kind == Joint::Kind::in_index;
    out.may_share = out.may_share && !is_pair;
  }
  return out;
}

/// Attributes of its items that others have projected in the indexes of its entries, beyond its own.
SlotAttributes CombinationPrice::foreign(std::size_t entity, const std::vector<Known*>& all) const {
  const Problem& problem = around_.problem();
  SlotAttributes out;
  for (const auto& [number, own] : all[entity]->included) {
    std::vector<std::string> joined = own;
    bool may_share = all[entity]->may_share;
    for (std::size_t other = 0; other < all.size(); ++other) {
      if (problem.tables.table_of[other] != problem.tables.table_of[entity]) continue;
      const auto theirs = all[other]->included.find(number);
      may_share = may_share && all[other]->may_share;
      if (theirs == all[other]->included.end()) continue;
      for (const std::string& name : theirs->second) support::add_once(joined, name);
    }
    // Beyond its most attributes an index is not shared by all of these.
    if (!may_share || joined.size() > dynamo::limits::kIncludeAttributesPerIndexMax) continue;
    std::vector<std::string> more(joined.begin() + static_cast<std::ptrdiff_t>(own.size()),
                                  joined.end());
    const model::Entity& row = problem.workload.entities[entity];
    std::erase_if(more, [&](const std::string& name) { return row.find(name) == nullptr; });
    std::sort(more.begin(), more.end());
    if (!more.empty()) out[number] = std::move(more);
  }
  return out;
}

const CombinationPrice::Loads& CombinationPrice::loads(std::size_t entity,
                                                       const EntityChoice& choice, Claims claims,
                                                       Known& of, const SlotAttributes& foreign) {
  const auto [place, is_new] = of.loads.try_emplace(foreign);
  Loads& out = place->second;
  if (!is_new) return out;
  ++around_.nodes;
  ChoiceLoads apart =
      entities_[entity]->take_apart(choice, claims, foreign, EntitySearch::Shared::least);
  for (const ChoiceLoads::Load& load : apart.loads) {
    std::vector<double> flat;
    for (const auto* units : {&load.read, &load.write}) {
      for (const std::vector<double>& sample : *units) {
        moments_ = sample.size();
        flat.insert(flat.end(), sample.begin(), sample.end());
      }
    }
    const bool is_collection = load.pattern && collections_.contains(*load.pattern);
    Units& units = is_collection ? out.of_pattern[*load.pattern] : out.units;
    add(units[resource(load.table, load.slot)], flat);
  }
  out.storage = std::move(apart.storage);
  return out;
}

std::size_t CombinationPrice::resource(std::size_t table, const Slot& slot) {
  const auto [place, is_new] = resources_.try_emplace({table, slot}, resources_.size());
  if (is_new) places_.emplace_back(table, slot.has_value());
  return place->second;
}

double CombinationPrice::price(std::size_t resource, const std::vector<double>& units,
                               std::size_t mode) const {
  const auto& [table, is_index] = places_[resource];
  double sum = 0;
  for (const bool is_write : {false, true}) {
    const double each = around_.space().unit_price(prices_[mode], table, is_index, is_write);
    sum += price_of_half(units, is_write ? units.size() / 2 : 0, each, modes_[mode].provisioned);
  }
  return sum;
}

double CombinationPrice::price_of_half(const std::vector<double>& units, std::size_t begin,
                                       double unit_price, bool provisioned) const {
  double sum = 0;
  for (std::size_t sample = 0; sample < weights_.size(); ++sample) {
    const auto first = units.begin() + static_cast<std::ptrdiff_t>(begin + sample * moments_);
    if (!provisioned) {
      sum += *first * unit_price;
      continue;
    }
    // The first moment is the average month, which is what is used, not what is provisioned.
    const double most = *std::max_element(first + 1, first + static_cast<std::ptrdiff_t>(moments_));
    const double whole = std::max(1.0, std::ceil(most / weights_[sample] - kNoise));
    sum += whole * weights_[sample] * unit_price;
  }
  return sum;
}

}  // namespace ddbplan::plan
