// Exact decimal numbers as DynamoDB keeps them: up to 38 significant digits, magnitudes from 1E-130
// to 9.99...E+125, both signs, and zero. (Developer Guide, "Supported data types: Number";
// "Constraints".)
//
// Values are normalised (no leading or trailing zeros in the digits), so equal numbers are equal
// bytes.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/result.h"

namespace ddbplan::dynamo {

/// Why a text is not a DynamoDB number; each maps to one of the service's messages.
enum class DecimalError { not_a_number, too_many_digits, overflow, underflow };

/// "Number overflow. Attempting to store a number with magnitude larger than supported range".
std::string_view decimal_error_message(DecimalError error);

class Decimal {
 public:
  Decimal() = default;  // zero
  static Decimal from_int(std::int64_t value);
  /// "12", "-0.5", "1e10". No surrounding blanks.
  static support::Result<Decimal, DecimalError> parse(std::string_view text);

  [[nodiscard]] bool is_zero() const { return digits_.empty(); }
  [[nodiscard]] bool is_negative() const { return negative_; }
  /// The decimal exponent of the first digit: 1 -> 0, 42 -> 1, 0.15 -> -1. 0 for zero.
  [[nodiscard]] int exponent() const { return exponent_; }
  /// Significant digits, '0' to '9', the first and the last not '0'; empty for zero.
  [[nodiscard]] const std::string& digits() const { return digits_; }
  /// Plain notation as the service answers it: no exponent, no trailing zeros ("0.001", "1200",
  /// "-7").
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::optional<std::int64_t> to_int64() const;
  [[nodiscard]] double to_double() const;

  /// Stored size by the base-100 pair rule: 1 + digit pairs aligned at the decimal point + 1 if
  /// negative; zero is 1. (Developer Guide, "DynamoDB item sizes" says approximately; measured
  /// values fit this rule.)
  [[nodiscard]] int stored_bytes() const;

  /// Results over 38 digits are an error in DynamoDB, not a rounding.
  static support::Result<Decimal, DecimalError> add(const Decimal& a, const Decimal& b);
  static support::Result<Decimal, DecimalError> subtract(const Decimal& a, const Decimal& b);
  [[nodiscard]] Decimal negated() const;

  bool operator==(const Decimal&) const = default;
  std::strong_ordering operator<=>(const Decimal& other) const;

 private:
  /// Trims zeros and checks the range. `digits` may start and end with zeros; `exponent` is that of
  /// the first of them.
  static support::Result<Decimal, DecimalError> normalised(bool negative, std::int64_t exponent,
                                                           std::string digits);
  [[nodiscard]] std::strong_ordering compare_magnitude(const Decimal& other) const;

  bool negative_ = false;
  int exponent_ = 0;
  std::string digits_;
};

}  // namespace ddbplan::dynamo
