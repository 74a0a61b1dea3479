#include "plan/assemble.h"

#include <algorithm>

#include "plan/collection_read.h"
#include "plan/layouts.h"
#include "plan/read_plan.h"
#include "plan/write_plan.h"

namespace ddbplan::plan {

namespace {

/// The literals that rows were written with let a child stand beside its parent: its own is the one for that side,
/// and no other kind of item has one there.
bool literals_allow(const Problem& problem, model::EntityId parent, model::EntityId child,
                    bool forward) {
  if (!problem.held) return true;
  const std::string above = literal_of(problem.workload.entity(parent).name);
  const std::string side = forward ? above + "#" : "#";
  const std::string* of_parent = held_literal(problem, parent);
  const std::string* own = held_literal(problem, child);
  if (of_parent != nullptr && *of_parent != above) return false;
  if (own != nullptr && *own != side + literal_of(problem.workload.entity(child).name))
    return false;
  return std::all_of(problem.held->sort_literals.begin(), problem.held->sort_literals.end(),
                     [&](const auto& other) {
                       const model::EntityId entity{other.first};
                       if (entity == parent || entity == child || !other.second.starts_with(side))
                         return true;
                       const auto owner =
                           partition_owner(problem.workload,
                                           problem.candidates.entities[other.first].bases.front());
                       return !owner || !(*owner == parent);
                     });
}

/// A parent and its children in one Query: what both sides must be for it.
class TogetherRule {
 public:
  TogetherRule(const Problem& problem, const State& state, const ShardPlan& shards,
               const Scope& scope)
      : problem_(problem), state_(state), shards_(shards), scope_(scope) {}

  std::vector<std::size_t> find() {
    std::vector<std::size_t> out;
    for (const std::size_t n : scope_.needs) {
      if (!state_.together[n]) continue;
      const auto pair = pair_of(n);
      if (!pair || !agrees_with_earlier(*pair)) continue;
      agreed_.push_back(*pair);
      if (nothing_between(*pair) && !brings_parent(out, n)) out.push_back(n);
    }
    return out;
  }

 private:
  struct Pair {
    model::EntityId parent;
    model::EntityId child;
    bool forward = true;
  };

  /// The row has come with its children of another kind.
  [[nodiscard]] bool brings_parent(const std::vector<std::size_t>& found, std::size_t child) const {
    return std::any_of(found.begin(), found.end(), [&](std::size_t other) {
      return problem_.needs[other].child_of == problem_.needs[child].child_of;
    });
  }

  /// The pair that a Need would read together, by its own merits.
  [[nodiscard]] std::optional<Pair> pair_of(std::size_t index) const {
    if (!can_join(problem_, index)) return std::nullopt;
    const Need& child = problem_.needs[index];
    const Need& parent = problem_.needs[*child.child_of];
    if (sharded(parent.entity) || sharded(child.entity)) return std::nullopt;
    if (!served_by_base(*child.child_of) || !served_by_base(index)) return std::nullopt;
    const KeySpec& child_key = problem_.base(state_, child.entity);
    if (!parent_joins(problem_, problem_.base(state_, parent.entity), index) ||
        !child_joins(problem_, child_key, index))
      return std::nullopt;
    return Pair{parent.entity, child.entity, match(problem_.workload, child_key, child)->forward};
  }

  /// One kind of child on each side of a parent, and each kind on one side.
  [[nodiscard]] bool agrees_with_earlier(const Pair& pair) const {
    return std::all_of(agreed_.begin(), agreed_.end(), [&](const Pair& other) {
      if (other.child == pair.child)
        return other.parent == pair.parent && other.forward == pair.forward;
      return !(other.parent == pair.parent) || other.forward != pair.forward;
    });
  }

  /// Nothing else in the collection sorts between "#CHILD" and the parent.
  [[nodiscard]] bool nothing_between(const Pair& pair) const {
    if (pair.forward) return true;
    const std::string parent = literal_of(problem_.workload.entity(pair.parent).name);
    for (const std::size_t e : scope_.entities) {
      const model::EntityId entity{e};
      if (entity == pair.parent || entity == pair.child) continue;
      if (!problem_.tables.share(entity, pair.parent)) continue;
      const auto owner = partition_owner(problem_.workload, problem_.base(state_, entity));
      const bool neighbour = owner && *owner == pair.parent;
      if (neighbour && literal_of(problem_.workload.entity(entity).name) < parent) return false;
    }
    return true;
  }

