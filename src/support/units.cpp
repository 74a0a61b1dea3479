#include "support/units.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string_view>

#include <fmt/format.h>

namespace ddbplan::support {
namespace {

constexpr std::int64_t kMicroPerUsd = 1'000'000;

std::int64_t saturating_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b > 0 ? std::numeric_limits<std::int64_t>::max()
               : std::numeric_limits<std::int64_t>::min() + 1;
}

/// Three or so significant digits: one decimal below 100, whole and grouped above.
std::string short_number(double value) {
  if (std::abs(value) < 99.95) return format_number(value, 1);
  return format_grouped(std::llround(value));
}

struct Scale {
  double factor;
  std::string_view suffix;
};

constexpr std::array<Scale, 3> kCountScales = {{{1e9, " G"}, {1e6, " M"}, {1e3, " k"}}};

}  // namespace

Money Money::from_usd(double usd) {
  const double micro = usd * static_cast<double>(kMicroPerUsd);
  constexpr double kMax = 9.2e18;
  if (std::isnan(micro)) return {0};
  if (micro > kMax) return {9'200'000'000'000'000'000};
  if (micro < -kMax) return {-9'200'000'000'000'000'000};
  return {std::llround(micro)};
}

Money& Money::operator+=(Money other) {
  micro_usd = saturating_add(micro_usd, other.micro_usd);
  return *this;
}

std::string format_grouped(std::int64_t value) {
  std::string digits = std::to_string(value);
  const std::size_t first = value < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string format_number(double value, int digits) {
  std::string text = fmt::format("{:.{}f}", value, digits);
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

std::string format_money_exact(Money money) {
  const std::int64_t magnitude = std::abs(money.micro_usd);
  std::string text = fmt::format("{}.{:06}", magnitude / kMicroPerUsd, magnitude % kMicroPerUsd);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return money.micro_usd < 0 ? "-" + text : text;
}

std::string format_money(Money money) {
  constexpr std::int64_t kMicroPerCent = kMicroPerUsd / 100;
  const std::string sign = money.micro_usd < 0 ? "-" : "";
  const std::int64_t magnitude = std::abs(money.micro_usd);
  if (magnitude != 0 && magnitude < kMicroPerCent) {
    return sign + "$" + format_money_exact(Money{magnitude});
  }
  const std::int64_t cents = (magnitude + kMicroPerCent / 2) / kMicroPerCent;
  return fmt::format("{}${}.{:02}", sign, format_grouped(cents / 100), cents % 100);
}

std::string format_bytes(double bytes) {
  // GB is the largest unit because AWS bills in it: a report's line and the bill use one word.
  constexpr std::array<std::string_view, 4> kUnits = {"B", "KB", "MB", "GB"};
  std::size_t unit = 0;
  while (unit + 1 < kUnits.size() && std::abs(bytes) >= 1023.5) {
    bytes /= 1024;
    ++unit;
  }
  return fmt::format("{} {}", short_number(bytes), kUnits[unit]);
}

std::string format_count(double count) {
  // Up to 9,999 the digits themselves are as short as a scaled number, and exact.
  if (std::abs(count) < 9999.5) {
    return std::abs(count) < 99.95 ? format_number(count, 2) : format_grouped(std::llround(count));
  }
  for (const Scale& scale : kCountScales) {
    // The next smaller scale would round to 1,000 of itself.
    if (std::abs(count) >= scale.factor * 0.9995) {
      return short_number(count / scale.factor) + std::string(scale.suffix);
    }
  }
  return format_grouped(std::llround(count));
}

std::string format_rate(Rate rate) {
  const double per_second = rate.per_second;
  if (per_second == 0) return "0/s";
  if (per_second >= 0.01) return format_count(per_second) + "/s";
  if (const double per_hour = per_second * 3600; per_hour >= 1) {
    return format_count(per_hour) + "/hour";
  }
  return format_count(per_second * kSecondsPerDay) + "/day";
}

std::string format_duration(Duration duration) {
  struct Unit {
    double seconds;
    std::string_view one;
    std::string_view many;
  };
  constexpr std::array<Unit, 4> kUnits = {{{kSecondsPerYear, "year", "years"},
                                           {kSecondsPerDay, "day", "days"},
                                           {3600, "hour", "hours"},
                                           {60, "min", "min"}}};
  for (const Unit& unit : kUnits) {
    const double count = duration.seconds / unit.seconds;
    if (count >= 1 && count == std::floor(count)) {
      return fmt::format("{} {}", format_grouped(std::llround(count)),
                         count == 1 ? unit.one : unit.many);
    }
  }
  return format_number(duration.seconds, 3) + " s";
}

}  // namespace ddbplan::support
