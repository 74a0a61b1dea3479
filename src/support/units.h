// Quantities that must not be swapped: bytes, durations, rates, money.
//
// Counts that come from a distribution (children of a parent, bytes of an average row) are
// expectations and therefore doubles inside their type; what is measured or billed at the end is
// rounded once, in a named function. Sizes follow AWS: 1 KB = 1,024 B, also in limits and in
// billing (Developer Guide, "Quotas": 1 KB = 1024 bytes).
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace ddbplan::support {

/// A whole number of bytes.
struct Bytes {
  std::int64_t count = 0;
  auto operator<=>(const Bytes&) const = default;
  Bytes& operator+=(Bytes other) {
    count += other.count;
    return *this;
  }
  friend Bytes operator+(Bytes a, Bytes b) { return {a.count + b.count}; }
  friend Bytes operator-(Bytes a, Bytes b) { return {a.count - b.count}; }
  friend Bytes operator*(Bytes a, std::int64_t n) { return {a.count * n}; }
};

inline constexpr std::int64_t kKiB = 1024;
inline constexpr std::int64_t kMiB = 1024 * kKiB;
inline constexpr std::int64_t kGiB = 1024 * kMiB;

/// A span of time in seconds. Months are settings.hours_per_month hours; years are 365 days.
struct Duration {
  double seconds = 0;
  auto operator<=>(const Duration&) const = default;
};

inline constexpr double kSecondsPerDay = 86400;
inline constexpr double kSecondsPerYear = 365 * kSecondsPerDay;

/// Calls, items or units per second: the mean over the month unless a name says peak.
struct Rate {
  double per_second = 0;
  auto operator<=>(const Rate&) const = default;
  Rate& operator+=(Rate other) {
    per_second += other.per_second;
    return *this;
  }
  friend Rate operator+(Rate a, Rate b) { return {a.per_second + b.per_second}; }
  friend Rate operator*(Rate a, double factor) { return {a.per_second * factor}; }
};

/// US dollars, kept in whole millionths. A product of a price and a quantity is rounded once, by
/// Money::from_usd; sums are exact, so a report's lines add up to its total.
struct Money {
  std::int64_t micro_usd = 0;
  auto operator<=>(const Money&) const = default;
  /// Rounds half away from zero. Saturates at +-9.2e12 USD instead of overflowing.
  static Money from_usd(double usd);
  [[nodiscard]] double usd() const { return static_cast<double>(micro_usd) / 1e6; }
  Money& operator+=(Money other);
  friend Money operator+(Money a, Money b) { return a += b; }
  friend Money operator-(Money a, Money b) { return a += Money{-b.micro_usd}; }
};

/// "$1,234.56"; below one cent with as many digits as it takes ("$0.0012"); "$0.00" only for zero.
std::string format_money(Money money);
/// The exact decimal without trailing zeros, as JSON wants it: "278.8965", "0", "-1.5".
std::string format_money_exact(Money money);
/// "1.2 KB", "640 B", "50,125 GB".
std::string format_bytes(double bytes);
/// "1.2 M/s", "300/s", "0.19/s", "6/day": per second from 0.01/s up, else per hour if that gives at
/// least one, else per day.
std::string format_rate(Rate rate);
/// "24 M", "80 k", "1,234".
std::string format_count(double count);
/// "2 years", "30 days", "90 s": the largest unit that gives a whole number.
std::string format_duration(Duration duration);
/// A double with at most `digits` digits after the point and no trailing zeros: "2.5", "0", "1971".
std::string format_number(double value, int digits = 6);
/// Digits in groups of three: 1234567 -> "1,234,567".
std::string format_grouped(std::int64_t value);

}  // namespace ddbplan::support
