#include "plan/variants.h"

#include <algorithm>
#include <map>
#include <utility>

#include "dynamo/limits.h"
#include "plan/derived_copies.h"
#include "plan/facets.h"
#include "plan/narrow.h"
#include "plan/read_copies.h"
#include "pricing/cost.h"

namespace ddbplan::plan {

namespace {

/// Positions of the variants that are taken, ascending.
using Taken = std::vector<std::size_t>;

struct Outcome {
  std::size_t errors = 0;
  /// What an earlier design has and this one cannot keep.
  std::size_t lost = 0;
  /// Partition keys above what they can take, and above the share of it that is planned for: heavier rows
  /// heat them.
  std::pair<std::size_t, std::size_t> hot_keys;
  support::Money objective;
};

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

std::pair<std::size_t, std::size_t> overheated(const model::Workload& workload,
                                               const design::Design& design) {
  return {keys_above(design, 1), keys_above(design, workload.settings.capacity_target)};
}

Outcome outcome_of(const model::Workload& workload, const design::Design& design,
                   std::size_t errors) {
  return {errors, design.continuity ? design.continuity->lost.size() : 0,
          overheated(workload, design), design.optimality.objective};
}

Taken with(Taken taken, std::size_t position) {
  taken.insert(std::upper_bound(taken.begin(), taken.end(), position), position);
  return taken;
}

class VariantSearch {
 public:
  VariantSearch(const model::Workload& workload, const pricing::PriceBook& book,
                const PlanOptions& options, std::vector<Variant> found)
      : workload_(workload), book_(book), options_(options), variants_(std::move(found)) {
    for (std::size_t i = 0; i < variants_.size(); ++i) {
      if (variants_[i].is_held) held_.push_back(i);
    }
  }

  [[nodiscard]] const std::vector<Variant>& all() const { return variants_; }

  /// `design`: without any variant.
  Taken choose(const design::Design& design, std::size_t errors) {
    outcomes_[{}] = outcome_of(workload_, design, errors);
    find_open(design);
    constexpr std::size_t kAllSetsTried = 3;
    return open_.size() <= kAllSetsTried ? best_of_all() : best_one_by_one();
  }

  [[nodiscard]] model::Workload workload_with(const Taken& taken) const {
    model::Workload out = workload_;
    for (const std::size_t position : taken) out = variants_[position].apply(std::move(out));
    return out;
  }

