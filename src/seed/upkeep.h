// Attributes and rows that other rows determine: counters, sums, newest values, copies, rollups.
// What they are, said once for the seed and for the oracle's writes; how a design keeps them is the
// recipe's business.
#pragma once

#include <vector>

#include "model/workload.h"

namespace ddbplan::seed {

using RowSets = std::vector<std::vector<dynamo::Item>>;

/// Fills in every attribute with upkeep, from the rows as they are.
void keep_all(const model::Workload& workload, RowSets& rows);

/// The rows of a rollup over the rows that it sums up.
std::vector<dynamo::Item> rollup_rows(const model::Workload& workload, model::EntityId rollup,
                                      const RowSets& rows);

/// The value that the kept attribute of one row must have; nullopt: none (the newest of no rows).
std::optional<dynamo::AttributeValue> kept_value(const model::Workload& workload,
                                                 model::EntityId owner,
                                                 const model::Attribute& attribute,
                                                 const dynamo::Item& row, const RowSets& rows);

}  // namespace ddbplan::seed
