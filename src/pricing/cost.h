// What a design costs in a month: lines that add up, at the prices of the chosen region and mode.
//
// With several regions writes to a table are paid in every one of them as replicated units, writes
// to indexes as ordinary ones; storage is paid in every region; reads are counted once, in the home
// region (the first, unless the settings name one), because a schema's rates are those of the whole
// service.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capacity/usage.h"
#include "pricing/average_month.h"
#include "pricing/price_book.h"
#include "support/units.h"

namespace ddbplan::pricing {

struct CostLine {
  std::string what;  ///< "read request units", "storage", ...
  std::size_t table = 0;
  std::optional<std::string> index;
  std::string region;
  double quantity = 0;
  std::string unit;  ///< "million", "GB-month", "unit-hours"
  support::Money usd;
};

/// How a table is paid for.
struct PaymentMode {
  bool provisioned = false;
  bool infrequent_access = false;
  bool operator==(const PaymentMode&) const = default;
};
/// What was decided for a table, and what the other ways would cost; nullopt: the settings rule it
/// out.
struct TableChoice {
  std::size_t table = 0;
  PaymentMode mode;
  support::Money total;
  std::optional<support::Money> on_demand;  ///< in the better table class
  std::optional<support::Money> provisioned;
  std::optional<support::Money> standard;  ///< in the better mode
  std::optional<support::Money> infrequent_access;
  /// Provisioned with scheduled actions for the events whose start is declared; nullopt: there are
  /// none that need more than the ordinary peak. Told, not chosen: somebody has to write the
  /// schedule.
  std::optional<support::Money> scheduled;
  /// Used share of what would be provisioned; the indexes count too.
  double read_utilisation = 0;
  double write_utilisation = 0;
};

struct CostReport {
  std::vector<CostLine> lines;
  support::Money total;  ///< the sum of the lines
  std::vector<support::Money>
      patterns;                     ///< requests of each pattern a month, in the Workload's order
  std::vector<TableChoice> tables;  ///< in the design's order
  /// Chosen when settings.billing is auto: on-demand or provisioned; one decision per table. True
  /// when every table is provisioned.
  bool provisioned = false;
  /// The total if every table were in its other mode, for the report.
  std::optional<support::Money> other_mode_total;
  std::vector<std::string> not_priced;  ///< "stream consumers outside DynamoDB", ...
  std::string region;
  double hours_per_month = 730;
  std::string prices_as_of;
};

/// Dollars of the average month over the horizon: usage at several months of growth, averaged.
/// On-demand request units = rate x 3,600 x hours_per_month x price / 1e6; provisioned = units x
/// hours_per_month x price; storage = bytes / 1,024^3 x price. REQUIRES: every region of the
/// settings is in the book (lint says so before).
CostReport price(const model::Workload& workload, const design::Design& design,
                 const PriceBook& book);

/// The ways of paying that the settings leave open.
std::vector<PaymentMode> open_modes(const model::Settings& settings);

/// The total of `price` alone, from a month that is known already; in a certain mode when one is given.
support::Money month_total(const model::Workload& workload, const design::Design& design,
                           const AverageMonth& month, const PriceBook& book,
                           std::optional<PaymentMode> mode = std::nullopt);

/// How `price` would have each table paid for, from a month that is known already.
std::vector<PaymentMode> month_modes(const model::Workload& workload, const design::Design& design,
                                     const AverageMonth& month, const PriceBook& book);

/// The request dollars a month of one pattern at given units per call: the planner's inner loop. In
/// the mode that the settings say; on-demand and Standard where they leave it open. Provisioned
/// units are taken as the pattern's own, unrounded.
support::Money request_money(const model::Workload& workload, const model::Pattern& pattern,
                             const std::vector<capacity::ResourceUnits>& units,
                             const PriceBook& book);
support::Money request_money(const model::Workload& workload, const model::Pattern& pattern,
                             const std::vector<capacity::ResourceUnits>& units,
                             const PriceBook& book, PaymentMode mode);

/// Dollars a month of `items` items of `item_bytes` (without the 100 bytes of overhead, which are
/// added) in every region.
support::Money storage_money(const model::Workload& workload, double items, double item_bytes,
                             const PriceBook& book, bool infrequent_access = false);

}  // namespace ddbplan::pricing
