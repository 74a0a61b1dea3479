// What a combination of choices costs at least, nearer to its design than the sum of its parts: with what the entities
// make each other's index entries carry, and with whole units of capacity for each table and index. The search asks it
// before it evaluates the design, which takes far longer.
#pragma once

#include <map>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "plan/entity_search.h"

namespace ddbplan::plan {

class CombinationPrice {
 public:
  /// `modes`: the ways of paying; `prices`: of ProfileSpace::prices, by mode. Everything stays as long as this.
  CombinationPrice(Surroundings& around, const std::vector<std::unique_ptr<EntitySearch>>& entities,
                   const std::vector<pricing::PaymentMode>& modes,
                   const std::vector<std::vector<double>>& prices);

  /// Dollars a month without the price of complexity and before the free tier; choices and claims by entity. `open`:
  /// by table, positions in the modes; the cheapest of them is taken.
  double of(const std::vector<const EntityChoice*>& choices, const std::vector<Claims>& claims,
            const std::vector<std::vector<std::size_t>>& open);

 private:
  /// By resource: units at every sampled month and moment, weighted; reads, then writes.
  using Units = std::map<std::size_t, std::vector<double>>;
  struct Loads {
    Units units;  ///< without those of the collection patterns
    std::map<std::size_t, Units> of_pattern;
    LoadProfile storage;
  };
  struct Known {
    SlotAttributes included;
    bool may_share = true;
    std::map<SlotAttributes, Loads> loads;  ///< by what others make its entries carry
  };

  /// A pattern that may read several kinds of items by one Query: what it costs is known once all of them are
  /// decided.
  struct CollectionPattern {
    std::vector<std::size_t> entities;
    Scope scope;
    /// By what is decided about the entities; nullopt where it is not known to be this cheap.
    std::map<std::vector<const Known*>, std::optional<Units>> known;
  };

  void find_collection_patterns();
  [[nodiscard]] bool may_be_one_query(std::size_t pattern) const;
  const std::optional<Units>& together(std::size_t pattern, CollectionPattern& of,
                                       const std::vector<const EntityChoice*>& choices,
                                       const std::vector<Claims>& claims,
                                       const std::vector<Known*>& all);
  std::optional<Units> measured(std::size_t pattern, const Scope& scope, const State& state);
  Known& known(std::size_t entity, const EntityChoice& choice, Claims claims);
  const Loads& loads(std::size_t entity, const EntityChoice& choice, Claims claims, Known& of,
                     const SlotAttributes& foreign);
  [[nodiscard]] SlotAttributes foreign(std::size_t entity, const std::vector<Known*>& all) const;
  std::size_t resource(std::size_t table, const Slot& slot);
  [[nodiscard]] double price(std::size_t resource, const std::vector<double>& units,
                             std::size_t mode) const;
  [[nodiscard]] double price_of_half(const std::vector<double>& units, std::size_t begin,
                                     double unit_price, bool provisioned) const;

  Surroundings& around_;
  const std::vector<std::unique_ptr<EntitySearch>>& entities_;
  const std::vector<pricing::PaymentMode>& modes_;
  const std::vector<std::vector<double>>& prices_;
  std::vector<double> weights_;  ///< of the sampled months
  std::size_t moments_ = 0;
  /// A table itself, its local indexes included, or one of its global indexes.
  std::map<std::pair<std::size_t, Slot>, std::size_t> resources_;
  std::vector<std::pair<std::size_t, bool>>
      places_;  ///< by resource: table, and whether it is an index
  std::map<std::tuple<std::size_t, Claims, std::size_t, std::vector<std::size_t>,
                      std::vector<std::size_t>>,
           Known>
      known_;
  std::map<std::size_t, CollectionPattern> collections_;
};

}  // namespace ddbplan::plan
