#include "plan/combine.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <set>

namespace ddbplan::plan {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
/// Tables over more joints than this are not built: the joint is then left to each side, which is a bound.
constexpr std::size_t kJointsMost = 12;
constexpr std::size_t kCapsMost = 4096;

/// The published free tier of a region (pricing/cost.cpp takes it off): a bound must allow for all of it.
constexpr double kFreeStorageGb = 25;
constexpr double kFreeUnitHours = 25 * 744;

/// Costs by what some joints are: bit i of an index is joint `joints[i]`.
struct Factor {
  std::vector<std::size_t> joints;
  std::vector<double> cost;
};

std::size_t bits_of(const std::vector<std::size_t>& joints, const std::vector<std::size_t>& within,
                    std::size_t bits) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < joints.size(); ++i) {
    const auto place = std::find(within.begin(), within.end(), joints[i]) - within.begin();
    out |= (bits >> static_cast<std::size_t>(place) & 1U) << i;
  }
  return out;
}

Factor joined(const std::vector<Factor>& factors) {
  Factor out;
  std::set<std::size_t> joints;
  for (const Factor& factor : factors) joints.insert(factor.joints.begin(), factor.joints.end());
  out.joints.assign(joints.begin(), joints.end());
  out.cost.assign(std::size_t{1} << out.joints.size(), 0.0);
  for (std::size_t bits = 0; bits < out.cost.size(); ++bits) {
    for (const Factor& factor : factors)
      out.cost[bits] += factor.cost[bits_of(factor.joints, out.joints, bits)];
  }
  return out;
}

Factor without(const Factor& factor, std::size_t joint) {
  const auto place = static_cast<std::size_t>(
      std::find(factor.joints.begin(), factor.joints.end(), joint) - factor.joints.begin());
  Factor out;
  out.joints = factor.joints;
  out.joints.erase(out.joints.begin() + static_cast<std::ptrdiff_t>(place));
  const std::size_t low = (std::size_t{1} << place) - 1;
  for (std::size_t bits = 0; bits < factor.cost.size() / 2; ++bits) {
    const std::size_t off = (bits & low) | (bits & ~low) << 1U;
    out.cost.push_back(std::min(factor.cost[off], factor.cost[off | std::size_t{1} << place]));
  }
  return out;
}

/// The sum of factors at its least over all joints, one joint after the other.
class Elimination {
 public:
  explicit Elimination(std::vector<Factor> factors) : factors_(std::move(factors)) {
    for (const Factor& factor : factors_) {
      for (const std::size_t joint : factor.joints)
        neighbours_[joint].insert(factor.joints.begin(), factor.joints.end());
    }
    for (const auto& [joint, others] : neighbours_) by_size_.emplace(others.size(), joint);
  }

  /// Fills `value` by joint.
  double solve(std::map<std::size_t, bool>& value) {
    std::vector<std::pair<std::size_t, Factor>> eliminated;
    while (const auto joint = next()) {
      std::vector<Factor> about;
      std::erase_if(factors_, [&](Factor& factor) {
        const bool is_about =
            std::find(factor.joints.begin(), factor.joints.end(), *joint) != factor.joints.end();
        if (is_about) about.push_back(std::move(factor));
        return is_about;
      });
      if (width(about) > kJointsMost) {
        for (const Factor& factor : about) factors_.push_back(without(factor, *joint));
        value[*joint] = false;
        forget(*joint, false);
        continue;
      }
      forget(*joint, true);
      Factor all = joined(about);
      factors_.push_back(without(all, *joint));
      eliminated.emplace_back(*joint, std::move(all));
    }
    double sum = 0;
    for (const Factor& factor : factors_) sum += factor.cost.front();
    for (auto one = eliminated.rbegin(); one != eliminated.rend(); ++one)
      value[one->first] = better_on(one->second, one->first, value);
    return sum;
  }

