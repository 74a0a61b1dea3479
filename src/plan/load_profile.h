// What a part of a design asks for, as one vector of loads and bytes whose price is linear: on demand the price
// itself, provisioned a lower bound of it (capacity is paid by the largest of several loads, rounded up; the
// bound takes one of them, the same for all parts, so that parts add up).
#pragma once

#include <vector>

#include "plan/cost_memo.h"

namespace ddbplan::plan {

using LoadProfile = std::vector<double>;

class ProfileSpace {
 public:
  explicit ProfileSpace(const CostMemo& memo);

  [[nodiscard]] LoadProfile zero() const { return LoadProfile(size_, 0.0); }
  /// Which of a step's units count.
  enum class Units { all, index_writes, all_but_index_writes };
  void add(LoadProfile& profile, model::PatternId pattern, const PlanUnits::Part& part,
           const design::Table& table, Units which) const;
  /// Of the items themselves, or of the index entries alone.
  enum class Stored { items, entries };
  void add(LoadProfile& profile, const LayoutStorage& storage, const design::Table& table,
           Stored which) const;

  /// The load that a provisioned bound takes, by kind of load; see `dominant`.
  using Moments = std::vector<std::size_t>;
  /// For every kind of load the moment at which `profile` has most of it.
  [[nodiscard]] Moments dominant(const LoadProfile& profile) const;
  /// Dollars a month by part of the profile. `recovery`: the tables have point-in-time recovery.
  [[nodiscard]] std::vector<double> prices(pricing::PaymentMode mode, const Moments& moments,
                                           bool recovery) const;
  static double price(const std::vector<double>& prices, const LoadProfile& profile);
  /// Calls a second at a sampled month by moment, times the month's weight.
  [[nodiscard]] const std::vector<double>& calls(model::PatternId pattern,
                                                 std::size_t sample) const {
    return calls_[pattern.index][sample];
  }

 private:
  /// table reads, table writes, index reads, index writes
  static constexpr std::size_t kKinds = 4;
  [[nodiscard]] std::size_t at(std::size_t kind, std::size_t moment) const {
    return kind * moments_ + moment;
  }

  const model::Workload& workload_;
  const pricing::PriceBook& book_;
  std::size_t samples_ = 0;
  std::vector<double> weights_;
  /// Moments: the average month; then what is provisioned for: the mean with its room, the peak, each event.
  std::size_t moments_ = 0;
  std::size_t storage_at_ = 0;  ///< bytes and items of the table, of local indexes, of global ones
  std::size_t size_ = 0;
  /// By pattern, sampled month and moment: calls a second, weighted.
  std::vector<std::vector<std::vector<double>>> calls_;
};

}  // namespace ddbplan::plan
