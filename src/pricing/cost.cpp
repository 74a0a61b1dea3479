#include "pricing/cost.h"

#include <algorithm>
#include <array>
#include <set>

#include "pricing/average_month.h"
#include "support/check.h"

namespace ddbplan::pricing {
namespace {

using support::Money;

constexpr double kSecondsPerHour = 3600;
constexpr double kMillion = 1e6;
/// Developer Guide, "Item sizes and capacity unit consumption": replicas hold 48 bytes more per
/// item.
constexpr double kReplicaBytes = 48;
constexpr double kStorageOverhead = 100;
/// The free tier as published, per region and month, Standard class only.
constexpr double kFreeStorageGb = 25;
constexpr double kFreeUnitHours = 25 * 744;

double gigabytes(double bytes) {
  return bytes / static_cast<double>(support::kGiB);
}

const ClassPrices& class_prices(const RegionPrices& region, bool infrequent_access) {
  return infrequent_access ? region.infrequent_access : region.standard;
}

const std::string& home_region(const model::Settings& settings) {
  return settings.home_region ? *settings.home_region : settings.regions.front();
}

std::vector<const RegionPrices*> regions_of(const model::Workload& workload,
                                            const PriceBook& book) {
  std::vector<const RegionPrices*> regions;
  for (const std::string& code : workload.settings.regions) {
    const RegionPrices* region = book.find(code);
    DDBPLAN_CHECK_MSG(region != nullptr, "no prices for the region " + code);
    regions.push_back(region);
  }
  return regions;
}

/// The lines of one table in one way of paying.
class TableCost {
 public:
  TableCost(const model::Workload& workload, const design::Design& design,
            const AverageMonth& month, const std::vector<const RegionPrices*>& regions,
            std::size_t table)
      : settings_(workload.settings),
        table_(design.tables[table]),
        position_(table),
        month_(month),
        regions_(regions) {}

  std::vector<CostLine> lines(PaymentMode mode, bool scheduled = false) const {
    std::vector<CostLine> lines;
    for (const RegionPrices* region : regions_) {
      const ClassPrices& prices = class_prices(*region, mode.infrequent_access);
      for (const AverageResource& resource : month_.resources) {
        if (resource.table != position_) continue;
        if (mode.provisioned) {
          add_provisioned(resource, *region, prices, scheduled, lines);
        } else {
          add_on_demand(resource, *region, prices, lines);
        }
      }
      add_storage(*region, prices, lines);
    }
    return lines;
  }

  static Money total(const std::vector<CostLine>& lines) {
    Money sum;
    for (const CostLine& line : lines) sum += line.usd;
    return sum;
  }

 private:
  [[nodiscard]] bool replicated() const { return regions_.size() > 1; }

  void add(std::vector<CostLine>& lines, std::string what, const std::optional<std::string>& index,
           const RegionPrices& region, double quantity, std::string unit, double price) const {
    if (quantity <= 0) return;
    lines.push_back({std::move(what), position_, index, region.code, quantity, std::move(unit),
                     Money::from_usd(quantity * price)});
  }

  void add_on_demand(const AverageResource& resource, const RegionPrices& region,
                     const ClassPrices& prices, std::vector<CostLine>& lines) const {
    const double seconds = settings_.hours_per_month * kSecondsPerHour;
    if (region.code == home_region(settings_)) {
      add(lines, "read request units", resource.index, region, resource.read * seconds / kMillion,
          "million", prices.read_request_units_per_million);
    }
    const bool replicates = replicated() && !resource.index;
    add(lines, replicates ? "replicated write request units" : "write request units",
        resource.index, region, resource.write * seconds / kMillion, "million",
        replicates ? prices.replicated_write_request_units_per_million
                   : prices.write_request_units_per_million);
  }

  void add_provisioned(const AverageResource& resource, const RegionPrices& region,
                       const ClassPrices& prices, bool scheduled,
                       std::vector<CostLine>& lines) const {
    const double hours = settings_.hours_per_month;
    const bool home = region.code == home_region(settings_);
    double read = home ? resource.read_provisioned : 1;
    double write = resource.write_provisioned;
    double read_extra = 0;
    double write_extra = 0;
    if (scheduled) {
      read = home ? resource.read_ordinary : 1;
      write = resource.write_ordinary;
      read_extra = home ? resource.read_event_hours : 0;
      write_extra = resource.write_event_hours;
    }
    add(lines, "read capacity", resource.index, region, read * hours + read_extra, "unit-hours",
        prices.read_capacity_unit_hour);
    const bool replicates = replicated() && !resource.index;
    add(lines, replicates ? "replicated write capacity" : "write capacity", resource.index, region,
        write * hours + write_extra, "unit-hours",
        replicates ? prices.replicated_write_capacity_unit_hour : prices.write_capacity_unit_hour);
  }