 private:
  static std::size_t width(const std::vector<Factor>& factors) {
    std::set<std::size_t> joints;
    for (const Factor& factor : factors) joints.insert(factor.joints.begin(), factor.joints.end());
    return joints.size();
  }

  /// The joint whose elimination makes the smallest table.
  [[nodiscard]] std::optional<std::size_t> next() const {
    if (by_size_.empty()) return std::nullopt;
    return by_size_.begin()->second;
  }

  /// `joined`: one factor is made of all that are about the joint.
  void forget(std::size_t joint, bool joined) {
    const auto place = neighbours_.find(joint);
    const std::set<std::size_t> about = std::move(place->second);
    neighbours_.erase(place);
    by_size_.erase({about.size(), joint});
    for (const std::size_t other : about) {
      if (other == joint) continue;
      std::set<std::size_t>& others = neighbours_.at(other);
      by_size_.erase({others.size(), other});
      if (joined) others.insert(about.begin(), about.end());
      others.erase(joint);
      by_size_.emplace(others.size(), other);
    }
  }

  static bool better_on(const Factor& factor, std::size_t joint,
                        const std::map<std::size_t, bool>& value) {
    std::size_t bits = 0;
    std::size_t own = 0;
    for (std::size_t i = 0; i < factor.joints.size(); ++i) {
      if (factor.joints[i] == joint) {
        own = std::size_t{1} << i;
      } else if (value.at(factor.joints[i])) {
        bits |= std::size_t{1} << i;
      }
    }
    return factor.cost[bits | own] < factor.cost[bits];
  }

  std::vector<Factor> factors_;
  /// Of every joint left, those that share a factor with it, itself among them.
  std::map<std::size_t, std::set<std::size_t>> neighbours_;
  std::set<std::pair<std::size_t, std::size_t>> by_size_;  ///< how many those are, and the joint
};

/// Indexes of all kinds, when none is shared.
std::size_t total(const SlotDemand& slots) {
  return std::accumulate(slots.begin(), slots.end(), std::size_t{0});
}

bool fits(const SlotDemand& slots, const SlotDemand& caps) {
  for (std::size_t kind = 0; kind < kUnshared; ++kind) {
    if (slots[kind] > caps[kind]) return false;
  }
  return true;
}

class Combiner {
 public:
  Combiner(const std::vector<EntityParts>& entities, const TablePlan& tables, double slot_price)
      : entities_(entities), tables_(tables), slot_price_(slot_price) {
    std::map<std::size_t, std::size_t> numbers;
    for (std::size_t e = 0; e < entities.size(); ++e) {
      if (!tables.is_alone(model::EntityId{e}))
        group_[e] = numbers.try_emplace(tables.table_of[e], numbers.size()).first->second;
    }
    levels_.resize(numbers.size() * kUnshared);
    is_free_.resize(levels_.size());
  }

  Combination run() {
    list_levels();
    count_sharers();
    double bound = kNever;
    Combination best;
    best.cost = kNever;
    Caps caps(levels_.size() / kUnshared);
    try_caps(0, caps, best, bound);
    best.bound = bound;
    return best;
  }

 private:
  /// Indexes that there are, by group of entities that share a table.
  using Caps = std::vector<SlotDemand>;

  /// The numbers of indexes of each kind that the entities of a group ask for.
  void list_levels() {
    std::size_t product = 1;
    for (std::size_t place = 0; place < levels_.size(); ++place) {
      std::set<std::uint8_t> levels{0};
      for (const auto& [entity, group] : group_) {
        if (group != place / kUnshared) continue;
        for (const auto& [claims, choices] : entities_[entity].choices) {
          for (const EntityChoice& choice : choices) levels.insert(choice.slots[place % kUnshared]);
        }
      }
      levels_[place].assign(levels.begin(), levels.end());
      // Too many cases: this kind of index is then free of charge in the bound.
      is_free_[place] = product * levels.size() > kCapsMost;
      if (is_free_[place]) levels_[place] = {*levels.rbegin()};
      product *= levels_[place].size();
    }
  }

