#include "dynamo/decimal.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <utility>
#include <vector>

#include "support/check.h"

namespace ddbplan::dynamo {
namespace {

constexpr std::size_t kDigitsMax = 38;
constexpr int kExponentMax = 125;
constexpr int kExponentMin = -130;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Beyond this every exponent is out of range alike, also after the digits have shifted it.
constexpr std::int64_t kExponentClamp = 1'000'000'000;

/// The number after 'e'; nullopt when it is none.
std::optional<std::int64_t> parse_exponent(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) value = std::min(value * 10 + (c - '0'), kExponentClamp);
  return negative ? -value : value;
}

/// The mantissa's digits without its point, and how many of them stand before it.
struct Mantissa {
  std::string digits;
  std::size_t before_point = 0;
};

std::optional<Mantissa> parse_mantissa(std::string_view text) {
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  Mantissa mantissa{std::string(whole) + std::string(fraction), whole.size()};
  if (mantissa.digits.empty()) return std::nullopt;
  if (!std::all_of(mantissa.digits.begin(), mantissa.digits.end(), is_digit)) return std::nullopt;
  return mantissa;
}

/// Digits in a window of powers of ten: places[i] counts 10^(low + i). Wide enough for any sum.
struct Places {
  int low = 0;
  std::vector<int> digits;
};

}  // namespace

std::string_view decimal_error_message(DecimalError error) {
  switch (error) {
    case DecimalError::not_a_number:
      return "The parameter cannot be converted to a numeric value";
    case DecimalError::too_many_digits:
      return "Attempting to store more than 38 significant digits in a Number";
    case DecimalError::overflow:
      return "Number overflow. Attempting to store a number with magnitude larger than supported "
             "range";
    case DecimalError::underflow:
      return "Number underflow. Attempting to store a number with magnitude smaller than supported "
             "range";
  }
  return "";
}

support::Result<Decimal, DecimalError> Decimal::normalised(bool negative, std::int64_t exponent,
                                                           std::string digits) {
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return Decimal();
  exponent -= static_cast<std::int64_t>(first);
  digits.erase(0, first);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (exponent > kExponentMax) return DecimalError::overflow;
  if (exponent < kExponentMin) return DecimalError::underflow;
  if (digits.size() > kDigitsMax) return DecimalError::too_many_digits;
  Decimal result;
  result.negative_ = negative;
  result.exponent_ = static_cast<int>(exponent);
  result.digits_ = std::move(digits);
  return result;
}

Decimal Decimal::from_int(std::int64_t value) {
  const std::string text = std::to_string(value);
  support::Result<Decimal, DecimalError> parsed = parse(text);
  return *std::move(parsed);
}

support::Result<Decimal, DecimalError> Decimal::parse(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const std::size_t e = text.find_first_of("eE");
  const std::optional<Mantissa> mantissa = parse_mantissa(text.substr(0, e));
  if (!mantissa) return DecimalError::not_a_number;
  std::int64_t exponent = static_cast<std::int64_t>(mantissa->before_point) - 1;
  if (e != std::string_view::npos) {
    const std::optional<std::int64_t> given = parse_exponent(text.substr(e + 1));
    if (!given) return DecimalError::not_a_number;
    exponent += *given;
  }
  return normalised(negative, exponent, mantissa->digits);
}

std::string Decimal::to_string() const {
  if (is_zero()) return "0";
  std::string text = negative_ ? "-" : "";
  const int count = static_cast<int>(digits_.size());
  if (exponent_ < 0) {
    text += "0.";
    text.append(static_cast<std::size_t>(-exponent_ - 1), '0');
    return text + digits_;
  }
  const int whole = exponent_ + 1;
  if (count <= whole) {
    text += digits_;
    return text.append(static_cast<std::size_t>(whole - count), '0');
  }
  text.append(digits_, 0, static_cast<std::size_t>(whole));
  text += '.';
  return text.append(digits_, static_cast<std::size_t>(whole));
}

