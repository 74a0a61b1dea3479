// The price of a State: assemble, shard what is hot, price, add the price of complexity.
#pragma once

#include <string>

#include "plan/assemble.h"
#include "plan/cost_memo.h"

namespace ddbplan::plan {

struct Evaluation {
  Assembly assembly;
  ShardPlan shards;
  support::Money cost;        ///< of a month, as the search counts it (see CostMemo)
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

}  // namespace ddbplan::plan
