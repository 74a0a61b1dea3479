#include "engine/expiry.h"

#include <cmath>

namespace ddbplan::engine {
namespace {

constexpr std::int64_t kYearSeconds = 365LL * 24 * 60 * 60;
constexpr std::int64_t kYearsMax = 5;
/// Beyond every date that could be meant, and exact as a double.
constexpr double kSecondsMax = 1e15;

}  // namespace

std::optional<std::int64_t> Expiry::time_of(const ItemRef& item) const {
  if (item == nullptr) return std::nullopt;
  const auto* found = item->item.find(attribute_);
  if (found == item->item.end()) return std::nullopt;
  const dynamo::Decimal* number = found->second.as_number();
  if (number == nullptr) return std::nullopt;
  const double seconds = std::floor(number->to_double());
  if (seconds < 0 || seconds > kSecondsMax) return std::nullopt;
  return static_cast<std::int64_t>(seconds);
}

void Expiry::change(const Position& position, const ItemRef& before, const ItemRef& after) {
  const std::optional<std::int64_t> old_time = time_of(before);
  const std::optional<std::int64_t> new_time = time_of(after);
  if (old_time == new_time) return;
  if (old_time) order_.erase({*old_time, position});
  if (new_time) order_.insert({*new_time, position});
}

std::vector<Position> Expiry::expired(std::int64_t now_seconds, std::size_t count_max) const {
  std::vector<Position> places;
  auto at = order_.lower_bound({now_seconds - kYearsMax * kYearSeconds, {}});
  for (; at != order_.end() && at->first <= now_seconds && places.size() < count_max; ++at) {
    places.push_back(at->second);
  }
  return places;
}

}  // namespace ddbplan::engine
