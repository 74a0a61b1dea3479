// The price of a State: assemble, shard what is hot, price, add the price of complexity.
#pragma once

#include <string>

#include "plan/assemble.h"
#include "plan/cost_memo.h"

namespace ddbplan::plan {

/// More than any design costs, less than Money's range divided by the number of patterns and indexes.
inline const support::Money kPenaltyOfOne = support::Money::from_usd(1e9);

struct Evaluation {
  Assembly assembly;
  ShardPlan shards;
  support::Money cost;        ///< of a month, as pricing::price says
  support::Money complexity;  ///< tables and indexes at settings.complexity
  /// A limit is broken: a penalty that no saving outweighs, so that the search leaves such States first.
  support::Money penalty;
  /// Why this State cannot be; empty when it can (a broken limit is a penalty, not this).
  std::string infeasible;
  [[nodiscard]] support::Money objective() const { return cost + complexity; }
  [[nodiscard]] support::Money ranking() const { return cost + complexity + penalty; }
};

/// settings.complexity for the design's tables and indexes.
support::Money complexity_of(const model::Settings& settings, const design::Design& design);

Evaluation evaluate(const Problem& problem, const State& state, CostMemo& memo);

/// With these shards, whatever the heat asks for.
Evaluation evaluate_with(const Problem& problem, const State& state, const ShardPlan& shards,
                         CostMemo& memo);

/// The first half of an evaluation. Costs and penalties are left at zero.
struct LaidOut {
  Evaluation evaluation;
  DesignNumbers plans;  ///< of its design; none when it is infeasible
};

/// Of a part of the Problem: assembled, with the shards that the load of the scope's patterns asks for.
LaidOut lay_out_with_shards(const Problem& problem, const State& state, CostMemo& memo,
                            const Scope& scope);

}  // namespace ddbplan::plan
