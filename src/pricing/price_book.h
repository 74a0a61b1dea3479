// AWS prices by region, from the price book that is compiled into the program (date and source in the data
// file src/pricing/prices.json) or from a file given with settings.prices.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace ddbplan::pricing {

/// US dollars as AWS publishes them; exact decimals with at most 9 fraction digits, held as doubles because
/// they are only ever multiplied once with a quantity and rounded by Money::from_usd.
struct ClassPrices {
  double write_request_units_per_million = 0;
  double read_request_units_per_million = 0;
  double replicated_write_request_units_per_million = 0;
  double write_capacity_unit_hour = 0;
  double read_capacity_unit_hour = 0;
  double replicated_write_capacity_unit_hour = 0;
  double storage_gb_month = 0;  ///< GB of 1,024^3 bytes
};
struct RegionPrices {
  std::string code;   ///< eu-west-1
  std::string name;   ///< Europe (Ireland)
  ClassPrices standard;
  ClassPrices infrequent_access;
  std::optional<double> pitr_gb_month;
  std::optional<double> backup_gb_month;
  std::optional<double> restore_gb;
  std::optional<double> export_gb;
  std::optional<double> import_gb;
  std::optional<double> streams_read_per_million;
};
class PriceBook {
 public:
  static const PriceBook& built_in();
  static support::Result<PriceBook, std::string> from_json(std::string_view text);
  [[nodiscard]] const RegionPrices* find(std::string_view region) const;
  [[nodiscard]] std::vector<std::string> regions() const;
  [[nodiscard]] const std::string& as_of() const { return as_of_; }
  [[nodiscard]] const std::string& source() const { return source_; }

 private:
  std::string as_of_;
  std::string source_;
  std::vector<RegionPrices> regions_;
};

}  // namespace ddbplan::pricing
