// The search over States, first form: coordinate descent from a greedy start. Deterministic; every state it
// looks at counts as a node. An exact search can take its place: candidates, cost and constraints stay.
#pragma once

#include <cstdint>
#include <vector>

#include "plan/evaluate.h"

namespace ddbplan::plan {

/// A neighbour of the final State: one decision taken otherwise.
struct Neighbour {
  /// share: all Needs of an entity on one index entry.
  enum class Kind { base, serve, together, share } kind = Kind::base;
  std::size_t subject = 0;  ///< entity (base, share) or Need
  std::size_t choice = 0;   ///< position among the candidates or options
  std::optional<support::Money> extra;
  std::string ruled_out;
};

struct SearchResult {
  State state;
  Evaluation evaluation;
  std::int64_t nodes = 0;
  std::vector<Neighbour> neighbours;
};

SearchResult search(const Problem& problem, const pricing::PriceBook& book, std::int64_t effort);

}  // namespace ddbplan::plan
