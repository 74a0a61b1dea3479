// Which variants are worth it: sets of them are planned, several at once, and compared with the design without any.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "plan/planner.h"
#include "plan/variants.h"

namespace ddbplan::plan {

/// Partition keys that take more than this share of what one can.
std::size_t keys_above(const design::Design& design, double share_of_ceiling);

class VariantSearch {
 public:
  /// The Workload of a set of variants, and what is planned of it.
  struct Made {
    model::Workload workload;
    Derived derived;
    support::Diagnostics found;
  };

  /// REQUIRES: the price book and the earlier design stay for as long as anything is asked.
  VariantSearch(const model::Workload& workload, const pricing::PriceBook& book,
                const PlanOptions& options, std::vector<Variant> variants);

  /// The best set; nullptr: none. `design`: without any variant.
  std::shared_ptr<Made> choose(const design::Design& design, std::size_t errors);

  /// What was decided about each variant that could pay. REQUIRES: choose() has been called.
  std::vector<design::Decision> decisions();

 private:
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
    /// Its search ended when no better design could come of it.
    bool is_given_up = false;
    /// Until a better set is known.
    std::shared_ptr<Made> made;
  };

  [[nodiscard]] static Taken with(Taken taken, std::size_t position);
  [[nodiscard]] Outcome outcome_of(const design::Design& design, std::size_t errors) const;
  [[nodiscard]] bool is_open(std::size_t position) const;
  void find_open(const design::Design& design);
  [[nodiscard]] support::Money hurdle(std::size_t count) const;
  [[nodiscard]] bool exclude_each_other(const Taken& taken) const;
  [[nodiscard]] bool is_better(const Taken& taken, const Taken& than) const;
  [[nodiscard]] std::int64_t effort_of_set() const;
  [[nodiscard]] PlanOptions options_of_set() const;
  [[nodiscard]] Outcome planned(const Taken& taken, const PlanOptions& options) const;
  [[nodiscard]] std::optional<support::Money> worth_below(const Taken& taken,
                                                          const Taken& best) const;
  void try_all(const std::vector<Taken>& sets, Taken& best);
  [[nodiscard]] Taken best_of_all();
  [[nodiscard]] Taken best_one_by_one();
  [[nodiscard]] bool is_final(const Outcome& outcome) const;
  const Outcome* in_full(const Taken& taken);
  void explain(std::size_t position, std::vector<design::Decision>& out);
  [[nodiscard]] std::optional<design::Decision::Alternative> compare(const Taken& other,
                                                                     std::string what);

  model::Workload workload_;
  const pricing::PriceBook& book_;
  PlanOptions options_;
  std::vector<Variant> variants_;
  Taken held_;
  std::vector<std::size_t> open_;  ///< what may gain most first
  std::map<Taken, Outcome> outcomes_;
  std::int64_t nodes_ = 0;
  Taken taken_;
};

}  // namespace ddbplan::plan