  void add_storage(const RegionPrices& region, const ClassPrices& prices,
                   std::vector<CostLine>& lines) const {
    double recoverable = 0;
    for (const AverageStorage& stored : month_.storage) {
      if (stored.table != position_) continue;
      const double bytes =
          stored.bytes + (replicated() && !stored.index ? stored.items * kReplicaBytes : 0);
      add(lines, "storage", stored.index, region, gigabytes(bytes), "GB-month",
          prices.storage_gb_month);
      // Billed on the table and its local indexes (price list, PITR).
      const design::Index* index = stored.index ? table_.find_index(*stored.index) : nullptr;
      if (index == nullptr || index->local) recoverable += bytes;
    }
    if (table_.point_in_time_recovery && region.pitr_gb_month) {
      add(lines, "point-in-time recovery", std::nullopt, region, gigabytes(recoverable), "GB-month",
          *region.pitr_gb_month);
    }
  }

  const model::Settings& settings_;
  const design::Table& table_;
  std::size_t position_;
  const AverageMonth& month_;
  const std::vector<const RegionPrices*>& regions_;
};

void keep_less(std::optional<Money>& known, Money other) {
  if (!known || other < *known) known = other;
}

TableChoice choose(const TableCost& cost, const std::vector<PaymentMode>& modes,
                   const AverageMonth& month, std::size_t table) {
  TableChoice choice;
  choice.table = table;
  std::optional<Money> best;
  for (const PaymentMode mode : modes) {
    const Money total = TableCost::total(cost.lines(mode));
    keep_less(mode.provisioned ? choice.provisioned : choice.on_demand, total);
    keep_less(mode.infrequent_access ? choice.infrequent_access : choice.standard, total);
    if (best && !(total < *best)) continue;  // the first of equals: on-demand, Standard
    best = total;
    choice.mode = mode;
    choice.total = total;
  }
  if (month.schedulable) {
    for (const PaymentMode mode : modes) {
      const PaymentMode scheduled{true, mode.infrequent_access};
      keep_less(choice.scheduled, TableCost::total(cost.lines(scheduled, true)));
    }
  }
  double read = 0;
  double write = 0;
  double read_held = 0;
  double write_held = 0;
  for (const AverageResource& resource : month.resources) {
    if (resource.table != table) continue;
    read += resource.read;
    write += resource.write;
    read_held += resource.read_provisioned;
    write_held += resource.write_provisioned;
  }
  choice.read_utilisation = read_held > 0 ? read / read_held : 0;
  choice.write_utilisation = write_held > 0 ? write / write_held : 0;
  return choice;
}

/// What the account's free tier takes off, per region, over all tables of the Standard class.
void add_free_tier(const CostReport& report, const std::vector<const RegionPrices*>& regions,
                   std::vector<CostLine>& out) {
  for (const RegionPrices* region : regions) {
    const auto used = [&](const std::string& what) {
      double sum = 0;
      for (const CostLine& line : report.lines) {
        const bool standard = !report.tables[line.table].mode.infrequent_access;
        if (standard && line.region == region->code && line.what == what) sum += line.quantity;
      }
      return sum;
    };
    const auto give = [&](const std::string& what, const std::string& unit, double free,
                          double price) {
      const double quantity = std::min(free, used(what));
      if (quantity <= 0) return;
      out.push_back({"free tier: " + what, 0, std::nullopt, region->code, -quantity, unit,
                     Money::from_usd(-quantity * price)});
    };
    give("storage", "GB-month", kFreeStorageGb, region->standard.storage_gb_month);
    give("read capacity", "unit-hours", kFreeUnitHours, region->standard.read_capacity_unit_hour);
    give("write capacity", "unit-hours", kFreeUnitHours, region->standard.write_capacity_unit_hour);
    give("replicated write capacity", "unit-hours", kFreeUnitHours,
         region->standard.replicated_write_capacity_unit_hour);
  }
}

std::vector<std::string> not_priced(const model::Workload& workload, const design::Design& design) {
  std::set<std::string> notes;
  for (const design::Table& table : design.tables) {
    if (table.stream_view)
      notes.insert("stream consumers (GetRecords is free for Lambda triggers)");
    if (table.warm_read_units || table.warm_write_units) notes.insert("warm throughput");
  }
  if (workload.settings.regions.size() > 1) {
    notes.insert("data transfer between regions");
    // Free where the row expires, a replicated write in every other region (Developer Guide, TTL).
    const bool expires = std::any_of(design.tables.begin(), design.tables.end(),
                                     [](const auto& table) { return table.ttl_attribute; });
    if (expires) notes.insert("TTL deletes in the other regions, a replicated write each");
  }
  if (workload.settings.backup && !workload.settings.backup->plans.empty()) {
    notes.insert("backups kept by AWS Backup plans");
  }
  if (workload.settings.encryption) notes.insert("requests to AWS KMS");
  for (const model::Pattern& pattern : workload.patterns) {
    const auto* read = std::get_if<model::Read>(&pattern.action);
    if (read != nullptr && read->cache_hits) notes.insert("the cache that answers before DynamoDB");
  }
  for (const design::AccessPlan& plan : design.plans) {
    if (plan.served == design::Served::offload) {
      notes.insert("what answers " + workload.pattern(plan.pattern).name + " outside DynamoDB");
    }
  }
  return {notes.begin(), notes.end()};
}

/// Calls a second that the pattern pays for, by the mode: the average, or what must be held for it.
double paid_calls(const model::Workload& workload, const model::Pattern& pattern,
                  bool provisioned) {
  const double mean = average_calls(workload, pattern);
  if (!provisioned) return mean;
  double peak = pattern.load.peak.per_second;
  for (const model::Event& event : workload.events) {
    const auto named = event.rates.find(pattern.name);
    if (named != event.rates.end()) peak = std::max(peak, named->second.per_second);
  }
  const double target = workload.settings.capacity_target;
  return std::max(target > 0 ? mean / target : mean, peak * capacity::share_past_cache(pattern));
}

/// Dollars a month for one unit a second held or used all month.
double monthly(const model::Settings& settings, bool provisioned, double per_million,
               double per_hour) {
  return provisioned ? per_hour * settings.hours_per_month
                     : per_million * settings.hours_per_month * kSecondsPerHour / kMillion;
}

double request_usd(const model::Workload& workload, const model::Pattern& pattern,
                   const std::vector<capacity::ResourceUnits>& units,
                   const std::vector<const RegionPrices*>& regions, PaymentMode mode) {
  const model::Settings& settings = workload.settings;
  const double calls = paid_calls(workload, pattern, mode.provisioned);
  double usd = 0;
  for (const RegionPrices* region : regions) {
    const ClassPrices& prices = class_prices(*region, mode.infrequent_access);
    const double read = monthly(settings, mode.provisioned, prices.read_request_units_per_million,
                                prices.read_capacity_unit_hour);
    const double write = monthly(settings, mode.provisioned, prices.write_request_units_per_million,
                                 prices.write_capacity_unit_hour);
    const double replicated =
        monthly(settings, mode.provisioned, prices.replicated_write_request_units_per_million,
                prices.replicated_write_capacity_unit_hour);
    const bool home = region->code == home_region(settings);
    for (const capacity::ResourceUnits& one : units) {
      const bool replicates = regions.size() > 1 && !one.index;
      usd += calls * ((home ? one.read * read : 0) + one.write * (replicates ? replicated : write));
    }
  }
  return usd;
}

PaymentMode settled_mode(const model::Settings& settings) {
  return {settings.billing == model::Billing::provisioned,
          settings.table_class == model::TableClass::standard_infrequent_access};
}

}  // namespace

namespace {

/// Everything of the report that follows from the month: lines, total, choices.
CostReport price_month(const model::Workload& workload, const design::Design& design,
                       const AverageMonth& month, const std::vector<PaymentMode>& modes,
                       const PriceBook& book) {
  const std::vector<const RegionPrices*> regions = regions_of(workload, book);
  CostReport report;
  report.region = home_region(workload.settings);
  report.hours_per_month = workload.settings.hours_per_month;
  report.prices_as_of = book.as_of();
  report.provisioned = !design.tables.empty();
  Money other;
  bool has_other = !design.tables.empty();
  for (std::size_t table = 0; table < design.tables.size(); ++table) {
    const TableCost cost(workload, design, month, regions, table);
    TableChoice choice = choose(cost, modes, month, table);
    for (CostLine& line : cost.lines(choice.mode)) report.lines.push_back(std::move(line));
    report.provisioned = report.provisioned && choice.mode.provisioned;
    const std::optional<Money>& mode_not_taken =
        choice.mode.provisioned ? choice.on_demand : choice.provisioned;
    has_other = has_other && mode_not_taken.has_value();
    if (mode_not_taken) other += *mode_not_taken;
    report.tables.push_back(choice);
  }
  if (workload.settings.free_tier) {
    std::vector<CostLine> free;
    add_free_tier(report, regions, free);
    report.lines.insert(report.lines.end(), free.begin(), free.end());
  }
  report.total = TableCost::total(report.lines);
  if (has_other) report.other_mode_total = other;
  return report;
}

}  // namespace

std::vector<PaymentMode> open_modes(const model::Settings& settings) {
  std::vector<PaymentMode> modes;
  for (const bool provisioned : {false, true}) {
    if (provisioned && settings.billing == model::Billing::on_demand) continue;
    if (!provisioned && settings.billing == model::Billing::provisioned) continue;
    for (const bool infrequent : {false, true}) {
      if (infrequent && settings.table_class == model::TableClass::standard) continue;
      if (!infrequent && settings.table_class == model::TableClass::standard_infrequent_access) {
        continue;
      }
      modes.push_back({provisioned, infrequent});
    }
  }
  return modes;
}

Money month_total(const model::Workload& workload, const design::Design& design,
                  const AverageMonth& month, const PriceBook& book,
                  std::optional<PaymentMode> mode) {
  const std::vector<PaymentMode> modes =
      mode ? std::vector<PaymentMode>{*mode} : open_modes(workload.settings);
  return price_month(workload, design, month, modes, book).total;
}

std::vector<PaymentMode> month_modes(const model::Workload& workload, const design::Design& design,
                                     const AverageMonth& month, const PriceBook& book) {
  const CostReport report =
      price_month(workload, design, month, open_modes(workload.settings), book);
  std::vector<PaymentMode> modes;
  for (const TableChoice& choice : report.tables) modes.push_back(choice.mode);
  return modes;
}

CostReport price(const model::Workload& workload, const design::Design& design,
                 const PriceBook& book) {
  const std::vector<const RegionPrices*> regions = regions_of(workload, book);
  const AverageMonth month = average_month(workload, design);
  CostReport report = price_month(workload, design, month, open_modes(workload.settings), book);
  for (std::size_t i = 0; i < workload.patterns.size(); ++i) {
    Money sum;
    for (const TableChoice& choice : report.tables) {
      std::vector<capacity::ResourceUnits> units = month.patterns[i].units;
      std::erase_if(units,
                    [&](const capacity::ResourceUnits& one) { return one.table != choice.table; });
      sum +=
          Money::from_usd(request_usd(workload, workload.patterns[i], units, regions, choice.mode));
    }
    report.patterns.push_back(sum);
  }
  report.not_priced = not_priced(workload, design);
  return report;
}

Money request_money(const model::Workload& workload, const model::Pattern& pattern,
                    const std::vector<capacity::ResourceUnits>& units, const PriceBook& book) {
  return request_money(workload, pattern, units, book, settled_mode(workload.settings));
}

Money request_money(const model::Workload& workload, const model::Pattern& pattern,
                    const std::vector<capacity::ResourceUnits>& units, const PriceBook& book,
                    PaymentMode mode) {
  return Money::from_usd(request_usd(workload, pattern, units, regions_of(workload, book), mode));
}

Money storage_money(const model::Workload& workload, double items, double item_bytes,
                    const PriceBook& book, bool infrequent_access) {
  const std::vector<const RegionPrices*> regions = regions_of(workload, book);
  const double overhead = kStorageOverhead + (regions.size() > 1 ? kReplicaBytes : 0);
  double usd = 0;
  for (const RegionPrices* region : regions) {
    usd += gigabytes(items * (item_bytes + overhead)) *
           class_prices(*region, infrequent_access).storage_gb_month;
  }
  return Money::from_usd(usd);
}

}  // namespace ddbplan::pricing
