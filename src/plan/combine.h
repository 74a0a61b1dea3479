// The entities' choices put together: the cheapest combination under the two things that bind entities to each
// other, the indexes that they share and the parents that are read with their children. What else they have in
// common only adds cost, so this is the lower bound that the proof rests on.
#pragma once

#include <vector>

#include "plan/entity_search.h"

namespace ddbplan::plan {

struct Combination {
  std::vector<const EntityChoice*> choices;  ///< by entity
  std::vector<Claims> claims;
  double cost = 0;   ///< of this combination, indexes at their price
  double bound = 0;  ///< no combination costs less
  [[nodiscard]] bool found() const { return !choices.empty(); }
};

/// `slot_price`: dollars a month of one index. `slots_most`: no more indexes than that, where that can be seen.
Combination combine(const std::vector<EntityParts>& entities, double slot_price);

/// Indexes of a combination, beside those that stay whatever is decided (Held::staying).
std::size_t slots_needed(const std::vector<const EntityChoice*>& choices);

}  // namespace ddbplan::plan
