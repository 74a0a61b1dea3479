// The search over States, exact: it finds the cheapest and proves it, or stops at its effort and says how far
// from the cheapest it may be.
//
// 1. Every entity by itself: the choices that can matter, by branch and bound (entity_search.h).
// 2. The cheapest combination of them (combine.h): a lower bound for every State, and a State to evaluate.
// 3. Where the evaluation costs more than the bound, all combinations in between are evaluated, cheapest bound
//    first, until the bound reaches the best of them.
//
// This is done for each billing mode and table class that the settings leave open to a table of several entities;
// a table of one is priced in the cheapest all along. Everything is deterministic.
// Costs that differ by less than kTolerance are equal: a hundredth of a cent is below what any price is known to.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plan/evaluate.h"

namespace ddbplan::plan {

/// Dollars a month.
inline constexpr double kTolerance = 1e-4;

struct SearchOptions {
  /// Evaluations of a part or of the whole.
  std::int64_t effort = 10000;
  /// Offer the runners-up of every decision (SearchResult::hindsight).
  bool explain = true;
  /// How many designs are wanted besides the best.
  std::size_t alternatives = 0;
  /// Only a cheaper design is wanted (PlanOptions::below).
  std::optional<support::Money> below = std::nullopt;
  /// No design with more indexes than these.
  std::optional<std::size_t> indexes_most = std::nullopt;
};

/// One decision taken otherwise, and the rest as is cheapest then.
struct Neighbour {
  enum class Kind { base, serve, together } kind = Kind::base;
  std::size_t subject = 0;  ///< entity (base) or Need; of children (together)
  std::size_t choice = 0;   ///< position among the candidates or options
  std::optional<support::Money> extra;
  std::string ruled_out;
};

/// Index entries as a State knows them: (entity, entry candidate).
using EntryKeys = std::vector<std::pair<std::size_t, std::size_t>>;

/// What a finished search can still tell: what it costs to decide otherwise. It takes longer than the search did, and
/// keeps in memory what that found out.
class Hindsight {
 public:
  Hindsight() = default;
  Hindsight(const Hindsight&) = delete;
  Hindsight& operator=(const Hindsight&) = delete;
  virtual ~Hindsight() = default;
  /// The base keys and ways to serve a Need that were not chosen.
  virtual std::vector<Neighbour> neighbours() = 0;
  /// The cheapest State that uses none of these entries; it may leave Needs unserved. nullopt: there is no State.
  virtual std::optional<State> without(const EntryKeys& entries) = 0;
  virtual CostMemo& memo() = 0;
};

struct Ranked {
  State state;
  Evaluation evaluation;
};

struct SearchResult {
  State state;
  Evaluation evaluation;
  std::int64_t nodes = 0;
  /// No design costs less; equal to the objective, to the tolerance, when that is proven.
  std::optional<support::Money> lower_bound;
  bool proven = false;
  /// Null when it was not asked for or no design was found.
  std::shared_ptr<Hindsight> hindsight;
  /// The next best designs, cheapest first.
  std::vector<Ranked> alternatives;
};

/// REQUIRES: for as long as `hindsight` may be asked, problem and book stay.
SearchResult search(const Problem& problem, const pricing::PriceBook& book,
                    const SearchOptions& options);

}  // namespace ddbplan::plan
