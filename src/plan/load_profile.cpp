#include "plan/load_profile.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

namespace ddbplan::plan {

namespace {

constexpr double kSecondsPerHour = 3600;
constexpr double kMillion = 1e6;
/// Developer Guide, "Item sizes and formats": a replica holds 48 bytes more per item.
constexpr double kReplicaBytes = 48;

bool is_local(const std::vector<design::Table>& tables, std::size_t table,
              const std::optional<std::string>& index) {
  const design::Index* found = index ? tables[table].find_index(*index) : nullptr;
  return found != nullptr && found->local;
}

}  // namespace

ProfileSpace::ProfileSpace(const CostMemo& memo, std::size_t tables)
    : workload_(memo.workload()),
      book_(memo.book()),
      tables_(tables),
      samples_(memo.samples().size()) {
  moments_ = 3 + workload_.events.size();
  storage_at_ = kKinds * moments_;
  block_ = storage_at_ + 7;
  size_ = tables_ * block_;
  for (const pricing::SampledMonth& sample : memo.samples()) weights_.push_back(sample.weight);
  const double target = workload_.settings.capacity_target;
  for (const model::Pattern& pattern : workload_.patterns) {
    const double mean = pattern.load.mean.per_second;
    const double past_cache = capacity::share_past_cache(pattern);
    std::vector<std::vector<double>> by_sample;
    for (const pricing::SampledMonth& sample : memo.samples()) {
      const double growth =
          mean > 0 ? model::rate_after(workload_, pattern.load, sample.month).per_second / mean : 1;
      const double reaching = growth * past_cache * sample.weight;
      std::vector<double> calls{pricing::calls_at(workload_, pattern, sample.month) * sample.weight,
                                reaching * (target > 0 ? mean / target : mean),
                                reaching * pattern.load.peak.per_second};
      for (const model::Event& event : workload_.events) {
        const auto named = event.rates.find(pattern.name);
        calls.push_back(reaching * (named == event.rates.end() ? mean : named->second.per_second));
      }
      by_sample.push_back(std::move(calls));
    }
    calls_.push_back(std::move(by_sample));
  }
}

void ProfileSpace::add(LoadProfile& profile, model::PatternId pattern, const PlanUnits::Part& part,
                       const std::vector<design::Table>& tables, Units which) const {
  for (std::size_t sample = 0; sample < samples_; ++sample) {
    const std::vector<double>& calls = calls_[pattern.index][sample];
    for (const capacity::ResourceUnits& one : part.units[sample]) {
      // A local index uses its table's capacity, but its writes are still those of an index.
      const bool in_index = one.index.has_value() && !is_local(tables, one.table, one.index);
      const bool reads = which != Units::index_writes;
      const bool writes =
          which == Units::all || (which == Units::index_writes) == one.index.has_value();
      for (std::size_t moment = 0; moment < moments_; ++moment) {
        if (reads) profile[at(one.table, in_index ? 2 : 0, moment)] += calls[moment] * one.read;
        if (writes) profile[at(one.table, in_index ? 3 : 1, moment)] += calls[moment] * one.write;
      }
    }
  }
}

void ProfileSpace::add(LoadProfile& profile, const LayoutStorage& storage,
                       const std::vector<design::Table>& tables, Stored which) const {
  const bool replicated = workload_.settings.regions.size() > 1;
  for (std::size_t sample = 0; sample < samples_; ++sample) {
    for (const capacity::ResourceStorage& one : storage[sample]) {
      if (one.index.has_value() != (which == Stored::entries)) continue;
      const bool local = is_local(tables, one.table, one.index);
      const std::size_t begin = begin_of(one.table) + storage_at_;
      const std::size_t place = begin + (!one.index ? 0 : local ? 2 : 4);
      profile[place] += weights_[sample] * one.bytes;
      profile[place + 1] += weights_[sample] * one.items;
      if (!tables[one.table].point_in_time_recovery || (one.index && !local)) continue;
      const double replica = replicated && !one.index ? kReplicaBytes * one.items : 0;
      profile[begin + 6] += weights_[sample] * (one.bytes + replica);
    }
  }
}

ProfileSpace::Moments ProfileSpace::dominant(const LoadProfile& profile) const {
  Moments out(tables_ * kKinds, 1);
  for (std::size_t table = 0; table < tables_; ++table) {
    for (std::size_t kind = 0; kind < kKinds; ++kind) {
      std::size_t& most = out[table * kKinds + kind];
      for (std::size_t moment = 1; moment < moments_; ++moment) {
        if (profile[at(table, kind, moment)] > profile[at(table, kind, most)]) most = moment;
      }
    }
  }
  return out;
}

std::vector<double> ProfileSpace::prices(pricing::PaymentMode mode, const Moments& moments) const {
  const model::Settings& settings = workload_.settings;
  std::vector<double> out(size_, 0.0);
  const bool replicated = settings.regions.size() > 1;
  const std::string& home = settings.home_region ? *settings.home_region : settings.regions.front();
  for (const std::string& code : settings.regions) {
    const pricing::RegionPrices& region = *book_.find(code);
    const pricing::ClassPrices& prices =
        mode.infrequent_access ? region.infrequent_access : region.standard;
    const auto monthly = [&](double per_million, double per_hour) {
      return mode.provisioned ? per_hour * settings.hours_per_month
                              : per_million * settings.hours_per_month * kSecondsPerHour / kMillion;
    };
    const double read = code == home ? monthly(prices.read_request_units_per_million,
                                               prices.read_capacity_unit_hour)
                                     : 0;
    const double write =
        monthly(prices.write_request_units_per_million, prices.write_capacity_unit_hour);
    const double table_write = replicated
                                   ? monthly(prices.replicated_write_request_units_per_million,
                                             prices.replicated_write_capacity_unit_hour)
                                   : write;
    const std::array<double, kKinds> by_kind = {read, table_write, read, write};
    for (std::size_t table = 0; table < tables_; ++table) {
      for (std::size_t kind = 0; kind < kKinds; ++kind)
        out[at(table, kind, mode.provisioned ? moments[table * kKinds + kind] : 0)] +=
            by_kind[kind];
    }
    const auto gib = static_cast<double>(support::kGiB);
    const double stored = prices.storage_gb_month / gib;
    for (std::size_t table = 0; table < tables_; ++table) {
      const std::size_t storage = begin_of(table) + storage_at_;
      out[storage] += stored;
      if (replicated) out[storage + 1] += kReplicaBytes * stored;
      out[storage + 2] += stored;
      out[storage + 4] += stored;
      if (region.pitr_gb_month) out[storage + 6] += *region.pitr_gb_month / gib;
    }
  }
  return out;
}

double ProfileSpace::unit_price(const std::vector<double>& prices, std::size_t table, bool in_index,
                                bool is_write) const {
  const std::size_t kind = (in_index ? 2 : 0) + (is_write ? 1 : 0);
  double sum = 0;
  for (std::size_t moment = 0; moment < moments_; ++moment) sum += prices[at(table, kind, moment)];
  return sum;
}

double ProfileSpace::price(const std::vector<double>& prices, const LoadProfile& profile) {
  return std::inner_product(prices.begin(), prices.end(), profile.begin(), 0.0);
}

Prices::Prices(const ProfileSpace& space, std::vector<std::vector<double>> by_mode,
               std::vector<std::vector<std::size_t>> open)
    : by_mode_(std::move(by_mode)), open_(std::move(open)) {
  for (std::size_t table = 0; table <= space.tables(); ++table)
    begin_.push_back(space.begin_of(table));
}

double Prices::of(const LoadProfile& profile) const {
  double sum = 0;
  for (std::size_t table = 0; table < open_.size(); ++table) {
    const auto from = static_cast<std::ptrdiff_t>(begin_[table]);
    const auto to = static_cast<std::ptrdiff_t>(begin_[table + 1]);
    double least = std::numeric_limits<double>::infinity();
    for (const std::size_t mode : open_[table]) {
      const double price = std::inner_product(profile.begin() + from, profile.begin() + to,
                                              by_mode_[mode].begin() + from, 0.0);
      least = std::min(least, price);
    }
    sum += least;
  }
  return sum;
}

}  // namespace ddbplan::plan
