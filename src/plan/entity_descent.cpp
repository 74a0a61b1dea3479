// Branch and bound over the choices of one entity.
#include <algorithm>
#include <bit>
#include <limits>
#include <set>

#include "plan/entity_search.h"

namespace ddbplan::plan {

namespace {

/// Dollars; less is the noise of sums.
constexpr double kNoise = 1e-9;
constexpr double kNever = std::numeric_limits<double>::infinity();

std::size_t excess(const SlotDemand& wanted, const SlotDemand& given) {
  std::size_t out = 0;
  for (std::size_t i = 0; i < kSlotKinds; ++i) {
    if (wanted[i] > given[i]) out += wanted[i] - given[i];
  }
  return out;
}

/// Indexes that something needs for certain.
struct Indexes {
  SlotDemand slots{};
  HeldUse held = 0;
};

/// `choice` does as well as anything that costs `cost` and needs at least these indexes.
bool is_as_good(const EntityChoice& choice, double cost, const Indexes& indexes_needed,
                const Keep& keep) {
  const std::size_t more =
      excess(choice.slots, indexes_needed.slots) +
      static_cast<std::size_t>(std::popcount(choice.held & ~indexes_needed.held));
  const double indexes = more == 0 ? 0 : static_cast<double>(more) * keep.slot_price;
  return choice.cost + indexes + keep.slack <= cost;
}

}  // namespace

/// Depth first over the Needs under one base key, for one set of claims.
class EntitySearch::Descent {
 public:
  Descent(EntitySearch& search, const Prices& prices, const Keep& keep, const Forced& forced,
          std::size_t base, Claims claims, std::vector<EntityChoice>& found)
      : search_(&search),
        prices_(&prices),
        keep_(&keep),
        forced_(&forced),
        found_(&found),
        decisions_{base, claims, std::vector<std::size_t>(search.needs_.size(), kUnserved), {}} {}

  /// A lower bound of every choice under this base key; infinite when there is none.
  double prepare() { return list_ways() ? decided() + least_from(0) : kNever; }
  void run() { visit(0); }

 private:
  struct Way {
    std::size_t option = kUnserved;
    std::optional<std::size_t> entry;
    bool is_fixed = false;
    double read = 0;
    double open = 0;
    double heavier = 0;
    double share = 1;  ///< of `open`, while the entry is closed
  };
  struct OpenEntry {
    std::size_t users = 0;
    double open = 0;
    double heavier = 0;
  };

  [[nodiscard]] double price(const LoadProfile& load) const {
    return std::max(0.0, prices_->of(load));
  }

  bool list_ways() {
    const BaseNumbers& numbers = search_->numbers(decisions_.base);
    bare_ = price(numbers.bare);
    ways_.resize(search_->needs_.size());
    for (std::size_t i = 0; i < ways_.size(); ++i) {
      const std::size_t need = search_->needs_[i];
      for (const Solo& solo : numbers.solos[i]) {
        if (!search_->agrees(i, solo, decisions_.claims)) continue;
        if (forced_->need == need && forced_->option != solo.option) continue;
        if (solo.entry && is_forbidden(*solo.entry)) continue;
        ways_[i].push_back({solo.option, solo.entry, solo.is_fixed, price(solo.read),
                            price(solo.open), price(solo.heavier)});
      }
      const bool claimed = (search_->joints_of(i) & decisions_.claims) != 0;
      if (ways_[i].empty() && (claimed || forced_->need == need)) return false;
      if (ways_[i].empty()) {
        const std::size_t pattern = search_->problem_.needs[need].pattern.index;
        refused_ += kPenaltyOfOne.usd() /
                    static_cast<double>(search_->problem_.entities_of_pattern[pattern].size() *
                                        search_->problem_.needs_of_pattern[pattern].size());
        ways_[i].push_back({});
      }
      const bool sharing_first = keep_->slot_price == kNever && search_->around_.exhausted();
      std::stable_sort(ways_[i].begin(), ways_[i].end(), [&](const Way& a, const Way& b) {
        // The first choice is the only one then: it must leave indexes to others.
        if (sharing_first && takes_an_index_alone(a) != takes_an_index_alone(b))
          return takes_an_index_alone(b);
        return a.read + a.open + a.heavier < b.read + b.open + b.heavier;
      });
    }
    share_out();
    order_needs();
    return true;
  }

