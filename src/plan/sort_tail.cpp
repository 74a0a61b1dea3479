#include "plan/sort_tail.h"

#include <algorithm>
#include <optional>

#include "plan/key_spec.h"

namespace ddbplan::plan {

namespace {

/// placed_at -> order_id where order_id is declared `ulid of placed_at`; such an id is known to every
/// writer and breaks ties, so nothing needs to follow it.
std::vector<std::string> with_proxies(const model::Entity& entity,
                                      const std::vector<std::string>& attributes) {
  std::vector<std::string> out;
  for (const std::string& name : attributes) {
    if (&name != &attributes.back()) {
      // No two rows have the same id: what follows it in a key would order nothing.
      out.push_back(name);
      continue;
    }
    const auto proxy = std::find_if(entity.id.begin(), entity.id.end(), [&](const std::string& id) {
      return id != name && sorts_as(entity, id, name);
    });
    out.push_back(proxy == entity.id.end() ? name : *proxy);
  }
  return out;
}

/// Of an order in both directions, what has to stand in the key in descending order: what goes another way than the
/// first, or else what goes as the first does. nullopt: neither can.
std::optional<std::vector<std::string>> inverted_for(const model::Entity& entity,
                                                     const std::vector<model::OrderBy>& order,
                                                     const std::vector<std::string>& names) {
  for (const bool like_the_first : {false, true}) {
    std::vector<std::string> inverted;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if ((order[i].direction == order.front().direction) == like_the_first)
        inverted.push_back(names[i]);
    }
    if (inverted.size() == order.size()) break;  // one direction, and nothing was to be inverted
    const bool is_possible =
        std::all_of(inverted.begin(), inverted.end(),
                    [&](const std::string& name) { return can_be_inverted(entity, name); });
    if (is_possible) return inverted;
  }
  return std::nullopt;
}

}  // namespace

std::vector<SortTail> sort_tails(const model::Entity& entity, const Need& need) {
  std::vector<SortTail> out;
  const auto offer = [&](SortTail tail) {
    if (std::find(out.begin(), out.end(), tail) == out.end()) out.push_back(std::move(tail));
  };
  std::vector<model::OrderBy> order;
  std::vector<std::string> names;
  for (const model::OrderBy& by : need.order) {
    if (need.find_equality(by.attribute.name) != nullptr) continue;
    order.push_back(by);
    names.push_back(by.attribute.name);
  }
  if (!order.empty()) {
    for (const std::vector<std::string>& tail : {with_proxies(entity, names), names}) {
      if (auto inverted = inverted_for(entity, order, tail)) offer({tail, *std::move(inverted)});
      offer({tail, {}});
    }
  }
  // What no key can hold in order is put in order by the client, of the rows that the equalities leave.
  const bool is_keyable = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    const KeyUse use = key_use(entity, name);
    if (wants_rows_without(entity, need, name)) return false;
    return use == KeyUse::anywhere || (use == KeyUse::alone && names.size() == 1);
  });
  // Likewise what changes: each change would move the row to another place in the index, two writes instead of one.
  if (need.range) names.push_back(need.range->attribute);
  const bool is_changed = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return !is_immutable(entity, name);
  });
  if (!is_keyable || is_changed) offer({});
  if (need.range && (order.empty() || names.front() != need.range->attribute)) {
    offer({with_proxies(entity, {need.range->attribute}), {}});
    offer({{need.range->attribute}, {}});
  }
  if (out.empty()) out.emplace_back();
  return out;
}

}  // namespace ddbplan::plan
