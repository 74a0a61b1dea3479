#include "schema/checks.h"

#include <cmath>

#include <fmt/format.h>

#include "support/units.h"

namespace ddbplan::schema {
namespace {

/// 400000 as "400,000", 0.5 as "0.5".
std::string grouped(double value) {
  const bool is_whole = value == std::floor(value) && std::abs(value) < 1e18;
  return is_whole ? support::format_grouped(static_cast<std::int64_t>(value))
                  : support::format_number(value);
}

}  // namespace

bool check_between(Context& context, const Node& scalar, double value, const Bounds& bounds) {
  if (value >= bounds.low && value <= bounds.high) return true;
  if (value < 0 && bounds.low >= 0) {
    context.report(Code::out_of_range, scalar.span, fmt::format("`{}` is negative", scalar.text),
                   fmt::format("The least is {}.", grouped(bounds.low)));
    return false;
  }
  const bool low = value < bounds.low;
  context.report(
      low ? Code::out_of_range : bounds.above, scalar.span,
      fmt::format("`{}` is too {}: the {} is {} ({})", scalar.text, low ? "small" : "large",
                  low ? "least" : "most", grouped(low ? bounds.low : bounds.high), bounds.noun));
  return false;
}

bool check_spread(Context& context, const Node& scalar, const GivenSpread& spread,
                  const Bounds& bounds) {
  if (spread.mean && !check_between(context, scalar, *spread.mean, bounds)) return false;
  if (spread.max && !check_between(context, scalar, *spread.max, bounds)) return false;
  if (!spread.mean || !spread.max || *spread.mean <= *spread.max) return true;
  context.report(Code::out_of_range, scalar.span,
                 fmt::format("in `{}` the mean is above the maximum", scalar.text),
                 "Write `mean .. maximum`.");
  return false;
}

}  // namespace ddbplan::schema
