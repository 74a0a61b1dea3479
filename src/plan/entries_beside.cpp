#include "plan/entries_beside.h"

#include <algorithm>

#include "design/encoding.h"

namespace ddbplan::plan {

bool joins_in_index(const Problem& problem, std::size_t need, const Option& option,
                    std::size_t child) {
  if (option.kind != Option::Kind::entry || option.fetch || !can_join(problem, child)) return false;
  const KeySpec& spec = problem.entry(problem.needs[need].entity, option.candidate);
  const bool is_made = !spec.local && !spec.natural_partition && !spec.natural_sort &&
                       !sorts_by_number(problem.workload, spec);
  if (!is_made || table_may_have_both(problem, child)) return false;
  if (need == child) return is_kind_beside(problem, spec, child);
  const auto owner = partition_owner(problem.workload, spec);
  const bool is_sparse = !spec.required.empty() || !spec.lacking.empty();
  return !is_sparse && spec.sort_literal.empty() && owner && *owner == problem.needs[need].entity &&
         parent_joins(problem, spec, child);
}

std::string literal_beside(const model::Workload& workload, model::EntityId parent,
                           model::EntityId child, bool forward) {
  const std::string above = forward ? literal_of(workload.entity(parent).name) : std::string();
  return above + "#" + literal_of(workload.entity(child).name);
}

std::vector<EntryPair> entries_together(const Problem& problem, const State& state,
                                        const ShardPlan& shards, const Scope& scope) {
  std::vector<EntryPair> out;
  const auto sharded = [&](const EntryName& entry) {
    const auto found = shards.find(entry);
    return found != shards.end() && found->second.sharded();
  };
  for (const std::size_t n : scope.needs) {
    if (!state.together[n] || !problem.needs[n].child_of) continue;
    const Need& child = problem.needs[n];
    const Option* above = problem.option(state, *child.child_of);
    const Option* below = problem.option(state, n);
    if (above == nullptr || below == nullptr ||
        !joins_in_index(problem, *child.child_of, *above, n) ||
        !joins_in_index(problem, n, *below, n))
      continue;
    const model::EntityId parent = problem.needs[*child.child_of].entity;
    const KeySpec& spec = problem.entry(child.entity, below->candidate);
    const bool forward = match(problem.workload, spec, child)->forward;
    // Entries that are there stay as they are written.
    const std::string literal = literal_beside(problem.workload, parent, child.entity, forward);
    if (spec.held && spec.sort_literal != literal) continue;
    const EntryPair pair{
        n, {parent.index, above->candidate}, {child.entity.index, below->candidate}, forward};
    if (sharded(pair.parent_entry) || sharded(pair.child_entry)) continue;
    const bool comes_already = std::any_of(out.begin(), out.end(), [&](const EntryPair& other) {
      return problem.needs[other.child].child_of == child.child_of;
    });
    if (!comes_already) out.push_back(pair);
  }
  return out;
}

bool EntriesBeside::take(const EntryPair& pair, const std::vector<EntryName>& index) {
  if (std::find(index.begin(), index.end(), pair.parent_entry) == index.end()) return false;
  for (const auto& [entry, other] : taken_) {
    const bool is_same_entry = entry == pair.child_entry;
    if (is_same_entry && other.forward != pair.forward) return false;
    const bool is_same_side =
        other.parent_entry == pair.parent_entry && other.forward == pair.forward;
    if (is_same_side && !is_same_entry) return false;
  }
  const model::Workload& workload = problem_.workload;
  const model::EntityId parent{pair.parent_entry.first};
  const model::EntityId child{pair.child_entry.first};
  const std::string beside = literal_beside(workload, parent, child, pair.forward);
  const std::string own = literal_of(workload.entity(parent).name);
  const std::string& low = pair.forward ? own : beside;
  const std::string high = pair.forward ? beside + std::string(design::kHighSentinel) : own;
  const bool is_free = std::none_of(index.begin(), index.end(), [&](const EntryName& entry) {
    const model::EntityId entity{entry.first};
    const auto owner = partition_owner(workload, problem_.entry(entity, entry.second));
    if (entry == pair.parent_entry || entry == pair.child_entry || !owner || !(*owner == parent))
      return false;
    const std::string between = literal(entity, entry.second);
    return low <= between && between <= high;
  });
  if (!is_free) return false;
  taken_.emplace(pair.child_entry, pair);
  return true;
}

std::string EntriesBeside::literal(model::EntityId entity, std::size_t candidate) const {
  const auto found = taken_.find({entity.index, candidate});
  if (found == taken_.end())
    return entry_literal(problem_.workload, problem_.entry(entity, candidate));
  const EntryPair& pair = found->second;
  return literal_beside(problem_.workload, model::EntityId{pair.parent_entry.first}, entity,
                        pair.forward);
}

}  // namespace ddbplan::plan
