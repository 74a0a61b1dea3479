// Which parents a child has: as many children per parent as declared, by the declared law, and a
// parent's identity in every child.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/workload.h"
#include "seed/columns.h"

namespace ddbplan::seed {

/// The rows made so far, by entity.
using RowSets = std::vector<std::vector<dynamo::Item>>;

/// Children with nothing but their parents' identities: `rows` of them or a few more or less, as
/// the counts of the first relation add up. Rows whose identity would be taken are left out.
std::vector<dynamo::Item> children_rows(const model::Workload& workload, model::EntityId child,
                                        std::size_t rows, const RowSets& made);

/// A new child's parents: each relation's drawn from the rows, those that must agree agreeing.
/// `wanted` fixes attributes beforehand.
void choose_parents(const model::Workload& workload, model::EntityId child, const RowSets& rows,
                    support::Prng& prng, dynamo::Item& row);

/// Whether parents bring all of these attributes but the tenant, and any at all: nothing else tells rows apart by them.
bool are_brought_by_parents(const model::Entity& entity, const std::vector<std::string>& names);

}  // namespace ddbplan::seed