  [[nodiscard]] bool sharded(model::EntityId entity) const {
    const auto found = shards_.find({entity.index, kBaseKey});
    return found != shards_.end() && found->second.sharded();
  }
  [[nodiscard]] bool served_by_base(std::size_t need) const {
    const Option* option = problem_.option(state_, need);
    return option != nullptr && option->kind == Option::Kind::base;
  }

  const Problem& problem_;
  const State& state_;
  const ShardPlan& shards_;
  const Scope& scope_;
  std::vector<Pair> agreed_;
};

}  // namespace

bool can_join(const Problem& problem, std::size_t index) {
  const Need& child = problem.needs[index];
  if (!child.child_of) return false;
  const Need& parent = problem.needs[*child.child_of];
  if (parent.purpose != Purpose::answer || !parent.at_most_one || parent.batch) return false;
  // Several kinds as they lie there are one Query anyway.
  if (collection_group(problem, *child.child_of).size() > 1) return false;
  // A facet is in no collection.
  if (parent.wants_facet || child.wants_facet) return false;
  return !(child.entity == parent.entity) && problem.tables.share(child.entity, parent.entity);
}

bool is_kind_beside(const Problem& problem, const KeySpec& key, std::size_t need) {
  if (key.is_hand_made()) return false;
  const Need& child = problem.needs[need];
  const auto owner = partition_owner(problem.workload, key);
  if (!owner || !(*owner == problem.needs[*child.child_of].entity)) return false;
  const auto found = match(problem.workload, key, child);
  return found && !found->client_order && !found->filters(child) && found->sort_equal == 0;
}

bool parent_joins(const Problem& problem, const KeySpec& parent_key, std::size_t need) {
  // A key made by hand keeps its literals, and so its place.
  if (!can_join(problem, need) || !parent_key.sort.empty() || parent_key.is_hand_made())
    return false;
  const Need& parent = problem.needs[*problem.needs[need].child_of];
  const auto found = match(problem.workload, parent_key, parent);
  return found && found->complete && !found->filters(parent);
}

bool child_joins(const Problem& problem, const KeySpec& child_key, std::size_t need) {
  if (!can_join(problem, need) || !is_kind_beside(problem, child_key, need)) return false;
  const Need& child = problem.needs[need];
  const bool forward = match(problem.workload, child_key, child)->forward;
  return literals_allow(problem, problem.needs[*child.child_of].entity, child.entity, forward);
}

bool table_may_have_both(const Problem& problem, std::size_t need) {
  const Need& child = problem.needs[need];
  const Need& parent = problem.needs[*child.child_of];
  const auto& parents = problem.candidates.entities[parent.entity.index].bases;
  const auto& children = problem.candidates.entities[child.entity.index].bases;
  return std::any_of(parents.begin(), parents.end(),
                     [&](const KeySpec& key) { return parent_joins(problem, key, need); }) &&
         std::any_of(children.begin(), children.end(),
                     [&](const KeySpec& key) { return child_joins(problem, key, need); });
}

std::vector<std::size_t> read_together(const Problem& problem, const State& state,
                                       const ShardPlan& shards, const Scope& scope) {
  return TogetherRule(problem, state, shards, scope).find();
}

Assembly assemble(const Problem& problem, const State& state, const ShardPlan& shards,
                  const Scope& scope) {
  Assembly assembly;
  assembly.apart = scope.heated.has_value();
  assembly.together = read_together(problem, state, shards, scope);
  assembly.infeasible = lay_out(problem, state, shards, scope, assembly);
  if (!assembly.infeasible.empty()) return assembly;
  assembly.design.plans.reserve(scope.patterns.size());
  for (const std::size_t p : scope.patterns) {
    const model::PatternId id{p};
    design::AccessPlan plan;
    plan.pattern = id;
    plan.served = design::Served::no;
    if (problem.planned[p]) {
      if (problem.workload.patterns[p].is_read()) {
        plan = plan_read(problem, state, assembly, id);
      } else {
        WritePlan write = plan_write(problem, state, assembly, id);
        if (write.unplanned.empty()) {
          plan = std::move(write.plan);
        } else {
          assembly.unplanned.emplace(p, write.unplanned);
        }
      }
    }
    assembly.design.plans.push_back(std::move(plan));
  }
  return assembly;
}

Assembly assemble(const Problem& problem, const State& state, const ShardPlan& shards) {
  return assemble(problem, state, shards, problem.whole);
}

}  // namespace ddbplan::plan
