#include "plan/combination_walk.h"

#include <algorithm>
#include <utility>

#include "plan/combine.h"

namespace ddbplan::plan {

CombinationWalk::CombinationWalk(const CombinationSpace& space, Limit limit, Visit visit)
    : space_(space),
      limit_(std::move(limit)),
      visit_(std::move(visit)),
      least_after_(space.parts.size() + 1, 0.0) {
  for (std::size_t e = space.parts.size(); e-- > 0;) {
    double least = std::numeric_limits<double>::infinity();
    for (const auto& [claims, floor] : space.parts[e].floor) least = std::min(least, floor);
    least_after_[e] = least_after_[e + 1] + least;
  }
}

bool CombinationWalk::descend(std::size_t entity, double cost) {
  const std::size_t slots = slots_needed(chosen_, space_.tables).all();
  const double others = space_.slot_price * static_cast<double>(slots) + space_.constant;
  if (entity > 0) {
    const bool is_worth_it =
        cost + least_after_[entity] + others < std::min(limit_(), space_.ceiling) &&
        slots <= space_.slots_most;
    if (!is_worth_it) return true;
  }
  if (entity == space_.parts.size()) return visit_(chosen_, claims_, others);
  const EntityParts& parts = space_.parts[entity];
  for (const auto& [claims, choices] : parts.choices) {
    std::vector<std::size_t> newly_bound;
    if (bind(parts, claims, newly_bound)) {
      for (const EntityChoice& choice : choices) {
        chosen_.push_back(&choice);
        claims_.push_back(claims);
        const bool goes_on = descend(entity + 1, cost + choice.cost);
        chosen_.pop_back();
        claims_.pop_back();
        if (!goes_on) return false;
      }
    }
    for (const std::size_t joint : newly_bound) joints_.erase(joint);
  }
  return true;
}

/// Sets the joints of an entity; false when another entity has claimed otherwise.
bool CombinationWalk::bind(const EntityParts& parts, Claims claims,
                           std::vector<std::size_t>& newly_bound) {
  for (std::size_t j = 0; j < parts.joints.size(); ++j) {
    const bool value = (claims >> j & 1U) != 0;
    const auto [place, is_new] = joints_.try_emplace(parts.joints[j], value);
    if (is_new) newly_bound.push_back(parts.joints[j]);
    if (place->second != value) return false;
  }
  return true;
}

}  // namespace ddbplan::plan
