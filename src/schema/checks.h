// Checks of single values (DDB02x), and the consistency of values with each other (DDB03x).
#pragma once

#include <string_view>

#include "schema/context.h"

namespace ddbplan::schema {

struct Bounds {
  double low = 0;
  double high = 0;
  std::string_view noun;  ///< what the number counts: "rows", "calls per second"
  /// Above a hard limit a value is out of range; where only reason sets the limit it is absurd.
  Code above = Code::out_of_range;
};

/// The largest numbers that are not taken for a slip.
inline constexpr double kRowsMax = 1e15;
inline constexpr double kRateMax = 1e9;
inline constexpr double kItemBytes = 400.0 * 1024;

inline constexpr Bounds kRowsBounds{0, kRowsMax, "rows", Code::absurd};
inline constexpr Bounds kRateBounds{0, kRateMax, "calls per second", Code::absurd};
inline constexpr Bounds kAttributeBounds{0, kItemBytes, "bytes of one attribute", Code::absurd};

/// Reports a value out of range at the scalar; true when it is fine.
bool check_between(Context& context, const Node& scalar, double value, const Bounds& bounds);
/// Both ends, and mean <= maximum.
bool check_spread(Context& context, const Node& scalar, const GivenSpread& spread,
                  const Bounds& bounds);

/// Given counts, rates, retentions and stocks that contradict each other: warnings.
void check_consistency(Context& context);
/// That a `get` finds at most one row, that writes name their rows: errors.
void check_patterns(Context& context);

}  // namespace ddbplan::schema
