#include "plan/combine.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <set>

namespace ddbplan::plan {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
/// Tables over more joints than this are not built: the joint is then left to each side, which is a bound.
constexpr std::size_t kJointsMost = 12;
constexpr std::size_t kCapsMost = 4096;

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
  explicit Elimination(std::vector<Factor> factors) : factors_(std::move(factors)) {}

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
        continue;
      }
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
    std::map<std::size_t, std::set<std::size_t>> neighbours;
    for (const Factor& factor : factors_) {
      for (const std::size_t joint : factor.joints)
        neighbours[joint].insert(factor.joints.begin(), factor.joints.end());
    }
    std::optional<std::size_t> best;
    for (const auto& [joint, others] : neighbours) {
      if (!best || others.size() < neighbours[*best].size()) best = joint;
    }
    return best;
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
};

bool fits(const SlotDemand& slots, const SlotDemand& caps) {
  for (std::size_t kind = 0; kind < kUnshared; ++kind) {
    if (slots[kind] > caps[kind]) return false;
  }
  return true;
}

class Combiner {
 public:
  Combiner(const std::vector<EntityParts>& entities, double slot_price)
      : entities_(entities), slot_price_(slot_price) {}

  Combination run() {
    list_levels();
    count_sharers();
    double bound = kNever;
    Combination best;
    best.cost = kNever;
    SlotDemand caps{};
    try_caps(0, caps, best, bound);
    best.bound = bound;
    return best;
  }

 private:
  /// The numbers of indexes of each kind that entities ask for.
  void list_levels() {
    std::size_t product = 1;
    for (std::size_t kind = 0; kind < kUnshared; ++kind) {
      std::set<std::uint8_t> levels{0};
      for (const EntityParts& parts : entities_) {
        for (const auto& [claims, choices] : parts.choices) {
          for (const EntityChoice& choice : choices) levels.insert(choice.slots[kind]);
        }
      }
      levels_[kind].assign(levels.begin(), levels.end());
      // Too many cases: this kind of index is then free of charge in the bound.
      is_free_[kind] = product * levels.size() > kCapsMost;
      if (is_free_[kind]) levels_[kind] = {*levels.rbegin()};
      product *= levels_[kind].size();
    }
  }

  void try_caps(std::size_t kind, SlotDemand& caps, Combination& best, double& bound) {
    if (kind == kUnshared) return try_one(caps, best, bound);
    for (const std::uint8_t level : levels_[kind]) {
      caps[kind] = level;
      try_caps(kind + 1, caps, best, bound);
    }
  }

  /// An index of an earlier design is paid by those that may use it, a share each, so that no bound counts it
  /// twice.
  [[nodiscard]] double price_of(const EntityChoice& choice) const {
    double indexes = choice.slots[kUnshared];
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

  [[nodiscard]] const EntityChoice* cheapest(const EntityParts& parts, Claims claims,
                                             const SlotDemand& caps) const {
    const auto found = parts.choices.find(claims);
    if (found == parts.choices.end()) return nullptr;
    const EntityChoice* best = nullptr;
    for (const EntityChoice& choice : found->second) {
      if (fits(choice.slots, caps) && (best == nullptr || price_of(choice) < price_of(*best)))
        best = &choice;
    }
    return best;
  }

  void try_one(const SlotDemand& caps, Combination& best, double& bound) {
    double indexes = 0;
    for (std::size_t kind = 0; kind < kUnshared; ++kind)
      indexes += is_free_[kind] ? 0 : slot_price_ * caps[kind];
    std::vector<Factor> factors;
    std::vector<Factor> floors;
    bool is_exact = true;
    for (const EntityParts& parts : entities_) {
      Factor factor{parts.joints, {}};
      Factor floor{parts.joints, {}};
      for (Claims claims = 0; claims < (Claims{1} << parts.joints.size()); ++claims) {
        const EntityChoice* choice = cheapest(parts, claims, caps);
        const auto least = parts.floor.find(claims);
        factor.cost.push_back(choice == nullptr ? kNever : price_of(*choice));
        const bool cut_short =
            least != parts.floor.end() && least->second < parts.choices.at(claims).front().cost;
        floor.cost.push_back(cut_short ? least->second : factor.cost.back());
        is_exact = is_exact && !cut_short;
      }
      factors.push_back(std::move(factor));
      floors.push_back(std::move(floor));
    }
    std::map<std::size_t, bool> value;
    const double sum = Elimination(factors).solve(value) + indexes;
    std::map<std::size_t, bool> ignored;
    bound =
        std::min(bound, is_exact ? sum : Elimination(std::move(floors)).solve(ignored) + indexes);
    if (sum >= best.cost) return;
    keep(caps, value, best);
  }

  void keep(const SlotDemand& caps, const std::map<std::size_t, bool>& value, Combination& best) {
    Combination made;
    for (const EntityParts& parts : entities_) {
      Claims claims = 0;
      for (std::size_t j = 0; j < parts.joints.size(); ++j) {
        if (value.at(parts.joints[j])) claims |= Claims{1} << j;
      }
      const EntityChoice* choice = cheapest(parts, claims, caps);
      if (choice == nullptr) return;
      made.choices.push_back(choice);
      made.claims.push_back(claims);
      made.cost += choice->cost;
    }
    made.cost += slot_price_ * static_cast<double>(slots_needed(made.choices));
    if (made.cost < best.cost) best = std::move(made);
  }

  const std::vector<EntityParts>& entities_;
  double slot_price_;
  std::array<std::vector<std::uint8_t>, kSlotKinds> levels_;
  std::array<bool, kSlotKinds> is_free_{};
  std::map<std::size_t, double> sharers_;
};

}  // namespace

std::size_t slots_needed(const std::vector<const EntityChoice*>& choices) {
  SlotDemand most{};
  std::size_t sum = 0;
  HeldUse held = 0;
  for (const EntityChoice* choice : choices) {
    held |= choice->held;
    for (std::size_t kind = 0; kind < kUnshared; ++kind)
      most[kind] = std::max(most[kind], choice->slots[kind]);
    sum += choice->slots[kUnshared];
  }
  for (std::size_t kind = 0; kind < kUnshared; ++kind) sum += most[kind];
  return sum + static_cast<std::size_t>(std::popcount(held));
}

Combination combine(const std::vector<EntityParts>& entities, double slot_price) {
  return Combiner(entities, slot_price).run();
}

}  // namespace ddbplan::plan
