#include "plan/variant_search.h"

#include <algorithm>

#include "dynamo/limits.h"
#include "pricing/cost.h"
#include "support/parallel.h"

namespace ddbplan::plan {

namespace {

/// Of a set that has no design.
constexpr std::size_t kImpossible = static_cast<std::size_t>(-1);
/// Where there are many sets, the one that is taken is searched with all of the effort again.
constexpr std::int64_t kSetsPerEffort = 4;
constexpr std::int64_t kEffortLeast = 500;
/// Up to so many variants all of their sets are tried.
constexpr std::size_t kAllSetsTried = 3;
/// Of those that are tried one by one, so many at once, whatever the machine: what they find decides how many more.
constexpr std::size_t kAtOnce = 2;

}  // namespace

std::size_t keys_above(const design::Design& design, double share_of_ceiling) {
  return static_cast<std::size_t>(
      std::count_if(design.hot_keys.begin(), design.hot_keys.end(), [&](const design::HotKey& hot) {
        const double shards = std::max(hot.shards, 1);
        return hot.peak_read_units / shards >
                   share_of_ceiling * dynamo::limits::kPartitionReadUnitsPerSecond ||
               hot.peak_write_units / shards >
                   share_of_ceiling * dynamo::limits::kPartitionWriteUnitsPerSecond;
      }));
}

VariantSearch::VariantSearch(const model::Workload& workload, const pricing::PriceBook& book,
                             const PlanOptions& options, std::vector<Variant> variants)
    : workload_(workload), book_(book), options_(options), variants_(std::move(variants)) {
  for (std::size_t i = 0; i < variants_.size(); ++i) {
    if (variants_[i].is_held) held_.push_back(i);
  }
}

std::shared_ptr<VariantSearch::Made> VariantSearch::choose(const design::Design& design,
                                                           std::size_t errors) {
  outcomes_[{}] = outcome_of(design, errors);
  find_open(design);
  if (!held_.empty()) outcomes_[held_] = planned(held_, options_of_set());
  taken_ = open_.size() <= kAllSetsTried ? best_of_all() : best_one_by_one();
  if (taken_.empty()) return nullptr;
  const auto known = outcomes_.find(taken_);
  if (known != outcomes_.end() && is_final(known->second)) return known->second.made;
  Outcome& last = outcomes_[taken_] = planned(taken_, options_);
  return last.made;
}

std::vector<design::Decision> VariantSearch::decisions() {
  std::vector<design::Decision> out;
  for (std::size_t i = 0; i < variants_.size(); ++i) explain(i, out);
  return out;
}

VariantSearch::Taken VariantSearch::with(Taken taken, std::size_t position) {
  taken.insert(std::upper_bound(taken.begin(), taken.end(), position), position);
  return taken;
}

VariantSearch::Outcome VariantSearch::outcome_of(const design::Design& design,
                                                 std::size_t errors) const {
  Outcome out;
  out.errors = errors;
  out.lost = design.continuity ? design.continuity->lost.size() : 0;
  out.hot_keys = {keys_above(design, 1), keys_above(design, workload_.settings.capacity_target)};
  out.objective = design.optimality.objective;
  return out;
}

bool VariantSearch::is_open(std::size_t position) const {
  return std::find(open_.begin(), open_.end(), position) != open_.end();
}

/// Those that may pay: the gainers' own dollars are the most that one can save, but for the index that it may
/// spare.
void VariantSearch::find_open(const design::Design& design) {
  const pricing::CostReport cost = pricing::price(workload_, design, book_);
  std::vector<support::Money> gains(variants_.size());
  for (std::size_t i = 0; i < variants_.size(); ++i) {
    if (variants_[i].is_held) continue;
    support::Money& most = gains[i];
    bool is_served = true;
    for (const model::PatternId gainer : variants_[i].gainers) {
      is_served = is_served && design.plans[gainer.index].served != design::Served::no;
      most += cost.patterns[gainer.index];
    }
    if (!is_served || variants_[i].is_needed || hurdle(1) < most) open_.push_back(i);
  }
  // A large schema's effort may be used up before all are tried.
  std::stable_sort(open_.begin(), open_.end(),
                   [&](std::size_t a, std::size_t b) { return gains[b] < gains[a]; });
}

support::Money VariantSearch::hurdle(std::size_t count) const {
  return {workload_.settings.complexity_index.micro_usd * static_cast<std::int64_t>(count)};
}

bool VariantSearch::exclude_each_other(const Taken& taken) const {
  for (auto one = taken.begin(); one != taken.end(); ++one) {
    const auto& kind = variants_[*one].excludes;
    if (kind && std::any_of(one + 1, taken.end(),
                            [&](std::size_t other) { return variants_[other].excludes == kind; }))
      return true;
  }
  return false;
}

/// Fewer errors, fewer losses, fewer hot keys, or as many and cheaper by more than the variants have to save.
bool VariantSearch::is_better(const Taken& taken, const Taken& than) const {
  const auto known = outcomes_.find(taken);
  if (known == outcomes_.end()) return false;
  const Outcome& a = known->second;
  const Outcome& b = outcomes_.at(than);
  if (a.errors != b.errors) return a.errors < b.errors;
  if (a.lost != b.lost) return a.lost < b.lost;
  if (a.hot_keys != b.hot_keys) return a.hot_keys < b.hot_keys;
  return a.objective + hurdle(taken.size()) < b.objective + hurdle(than.size());
}

std::int64_t VariantSearch::effort_of_set() const {
  if (open_.size() + held_.size() <= 1) return options_.effort;
  return std::max(options_.effort / kSetsPerEffort, std::min(options_.effort, kEffortLeast));
}

PlanOptions VariantSearch::options_of_set() const {
  PlanOptions out = options_;
  out.alternatives = 0;
  out.frontier = false;
  out.effort = effort_of_set();
  return out;
}

VariantSearch::Outcome VariantSearch::planned(const Taken& taken,
                                              const PlanOptions& options) const {
  auto made = std::make_shared<Made>(Made{workload_, {}, {}});
  for (const std::size_t position : taken)
    made->workload = variants_[position].apply(std::move(made->workload));
  made->derived = derive(made->workload, book_, options, made->found);
  Outcome out;
  out.errors = kImpossible;
  if (made->derived.design)
    out = outcome_of(*made->derived.design, made->found.count(support::Severity::error));
  const bool is_of_interest =
      made->derived.design && options.below && out.objective < *options.below;
  out.is_given_up = options.below && !is_of_interest;
  out.made = std::move(made);
  return out;
}

/// What a set must cost less than to be better than the best; nullopt where it may be better at any price, or where
/// the earlier design is compared with the cheapest.
std::optional<support::Money> VariantSearch::worth_below(const Taken& taken,
                                                         const Taken& best) const {
  const Outcome& known = outcomes_.at(best);
  const bool is_sound = known.errors == 0 && known.lost == 0 &&
                        known.hot_keys == std::pair<std::size_t, std::size_t>{};
  if (!is_sound || options_.earlier != nullptr) return std::nullopt;
  return known.objective + hurdle(best.size()) - hurdle(taken.size());
}

/// Plans what is not known yet, and moves `best`. What the worse ones made is let go of.
void VariantSearch::try_all(const std::vector<Taken>& sets, Taken& best) {
  std::vector<Taken> open;
  for (const Taken& taken : sets) {
    if (!exclude_each_other(taken) && !outcomes_.contains(taken)) open.push_back(taken);
  }
  std::vector<Outcome> found = support::in_parts(open.size(), [&](std::size_t part) {
    PlanOptions own = options_of_set();
    own.below = worth_below(open[part], best);
    return planned(open[part], own);
  });
  for (std::size_t i = 0; i < open.size(); ++i) {
    const std::optional<design::Design>& design = found[i].made->derived.design;
    if (design) nodes_ += design->optimality.nodes;
    outcomes_[open[i]] = std::move(found[i]);
  }
  for (const Taken& taken : sets) {
    if (is_better(taken, best)) best = taken;
  }
  for (auto& [taken, outcome] : outcomes_) {
    if (taken != best) outcome.made.reset();
  }
}

VariantSearch::Taken VariantSearch::best_of_all() {
  Taken best = held_;
  for (std::size_t size = 1; size <= open_.size(); ++size) {
    std::vector<Taken> sets;
    for (std::size_t set = 1; set < (std::size_t{1} << open_.size()); ++set) {
      Taken taken = held_;
      for (std::size_t i = 0; i < open_.size(); ++i) {
        if ((set >> i & 1) != 0) taken = with(std::move(taken), open_[i]);
      }
      if (taken.size() == held_.size() + size) sets.push_back(std::move(taken));
    }
    try_all(sets, best);
  }
  return best;
}

VariantSearch::Taken VariantSearch::best_one_by_one() {
  std::vector<std::size_t> single;
  for (std::size_t i = 0; i < open_.size() && nodes_ < options_.effort; i += kAtOnce) {
    std::vector<Taken> sets;
    for (std::size_t k = i; k < std::min(i + kAtOnce, open_.size()); ++k)
      sets.push_back(with(held_, open_[k]));
    Taken ignored = held_;
    try_all(sets, ignored);
    for (std::size_t k = i; k < std::min(i + kAtOnce, open_.size()); ++k) {
      if (is_better(with(held_, open_[k]), held_)) single.push_back(open_[k]);
    }
  }
  std::stable_sort(single.begin(), single.end(), [&](std::size_t a, std::size_t b) {
    return outcomes_.at(with(held_, a)).objective < outcomes_.at(with(held_, b)).objective;
  });
  Taken best = held_;
  for (const std::size_t next : single) {
    if (best.size() > held_.size() && nodes_ >= options_.effort) break;
    try_all({with(best, next)}, best);
  }
  return best;
}

/// Nothing that was asked for is missing from it, and it was searched as far as the effort goes: a large schema takes
/// more than its share of it to have a design at all.
bool VariantSearch::is_final(const Outcome& outcome) const {
  if (!outcome.made || !outcome.made->derived.design || outcome.is_given_up) return false;
  const design::Optimality& found = outcome.made->derived.design->optimality;
  const bool is_searched =
      found.proven || effort_of_set() == options_.effort || found.nodes >= options_.effort;
  return is_searched && options_.alternatives == 0 && !options_.frontier;
}

/// The outcome of a set that was tried, given up or not; null: it was not.
const VariantSearch::Outcome* VariantSearch::in_full(const Taken& taken) {
  const auto known = outcomes_.find(taken);
  if (known == outcomes_.end()) return nullptr;
  if (!known->second.is_given_up) return &known->second;
  PlanOptions options = options_of_set();
  options.explain = false;
  known->second = planned(taken, options);
  known->second.made.reset();
  return &known->second;
}

/// The decision about one variant, told under every subject that it is about; nothing where it could not pay. What
/// it excludes stands among its alternatives.
void VariantSearch::explain(std::size_t position, std::vector<design::Decision>& out) {
  const Variant& variant = variants_[position];
  if (!variant.is_held && !is_open(position)) return;
  const bool is_taken = std::binary_search(taken_.begin(), taken_.end(), position);
  if (!is_taken && exclude_each_other(with(taken_, position))) return;
  Taken without = taken_;
  std::erase(without, position);
  design::Decision decision;
  decision.chosen = is_taken ? variant.what : variant.otherwise;
  decision.reason = is_taken ? variant.why : variant.why_not;
  const auto add = [&](const Taken& other, const std::string& what) {
    if (auto alternative = compare(other, what))
      decision.alternatives.push_back(*std::move(alternative));
  };
  add(is_taken ? without : with(taken_, position), is_taken ? variant.otherwise : variant.what);
  for (std::size_t other = 0; is_taken && other < variants_.size(); ++other) {
    if (other != position && is_open(other) && variants_[other].excludes == variant.excludes &&
        variant.excludes)
      add(with(without, other), variants_[other].what);
  }
  for (const std::string& subject : variant.subjects) {
    decision.subject = subject;
    out.push_back(decision);
  }
}

/// `other` beside what is taken, as `why` shows it; nullopt when it was not tried.
std::optional<design::Decision::Alternative> VariantSearch::compare(const Taken& other,
                                                                    std::string what) {
  const Outcome* a = in_full(taken_);
  const Outcome* b = in_full(other);
  if (a == nullptr || b == nullptr) return std::nullopt;
  if (b->errors > a->errors)
    return design::Decision::Alternative{std::move(what), std::nullopt,
                                         "not every access pattern can be served then"};
  if (b->lost > a->lost)
    return design::Decision::Alternative{std::move(what), std::nullopt,
                                         "less of the earlier design could stay"};
  if (b->hot_keys > a->hot_keys)
    return design::Decision::Alternative{std::move(what), std::nullopt,
                                         "a partition key would take more than is planned for"};
  return design::Decision::Alternative{std::move(what), b->objective - a->objective, ""};
}

}  // namespace ddbplan::plan
