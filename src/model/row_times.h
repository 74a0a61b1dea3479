// When the times of an entity's rows lie, and how many of them a comparison with `now` keeps: law 9 of
// capacity/traffic.h, which the seed draws by and the estimates reckon with.
#pragma once

#include <optional>

#include "model/entity.h"
#include "model/expression.h"

namespace ddbplan::model {

/// Bounds of a time, in seconds after now; a missing one is open.
struct TimeBounds {
  std::optional<double> low;
  std::optional<double> high;
};

/// The time over which an entity's rows were created, up to now: the retention, else a year.
support::Duration age_span(const Entity& entity);

/// The attribute is when a row expires, or what an expiry is made of by `until`: it lies after now in live rows.
bool is_expiry_time(const Entity& entity, const Attribute& attribute);

/// Some rows may have a time later than now.
bool may_lie_ahead(const Entity& entity, const Attribute& attribute);

/// Share of the rows that have the attribute whose time lies between the bounds.
double time_share(const Entity& entity, const Attribute& attribute, const TimeBounds& bounds);

/// 0 for `now`, -86,400 for `now - 24 hours`; nullopt: something else.
std::optional<double> seconds_after_now(const Operand& operand);

/// A comparison of a time with `now`, give or take a duration.
struct TimeComparison {
  AttributeRef attribute;
  TimeBounds bounds;
};
std::optional<TimeComparison> time_comparison(const Expression& expression);
/// Of a range that a call ends on one side the other side: `between now and :until` is after now.
std::optional<TimeComparison> known_side(const Expression& expression);

/// Of both comparisons of one attribute.
TimeBounds tighter(const TimeBounds& a, const TimeBounds& b);

}  // namespace ddbplan::model
