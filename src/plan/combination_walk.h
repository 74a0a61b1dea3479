// Every combination of the entities' choices that may be cheap enough, by depth first: entity after entity, as long as
// what is chosen and the least that the others cost stay below the limit.
#pragma once

#include <functional>
#include <limits>
#include <map>
#include <vector>

#include "plan/entity_search.h"

namespace ddbplan::plan {

struct CombinationSpace {
  const std::vector<EntityParts>& parts;  ///< by entity
  const TablePlan& tables;
  double slot_price = 0;  ///< dollars a month of one index
  double constant = 0;    ///< what every combination pays beside its parts
  double ceiling = 0;     ///< combinations whose bound is above it are left out
  /// Indexes that a combination may have, beside those that stay whatever is decided.
  std::size_t slots_most = std::numeric_limits<std::size_t>::max();
};

class CombinationWalk {
 public:
  using Choices = std::vector<const EntityChoice*>;
  /// What a combination's bound has to stay below; it may fall meanwhile.
  using Limit = std::function<double()>;
  /// Choices and claims by entity, and dollars a month that everything but the parts costs; false: enough.
  using Visit = std::function<bool(const Choices&, const std::vector<Claims>&, double)>;

  /// REQUIRES: the space stays as long as this.
  CombinationWalk(const CombinationSpace& space, Limit limit, Visit visit);
  /// False where `visit` has had enough.
  bool run() { return descend(0, 0); }

 private:
  bool descend(std::size_t entity, double cost);
  bool bind(const EntityParts& parts, Claims claims, std::vector<std::size_t>& newly_bound);

  const CombinationSpace& space_;
  Limit limit_;
  Visit visit_;
  std::vector<double> least_after_;  ///< by entity: the least that it and those after it cost
  std::map<std::size_t, bool> joints_;
  Choices chosen_;
  std::vector<Claims> claims_;
};

}  // namespace ddbplan::plan
