// The physical half of assembly: tables, item layouts, slots and projections.
#pragma once

#include "plan/assemble.h"

namespace ddbplan::plan {

/// Fills design.tables, design.items and the placement. Returns why the State cannot be, or "".
/// REQUIRES: assembly.together is filled.
std::string lay_out(const Problem& problem, const State& state, const ShardPlan& shards,
                    const Scope& scope, Assembly& assembly);

/// The literal before the sort key of an entity's rows, where an earlier design has one; else null.
const std::string* held_literal(const Problem& problem, model::EntityId entity);

/// The attributes of `entity` that an index must carry so that `need` is served by it as `option` says.
/// nullopt: all of them.
std::optional<std::vector<std::string>> needed_in_index(const Problem& problem, const State& state,
                                                        const Need& need, const Option& option);

}  // namespace ddbplan::plan
