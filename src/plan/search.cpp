#include "plan/search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <set>

#include "dynamo/limits.h"
#include "plan/combine.h"

namespace ddbplan::plan {

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
/// The published free tier of a region (pricing/cost.cpp takes it off): a bound must allow for all of it.
constexpr double kFreeStorageGb = 25;
constexpr double kFreeUnitHours = 25 * 744;

/// What one billing mode and table class is searched with.
struct ModeSearch {
  pricing::PaymentMode mode;
  std::vector<double> prices;
  double constant = 0;  ///< what every design pays beside its parts
  std::vector<EntityParts> parts;
  double bound = 0;
};

class Search {
 public:
  Search(const Problem& problem, const pricing::PriceBook& book, const SearchOptions& options)
      : problem_(problem),
        settings_(problem.workload.settings),
        book_(book),
        options_(options),
        memo_(problem.workload, book),
        around_(problem, memo_) {
    around_.effort = options.effort;
    for (std::size_t e = 0; e < problem.workload.entities.size(); ++e)
      entities_.push_back(std::make_unique<EntitySearch>(around_, e));
  }

  SearchResult run() {
    first_combinations();
    close_gaps();
    return report();
  }

 private:
  [[nodiscard]] double slot_price() const { return settings_.complexity_index.usd(); }

  void first_combinations() {
    const std::vector<pricing::PaymentMode> modes = pricing::open_modes(settings_);
    // The moments that decide provisioned capacity are read off a design that is good on demand.
    ModeSearch on_demand = start({});
    const Combination sample = combine(on_demand.parts, slot_price());
    LoadProfile total = around_.space().zero();
    for (std::size_t e = 0; e < sample.choices.size(); ++e) {
      const LoadProfile own = entities_[e]->profile(*sample.choices[e], sample.claims[e]);
      for (std::size_t i = 0; i < total.size(); ++i) total[i] += own[i];
    }
    moments_ = around_.space().dominant(total);
    for (const pricing::PaymentMode mode : modes) {
      ModeSearch one = mode == on_demand.mode ? std::move(on_demand) : start(mode);
      const Combination found = combine(one.parts, slot_price());
      one.bound = found.found() ? found.bound + one.constant : kNever;
      if (found.found()) consider(state_of(found.choices, found.claims));
      modes_.push_back(std::move(one));
    }
    relieve_slots();
  }

  ModeSearch start(pricing::PaymentMode mode) {
    ModeSearch out;
    out.mode = mode;
    if (moments_.empty()) moments_ = around_.space().dominant(around_.space().zero());
    const bool recovery = has_recovery();
    out.prices = around_.space().prices(mode, moments_, recovery);
    out.constant = settings_.complexity_table.usd() - most_free(mode);
    out.parts = parts_at(out.prices, {slot_price(), 0});
    return out;
  }

  [[nodiscard]] bool has_recovery() const {
    const Scope nothing;
    return assemble(problem_, around_.lightest(), {}, nothing)
        .design.tables.front()
        .point_in_time_recovery;
  }

  [[nodiscard]] double most_free(pricing::PaymentMode mode) const {
    if (!settings_.free_tier || mode.infrequent_access) return 0;
    double usd = 0;
    for (const std::string& code : settings_.regions) {
      const pricing::ClassPrices& prices = book_.find(code)->standard;
      usd += kFreeStorageGb * prices.storage_gb_month;
      usd += mode.provisioned ? kFreeUnitHours * (prices.read_capacity_unit_hour +
                                                  prices.write_capacity_unit_hour +
                                                  prices.replicated_write_capacity_unit_hour)
                              : 0;
    }
    return usd;
  }

  std::vector<EntityParts> parts_at(const std::vector<double>& prices, const Keep& keep) {
    std::vector<EntityParts> parts;
    for (const std::unique_ptr<EntitySearch>& entity : entities_)
      parts.push_back(entity->search(prices, keep));
    return parts;
  }

  [[nodiscard]] State state_of(const std::vector<const EntityChoice*>& choices,
                               const std::vector<Claims>& claims) const {
    State state = around_.lightest();
    for (std::size_t e = 0; e < choices.size(); ++e)
      entities_[e]->apply(*choices[e], claims[e], state);
    return state;
  }

  /// Evaluates a State and keeps it among the best; each design once.
  void consider(const State& state) {
    ++around_.nodes;
    Ranked ranked{state, evaluate(problem_, state, memo_)};
    if (!ranked.evaluation.infeasible.empty()) {
      if (best_.empty()) infeasible_ = std::move(ranked);
      return;
    }
    const bool is_new = options_.alternatives == 0 ||
                        seen_.insert(memo_.fingerprint(ranked.evaluation.assembly.design)).second;
    if (!is_new) return;
    const auto place =
        std::upper_bound(best_.begin(), best_.end(), ranked, [](const Ranked& a, const Ranked& b) {
          return a.evaluation.ranking().usd() < b.evaluation.ranking().usd() - kTolerance;
        });
    if (place == best_.end() && best_.size() > options_.alternatives) return;
    best_.insert(place, std::move(ranked));
    if (best_.size() > options_.alternatives + 1) best_.pop_back();
  }

  /// What a further State must stay below to be of interest.
  [[nodiscard]] double limit() const {
    if (best_.size() <= options_.alternatives) return kNever;
    return best_.back().evaluation.ranking().usd() - kTolerance;
  }

