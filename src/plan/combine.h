// The entities' choices put together: the cheapest combination under the two things that bind entities to each
// other, the indexes that they share in a table and the parents that are read with their children. What else they have in
// common only adds cost, so this is the lower bound that the proof rests on.
#pragma once

#include <memory>
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

/// `tables`: whose entries may share an index. `slot_price`: dollars a month of one index.
Combination combine(const std::vector<EntityParts>& entities, const TablePlan& tables,
                    double slot_price);

/// The moments that decide provisioned capacity, read off a design that is good on demand.
ProfileSpace::Moments typical_moments(const Surroundings& around,
                                      const std::vector<std::unique_ptr<EntitySearch>>& entities);

/// What the free tier takes off a month at most.
double most_free(const model::Settings& settings, const pricing::PriceBook& book,
                 pricing::PaymentMode mode);

/// Indexes of a combination, beside those that stay whatever is decided (Held::staying); of the first entities
/// alone when there are fewer choices.
struct SlotCount {
  std::size_t global = 0;
  std::size_t local = 0;
  [[nodiscard]] std::size_t all() const { return global + local; }
};
SlotCount slots_needed(const std::vector<const EntityChoice*>& choices, const TablePlan& tables);

}  // namespace ddbplan::plan
