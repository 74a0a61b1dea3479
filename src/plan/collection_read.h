// One Query for several kinds of item that share a partition key: `list: [Order, Ticket]` of a customer, or a row
// with all of its children. Never dearer than a Query for each kind (their pages are rounded once, not each by
// itself), so it is no decision of the search: what can be read so is.
#pragma once

#include <optional>
#include <vector>

#include "plan/assemble.h"

namespace ddbplan::plan {

/// The kinds that one Query may bring: the answers of a pattern over several entities, or a row and its
/// children. `need` is the first of them, which must be one of the pattern's answers.
struct CollectionRead {
  std::vector<std::size_t> needs;
};

/// The Needs that one Query might read together with `need`, by the pattern's form alone, `need` first; fewer
/// than two when there are none. A parent with one kind of children is another matter (see read_together).
std::vector<std::size_t> collection_group(const Problem& problem, std::size_t need);

/// nullopt when they have to be read one by one: a limit, a filter, shards, different partition keys, or another
/// kind of item between them in the order of the sort key.
std::optional<CollectionRead> collection_read(const Problem& problem, const State& state,
                                              const Assembly& assembly, std::size_t need);

/// A filter for one Query over the kinds of these Needs; those without an expiry of their own pass it. Null: none of them
/// expires.
model::ExpressionPtr nothing_expired(const Problem& problem, const std::vector<std::size_t>& needs);

design::Step collection_step(const Problem& problem, const Assembly& assembly,
                             const CollectionRead& read);

}  // namespace ddbplan::plan