  [[nodiscard]] bool is_forbidden(std::size_t entry) const {
    return std::find(forced_->without.begin(), forced_->without.end(), entry) !=
           forced_->without.end();
  }

  [[nodiscard]] bool takes_an_index_alone(const Way& way) const {
    return way.entry && search_->slot_kind(*way.entry, std::nullopt) == kUnshared;
  }

  /// An entry that is still closed is paid by the Needs that might open it, each a share, so that no bound
  /// counts its price twice. Equal shares first; then every Need gives up what does not change its own least
  /// cost, to those whose least cost it raises (dual ascent for facility location).
  void share_out() {
    std::map<std::size_t, std::set<std::size_t>> users;
    for (std::size_t i = 0; i < ways_.size(); ++i) {
      for (const Way& way : ways_[i]) {
        if (way.entry) users[*way.entry].insert(i);
      }
    }
    for (std::vector<Way>& ways : ways_) {
      for (Way& way : ways) {
        if (way.entry) way.share = 1.0 / static_cast<double>(users[*way.entry].size());
      }
    }
    constexpr int kRounds = 8;
    for (int round = 0; round < kRounds; ++round) {
      for (const auto& [entry, needs] : users) shift_shares(entry, needs);
    }
  }

  void shift_shares(std::size_t entry, const std::set<std::size_t>& needs) {
    std::map<std::size_t, double> wanted;
    std::vector<std::size_t> takers;
    double sum = 0;
    for (const std::size_t i : needs) {
      const double least = least_of(i);
      double enough = 0;
      for (const Way& way : ways_[i]) {
        if (way.entry == entry && way.open > 0)
          enough = std::max(enough, std::min(way.share, (least - way.read) / way.open));
      }
      wanted[i] = enough;
      sum += enough;
      const bool is_least = std::any_of(ways_[i].begin(), ways_[i].end(), [&](const Way& way) {
        return way.entry == entry && way.read + way.open * way.share <= least + kNoise;
      });
      if (is_least) takers.push_back(i);
    }
    if (takers.empty() || sum >= 1) return;
    for (const std::size_t i : takers) wanted[i] += (1 - sum) / static_cast<double>(takers.size());
    for (const std::size_t i : needs) {
      for (Way& way : ways_[i]) {
        if (way.entry == entry) way.share = wanted[i];
      }
    }
  }

