// AWS prices by region, from the price book that is compiled into the program (date and source in
// the data file src/pricing/prices.json) or from a file of the same form given with
// settings.prices:
//
//   {"format": 1, "as_of": "2025-08-28", "currency": "USD", "source": "one sentence",
//    "regions": {"us-east-1": {
//      "name": "US East (N. Virginia)",
//      "standard": {"write_million": 0.625, "read_million": 0.125,
//                   "replicated_write_million": 0.625, "write_hour": 0.00065,
//                   "read_hour": 0.00013, "replicated_write_hour": 0.00065,
//                   "storage_gb_month": 0.25},
//      "infrequent_access": {... the same ...},
//      "pitr_gb_month": 0.2, "backup_gb_month": 0.1, "restore_gb": 0.15, "export_gb": 0.1,
//      "import_gb": 0.15, "streams_read_million": 0.2}}}
//
// `million` is a million request units, `hour` one capacity unit for an hour. The prices of the
// last two lines may be missing: what needs them is then not priced. Members with other names
// ("note", "confidence") are for people.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.h"

namespace ddbplan::pricing {

/// US dollars as AWS publishes them; exact decimals with at most 9 fraction digits, held as doubles
/// because they are only ever multiplied once with a quantity and rounded by Money::from_usd.
struct ClassPrices {
  double write_request_units_per_million = 0;
  double read_request_units_per_million = 0;
  double replicated_write_request_units_per_million = 0;
  double write_capacity_unit_hour = 0;
  double read_capacity_unit_hour = 0;
  double replicated_write_capacity_unit_hour = 0;
  double storage_gb_month = 0;  ///< GB of 1,024^3 bytes
  bool operator==(const ClassPrices&) const = default;
};
struct RegionPrices {
  std::string code;  ///< eu-west-1
  std::string name;  ///< Europe (Ireland)
  ClassPrices standard;
  ClassPrices infrequent_access;
  std::optional<double> pitr_gb_month;
  std::optional<double> backup_gb_month;
  std::optional<double> restore_gb;
  std::optional<double> export_gb;
  std::optional<double> import_gb;
  std::optional<double> streams_read_per_million;
  bool operator==(const RegionPrices&) const = default;
};
class PriceBook {
 public:
  static const PriceBook& built_in();
  /// The error is one sentence that names the member.
  static support::Result<PriceBook, std::string> from_json(std::string_view json);
  [[nodiscard]] const RegionPrices* find(std::string_view region) const;
  [[nodiscard]] std::vector<std::string> regions() const;
  [[nodiscard]] const std::string& as_of() const { return as_of_; }
  [[nodiscard]] const std::string& source() const { return source_; }

 private:
  std::string as_of_;
  std::string source_;
  std::vector<RegionPrices> regions_;  ///< by code
};

}  // namespace ddbplan::pricing
