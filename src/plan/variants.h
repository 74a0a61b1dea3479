// Designs of another Workload than the one given: what nobody asked for, and may be cheaper all the same. Every
// variant is planned beside the design without it, as far as it may still be the better one, and the cheapest is
// kept. A variant has to save more than the price of an index (settings.complexity): it costs code, or a moment in
// which two items disagree.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "plan/planner.h"

namespace ddbplan::plan {

struct Variant {
  std::string what;       ///< "copies of Brand's name in every Product"
  std::string otherwise;  ///< what the design without it does
  std::string why;        ///< said where it is taken
  std::string why_not;
  /// The access patterns that it makes cheaper: their dollars are the most that it can save.
  std::vector<model::PatternId> gainers;
  std::vector<std::string> subjects;  ///< of the decisions that tell of it
  std::function<model::Workload(model::Workload)> apply;
  /// Of two that change the same of an entity at most one is taken.
  std::optional<model::EntityId> excludes;
  /// The earlier design, if there is one, has it: then it stays, and the others of its kind are left.
  bool is_held = false;
  /// Without it a limit is passed: it need not pay.
  bool is_needed = false;
};

struct Planned {
  /// The one given, with the variants that are worth it.
  model::Workload workload;
  bool is_varied = false;  ///< some are
  std::optional<design::Design> design;
  Reasons
      reasons;  ///< of all decisions, the variants' among them; nothing without PlanOptions::explain
};

/// derive() with the best set of variants. Every set is tried where there are at most three; more are taken one by
/// one, those that may gain most first, within the effort.
Planned plan_best(const model::Workload& workload, const pricing::PriceBook& book,
                  const PlanOptions& options, support::Diagnostics& diagnostics);

}  // namespace ddbplan::plan
