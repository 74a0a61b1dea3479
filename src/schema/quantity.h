// Quantities of the language: `2 KB`, `5%`, `30 days`, `2M`, `40 B .. 120 B`, `.. 50`, `300/s +-
// 40%`, `6/year per Customer`, `16k in 1 hour daily`, `3%/month`, `x8`. Pure text: names in them
// are not looked up.
//
// Each parser reads the whole text or answers what is wrong and where. Signs are read, so that a
// negative quantity is a value out of range (DDB020) and not a syntax error.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/cursor.h"
#include "support/result.h"
#include "support/units.h"

namespace ddbplan::schema {

template <class T>
using Parsed = support::Result<T, ValueError>;

/// Durations with months, and rates per month, need settings.hours_per_month.
struct Calendar {
  double hours_per_month = 730;
};

/// `40 B .. 120 B`, `40 B`, `.. 120 B`: what was written; at least one of the two is there.
struct GivenSpread {
  std::optional<double> mean;
  std::optional<double> max;
  bool operator==(const GivenSpread&) const = default;
};

struct GivenDuration {
  double value = 0;
  /// In seconds; a month's depends on the calendar, so months are kept apart.
  double unit_seconds = 1;
  bool is_months = false;
  [[nodiscard]] support::Duration resolve(const Calendar& calendar) const;
};

/// `6/year +- 20% per Customer`, or `16k in 1 hour daily`.
struct GivenRate {
  double count = 0;
  GivenDuration per;
  double uncertainty = 0;
  std::string per_entity;  ///< "Customer"; empty when absolute
  std::size_t per_entity_at = 0;
  struct Window {
    GivenDuration length;
    GivenDuration every;
  };
  std::optional<Window> window;
  /// Calls per second, of one row of `per_entity` if there is one; of a window: its mean over
  /// `every`.
  [[nodiscard]] double per_second(const Calendar& calendar) const;
};

/// `2M`, `80k`, `6.5B`, `12`.
Parsed<double> parse_count(std::string_view text);
/// A whole number without a suffix.
Parsed<double> parse_integer(std::string_view text);
/// `5%` as 0.05.
Parsed<double> parse_share(std::string_view text);
/// `12 .. 5000`, `12`, `.. 50`.
Parsed<GivenSpread> parse_count_spread(std::string_view text);
/// `40 B .. 120 B`, in bytes.
Parsed<GivenSpread> parse_size(std::string_view text);
Parsed<GivenDuration> parse_duration(std::string_view text);
Parsed<GivenRate> parse_rate(std::string_view text);
/// `3%/month` or `40%/year`, as the factor's excess per month.
Parsed<double> parse_growth(std::string_view text);
/// `5 USD`, `$5` or `5`.
Parsed<double> parse_usd(std::string_view text);
/// `x8`.
Parsed<double> parse_factor(std::string_view text);
/// `2026-11-27 18:00`, `2026-11-27T18:00:00Z`, `2026-11-27`; the answer is ISO 8601 in UTC with
/// seconds.
Parsed<std::string> parse_instant(std::string_view text);

// The same, as parts of a longer text: they leave the cursor behind what they read.
Parsed<double> read_count(Cursor& cursor);
Parsed<double> read_share(Cursor& cursor);
Parsed<GivenSpread> read_count_spread(Cursor& cursor);
Parsed<GivenSpread> read_size(Cursor& cursor);
/// True where a size's or spread's first character stands.
[[nodiscard]] bool at_quantity(Cursor& cursor);
Parsed<GivenDuration> read_duration(Cursor& cursor);
Parsed<GivenRate> read_rate(Cursor& cursor);

}  // namespace ddbplan::schema
