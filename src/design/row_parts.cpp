#include "design/row_parts.h"

#include <algorithm>
#include <cmath>

#include "design/layout.h"
#include "model/evaluate.h"

namespace ddbplan::design {

namespace {

using dynamo::AttributeValue;
using dynamo::Decimal;
using dynamo::Item;

enum class Together { same, sum, least, greatest };

Together together(const model::Entity& entity, const std::string& name,
                  const AttributeValue& value) {
  const model::Attribute* attribute = entity.find(name);
  if (attribute == nullptr || entity.is_identity(name)) return Together::same;
  if (entity.retention && entity.retention->attribute == name) return Together::same;
  if (!entity.rollup) return value.as_number() == nullptr ? Together::same : Together::sum;
  const auto& keep = entity.rollup->keep;
  const auto kept =
      std::find_if(keep.begin(), keep.end(), [&](const auto& one) { return one.name == name; });
  if (kept == keep.end()) return Together::same;
  if (kept->function == "min") return Together::least;
  if (kept->function == "max") return Together::greatest;
  return Together::sum;
}

/// What each of so many items has of a number, all but one of them.
Decimal share_of(const Decimal& number, int shards) {
  constexpr double kWholeNumbersMost = 9e15;  // beyond, a double has no room for each of them
  const double share = std::trunc(number.to_double() / shards);
  if (std::abs(share) > kWholeNumbersMost) return Decimal();
  return *AttributeValue::number(static_cast<std::int64_t>(share)).as_number();
}

}  // namespace

void add_part(const model::Entity& entity, const Item& part, Item& row) {
  for (const auto& [name, value] : part) {
    if (entity.find(name) == nullptr) continue;
    const auto [held, is_first] = row.try_emplace(name, value);
    if (is_first) continue;
    const Together how = together(entity, name, value);
    if (how == Together::same) continue;
    if (how == Together::sum) {
      const Decimal* left = held->second.as_number();
      const Decimal* right = value.as_number();
      if (left == nullptr || right == nullptr) continue;
      if (const auto sum = Decimal::add(*left, *right)) held->second = AttributeValue::number(*sum);
      continue;
    }
    const auto order = model::compare_in_order(entity.find(name), &value, &held->second);
    if (how == Together::least ? order < 0 : order > 0) held->second = value;
  }
}

Item part_of(const model::Entity& entity, const Item& row, int shard, int shards) {
  Item part = row;
  part.insert_or_assign(kRequestShard, AttributeValue::number(std::int64_t{shard}));
  if (shards < 2) return part;
  for (auto& [name, value] : part) {
    const Decimal* whole = value.as_number();
    if (whole == nullptr || together(entity, name, value) != Together::sum) continue;
    const Decimal share = share_of(*whole, shards);
    if (shard > 0) {
      value = AttributeValue::number(share);
      continue;
    }
    Decimal rest = *whole;
    for (int other = 1; other < shards; ++other) {
      if (const auto less = Decimal::subtract(rest, share)) rest = *less;
    }
    value = AttributeValue::number(rest);
  }
  return part;
}

}  // namespace ddbplan::design
