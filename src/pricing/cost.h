// What a design costs in a month: lines that add up, at the prices of the chosen region and mode.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "capacity/usage.h"
#include "pricing/price_book.h"
#include "support/units.h"

namespace ddbplan::pricing {

struct CostLine {
  std::string what;                  ///< "read request units", "storage", ...
  std::size_t table = 0;
  std::optional<std::string> index;
  std::string region;
  double quantity = 0;
  std::string unit;                  ///< "million", "GB-month", "unit-hours"
  support::Money usd;
};
struct CostReport {
  std::vector<CostLine> lines;
  support::Money total;              ///< the sum of the lines
  std::vector<support::Money> patterns;  ///< requests of each pattern a month, in the Workload's order
  /// Chosen when settings.billing is auto: on-demand or provisioned; one decision per table.
  bool provisioned = false;
  /// The other mode's total, for the report.
  std::optional<support::Money> other_mode_total;
  std::vector<std::string> not_priced;   ///< "stream consumers outside DynamoDB", ...
  std::string region;
  double hours_per_month = 730;
  std::string prices_as_of;
};

/// Dollars of the average month over the horizon: usage at several months of growth, averaged. On-demand
/// request units = rate x 3,600 x hours_per_month x price / 1e6; storage = bytes / 1,024^3 x price.
/// REQUIRES: every region of the settings is in the book (lint says so before).
CostReport price(const model::Workload& workload, const design::Design& design, const PriceBook& book);

/// The request dollars a month of one pattern at given units per call: the planner's inner loop.
support::Money request_money(const model::Workload& workload, const model::Pattern& pattern,
                             const std::vector<capacity::ResourceUnits>& units, const PriceBook& book);

}  // namespace ddbplan::pricing