  /// The decision about one variant, told under every subject that it is about; nothing where it could not pay. What
  /// it excludes stands among its alternatives.
  void explain(const Taken& taken, std::size_t position, std::vector<design::Decision>& out) const {
    const Variant& variant = variants_[position];
    if (!variant.is_held && !is_open(position)) return;
    const bool is_taken = std::binary_search(taken.begin(), taken.end(), position);
    if (!is_taken && exclude_each_other(with(taken, position))) return;
    Taken without = taken;
    std::erase(without, position);
    design::Decision decision;
    decision.chosen = is_taken ? variant.what : variant.otherwise;
    decision.reason = is_taken ? variant.why : variant.why_not;
    const auto add = [&](const Taken& other, const std::string& what) {
      if (auto alternative = compare(taken, other, what))
        decision.alternatives.push_back(*std::move(alternative));
    };
    add(is_taken ? without : with(taken, position), is_taken ? variant.otherwise : variant.what);
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

 private:
  [[nodiscard]] bool is_open(std::size_t position) const {
    return std::find(open_.begin(), open_.end(), position) != open_.end();
  }

  /// `other` beside `taken`, as `why` shows it; nullopt when it was not tried.
  [[nodiscard]] std::optional<design::Decision::Alternative> compare(const Taken& taken,
                                                                     const Taken& other,
                                                                     std::string what) const {
    const auto a = outcomes_.find(taken);
    const auto b = outcomes_.find(other);
    if (a == outcomes_.end() || b == outcomes_.end()) return std::nullopt;
    if (b->second.errors > a->second.errors)
      return design::Decision::Alternative{std::move(what), std::nullopt,
                                           "not every access pattern can be served then"};
    if (b->second.lost > a->second.lost)
      return design::Decision::Alternative{std::move(what), std::nullopt,
                                           "less of the earlier design could stay"};
    if (b->second.hot_keys > a->second.hot_keys)
      return design::Decision::Alternative{std::move(what), std::nullopt,
                                           "a partition key would take more than is planned for"};
    return design::Decision::Alternative{std::move(what), b->second.objective - a->second.objective,
                                         ""};
  }

  /// Those that may pay: the gainers' own dollars are the most that one can save, but for the index that it may
  /// spare.
  void find_open(const design::Design& design) {
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

  [[nodiscard]] support::Money hurdle(std::size_t count) const {
    return {workload_.settings.complexity_index.micro_usd * static_cast<std::int64_t>(count)};
  }

  [[nodiscard]] bool exclude_each_other(const Taken& taken) const {
    for (auto one = taken.begin(); one != taken.end(); ++one) {
      const auto& kind = variants_[*one].excludes;
      if (kind && std::any_of(one + 1, taken.end(),
                              [&](std::size_t other) { return variants_[other].excludes == kind; }))
        return true;
    }
    return false;
  }

  /// Fewer errors, fewer losses, fewer hot keys, or as many and cheaper by more than the variants have to save.
  [[nodiscard]] bool is_better(const Taken& taken, const Taken& than) {
    if (exclude_each_other(taken)) return false;
    const Outcome& a = outcome(taken);
    const Outcome& b = outcome(than);
    if (a.errors != b.errors) return a.errors < b.errors;
    if (a.lost != b.lost) return a.lost < b.lost;
    if (a.hot_keys != b.hot_keys) return a.hot_keys < b.hot_keys;
    return a.objective + hurdle(taken.size()) < b.objective + hurdle(than.size());
  }

  const Outcome& outcome(const Taken& taken) {
    const auto [place, is_new] = outcomes_.try_emplace(taken);
    if (!is_new) return place->second;
    PlanOptions quick = options_;
    quick.explain = false;
    quick.alternatives = 0;
    quick.frontier = false;
    // There may be many sets; the one that is taken is searched with all of the effort again.
    quick.effort =
        std::max(options_.effort / kSetsPerEffort, std::min(options_.effort, kEffortLeast));
    support::Diagnostics found;
    const model::Workload workload = workload_with(taken);
    const auto design = plan(workload, book_, quick, found);
    if (design) {
      place->second = outcome_of(workload, *design, found.count(support::Severity::error));
      nodes_ += design->optimality.nodes;
    } else {
      place->second.errors = kImpossible;
    }
    return place->second;
  }

  Taken best_of_all() {
    Taken best = held_;
    for (std::size_t set = 1; set < (std::size_t{1} << open_.size()); ++set) {
      Taken taken = held_;
      for (std::size_t i = 0; i < open_.size(); ++i) {
        if ((set >> i & 1) != 0) taken = with(std::move(taken), open_[i]);
      }
      if (is_better(taken, best)) best = std::move(taken);
    }
    return best;
  }

  Taken best_one_by_one() {
    std::vector<std::size_t> single;
    for (std::size_t i = 0; i < open_.size() && nodes_ < options_.effort; ++i) {
      if (is_better(with(held_, open_[i]), held_)) single.push_back(open_[i]);
    }
    std::stable_sort(single.begin(), single.end(), [&](std::size_t a, std::size_t b) {
      return outcome(with(held_, a)).objective < outcome(with(held_, b)).objective;
    });
    Taken best = held_;
    for (const std::size_t next : single) {
      if (best.size() > held_.size() && nodes_ >= options_.effort) break;
      const Taken taken = with(best, next);
      if (is_better(taken, best)) best = taken;
    }
    return best;
  }

  static constexpr std::size_t kImpossible = static_cast<std::size_t>(-1);
  static constexpr std::int64_t kSetsPerEffort = 4;
  static constexpr std::int64_t kEffortLeast = 500;

  const model::Workload& workload_;
  const pricing::PriceBook& book_;
  const PlanOptions& options_;
  std::vector<Variant> variants_;
  Taken held_;
  std::vector<std::size_t> open_;  ///< what may gain most first
  std::map<Taken, Outcome> outcomes_;
  std::int64_t nodes_ = 0;
};

void take(Planned& planned, Derived derived) {
  planned.design = std::move(derived.design);
  planned.reasons = std::move(derived.reasons);
}

/// Takes the best of the variants, and keeps what `why` tells of them.
void improve(Planned& planned, support::Diagnostics& found, std::vector<Variant> variants,
             const pricing::PriceBook& book, const PlanOptions& options,
             std::vector<design::Decision>& told) {
  if (!planned.design || variants.empty()) return;
  const model::Workload given = planned.workload;
  VariantSearch search(given, book, options, std::move(variants));
  const Taken taken = search.choose(*planned.design, found.count(support::Severity::error));
  if (!taken.empty()) {
    found = {};
    planned.workload = search.workload_with(taken);
    planned.is_varied = true;
    take(planned, derive(planned.workload, book, options, found));
  }
  for (std::size_t i = 0; options.explain && i < search.all().size(); ++i)
    search.explain(taken, i, told);
}

/// How hot a row is shows only once it is known what the row is.
void add_read_copies(Planned& planned, support::Diagnostics& found, const pricing::PriceBook& book,
                     const PlanOptions& options, std::vector<design::Decision>& told) {
  if (!planned.design) return;
  improve(planned, found, read_copy_variants(planned.workload, *planned.design, options.earlier),
          book, options, told);
}

std::vector<Variant> rearrangements(const model::Workload& workload,
                                    const design::EarlierDesign* earlier) {
  std::vector<Variant> out = copy_variants(workload);
  for (Variant& one : facet_variants(workload, earlier)) out.push_back(std::move(one));
  for (Variant& one : calls_apart_variants(workload)) out.push_back(std::move(one));
  return out;
}

bool has_items_beside(const design::EarlierDesign& earlier) {
  return std::any_of(earlier.entities.begin(), earlier.entities.end(), [](const auto& entity) {
    return std::any_of(entity.second.begin(), entity.second.end(), [](const auto& item) {
      return item.role == design::role_name(design::ItemRole::facet) ||
             item.role == design::role_name(design::ItemRole::copy);
    });
  });
}

/// What could be had if nothing were there yet: variants that the earlier design rules out are open then.
void compare_with_fresh(const model::Workload& workload, const pricing::PriceBook& book,
                        const PlanOptions& options, design::Design& kept) {
  if (!kept.continuity) return;
  const bool may_differ = has_items_beside(*options.earlier) || !facet_choices(workload).empty() ||
                          keys_above(kept, 1) > 0;
  if (!may_differ) return;
  PlanOptions free = options;
  free.earlier = nullptr;
  free.explain = false;
  free.alternatives = 0;
  free.frontier = false;
  support::Diagnostics ignored;
  const auto fresh = plan_best(workload, book, free, ignored).design;
  if (!fresh || ignored.has_errors()) return;
  kept.continuity->fresh_objective = fresh->optimality.objective;
  kept.continuity->fresh_cost = fresh->optimality.objective - fresh->optimality.complexity;
}

Reasons all_reasons(Reasons first, std::vector<design::Decision> more) {
  return [first = std::move(first), more = std::move(more)] {
    std::vector<design::Decision> out = first();
    out.insert(out.end(), more.begin(), more.end());
    return out;
  };
}

}  // namespace

Planned plan_best(const model::Workload& workload, const pricing::PriceBook& book,
                  const PlanOptions& options, support::Diagnostics& diagnostics) {
  support::Diagnostics found;
  Planned out{workload, false, {}, {}};
  take(out, derive(workload, book, options, found));
  const Planned plain = out;
  support::Diagnostics found_plain = found;
  std::vector<design::Decision> told;
  improve(out, found, rearrangements(workload, options.earlier), book, options, told);
  add_read_copies(out, found, book, options, told);
  if (out.design && keys_above(*out.design, 1) > 0 && options.earlier == nullptr) {
    // What was rearranged may be what keeps its rows from having copies.
    Planned other = plain;
    std::vector<design::Decision> told_of_other;
    add_read_copies(other, found_plain, book, options, told_of_other);
    if (other.design && keys_above(*other.design, 1) < keys_above(*out.design, 1)) {
      out = std::move(other);
      found = std::move(found_plain);
      told = std::move(told_of_other);
    }
  }
  if (out.design) {
    if (out.reasons) out.reasons = all_reasons(std::move(out.reasons), std::move(told));
    compare_with_fresh(workload, book, options, *out.design);
  }
  for (const support::Diagnostic& one : found.items()) diagnostics.add(one);
  return out;
}

}  // namespace ddbplan::plan
