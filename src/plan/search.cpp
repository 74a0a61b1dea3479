#include "plan/search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <set>

#include "dynamo/limits.h"
#include "plan/combination_price.h"
#include "plan/combination_walk.h"
#include "plan/combine.h"
#include "plan/layouts.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

/// Up to so many entities an alternative is evaluated as a whole design.
constexpr std::size_t kExactNeighbours = 24;
constexpr double kNever = std::numeric_limits<double>::infinity();

/// To price so many combinations takes as long as to evaluate one part.
constexpr std::int64_t kCombinationsOfNode = 50;

/// More ways of paying for the shared tables than these are not told apart in the bounds.
constexpr std::size_t kPaymentsMost = 64;

/// What is searched with: for each table the billing modes and table classes that it may be paid in.
struct ModeSearch {
  std::vector<std::vector<std::size_t>> open;  ///< by table: positions in the open modes
  Prices prices;
  double constant = 0;  ///< what every design pays beside its parts
  std::vector<EntityParts> parts;
  double bound = 0;
};

class Search final : public Hindsight {
 public:
  Search(const Problem& problem, const pricing::PriceBook& book, const SearchOptions& options)
      : problem_(problem),
        settings_(problem.workload.settings),
        book_(book),
        options_(options),
        open_modes_(pricing::open_modes(settings_)),
        memo_(problem.workload, book),
        around_(problem, memo_) {
    around_.effort = options.effort;
    for (std::size_t e = 0; e < problem.workload.entities.size(); ++e)
      entities_.push_back(std::make_unique<EntitySearch>(around_, e));
    combination_price_.emplace(around_, entities_, open_modes_, prices_);
  }

  SearchResult run() {
    first_combinations();
    close_gaps();
    drop_idle_fetches();
    return report();
  }

  [[nodiscard]] bool has_design() const { return !best_.empty(); }

  /// REQUIRES: has_design() after run().
  std::vector<Neighbour> neighbours() override {
    explained_ = &best_mode();
    std::vector<Neighbour> out;
    const State& state = best_.front().state;
    for (std::size_t e = 0; e < entities_.size(); ++e) {
      for (std::size_t b = 0; b < problem_.candidates.entities[e].bases.size(); ++b) {
        if (b != state.base[e])
          out.push_back(neighbour(Neighbour::Kind::base, e, e, b, {b, std::nullopt, 0, {}}));
      }
    }
    for (std::size_t n = 0; n < problem_.needs.size(); ++n) {
      const std::size_t entity = problem_.needs[n].entity.index;
      for (std::size_t o = 0; o < problem_.candidates.options[n].size(); ++o) {
        if (o != state.serve[n])
          out.push_back(neighbour(Neighbour::Kind::serve, entity, n, o, {std::nullopt, n, o, {}}));
      }
    }
    std::set<std::size_t> children;
    for (const Joint& joint : around_.joints()) {
      if (joint.child && children.insert(*joint.child).second) out.push_back(flipped(*joint.child));
    }
    return out;
  }

  /// REQUIRES: has_design() after run().
  std::optional<State> without(const EntryKeys& entries) override {
    explained_ = &best_mode();
    std::map<std::size_t, Forced> forced;
    for (const auto& [entity, entry] : entries) forced[entity].without.push_back(entry);
    std::vector<EntityParts> parts = explained_->parts;
    for (const auto& [entity, one] : forced) {
      parts[entity] = entities_[entity]->search(explained_->prices, {slot_price(), 0}, one);
      if (parts[entity].choices.empty()) return std::nullopt;
    }
    std::vector<std::size_t> changed;
    for (const auto& [entity, one] : forced) changed.push_back(entity);
    std::optional<Ranked> found = cheapest(parts, changed);
    if (!found) return std::nullopt;
    return std::move(found->state);
  }

  CostMemo& memo() override { return memo_; }

 private:
  /// Indexes that there are whatever is decided.
  [[nodiscard]] std::size_t staying() const { return problem_.held ? problem_.held->staying() : 0; }
  [[nodiscard]] double slot_price() const { return settings_.complexity_index.usd(); }

