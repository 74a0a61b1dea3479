// The items that stand beside a row: its facet, which holds a part of it, and its read copies, which hold all of it
// again. Their partition keys are the row's behind a literal, so that whoever knows the row's key, an entry of an
// index too, knows theirs, and no collection of rows has them in between.
#pragma once

#include <cstddef>

#include "plan/assemble.h"

namespace ddbplan::plan {

/// REQUIRES: the entity has a facet, and the row's partition key is made.
design::ItemLayout facet_layout(const design::ItemLayout& row, const model::Entity& entity);

/// `number`: from 1.
design::ItemLayout read_copy_layout(const design::ItemLayout& row, int number);

/// The read of facets after the step that finds their rows: beside a row that is got by its key, by the key of each
/// row that was found otherwise (`one`: at most one).
design::Step facet_step(const design::AccessPlan& plan, std::size_t rows,
                        const design::Table& table, std::size_t facet, bool one);

/// Lets a get by the row's key ask any of the row and its copies.
void ask_any_copy(const Assembly& assembly, model::EntityId entity, design::Step& get);

/// An attribute of the items that a step found, as a key.
design::KeyExpr key_from_step(const dynamo::KeyAttribute& key, std::size_t from);

}  // namespace ddbplan::plan
