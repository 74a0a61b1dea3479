// What the user has made by hand (physical): base keys that replace the candidates of their entity, and the
// projections of indexes. A plan keeps them, or is an error that says why it cannot.
#pragma once

#include <string>
#include <vector>

#include "plan/assemble.h"
#include "support/diagnostics.h"
#include "support/result.h"

namespace ddbplan::plan {

/// DDB114: something made by hand cannot be kept.
support::Diagnostic physical_not_kept(std::string message, support::Span span);

/// Null: the entity has no hand-made key.
const model::PhysicalOverride* hand_made_key(const model::Workload& workload,
                                             model::EntityId entity);

/// A template in its written form, its fields encoded as a generated key's would be; the error says in words what
/// cannot be kept.
support::Result<design::KeyTemplate, std::string> made_template(const model::Entity& entity,
                                                                const std::string& text);

/// Reports keys made by hand that leave two kinds of item of a table indistinguishable.
void report_indistinct_keys(const model::Workload& workload, const design::Design& design,
                            support::Diagnostics& diagnostics);

/// Gives indexes the projections made by hand; reports those that cannot be kept. True: something was changed.
bool keep_projections(const Problem& problem, const State& state, const Placement& placement,
                      design::Design& design, support::Diagnostics& diagnostics);

}  // namespace ddbplan::plan