std::optional<std::int64_t> Decimal::to_int64() const {
  if (is_zero()) return 0;
  const bool has_fraction = static_cast<int>(digits_.size()) > exponent_ + 1;
  constexpr int kPlacesMax = std::numeric_limits<std::int64_t>::digits10;
  if (has_fraction || exponent_ > kPlacesMax) return std::nullopt;
  // At most 19 digits, which 64 bits without a sign hold.
  std::uint64_t magnitude = 0;
  std::from_chars(digits_.data(), digits_.data() + digits_.size(), magnitude);
  for (int place = static_cast<int>(digits_.size()); place <= exponent_; ++place) magnitude *= 10;
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (magnitude > kMost + (negative_ ? 1 : 0)) return std::nullopt;
  return static_cast<std::int64_t>(negative_ ? 0 - magnitude : magnitude);
}

double Decimal::to_double() const {
  if (is_zero()) return 0;
  const std::string text = (negative_ ? "-" : "") + digits_ + "e" +
                           std::to_string(exponent_ + 1 - static_cast<int>(digits_.size()));
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

int Decimal::stored_bytes() const {
  if (is_zero()) return 1;
  const int count = static_cast<int>(digits_.size());
  // With an even exponent the first digit has a pair to itself, so an even count needs one more.
  const bool misaligned = exponent_ % 2 == 0 && count % 2 == 0;
  return 1 + (count + 1) / 2 + (misaligned ? 1 : 0) + (negative_ ? 1 : 0);
}

Decimal Decimal::negated() const {
  Decimal result = *this;
  if (!is_zero()) result.negative_ = !negative_;
  return result;
}

std::strong_ordering Decimal::compare_magnitude(const Decimal& other) const {
  if (is_zero() || other.is_zero()) return !is_zero() <=> !other.is_zero();
  if (exponent_ != other.exponent_) return exponent_ <=> other.exponent_;
  return digits_.compare(other.digits_) <=> 0;
}

std::strong_ordering Decimal::operator<=>(const Decimal& other) const {
  if (negative_ != other.negative_) {
    return negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return negative_ ? other.compare_magnitude(*this) : compare_magnitude(other);
}

support::Result<Decimal, DecimalError> Decimal::add(const Decimal& a, const Decimal& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  // The larger magnitude decides the sign, so that no column ends below zero.
  const bool a_is_larger = a.compare_magnitude(b) != std::strong_ordering::less;
  const Decimal& large = a_is_larger ? a : b;
  const Decimal& small = a_is_larger ? b : a;
  const int sign = large.negative_ == small.negative_ ? 1 : -1;

  const auto lowest = [](const Decimal& d) {
    return d.exponent_ + 1 - static_cast<int>(d.digits_.size());
  };
  Places sum;
  sum.low = std::min(lowest(large), lowest(small));
  // One place above the larger number, for the carry.
  sum.digits.assign(static_cast<std::size_t>(large.exponent_ + 2 - sum.low), 0);
  const auto add_digits = [&sum](const Decimal& d, int factor) {
    for (std::size_t i = 0; i < d.digits_.size(); ++i) {
      const int place = d.exponent_ - static_cast<int>(i) - sum.low;
      sum.digits[static_cast<std::size_t>(place)] += factor * (d.digits_[i] - '0');
    }
  };
  add_digits(large, 1);
  add_digits(small, sign);
  int carry = 0;
  for (int& digit : sum.digits) {
    digit += carry;
    carry = digit < 0 ? -1 : digit / 10;
    digit -= carry * 10;
  }
  DDBPLAN_CHECK(carry == 0);

  std::string digits;
  digits.reserve(sum.digits.size());
  for (auto digit = sum.digits.rbegin(); digit != sum.digits.rend(); ++digit) {
    digits += static_cast<char>('0' + *digit);
  }
  return normalised(large.negative_, large.exponent_ + 1, std::move(digits));
}

support::Result<Decimal, DecimalError> Decimal::subtract(const Decimal& a, const Decimal& b) {
  return add(a, b.negated());
}

}  // namespace ddbplan::dynamo