  void try_caps(std::size_t place, Caps& caps, Combination& best, double& bound) {
    if (place == levels_.size()) return try_one(caps, best, bound);
    for (const std::uint8_t level : levels_[place]) {
      caps[place / kUnshared][place % kUnshared] = level;
      try_caps(place + 1, caps, best, bound);
    }
  }

  /// An index of an earlier design is paid by those that may use it, a share each, so that no bound counts it
  /// twice.
  [[nodiscard]] double price_of(std::size_t entity, const EntityChoice& choice) const {
    auto indexes = static_cast<double>(!group_.contains(entity) ? total(choice.slots)
                                                                : choice.slots[kUnshared]);
    for (HeldUse held = choice.held; held != 0; held &= held - 1)
      indexes += 1.0 / sharers_.at(static_cast<std::size_t>(std::countr_zero(held)));
    return choice.cost + slot_price_ * indexes;
  }

  void count_sharers() {
    for (const EntityParts& parts : entities_) {
      HeldUse any = 0;
      for (const auto& [claims, choices] : parts.choices) {
        for (const EntityChoice& choice : choices) any |= choice.held;
      }
      for (; any != 0; any &= any - 1)
        sharers_[static_cast<std::size_t>(std::countr_zero(any))] += 1;
    }
  }

  [[nodiscard]] const EntityChoice* cheapest(std::size_t entity, Claims claims,
                                             const Caps& caps) const {
    const auto found = entities_[entity].choices.find(claims);
    if (found == entities_[entity].choices.end()) return nullptr;
    const auto group = group_.find(entity);
    const EntityChoice* best = nullptr;
    for (const EntityChoice& choice : found->second) {
      if (group != group_.end() && !fits(choice.slots, caps[group->second])) continue;
      if (best == nullptr || price_of(entity, choice) < price_of(entity, *best)) best = &choice;
    }
    return best;
  }

  void try_one(const Caps& caps, Combination& best, double& bound) {
    // What binds the entities to each other is in the factors; the others' parts are added up.
    double alone = 0;
    double alone_least = 0;
    for (std::size_t place = 0; place < levels_.size(); ++place)
      alone += is_free_[place] ? 0 : slot_price_ * caps[place / kUnshared][place % kUnshared];
    alone_least = alone;
    std::vector<Factor> factors;
    std::vector<Factor> floors;
    bool is_exact = true;
    for (std::size_t e = 0; e < entities_.size(); ++e) {
      const EntityParts& parts = entities_[e];
      Factor factor{parts.joints, {}};
      Factor floor{parts.joints, {}};
      for (Claims claims = 0; claims < (Claims{1} << parts.joints.size()); ++claims) {
        const EntityChoice* choice = cheapest(e, claims, caps);
        const auto least = parts.floor.find(claims);
        factor.cost.push_back(choice == nullptr ? kNever : price_of(e, *choice));
        const bool cut_short =
            least != parts.floor.end() && least->second < parts.choices.at(claims).front().cost;
        floor.cost.push_back(cut_short ? least->second : factor.cost.back());
        is_exact = is_exact && !cut_short;
      }
      if (parts.joints.empty()) {
        alone += factor.cost.front();
        alone_least += floor.cost.front();
        continue;
      }
      factors.push_back(std::move(factor));
      floors.push_back(std::move(floor));
    }
    std::map<std::size_t, bool> value;
    const double sum = Elimination(std::move(factors)).solve(value) + alone;
    std::map<std::size_t, bool> ignored;
    bound = std::min(bound,
                     is_exact ? sum : Elimination(std::move(floors)).solve(ignored) + alone_least);
    if (sum >= best.cost) return;
    keep(caps, value, best);
  }

