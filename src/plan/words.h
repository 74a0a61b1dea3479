// What is decided, in the words that reasons use: a way to serve a Need, a projection, a number of shards.
#pragma once

#include <string>

#include "plan/state.h"

namespace ddbplan::plan {

/// "the base table", "an index by status, sorted by placed_at, keys only, then the rows".
std::string describe_option(const Problem& problem, const State& state, const Need& need,
                            const Option& option);

/// "KEYS_ONLY", "INCLUDE name, score", "ALL".
std::string describe(const dynamo::Projection& projection);

/// "2 shards", "6 shards for launch-2027, 1 for every other value".
std::string describe(const design::ShardRule& rule);

}  // namespace ddbplan::plan
