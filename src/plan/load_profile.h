// What a part of a design asks for, as one vector of loads and bytes by table, whose price is linear: on demand
// the price itself, provisioned a lower bound of it (capacity is paid by the largest of several loads, rounded
// up; the bound takes one of them, the same for all parts, so that parts add up).
#pragma once

#include <vector>

#include "plan/cost_memo.h"

namespace ddbplan::plan {

using LoadProfile = std::vector<double>;

class ProfileSpace {
 public:
  ProfileSpace(const CostMemo& memo, std::size_t tables);

  [[nodiscard]] LoadProfile zero() const { return LoadProfile(size_, 0.0); }
  /// Which of a step's units count.
  enum class Units { all, index_writes, all_but_index_writes };
  void add(LoadProfile& profile, model::PatternId pattern, const PlanUnits::Part& part,
           const std::vector<design::Table>& tables, Units which) const;
  /// Of the items themselves, or of the index entries alone.
  enum class Stored { items, entries };
  void add(LoadProfile& profile, const LayoutStorage& storage,
           const std::vector<design::Table>& tables, Stored which) const;

  /// The load that a provisioned bound takes, by table and kind of load; see `dominant`.
  using Moments = std::vector<std::size_t>;
  /// For every table and kind of load the moment at which `profile` has most of it.
  [[nodiscard]] Moments dominant(const LoadProfile& profile) const;
  /// Dollars a month by part of the profile.
  [[nodiscard]] std::vector<double> prices(pricing::PaymentMode mode, const Moments& moments) const;
  /// Dollars a month for one unit a second, of any of the moments in which it is paid.
  [[nodiscard]] double unit_price(const std::vector<double>& prices, std::size_t table,
                                  bool in_index, bool is_write) const;
  /// Where a table's part of a profile begins; the parts are equally long.
  [[nodiscard]] std::size_t begin_of(std::size_t table) const { return table * block_; }
  [[nodiscard]] std::size_t tables() const { return tables_; }
  static double price(const std::vector<double>& prices, const LoadProfile& profile);
  /// Calls a second at a sampled month by moment, times the month's weight.
  [[nodiscard]] const std::vector<double>& calls(model::PatternId pattern,
                                                 std::size_t sample) const {
    return calls_[pattern.index][sample];
  }

 private:
  /// table reads, table writes, index reads, index writes
  static constexpr std::size_t kKinds = 4;
  [[nodiscard]] std::size_t at(std::size_t table, std::size_t kind, std::size_t moment) const {
    return begin_of(table) + kind * moments_ + moment;
  }

  const model::Workload& workload_;
  const pricing::PriceBook& book_;
  std::size_t tables_ = 1;
  std::size_t samples_ = 0;
  std::vector<double> weights_;
  /// Moments: the average month; then what is provisioned for: the mean with its room, the peak, each event.
  std::size_t moments_ = 0;
  /// Bytes and items of tables, of local indexes, of global ones; bytes under point-in-time recovery.
  std::size_t storage_at_ = 0;  ///< within a table's part
  std::size_t block_ = 0;
  std::size_t size_ = 0;
  /// By pattern, sampled month and moment: calls a second, weighted.
  std::vector<std::vector<std::vector<double>>> calls_;
};

/// The price of a profile where each table is paid for in the cheapest of the ways that are open to it. A sum of
/// parts costs at least what the parts cost one by one.
class Prices {
 public:
  Prices() = default;
  /// `by_mode`: of ProfileSpace::prices; `open`: by table, positions in it.
  Prices(const ProfileSpace& space, std::vector<std::vector<double>> by_mode,
         std::vector<std::vector<std::size_t>> open);

  [[nodiscard]] double of(const LoadProfile& profile) const;

 private:
  std::vector<std::size_t> begin_;  ///< of each table's part, and the end
  std::vector<std::vector<double>> by_mode_;
  std::vector<std::vector<std::size_t>> open_;
};

}  // namespace ddbplan::plan
