// A row and its children in one Query of an index: their entries share its partition key, and the children's stand right
// before the row's or right after it. Refuses local indexes, sharded keys, keys that are attributes as they are, and rows
// and children that the table itself may have so: to weigh both ways for each of them takes the search too long.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "plan/assemble.h"

namespace ddbplan::plan {

/// (entity, entry candidate)
using EntryName = std::pair<std::size_t, std::size_t>;

/// Whether a Need, of the children `child` or of their parent, is one side of such a Query by this option: an entry that
/// carries all that is asked for.
bool joins_in_index(const Problem& problem, std::size_t need, const Option& option,
                    std::size_t child);

/// A parent's entry and its children's that one Query would read, if they stand in the same index and nothing lies
/// between them there.
struct EntryPair {
  std::size_t child = 0;  ///< the children's Need
  EntryName parent_entry;
  EntryName child_entry;
  bool forward = true;
};
/// Those that the State asks for; of one parent's Need at most one.
std::vector<EntryPair> entries_together(const Problem& problem, const State& state,
                                        const ShardPlan& shards, const Scope& scope);

/// What leads the sort key of children that stand right before their parent ("#ORDER" < "CUSTOMER") or right after it.
std::string literal_beside(const model::Workload& workload, model::EntityId parent,
                           model::EntityId child, bool forward);

/// The pairs that indexes hold side by side.
class EntriesBeside {
 public:
  explicit EntriesBeside(const Problem& problem) : problem_(problem) {}
  /// Takes a pair in if an index of these entries can hold it so: one kind of children on each side of a row, and no
  /// other item between them.
  bool take(const EntryPair& pair, const std::vector<EntryName>& index);
  /// What leads the sort key of an entry.
  [[nodiscard]] std::string literal(model::EntityId entity, std::size_t candidate) const;

 private:
  const Problem& problem_;
  std::map<EntryName, EntryPair> taken_;  ///< by the children's entry
};

}  // namespace ddbplan::plan