  [[nodiscard]] double least_of(std::size_t position) const {
    double least = kNever;
    for (const Way& way : ways_[position])
      least = std::min(least, way.read + (way.entry ? way.open * way.share : 0));
    return least;
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

  /// The least that the Needs from `depth` on can add.
  [[nodiscard]] double least_from(std::size_t depth) const {
    double sum = 0;
    for (std::size_t d = depth; d < order_.size(); ++d) {
      double least = kNever;
      for (const Way& way : ways_[order_[d]]) {
        double cost = way.read;
        if (way.entry && !is_open(*way.entry)) cost += way.open * way.share;
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
    double sum = bare_ + refused_ + read_;
    double heavier = 0;
    for (const auto& [entry, one] : open_) {
      if (one.users == 0) continue;
      sum += one.open;
      heavier = std::max(heavier, one.heavier);
    }
    return sum + heavier;
  }

  [[nodiscard]] bool is_dominated(double cost, const Indexes& indexes) const {
    return std::any_of(found_->begin(), found_->end(), [&](const EntityChoice& choice) {
      return is_as_good(choice, cost, indexes, *keep_);
    });
  }

  /// Indexes that every completion needs: an entry of few attributes may yet be asked for more of them, and
  /// then it shares an index with other entries.
  [[nodiscard]] Indexes certain_indexes(std::size_t depth) const {
    Indexes out{search_->slots_of(decisions_), search_->held_of(decisions_)};
    if (depth == order_.size()) return out;
    for (const std::size_t kind : {0UL, 1UL, 3UL, 4UL}) out.slots[kind] = 0;
    return out;
  }

  void visit(std::size_t depth) {
    if (search_->around_.exhausted() && !found_->empty()) return;
    if (!found_->empty()) {
      const double bound = decided() + least_from(depth);
      if (is_dominated(bound, certain_indexes(depth))) return;
    }
    if (depth == order_.size()) return reach();
    for (const Way& way : ways_[order_[depth]]) take(depth, way);
  }

  /// The bound once more, with what is decided so far evaluated as a whole: index keys make items heavier
  /// together, which no sum over single decisions shows.
  [[nodiscard]] bool is_hopeless(std::size_t depth) const {
    if (found_->empty() || depth == order_.size()) return false;
    if (is_dominated(decided() + least_from(depth), certain_indexes(depth))) return true;
    Decisions partial = decisions_;
    std::sort(partial.all.begin(), partial.all.end());
    const Measured& measured = search_->measure(partial);
    if (!measured.possible) return true;
    return is_dominated(prices_->of(measured.profile) + refused_ + least_from(depth),
                        certain_indexes(depth));
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
      if (before.users > 0 || !is_hopeless(depth + 1)) visit(depth + 1);
      if (before.users == 0 && !way.is_fixed) {
        decisions_.all.push_back(*way.entry);
        if (!is_hopeless(depth + 1)) visit(depth + 1);
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
    const Measured& measured = search_->measure(decisions);
    if (!measured.possible) return;
    EntityChoice choice;
    choice.base = decisions.base;
    choice.serve = decisions.serve;
    choice.all = decisions.all;
    choice.cost = prices_->of(measured.profile) + measured.penalty;
    choice.slots = search_->slots_of(decisions);
    choice.held = search_->held_of(decisions);
    if (is_dominated(choice.cost, {choice.slots, choice.held})) return;
    std::erase_if(*found_, [&](const EntityChoice& other) {
      return is_as_good(choice, other.cost, {other.slots, other.held}, *keep_);
    });
    found_->push_back(std::move(choice));
  }

  // Pointers, as descents are sorted.
  EntitySearch* search_;
  const Prices* prices_;
  const Keep* keep_;
  const Forced* forced_;
  std::vector<EntityChoice>* found_;
  Decisions decisions_;
  double bare_ = 0;
  double refused_ = 0;  ///< the penalty of Needs that nothing serves under this base key
  double read_ = 0;
  std::vector<std::vector<Way>> ways_;
  std::vector<std::size_t> order_;
  std::map<std::size_t, OpenEntry> open_;
};

EntityParts EntitySearch::search(const Prices& prices, const Keep& keep, const Forced& forced) {
  EntityParts out;
  out.needs = needs_;
  out.joints = joints_;
  const std::size_t bases = problem_.candidates.entities[entity_].bases.size();
  for (Claims claims = 0; claims < (Claims{1} << joints_.size()); ++claims) {
    if (!is_consistent(claims)) continue;
    std::vector<EntityChoice> found;
    double floor = kNever;
    std::vector<std::pair<double, Descent>> descents;
    for (std::size_t b = 0; b < bases; ++b) {
      if (forced.base && *forced.base != b) continue;
      bool joins = true;
      for (std::size_t j = 0; j < joints_.size(); ++j)
        joins = joins && ((claims >> j & 1U) == 0 || can_claim(b, j));
      if (!joins) continue;
      Descent descent(*this, prices, keep, forced, b, claims, found);
      const double bound = descent.prepare();
      if (bound == kNever) continue;
      floor = std::min(floor, bound);
      descents.emplace_back(bound, std::move(descent));
    }
    std::stable_sort(descents.begin(), descents.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [bound, descent] : descents) descent.run();
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
