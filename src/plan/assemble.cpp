#include "plan/assemble.h"

#include <algorithm>

#include "plan/layouts.h"
#include "plan/read_plan.h"
#include "plan/write_plan.h"

namespace ddbplan::plan {

namespace {

/// A parent and its children in one Query: what both sides must be for it.
class TogetherRule {
 public:
  TogetherRule(const Problem& problem, const State& state, const ShardPlan& shards)
      : problem_(problem), state_(state), shards_(shards) {}

  struct Pair {
    model::EntityId parent;
    model::EntityId child;
    bool forward = true;
  };

  /// The pair that a Need would read together, by its own merits.
  [[nodiscard]] std::optional<Pair> pair_of(std::size_t index) const {
    const Need& parent = problem_.needs[index];
    if (parent.purpose != Purpose::answer || parent.children.size() != 1 || !parent.at_most_one)
      return std::nullopt;
    if (parent.batch || !parent.parents.empty() || parent.drops_expired) return std::nullopt;
    const Need& child = problem_.needs[parent.children.front()];
    if (child.entity == parent.entity || sharded(parent.entity) || sharded(child.entity))
      return std::nullopt;
    if (!served_by_base(index) || !served_by_base(parent.children.front())) return std::nullopt;
    const KeySpec& parent_key = problem_.base(state_, parent.entity);
    const KeySpec& child_key = problem_.base(state_, child.entity);
    if (!parent_key.sort.empty() || !partition_owner(problem_.workload, child_key) ||
        !(*partition_owner(problem_.workload, child_key) == parent.entity))
      return std::nullopt;
    const auto parent_match = match(problem_.workload, parent_key, parent);
    const auto child_match = match(problem_.workload, child_key, child);
    if (!parent_match || !parent_match->complete || parent_match->filters(parent))
      return std::nullopt;
    if (!child_match || child_match->client_order || child_match->filters(child) ||
        child_match->sort_equal != 0)
      return std::nullopt;
    return Pair{parent.entity, child.entity, child_match->forward};
  }

  /// One kind of child on each side of a parent, and each kind on one side.
  [[nodiscard]] bool agrees_with_earlier(std::size_t index, const Pair& pair) const {
    for (std::size_t n = 0; n < index; ++n) {
      if (!state_.together[n]) continue;
      const auto other = pair_of(n);
      if (!other || !agrees_with_earlier(n, *other)) continue;
      const bool same_child = other->child == pair.child;
      if (same_child && (!(other->parent == pair.parent) || other->forward != pair.forward))
        return false;
      if (!same_child && other->parent == pair.parent && other->forward == pair.forward)
        return false;
    }
    return true;
  }

  /// Nothing else in the collection sorts between "#CHILD" and the parent.
  [[nodiscard]] bool nothing_between(const Pair& pair) const {
    if (pair.forward) return true;
    const std::string parent = literal_of(problem_.workload.entity(pair.parent).name);
    for (std::size_t e = 0; e < problem_.workload.entities.size(); ++e) {
      const model::EntityId entity{e};
      if (entity == pair.parent || entity == pair.child) continue;
      const auto owner = partition_owner(problem_.workload, problem_.base(state_, entity));
      const bool neighbour = owner && *owner == pair.parent;
      if (neighbour && literal_of(problem_.workload.entity(entity).name) < parent) return false;
    }
    return true;
  }

 private:
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
};

}  // namespace

bool can_read_together(const Problem& problem, const State& state, const ShardPlan& shards,
                       std::size_t need) {
  const TogetherRule rule(problem, state, shards);
  const auto pair = rule.pair_of(need);
  return pair && rule.agrees_with_earlier(need, *pair) && rule.nothing_between(*pair);
}

Assembly assemble(const Problem& problem, const State& state, const ShardPlan& shards) {
  Assembly assembly;
  assembly.infeasible = lay_out(problem, state, shards, assembly);
  if (!assembly.infeasible.empty()) return assembly;
  for (std::size_t p = 0; p < problem.workload.patterns.size(); ++p) {
    const model::PatternId id{p};
    design::AccessPlan plan;
    plan.pattern = id;
    plan.served = design::Served::no;
    if (problem.planned[p]) {
      if (problem.workload.patterns[p].is_read()) {
        plan = plan_read(problem, state, shards, assembly, id);
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

}  // namespace ddbplan::plan
