// Shard counts from heat: the peak units of the hottest key of every base key and index entry, against the
// ceiling of one partition times settings.capacity_target.
#pragma once

#include "plan/assemble.h"

namespace ddbplan::plan {

/// Shards for an assembled Design (sharded or not); empty when no key is too hot. `physical` overrides win.
/// A single hot item (a row whose partition key is its own identity) is not sharded: lint reports it.
ShardPlan shards_for(const Problem& problem, const State& state, const Assembly& assembly,
                     const std::vector<design::HotKey>& hot_keys);
/// The same by heat alone: neither overrides nor what is held count.
ShardPlan shards_by_heat(const Problem& problem, const State& state, const Assembly& assembly,
                         const std::vector<design::HotKey>& hot_keys);

/// The text of a partition key without its shard, as HotKey::key says it.
std::string logical_text(const std::vector<design::KeyTemplate>& keys);

}  // namespace ddbplan::plan