  void first_combinations() {
    const ProfileSpace::Moments moments = typical_moments(around_, entities_);
    for (const pricing::PaymentMode mode : open_modes_)
      prices_.push_back(around_.space().prices(mode, moments));
    for (std::vector<std::vector<std::size_t>>& open : payments()) {
      ModeSearch one = start(std::move(open));
      const Combination found = combined(one.parts);
      one.bound = found.found() ? found.bound + one.constant : kNever;
      if (found.found()) consider(state_of(found.choices, found.claims));
      modes_.push_back(std::move(one));
    }
    if (options_.indexes_most) return relieve_slots(*options_.indexes_most);
    if (!best_.empty() && best_.front().evaluation.assembly.excess > 0)
      relieve_slots(indexes_allowed());
  }

  [[nodiscard]] std::size_t globals_allowed() const {
    int most = dynamo::limits::kGlobalIndexesMax;
    if (problem_.workload.limits.global_indexes)
      most = std::min(most, *problem_.workload.limits.global_indexes);
    return problem_.tables.count * static_cast<std::size_t>(std::max(0, most));
  }
  [[nodiscard]] std::size_t indexes_allowed() const {
    return globals_allowed() +
           problem_.tables.count * static_cast<std::size_t>(dynamo::limits::kLocalIndexesMax);
  }

  [[nodiscard]] Combination combined(const std::vector<EntityParts>& parts,
                                     double extra = 0) const {
    return combine(parts, problem_.tables, slot_price() + extra);
  }

  [[nodiscard]] std::vector<std::vector<std::size_t>> everywhere(
      const std::vector<std::size_t>& modes) const {
    return std::vector<std::vector<std::size_t>>(problem_.tables.count, modes);
  }

