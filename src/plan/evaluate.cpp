#include "plan/evaluate.h"

#include <algorithm>

#include "capacity/usage.h"
#include "dynamo/limits.h"
#include "plan/shards.h"

namespace ddbplan::plan {

support::Money complexity_of(const model::Settings& settings, const design::Design& design) {
  support::Money out;
  for (const design::Table& table : design.tables) {
    out += settings.complexity_table;
    for (std::size_t i = 0; i < table.indexes.size(); ++i) out += settings.complexity_index;
  }
  return out;
}

namespace {

/// An item collection with an LSI may hold 10 GB, base items and entries together (Developer Guide, "Local
/// secondary indexes"), and the limit binds every collection of the table.
std::string collection_over_limit(const Problem& problem, const State& state,
                                  const design::Design& design, const Scope& scope) {
  for (const std::size_t e : scope.entities) {
    const model::EntityId id{e};
    const model::Entity& entity = problem.workload.entity(id);
    const design::ItemLayout& row = design.items[design.row_layout(id)];
    const design::Table& table = design.tables[row.table];
    const bool local = std::any_of(table.indexes.begin(), table.indexes.end(),
                                   [](const design::Index& index) { return index.local; });
    if (!local) continue;
    double bytes = capacity::item_size(problem.workload, design, row).mean;
    for (const design::KeyEntry& entry : row.entries) {
      const design::Index* index = table.find_index(*entry.index);
      if (index->local) bytes += capacity::entry_size(problem.workload, design, row, entry).mean;
    }
    for (const model::Relation& relation : entity.relations) {
      const bool collected =
          partition_owner(problem.workload, problem.base(state, id)) &&
          *partition_owner(problem.workload, problem.base(state, id)) == relation.parents.front();
      if (collected && relation.children.max * bytes > dynamo::limits::kItemCollectionBytesMax)
        return "a local secondary index limits a collection to 10 GB, and the largest of " +
               entity.name + " would hold " + support::format_bytes(relation.children.max * bytes);
    }
  }
  return {};
}

}  // namespace

LaidOut lay_out_with_shards(const Problem& problem, const State& state, CostMemo& memo,
                            const Scope& scope) {
  LaidOut laid;
  Evaluation& out = laid.evaluation;
  const auto lay_out = [&] {
    out.assembly = assemble(problem, state, out.shards, scope);
    out.infeasible = out.assembly.infeasible;
    laid.plans.clear();
    if (out.infeasible.empty()) laid.plans = memo.look_up(out.assembly.design);
  };
  lay_out();
  // The shard's own digits make items longer, which may take another unit and so another shard: twice at most.
  for (int round = 0; round < 3 && out.infeasible.empty(); ++round) {
    ShardPlan shards = shards_for(problem, state, out.assembly,
                                  memo.hot_keys(out.assembly.design, laid.plans, scope.heated));
    if (shards == out.shards) break;
    out.shards = std::move(shards);
    lay_out();
  }
  if (out.infeasible.empty())
    out.infeasible = collection_over_limit(problem, state, out.assembly.design, scope);
  return laid;
}

namespace {

/// Its price and its penalties.
Evaluation judged(const Problem& problem, LaidOut laid, CostMemo& memo) {
  Evaluation& out = laid.evaluation;
  if (!out.infeasible.empty()) return std::move(out);
  const design::Design& design = out.assembly.design;
  out.cost = memo.cost(design, laid.plans);
  out.complexity = complexity_of(problem.workload.settings, design);
  std::size_t broken = out.assembly.excess + out.assembly.unplanned.size();
  for (const design::AccessPlan& plan : design.plans) {
    if (plan.served == design::Served::no) ++broken;
  }
  for (std::size_t i = 0; i < broken; ++i) out.penalty += kPenaltyOfOne;
  return std::move(out);
}

}  // namespace

Evaluation evaluate(const Problem& problem, const State& state, CostMemo& memo) {
  return judged(problem, lay_out_with_shards(problem, state, memo, problem.whole), memo);
}

Evaluation evaluate_with(const Problem& problem, const State& state, const ShardPlan& shards,
                         CostMemo& memo) {
  LaidOut laid;
  laid.evaluation.shards = shards;
  laid.evaluation.assembly = assemble(problem, state, shards);
  laid.evaluation.infeasible = laid.evaluation.assembly.infeasible;
  if (laid.evaluation.infeasible.empty())
    laid.plans = memo.look_up(laid.evaluation.assembly.design);
  return judged(problem, std::move(laid), memo);
}

}  // namespace ddbplan::plan