  void keep(const Caps& caps, const std::map<std::size_t, bool>& value, Combination& best) {
    Combination made;
    for (std::size_t e = 0; e < entities_.size(); ++e) {
      const EntityParts& parts = entities_[e];
      Claims claims = 0;
      for (std::size_t j = 0; j < parts.joints.size(); ++j) {
        if (value.at(parts.joints[j])) claims |= Claims{1} << j;
      }
      const EntityChoice* choice = cheapest(e, claims, caps);
      if (choice == nullptr) return;
      made.choices.push_back(choice);
      made.claims.push_back(claims);
      made.cost += choice->cost;
    }
    made.cost += slot_price_ * static_cast<double>(slots_needed(made.choices, tables_).all());
    if (made.cost < best.cost) best = std::move(made);
  }

  const std::vector<EntityParts>& entities_;
  const TablePlan& tables_;
  double slot_price_;
  std::map<std::size_t, std::size_t> group_;       ///< by entity that shares its table
  std::vector<std::vector<std::uint8_t>> levels_;  ///< by group and kind
  std::vector<bool> is_free_;
  std::map<std::size_t, double> sharers_;
};

}  // namespace

SlotCount slots_needed(const std::vector<const EntityChoice*>& choices, const TablePlan& tables) {
  std::vector<SlotDemand> most(tables.count);
  SlotCount out;
  HeldUse held = 0;
  for (std::size_t e = 0; e < choices.size(); ++e) {
    held |= choices[e]->held;
    SlotDemand& in_table = most[tables.table_of[e]];
    for (std::size_t kind = 0; kind < kUnshared; ++kind)
      in_table[kind] = std::max(in_table[kind], choices[e]->slots[kind]);
    out.global += choices[e]->slots[kUnshared];
  }
  for (const SlotDemand& in_table : most) {
    for (std::size_t kind = 0; kind < kUnshared; ++kind)
      (kind < kFirstLocal ? out.global : out.local) += in_table[kind];
  }
  out.global += static_cast<std::size_t>(std::popcount(held));
  return out;
}

ProfileSpace::Moments typical_moments(const Surroundings& around,
                                      const std::vector<std::unique_ptr<EntitySearch>>& entities) {
  const ProfileSpace& space = around.space();
  const TablePlan& tables = around.problem().tables;
  const double slot_price = around.problem().workload.settings.complexity_index.usd();
  const std::vector<double> on_demand = space.prices({}, space.dominant(space.zero()));
  const Prices prices(space, {on_demand}, std::vector<std::vector<std::size_t>>(tables.count, {0}));
  std::vector<EntityParts> parts;
  for (const std::unique_ptr<EntitySearch>& entity : entities)
    parts.push_back(entity->search(prices, {slot_price, 0}));
  const Combination sample = combine(parts, tables, slot_price);
  LoadProfile total = space.zero();
  for (std::size_t e = 0; e < sample.choices.size(); ++e) {
    const LoadProfile own = entities[e]->profile(*sample.choices[e], sample.claims[e]);
    for (std::size_t i = 0; i < total.size(); ++i) total[i] += own[i];
  }
  return space.dominant(total);
}

double most_free(const model::Settings& settings, const pricing::PriceBook& book,
                 pricing::PaymentMode mode) {
  if (!settings.free_tier || mode.infrequent_access) return 0;
  double usd = 0;
  for (const std::string& code : settings.regions) {
    const pricing::ClassPrices& prices = book.find(code)->standard;
    usd += kFreeStorageGb * prices.storage_gb_month;
    usd += mode.provisioned ? kFreeUnitHours * (prices.read_capacity_unit_hour +
                                                prices.write_capacity_unit_hour +
                                                prices.replicated_write_capacity_unit_hour)
                            : 0;
  }
  return usd;
}

Combination combine(const std::vector<EntityParts>& entities, const TablePlan& tables,
                    double slot_price) {
  return Combiner(entities, tables, slot_price).run();
}

}  // namespace ddbplan::plan
