#include "plan/apart_keys.h"

#include <algorithm>

#include "dynamo/limits.h"

namespace ddbplan::plan {

namespace {

using model::EntityId;

/// A call may be of several units, and several patterns may be of one key.
constexpr double kShareOfCeiling = 0.25;

/// The entity's rows may stand in the partition of the owner's identity.
bool may_be_in(const model::Workload& workload, EntityId entity, EntityId owner) {
  if (entity == owner) return true;
  const auto& relations = workload.entity(entity).relations;
  return std::any_of(relations.begin(), relations.end(), [&](const model::Relation& relation) {
    return relation.parents.size() == 1 && relation.parents.front() == owner;
  });
}

/// The share of an entity's calls that is about the owner with most of its rows.
double busiest_share(const model::Workload& workload, EntityId entity, EntityId owner) {
  double share = 1 / std::max(model::rows_after(workload, owner, 0), 1.0);
  for (const model::Relation& relation : workload.entity(entity).relations) {
    if (relation.parents.size() != 1 || !(relation.parents.front() == owner)) continue;
    if (relation.children.mean > 0) share *= relation.children.max / relation.children.mean;
    // The law's first value has no more than this of the calls.
    if (relation.zipf) return 1;
    for (const auto& [name, named] : relation.named_shares) share = std::max(share, named);
  }
  return std::min(share, 1.0);
}

/// Calls a second that one owner's partition may get at the peak.
double calls_of_busiest(const model::Workload& workload, const model::Pattern& pattern,
                        EntityId entity, EntityId owner) {
  const model::Load& load = pattern.load;
  double calls = load.hottest ? load.hottest->per_second
                              : load.peak.per_second * busiest_share(workload, entity, owner);
  for (const auto& [name, rate] : load.hottest_named) calls = std::max(calls, rate.per_second);
  return calls;
}

bool may_heat(const model::Workload& workload, const model::Pattern& pattern, EntityId entity,
              EntityId owner) {
  const double calls = calls_of_busiest(workload, pattern, entity, owner);
  const std::vector<const model::Write*> writes = writes_of(pattern);
  const bool is_written = std::any_of(writes.begin(), writes.end(), [&](const auto* write) {
    const auto& of = write->entities;
    return std::find(of.begin(), of.end(), entity) != of.end();
  });
  if (is_written) return calls >= kShareOfCeiling * dynamo::limits::kPartitionWriteUnitsPerSecond;
  const std::vector<const model::Read*> reads = reads_of(pattern);
  const bool is_read = std::any_of(reads.begin(), reads.end(), [&](const auto* read) {
    return std::find(read->entities.begin(), read->entities.end(), entity) != read->entities.end();
  });
  return is_read && calls >= kShareOfCeiling * dynamo::limits::kPartitionReadUnitsPerSecond;
}

/// Some kind of row beside the entity's own would heat what they share.
bool is_heated_by_others(const model::Workload& workload, const TablePlan& tables, EntityId entity,
                         EntityId owner) {
  for (std::size_t e = 0; e < workload.entities.size(); ++e) {
    const EntityId other{e};
    if (other == entity || !tables.share(entity, other) || !may_be_in(workload, other, owner))
      continue;
    const bool is_hot = std::any_of(
        workload.patterns.begin(), workload.patterns.end(),
        [&](const model::Pattern& pattern) { return may_heat(workload, pattern, other, owner); });
    if (is_hot) return true;
  }
  return false;
}

}  // namespace

void add_keys_apart(const model::Workload& workload, const TablePlan& tables,
                    std::vector<KeySpec>& bases) {
  const std::vector<KeySpec> shared = bases;
  for (const KeySpec& key : shared) {
    if (key.is_hand_made() || key.natural_partition) continue;
    const auto owner = partition_owner(workload, key);
    if (!owner || *owner == key.entity) continue;
    if (!is_heated_by_others(workload, tables, key.entity, *owner)) continue;
    KeySpec apart = key;
    apart.is_apart = true;
    add_key(bases, std::move(apart));
  }
}

}  // namespace ddbplan::plan
