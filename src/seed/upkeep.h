// Attributes and rows that other rows determine: counters, sums, newest values, copies, rollups.
// What they are, said once for the seed and for the oracle's writes; how a design keeps them is the
// recipe's business.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/workload.h"

namespace ddbplan::seed {

using RowSets = std::vector<std::vector<dynamo::Item>>;

/// Fills in every attribute with upkeep, from the rows as they are.
void keep_all(const model::Workload& workload, std::int64_t now_ms, RowSets& rows);
/// What a row that has no child yet says for an attribute that is the newest one's time, and that each row has: the time
/// of the row itself, or else now. nullopt: the attribute is something else.
std::optional<dynamo::AttributeValue> newest_without_children(const model::Entity& owner,
                                                              const model::Attribute& attribute,
                                                              const dynamo::Item& row,
                                                              std::int64_t now_ms);

/// The rows of a rollup over the rows that it sums up.
std::vector<dynamo::Item> rollup_rows(const model::Workload& workload, model::EntityId rollup,
                                      const RowSets& rows);

/// The value that the kept attribute of one row must have; nullopt: none (the newest of no rows).
std::optional<dynamo::AttributeValue> kept_value(const model::Workload& workload,
                                                 model::EntityId owner,
                                                 const model::Attribute& attribute,
                                                 const dynamo::Item& row, const RowSets& rows);

}  // namespace ddbplan::seed
