// A row that is several items, one in each shard, because one item cannot take what is written to it: every request adds
// to the item of a shard that it picks. Counts and sums of the row are the sum of the items', the least and the greatest
// value are the least and the greatest of theirs; all else is the same in all of them (Developer Guide, "Using write
// sharding to distribute workloads evenly").
#pragma once

#include "dynamo/value.h"
#include "model/workload.h"

namespace ddbplan::design {

/// `row` becomes what it is together with another item of it. Keys stay those of `row`.
void add_part(const model::Entity& entity, const dynamo::Item& part, dynamo::Item& row);

/// The row's item of one of `shards` shards, as if its requests had been spread over them evenly.
dynamo::Item part_of(const model::Entity& entity, const dynamo::Item& row, int shard, int shards);

}  // namespace ddbplan::design
