#include "model/timestamp.h"

#include <array>
#include <charconv>

namespace ddbplan::model {
namespace {

constexpr std::int64_t kMsPerSecond = 1000;
constexpr std::int64_t kMsPerMinute = 60 * kMsPerSecond;
constexpr std::int64_t kMsPerHour = 60 * kMsPerMinute;
constexpr std::int64_t kMsPerDay = 24 * kMsPerHour;

struct CivilDate {
  std::int64_t year = 1970;
  int month = 1;
  int day = 1;
};

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

// Both directions after Howard Hinnant, "chrono-compatible low-level date algorithms": eras of 400
// years that begin in March, so that the leap day is the last of its year.
std::int64_t days_from_civil(const CivilDate& date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month_from_march = (date.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

CivilDate civil_from_days(std::int64_t days) {
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = floor_divide(shifted, 146097);
  const std::int64_t day_of_era = shifted - era * 146097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  CivilDate date;
  date.day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
  date.month =
      static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  date.year = year_of_era + era * 400 + (date.month <= 2 ? 1 : 0);
  return date;
}

void append_digits(std::string& out, std::int64_t value, int width) {
  std::array<char, 8> digits{};
  for (int i = width - 1; i >= 0; --i) {
    digits[static_cast<std::size_t>(i)] = static_cast<char>('0' + value % 10);
    value /= 10;
  }
  out.append(digits.data(), static_cast<std::size_t>(width));
}

/// Takes a separator and a number of fixed width off the front of `text`.
std::optional<int> take_number(std::string_view& text, std::string_view separator,
                               std::size_t width) {
  if (text.size() < separator.size() + width || text.substr(0, separator.size()) != separator) {
    return std::nullopt;
  }
  const std::string_view digits = text.substr(separator.size(), width);
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value < 0)
    return std::nullopt;
  text.remove_prefix(separator.size() + width);
  return value;
}

/// Larger numbers are milliseconds.
constexpr std::int64_t kEpochSecondsMax = 100'000'000'000;

}  // namespace

std::string format_date(std::int64_t ms) {
  const CivilDate date = civil_from_days(floor_divide(ms, kMsPerDay));
  std::string text;
  text.reserve(24);
  append_digits(text, date.year, 4);
  text += '-';
  append_digits(text, date.month, 2);
  text += '-';
  append_digits(text, date.day, 2);
  return text;
}

std::string format_timestamp(std::int64_t ms) {
  std::string text = format_date(ms);
  const std::int64_t of_day = ms - floor_divide(ms, kMsPerDay) * kMsPerDay;
  text += 'T';
  append_digits(text, of_day / kMsPerHour, 2);
  text += ':';
  append_digits(text, of_day / kMsPerMinute % 60, 2);
  text += ':';
  append_digits(text, of_day / kMsPerSecond % 60, 2);
  text += '.';
  append_digits(text, of_day % kMsPerSecond, 3);
  text += 'Z';
  return text;
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  if (!text.empty() && text.back() == 'Z') text.remove_suffix(1);
  const std::optional<int> year = take_number(text, "", 4);
  const std::optional<int> month = year ? take_number(text, "-", 2) : std::nullopt;
  const std::optional<int> day = month ? take_number(text, "-", 2) : std::nullopt;
  if (!day || *month < 1 || *month > 12 || *day < 1 || *day > 31) return std::nullopt;
  std::int64_t ms = days_from_civil({*year, *month, *day}) * kMsPerDay;
  struct Part {
    std::string_view separator;
    std::size_t width;
    std::int64_t unit;
  };
  constexpr std::array<Part, 4> kParts{
      {{"T", 2, kMsPerHour}, {":", 2, kMsPerMinute}, {":", 2, kMsPerSecond}, {".", 3, 1}}};
  for (const Part& part : kParts) {
    if (text.empty()) return ms;
    const std::optional<int> value = take_number(text, part.separator, part.width);
    if (!value) return std::nullopt;
    ms += *value * part.unit;
  }
  if (!text.empty()) return std::nullopt;
  return ms;
}

dynamo::AttributeValue time_value(ValueType type, std::int64_t ms) {
  switch (type) {
    case ValueType::epoch_s:
      return dynamo::AttributeValue::number(floor_divide(ms, kMsPerSecond));
    case ValueType::epoch_ms:
      return dynamo::AttributeValue::number(ms);
    case ValueType::date:
      return dynamo::AttributeValue::string(format_date(ms));
    default:
      return dynamo::AttributeValue::string(format_timestamp(ms));
  }
}

dynamo::AttributeValue time_value_like(const dynamo::AttributeValue& like, std::int64_t ms) {
  if (const dynamo::Decimal* number = like.as_number()) {
    const bool is_seconds = *number <= dynamo::Decimal::from_int(kEpochSecondsMax);
    return time_value(is_seconds ? ValueType::epoch_s : ValueType::epoch_ms, ms);
  }
  const std::string* text = like.as_string();
  const std::string whole = format_timestamp(ms);
  // A date or the name of another bucket (see bucket_text) is a beginning of the whole.
  constexpr std::size_t kNamed = 19;
  const bool is_cut = text != nullptr && text->size() >= 4 && text->size() <= kNamed;
  return dynamo::AttributeValue::string(is_cut ? whole.substr(0, text->size()) : whole);
}

std::optional<std::int64_t> instant_of(const dynamo::AttributeValue& value) {
  if (const std::string* text = value.as_string()) return parse_timestamp(*text);
  const dynamo::Decimal* number = value.as_number();
  const std::optional<std::int64_t> whole = number == nullptr ? std::nullopt : number->to_int64();
  if (!whole) return std::nullopt;
  return *whole <= kEpochSecondsMax ? *whole * kMsPerSecond : *whole;
}

std::int64_t truncate_instant(std::int64_t ms, TimeUnit unit) {
  const std::int64_t days = floor_divide(ms, kMsPerDay);
  switch (unit) {
    case TimeUnit::second:
      return floor_divide(ms, kMsPerSecond) * kMsPerSecond;
    case TimeUnit::minute:
      return floor_divide(ms, kMsPerMinute) * kMsPerMinute;
    case TimeUnit::hour:
      return floor_divide(ms, kMsPerHour) * kMsPerHour;
    case TimeUnit::day:
      return days * kMsPerDay;
    case TimeUnit::week:
      // Day 0, 1970-01-01, was a Thursday.
      return (floor_divide(days + 3, 7) * 7 - 3) * kMsPerDay;
    case TimeUnit::month: {
      const CivilDate date = civil_from_days(days);
      return days_from_civil({date.year, date.month, 1}) * kMsPerDay;
    }
    case TimeUnit::year:
      return days_from_civil({civil_from_days(days).year, 1, 1}) * kMsPerDay;
  }
  return ms;
}

std::string bucket_text(std::int64_t ms, TimeUnit unit) {
  std::string text = format_timestamp(truncate_instant(ms, unit));
  switch (unit) {
    case TimeUnit::second:
      return text.substr(0, 19);
    case TimeUnit::minute:
      return text.substr(0, 16);
    case TimeUnit::hour:
      return text.substr(0, 13);
    case TimeUnit::day:
    case TimeUnit::week:
      return text.substr(0, 10);
    case TimeUnit::month:
      return text.substr(0, 7);
    case TimeUnit::year:
      return text.substr(0, 4);
  }
  return text;
}

}  // namespace ddbplan::model