  /// The ways of paying to search one by one. The price of a table of one entity is known from that entity, so
  /// all ways are left open to it; in a table of several they would each take their own.
  [[nodiscard]] std::vector<std::vector<std::vector<std::size_t>>> payments() const {
    std::vector<std::size_t> all(open_modes_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    std::vector<std::vector<std::vector<std::size_t>>> out{everywhere(all)};
    for (std::size_t table = 0; table < problem_.tables.count; ++table) {
      const bool is_shared =
          problem_.tables.count == 1 || problem_.tables.members(table).size() > 1;
      if (!is_shared || out.size() * all.size() > kPaymentsMost) continue;
      std::vector<std::vector<std::vector<std::size_t>>> finer;
      for (const auto& open : out) {
        for (const std::size_t mode : all) {
          finer.push_back(open);
          finer.back()[table] = {mode};
        }
      }
      out = std::move(finer);
    }
    return out;
  }

  ModeSearch start(std::vector<std::vector<std::size_t>> open) {
    ModeSearch out;
    out.open = std::move(open);
    out.prices = Prices(around_.space(), prices_, out.open);
    double free = 0;
    for (const auto& modes : out.open) {
      for (const std::size_t mode : modes)
        free = std::max(free, most_free(settings_, book_, open_modes_[mode]));
    }
    const auto tables = static_cast<double>(problem_.tables.count);
    out.constant = tables * settings_.complexity_table.usd() - free +
                   slot_price() * static_cast<double>(staying());
    out.parts = parts_at(out.prices, {slot_price(), 0});
    return out;
  }

  std::vector<EntityParts> parts_at(const Prices& prices, const Keep& keep) {
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
    around_.nodes += 1 + static_cast<std::int64_t>(problem_.workload.patterns.size()) / 20;
    Ranked ranked{state, evaluate(problem_, state, memo_)};
    if (is_excluded(ranked.evaluation)) {
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
    const double wanted = options_.below ? options_.below->usd() : kNever;
    if (best_.size() <= options_.alternatives) return wanted - kTolerance;
    return std::min(wanted, best_.back().evaluation.ranking().usd()) - kTolerance;
  }

  /// The entities ask for more indexes than there may be: a price on each of them makes them give way. Taking
  /// the price of those that may be off again leaves a lower bound.
  void relieve_slots(std::size_t allowed) {
    const std::size_t most = allowed - std::min(allowed, staying());
    scarce_ = true;
    std::vector<ModeSearch*> cheapest_first;
    for (ModeSearch& one : modes_) cheapest_first.push_back(&one);
    std::stable_sort(cheapest_first.begin(), cheapest_first.end(),
                     [](const ModeSearch* a, const ModeSearch* b) { return a->bound < b->bound; });
    for (ModeSearch* one : cheapest_first) {
      if (one->bound < limit()) relieve_slots(*one, most);
    }
  }

  void relieve_slots(ModeSearch& one, std::size_t most) {
    one.parts = parts_at(one.prices, {slot_worth(), 0});
    for (double extra = 0; extra <= 1e8; extra = extra == 0 ? 1 : extra * 4) {
      const Combination found = combined(one.parts, extra);
      if (!found.found()) break;
      one.bound =
          std::max(one.bound, found.bound + one.constant - extra * static_cast<double>(most));
      const SlotCount needed = slots_needed(found.choices, problem_.tables);
      if (needed.all() > most || needed.global + staying() > globals_allowed()) continue;
      consider(state_of(found.choices, found.claims));
      break;
    }
  }

  /// What one index more may be worth to an entity: its price, or anything where indexes are scarce.
  [[nodiscard]] double slot_worth() const { return scarce_ ? kNever : slot_price(); }

  /// Why a State is out of the question, whatever it costs.
  [[nodiscard]] bool is_excluded(const Evaluation& evaluation) const {
    if (!evaluation.infeasible.empty()) return true;
    return options_.indexes_most &&
           evaluation.assembly.design.index_count() > *options_.indexes_most;
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

  /// Every combination whose bound is within `slack` of the mode's. False: the effort ran out.
  bool enumerate(const ModeSearch& one, double slack) {
    const std::vector<EntityParts> parts = parts_at(one.prices, {slot_worth(), slack});
    if (around_.exhausted()) return false;
    CombinationSpace space{parts, problem_.tables, slot_price(), one.constant,
                           one.bound + slack + kTolerance};
    if (options_.indexes_most)
      space.slots_most = *options_.indexes_most - std::min(*options_.indexes_most, staying());
    const auto visit = [&](const std::vector<const EntityChoice*>& choices,
                           const std::vector<Claims>& claims, double others) {
      if (++combinations_ % kCombinationsOfNode == 0) ++around_.nodes;
      if (combination_price_->of(choices, claims, one.open) + others < limit())
        consider(state_of(choices, claims));
      return !around_.exhausted();
    };
    return CombinationWalk(
               space, [this] { return limit(); }, visit)
        .run();
  }

  /// Rows that are fetched although their entries carry all, since another entity's share of the index needs
  /// them to: where that costs the same, the entries answer.
  void drop_idle_fetches() {
    for (std::size_t n = 0; !best_.empty() && n < problem_.needs.size(); ++n) {
      const std::vector<Option>& options = problem_.candidates.options[n];
      const Option* chosen = problem_.option(best_.front().state, n);
      if (chosen == nullptr || chosen->kind != Option::Kind::entry || !chosen->fetch) continue;
      const auto carrying = std::find_if(options.begin(), options.end(), [&](const Option& option) {
        return option.kind == chosen->kind && option.candidate == chosen->candidate &&
               !option.fetch;
      });
      if (carrying == options.end() || !is_carried(n, *carrying)) continue;
      State state = best_.front().state;
      state.serve[n] = static_cast<std::size_t>(carrying - options.begin());
      Evaluation evaluation = evaluate(problem_, state, memo_);
      const double most = best_.front().evaluation.ranking().usd() + kTolerance;
      if (!is_excluded(evaluation) && evaluation.ranking().usd() <= most)
        best_.front() = {std::move(state), std::move(evaluation)};
    }
  }

  /// The index has what the Need reads, as the best design is.
  [[nodiscard]] bool is_carried(std::size_t n, const Option& option) const {
    const Assembly& assembly = best_.front().evaluation.assembly;
    const std::size_t entity = problem_.needs[n].entity.index;
    const auto place = assembly.placement.entries.find({entity, option.candidate});
    if (place == assembly.placement.entries.end()) return false;
    const design::Table& table = assembly.design.tables[problem_.tables.table_of[entity]];
    const design::Index& index = *table.find_index(place->second.index);
    if (index.projection.type == dynamo::ProjectionType::all) return true;
    const auto needed = needed_in_index(problem_, best_.front().state, problem_.needs[n], option);
    return needed && std::all_of(needed->begin(), needed->end(), [&](const std::string& name) {
             return support::contains(index.projection.attributes, name) || index.key.has(name) ||
                    table.key.has(name);
           });
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
    const bool is_wanted = !options_.below || objective < options_.below->usd();
    out.proven = (is_closed_ && is_wanted) || bound >= objective - kTolerance;
    bound = out.proven ? objective : std::min(bound, objective);
    const double penalty = best_.front().evaluation.penalty.usd();
    if (std::isfinite(bound))
      out.lower_bound = support::Money::from_usd(std::max(0.0, bound - penalty));
    out.nodes = around_.nodes;
    out.state = best_.front().state;
    out.evaluation =
        options_.explain ? best_.front().evaluation : std::move(best_.front().evaluation);
    for (std::size_t i = 1; i < best_.size(); ++i) out.alternatives.push_back(std::move(best_[i]));
    return out;
  }

  void consider_lightest() {
    infeasible_ = {around_.lightest(), evaluate(problem_, around_.lightest(), memo_)};
  }

  /// The search whose ways of paying are those in which the best design is cheapest.
  [[nodiscard]] const ModeSearch& best_mode() {
    const std::vector<pricing::PaymentMode> modes =
        memo_.modes(best_.front().evaluation.assembly.design);
    const auto allows = [&](const ModeSearch& one) {
      for (std::size_t table = 0; table < modes.size(); ++table) {
        const bool open =
            std::any_of(one.open[table].begin(), one.open[table].end(),
                        [&](std::size_t mode) { return open_modes_[mode] == modes[table]; });
        if (!open) return false;
      }
      return true;
    };
    const auto found = std::find_if(modes_.begin(), modes_.end(), allows);
    return found == modes_.end() ? modes_.front() : *found;
  }

  Neighbour neighbour(Neighbour::Kind kind, std::size_t entity, std::size_t subject,
                      std::size_t choice, const Forced& forced) {
    Neighbour out{kind, subject, choice, std::nullopt, {}};
    EntityParts parts = entities_[entity]->search(explained_->prices, {slot_price(), 0}, forced);
    if (parts.choices.empty()) {
      out.ruled_out = "no key serves all of its access patterns then";
      return out;
    }
    if (entities_.size() > kExactNeighbours) {
      price_alone(entity, parts, out);
      return out;
    }
    std::vector<EntityParts> all = explained_->parts;
    all[entity] = std::move(parts);
    price(cheapest(all, {entity}), out);
    return out;
  }

  /// The cheapest design of these parts, of which those of `changed` entities are not as they were found best. Where
  /// it would decide otherwise about other entities too, it is compared with the best design changed in these alone:
  /// parts by themselves cost a little less than in a design. nullopt: there is none.
  std::optional<Ranked> cheapest(const std::vector<EntityParts>& parts,
                                 const std::vector<std::size_t>& changed) {
    std::optional<Ranked> out;
    std::optional<State> alone = changed_alone(parts, changed);
    if (entities_.size() <= kExactNeighbours) {
      const Combination found = combined(parts);
      if (found.found()) {
        State state = state_of(found.choices, found.claims);
        if (alone && *alone == state) alone.reset();
        Evaluation evaluation = evaluate(problem_, state, memo_);
        out = Ranked{std::move(state), std::move(evaluation)};
      }
    }
    if (!alone) return out;
    Evaluation evaluation = evaluate(problem_, *alone, memo_);
    const bool is_better =
        evaluation.infeasible.empty() && (!out || !out->evaluation.infeasible.empty() ||
                                          evaluation.ranking() <= out->evaluation.ranking());
    if (is_better || !out) out = Ranked{*std::move(alone), std::move(evaluation)};
    return out;
  }

  /// The best State with these entities decided as is cheapest for each of them.
  [[nodiscard]] std::optional<State> changed_alone(const std::vector<EntityParts>& parts,
                                                   const std::vector<std::size_t>& changed) {
    State state = best_.front().state;
    for (const std::size_t entity : changed) {
      Claims claims = 0;
      (void)entities_[entity]->choice_of(best_.front().state, explained_->prices, claims);
      const auto found = parts[entity].choices.find(claims);
      if (found == parts[entity].choices.end()) return std::nullopt;
      entities_[entity]->apply(found->second.front(), claims, state);
    }
    return state;
  }

  /// A parent and children of one kind read the other way; all other decisions as is cheapest then.
  Neighbour flipped(std::size_t child) {
    Neighbour out{Neighbour::Kind::together, child, 0, std::nullopt, {}};
    const bool together = best_.front().state.together[child];
    out.choice = together ? 0 : 1;
    std::vector<EntityParts> all = explained_->parts;
    for (EntityParts& parts : all) {
      Claims about = 0;
      for (std::size_t j = 0; j < parts.joints.size(); ++j) {
        if (around_.joints()[parts.joints[j]].child == child) about |= Claims{1} << j;
      }
      if (about == 0) continue;
      const auto stays = [&](const auto& one) { return ((one.first & about) != 0) == together; };
      std::erase_if(parts.choices, stays);
      std::erase_if(parts.floor, stays);
    }
    const Combination found = combined(all);
    if (!found.found()) {
      price(std::nullopt, out);
      return out;
    }
    State state = state_of(found.choices, found.claims);
    Evaluation evaluation = evaluate(problem_, state, memo_);
    price(Ranked{std::move(state), std::move(evaluation)}, out);
    return out;
  }

  void price(const std::optional<Ranked>& found, Neighbour& out) {
    if (!found) {
      out.ruled_out = "no key serves all of its access patterns then";
      return;
    }
    const Evaluation& value = found->evaluation;
    const Evaluation& best = best_.front().evaluation;
    if (!value.infeasible.empty()) {
      out.ruled_out = value.infeasible;
    } else if (value.penalty > best.penalty) {
      out.ruled_out = !value.assembly.over_limit.empty()
                          ? "there would be " + value.assembly.over_limit
                          : "some access pattern would have no plan";
    } else {
      out.extra = value.objective() - best.objective();
    }
  }

  /// In a large design an alternative is priced by the entity's own parts, everything else left as it is.
  void price_alone(std::size_t entity, const EntityParts& parts, Neighbour& out) {
    std::vector<EntityChoice> now;
    std::vector<const EntityChoice*> chosen;
    Claims claims = 0;
    for (std::size_t e = 0; e < entities_.size(); ++e) {
      Claims own = 0;
      now.push_back(entities_[e]->choice_of(best_.front().state, explained_->prices, own));
      if (e == entity) claims = own;
    }
    const auto found = parts.choices.find(claims);
    if (found == parts.choices.end()) {
      out.ruled_out = "no key serves all of its access patterns then";
      return;
    }
    for (const EntityChoice& choice : now) chosen.push_back(&choice);
    const double before = static_cast<double>(slots_needed(chosen, problem_.tables).all());
    const double cost = now[entity].cost;
    chosen[entity] = &found->second.front();
    const double indexes =
        slot_price() * (static_cast<double>(slots_needed(chosen, problem_.tables).all()) - before);
    out.extra = support::Money::from_usd(chosen[entity]->cost - cost + indexes);
  }

  const Problem& problem_;
  const model::Settings& settings_;
  const pricing::PriceBook& book_;
  const SearchOptions options_;
  std::vector<pricing::PaymentMode> open_modes_;
  CostMemo memo_;
  Surroundings around_;
  std::vector<std::unique_ptr<EntitySearch>> entities_;
  std::vector<std::vector<double>> prices_;  ///< by open mode
  std::optional<CombinationPrice> combination_price_;
  const ModeSearch* explained_ = nullptr;
  std::vector<ModeSearch> modes_;
  bool is_closed_ = false;
  bool scarce_ = false;
  std::vector<Ranked> best_;  ///< by ranking
  Ranked infeasible_;
  std::set<std::string> seen_;
  std::int64_t combinations_ = 0;
};

}  // namespace

SearchResult search(const Problem& problem, const pricing::PriceBook& book,
                    const SearchOptions& options) {
  const auto made = std::make_shared<Search>(problem, book, options);
  SearchResult out = made->run();
  if (options.explain && made->has_design()) out.hindsight = made;
  return out;
}

}  // namespace ddbplan::plan
