#include "plan/sparse_entries.h"

#include <algorithm>

namespace ddbplan::plan {

namespace {

/// `key` for the rows of `other` too; nullopt: they differ in another attribute, or it has them.
std::optional<KeySpec> with_values_of(const KeySpec& key, const KeySpec& other) {
  if (other.fixed.size() != 1 || other.fixed.front().attribute != key.fixed.front().attribute)
    return std::nullopt;
  KeySpec out = key;
  std::vector<dynamo::AttributeValue>& values = out.fixed.front().values;
  for (const dynamo::AttributeValue& value : other.fixed.front().values) {
    if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(value);
  }
  if (values.size() == key.fixed.front().values.size()) return std::nullopt;
  return out;
}

/// Whether a list that `other` serves has its rows in `key` too, in its order.
bool serves_a_list_of(const model::Workload& workload, const std::vector<Need>& needs,
                      const KeySpec& key, const KeySpec& other) {
  return std::any_of(needs.begin(), needs.end(), [&](const Need& need) {
    if (!(need.entity == key.entity) || !match(workload, other, need)) return false;
    const std::optional<Match> found = match(workload, key, need);
    return found && !found->client_order;
  });
}

}  // namespace

void merge_sparse_entries(const model::Workload& workload, const std::vector<Need>& needs,
                          std::vector<KeySpec>& entries) {
  const std::vector<KeySpec> found = entries;
  for (const KeySpec& key : found) {
    if (key.fixed.size() != 1) continue;
    KeySpec all = key;
    for (const KeySpec& other : found) {
      const std::optional<KeySpec> both = with_values_of(key, other);
      if (!both || !serves_a_list_of(workload, needs, *both, other)) continue;
      if (const auto more = with_values_of(all, other)) all = *more;
      add_key(entries, *both);
    }
    add_key(entries, std::move(all));
  }
}

}  // namespace ddbplan::plan
