// A lower bound over all groupings of entities into tables: whatever the grouping, an entity is alone in its
// table, or shares it and then costs no less than it does in the one table of all.
#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>

#include "plan/combine.h"
#include "plan/table_search.h"

namespace ddbplan::plan {

namespace {

/// The parts of every entity, each priced in the cheapest of the ways that the settings leave open.
class OpenParts {
 public:
  OpenParts(const Problem& problem, const pricing::PriceBook& book, std::int64_t effort)
      : memo_(problem.workload, book), around_(problem, memo_) {
    around_.effort = effort;
    for (std::size_t e = 0; e < problem.workload.entities.size(); ++e)
      entities_.push_back(std::make_unique<EntitySearch>(around_, e));
  }

  std::vector<EntityParts> find() {
    const model::Settings& settings = around_.problem().workload.settings;
    const double index = settings.complexity_index.usd();
    const ProfileSpace& space = around_.space();
    const ProfileSpace::Moments moments = typical_moments(around_, entities_);
    std::vector<std::vector<double>> by_mode;
    for (const pricing::PaymentMode mode : pricing::open_modes(settings))
      by_mode.push_back(space.prices(mode, moments));
    std::vector<std::size_t> all(by_mode.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const Prices prices(space, by_mode, std::vector<std::vector<std::size_t>>(space.tables(), all));
    std::vector<EntityParts> out;
    for (const std::unique_ptr<EntitySearch>& entity : entities_)
      out.push_back(entity->search(prices, {index, 0}));
    return out;
  }

  [[nodiscard]] const std::vector<Joint>& joints() const { return around_.joints(); }

 private:
  CostMemo memo_;
  Surroundings around_;
  std::vector<std::unique_ptr<EntitySearch>> entities_;
};

/// Adds the choices of an entity in one extreme to those in the first, which knows all joints: alone in its table
/// an entity claims what it did, but that no Query reads it with its children.
void add_choices(EntityParts& to, const EntityParts& from, const std::vector<Joint>& joints,
                 const std::vector<Joint>& from_joints) {
  for (const auto& [claims, choices] : from.choices) {
    Claims same = 0;
    for (std::size_t j = 0; j < from.joints.size(); ++j) {
      if ((claims >> j & 1U) == 0) continue;
      const Joint& joint = from_joints[from.joints[j]];
      for (std::size_t k = 0; k < to.joints.size(); ++k) {
        if (joints[to.joints[k]] == joint) same |= Claims{1} << k;
      }
    }
    std::vector<EntityChoice>& known = to.choices[same];
    known.insert(known.end(), choices.begin(), choices.end());
    std::stable_sort(known.begin(), known.end(),
                     [](const EntityChoice& a, const EntityChoice& b) { return a.cost < b.cost; });
    const double floor = from.floor.at(claims);
    const auto [place, is_new] = to.floor.try_emplace(same, floor);
    if (!is_new) place->second = std::min(place->second, floor);
  }
}

}  // namespace

double bound_of_groupings(const std::vector<Problem>& extremes, const pricing::PriceBook& book,
                          std::int64_t effort) {
  const Problem& one = extremes.front();
  OpenParts together(one, book, effort);
  std::vector<EntityParts> parts = together.find();
  for (std::size_t i = 1; i < extremes.size(); ++i) {
    OpenParts other(extremes[i], book, effort);
    const std::vector<EntityParts> found = other.find();
    for (std::size_t e = 0; e < parts.size(); ++e)
      add_choices(parts[e], found[e], together.joints(), other.joints());
  }
  const model::Settings& settings = one.workload.settings;
  const Combination found = combine(parts, one.tables, settings.complexity_index.usd());
  if (!found.found()) return 0;
  double free = 0;
  for (const pricing::PaymentMode mode : pricing::open_modes(settings))
    free = std::max(free, most_free(settings, book, mode));
  return found.bound - free;
}

}  // namespace ddbplan::plan