  /// The entities ask for more indexes than a table may have: a price on each of them makes them give way.
  void relieve_slots() {
    if (best_.empty() || best_.front().evaluation.assembly.excess == 0) return;
    double most = dynamo::limits::kGlobalIndexesMax;
    if (problem_.workload.limits.global_indexes)
      most = std::min<double>(most, *problem_.workload.limits.global_indexes);
    most += dynamo::limits::kLocalIndexesMax;
    for (double extra = 1; extra <= 1e6; extra *= 10) {
      for (ModeSearch& one : modes_) {
        const double price = slot_price() + extra;
        std::vector<EntityParts> parts = parts_at(one.prices, {price, 0});
        const Combination found = combine(parts, price);
        if (!found.found()) continue;
        consider(state_of(found.choices, found.claims));
        one.bound = std::max(one.bound, found.bound + one.constant - extra * most);
      }
      if (best_.front().evaluation.assembly.excess == 0 || around_.exhausted()) return;
    }
  }

  void close_gaps() {
    is_closed_ = true;
    for (ModeSearch& one : modes_) {
      double slack = kTolerance;
      while (one.bound < limit() && is_closed_) {
        slack = std::isfinite(limit()) ? limit() - one.bound
                                       : std::max(2 * slack, 0.02 * std::abs(one.bound));
        if (slack > std::abs(one.bound) * 1e3 + 1e3 || around_.exhausted()) {
          is_closed_ = std::isfinite(limit()) ? false : is_closed_ && !around_.exhausted();
          break;
        }
        const double reached = one.bound + slack;
        is_closed_ = enumerate(one, slack) && is_closed_;
        if (is_closed_ && reached >= limit()) break;
      }
    }
  }

  /// Every combination whose bound is within `slack` of the mode's, by depth first. False: the effort ran out.
  bool enumerate(const ModeSearch& one, double slack) {
    parts_ = parts_at(one.prices, {slot_price(), slack});
    if (around_.exhausted()) return false;
    constant_ = one.constant;
    ceiling_ = one.bound + slack + kTolerance;
    least_after_.assign(parts_.size() + 1, 0.0);
    for (std::size_t e = parts_.size(); e-- > 0;) {
      double least = kNever;
      for (const auto& [claims, floor] : parts_[e].floor) least = std::min(least, floor);
      least_after_[e] = least_after_[e + 1] + least;
    }
    joints_.clear();
    chosen_.clear();
    claims_.clear();
    return descend(0, 0);
  }

  bool descend(std::size_t entity, double cost) {
    if (entity == parts_.size()) {
      consider(state_of(chosen_, claims_));
      return !around_.exhausted();
    }
    const EntityParts& parts = parts_[entity];
    for (const auto& [claims, choices] : parts.choices) {
      std::vector<std::size_t> newly_bound;
      if (bind(parts, claims, newly_bound)) {
        for (const EntityChoice& choice : choices) {
          chosen_.push_back(&choice);
          claims_.push_back(claims);
          const double indexes = slot_price() * static_cast<double>(slots_needed(chosen_));
          const double bound = cost + choice.cost + least_after_[entity + 1] + indexes + constant_;
          const bool is_worth_it = bound < std::min(limit(), ceiling_);
          const bool goes_on = !is_worth_it || descend(entity + 1, cost + choice.cost);
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
  bool bind(const EntityParts& parts, Claims claims, std::vector<std::size_t>& newly_bound) {
    for (std::size_t j = 0; j < parts.joints.size(); ++j) {
      const bool value = (claims >> j & 1U) != 0;
      const auto [place, is_new] = joints_.try_emplace(parts.joints[j], value);
      if (is_new) newly_bound.push_back(parts.joints[j]);
      if (place->second != value) return false;
    }
    return true;
  }

  SearchResult report() {
    SearchResult out;
    if (best_.empty()) {
      if (infeasible_.state.base.empty()) consider_lightest();
      out.state = infeasible_.state;
      out.evaluation = std::move(infeasible_.evaluation);
      out.nodes = around_.nodes;
      return out;
    }
    const double objective = best_.front().evaluation.ranking().usd();
    double bound = kNever;
    for (const ModeSearch& one : modes_) bound = std::min(bound, one.bound);
    out.proven = is_closed_ || bound >= objective - kTolerance;
    bound = out.proven ? objective : std::min(bound, objective);
    const double penalty = best_.front().evaluation.penalty.usd();
    if (std::isfinite(bound))
      out.lower_bound = support::Money::from_usd(std::max(0.0, bound - penalty));
    if (options_.explain) out.neighbours = neighbours();
    out.nodes = around_.nodes;
    out.state = best_.front().state;
    out.evaluation = std::move(best_.front().evaluation);
    for (std::size_t i = 1; i < best_.size(); ++i) out.alternatives.push_back(std::move(best_[i]));
    return out;
  }

  void consider_lightest() {
    infeasible_ = {around_.lightest(), evaluate(problem_, around_.lightest(), memo_)};
  }

  std::vector<Neighbour> neighbours() { return {}; }

  const Problem& problem_;
  const model::Settings& settings_;
  const pricing::PriceBook& book_;
  const SearchOptions& options_;
  CostMemo memo_;
  Surroundings around_;
  std::vector<std::unique_ptr<EntitySearch>> entities_;
  ProfileSpace::Moments moments_;
  std::vector<ModeSearch> modes_;
  bool is_closed_ = false;
  std::vector<Ranked> best_;  ///< by ranking
  Ranked infeasible_;
  std::set<std::string> seen_;
  // The state of `enumerate`.
  std::vector<EntityParts> parts_;
  double constant_ = 0;
  double ceiling_ = 0;
  std::vector<double> least_after_;
  std::map<std::size_t, bool> joints_;
  std::vector<const EntityChoice*> chosen_;
  std::vector<Claims> claims_;
};

}  // namespace

SearchResult search(const Problem& problem, const pricing::PriceBook& book,
                    const SearchOptions& options) {
  return Search(problem, book, options).run();
}

}  // namespace ddbplan::plan
