// What could be: base keys and index entries for every entity, and for every Need the ways to serve it.
// Candidates are single decisions; which of them become part of the Design is the search's business.
#pragma once

#include <string>
#include <vector>

#include "plan/key_spec.h"
#include "plan/table_plan.h"

namespace ddbplan::plan {

/// A base key that was considered and cannot be, with the reason: kept for `why`.
struct Rejected {
  KeySpec key;
  std::string reason;
};

struct EntityCandidates {
  std::vector<KeySpec> bases;  ///< at least one
  std::vector<KeySpec> entries;
  std::vector<Rejected> rejected;
  /// Why a base key made by hand cannot be; `bases` is empty then.
  std::string refused;
};

/// One way to serve a Need.
struct Option {
  enum class Kind { base, entry, guard, scan } kind = Kind::base;
  /// entry: position in EntityCandidates::entries; guard: position in Entity::unique.
  std::size_t candidate = 0;
  /// entry: the index holds keys (and what filters read); the rows are fetched from the table.
  bool fetch = false;
  bool operator==(const Option&) const = default;
};

struct Candidates {
  std::vector<EntityCandidates> entities;    ///< in the Workload's order
  std::vector<std::vector<Option>> options;  ///< by Need
};

/// A partition key value that may grow beyond this is bucketed by time or sharded: a partition holds about
/// 10 GB (Developer Guide, "Partitions and data distribution"), and DynamoDB splits no collection with a
/// monotonic sort key for load, so no plan relies on a split.
inline constexpr double kCollectionBytesPlanned = 10.0 * 1024 * 1024 * 1024;

/// The ways to serve a Need, by the keys of its entity.
std::vector<Option> options_of(const model::Workload& workload, const Need& need,
                               const EntityCandidates& keys);

Candidates generate(const model::Workload& workload, const std::vector<Need>& needs,
                    const TablePlan& tables);

}  // namespace ddbplan::plan
