// Copies that nobody asked for: where rows are read together with attributes of their parent, found by them or
// ordered by them, the children may hold these attributes themselves. Then a read needs no second request, and an
// index can be keyed by them; in return every row is larger, a create reads the parent first, and what changes in
// a parent is changed in all of its children by a stream consumer. Both are planned in full and the cheaper is
// kept. A derived copy has to save more than the price of an index (settings.complexity), since it costs a stream
// consumer's code or a stale moment.
#pragma once

#include <optional>
#include <vector>

#include "model/copies.h"
#include "plan/planner.h"

namespace ddbplan::plan {

/// A copy that could be made, and the reads that would use it.
struct CopyChoice {
  model::CopyPlan copies;
  std::vector<model::PatternId> readers;
};

/// Only of attributes that rows can hold safely: one parent that every child has and never changes, children that
/// are brought by single creates, attributes that are not themselves kept from others. In the order of the YAML.
std::vector<CopyChoice> copy_choices(const model::Workload& workload);

struct Planned {
  /// The one given, with the copies that are worth it.
  model::Workload workload;
  std::optional<design::Design> design;
};

/// plan() with the best set of copies. Every set is tried where there are at most three choices; more are taken
/// one by one, the most valuable first, within the effort.
Planned plan_with_copies(const model::Workload& workload, const pricing::PriceBook& book,
                         const PlanOptions& options, support::Diagnostics& diagnostics);

}  // namespace ddbplan::plan
