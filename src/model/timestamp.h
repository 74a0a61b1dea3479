// Instants and the four ways in which an attribute holds one: ISO text, a date, epoch seconds and
// epoch milliseconds. All UTC. An instant is a whole number of milliseconds since 1970.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/entity.h"

namespace ddbplan::model {

/// "2026-11-27T18:00:00.000Z": 24 bytes, so that text order is time order (years 0 to 9999).
std::string format_timestamp(std::int64_t ms);
/// "2026-11-27".
std::string format_date(std::int64_t ms);
/// A date, or a date and a time to the hour, minute, second or millisecond, with or without the Z.
std::optional<std::int64_t> parse_timestamp(std::string_view text);

/// The instant as an attribute of this type holds it, rounded down to what the type can say; types
/// that are not times take the ISO text.
dynamo::AttributeValue time_value(ValueType type, std::int64_t ms);
/// The instant in the representation that `like` has, so that the two compare as values.
dynamo::AttributeValue time_value_like(const dynamo::AttributeValue& like, std::int64_t ms);
/// The instant that a value means; numbers up to 1E11 (the year 5138) are taken as seconds, larger
/// ones as milliseconds, because a value does not carry its attribute's type.
std::optional<std::int64_t> instant_of(const dynamo::AttributeValue& value);

/// The start of the second, minute, hour, day, week (Monday), month or year.
std::int64_t truncate_instant(std::int64_t ms, TimeUnit unit);
/// A bucket's name, of fixed width per unit: 2026, 2026-11, 2026-11-27 (day and week),
/// 2026-11-27T18, ...
std::string bucket_text(std::int64_t ms, TimeUnit unit);

}  // namespace ddbplan::model
