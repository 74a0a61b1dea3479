// The one message for what the language can say and this planner cannot yet derive. Nothing is silently
// ignored: such a pattern is an error of `design`, with exit status 1.
#pragma once

#include <optional>
#include <string>

#include "model/workload.h"
#include "support/diagnostics.h"

namespace ddbplan::plan {

inline constexpr const char* kNotPlannedCode = "DDB119";
inline constexpr const char* kUnservableCode = "DDB110";

/// What is not planned yet, in words, and what to write instead; an empty `what`: nothing.
struct Unplanned {
  std::string what;
  std::string instead;
  [[nodiscard]] bool empty() const { return what.empty(); }
};

inline support::Diagnostic not_planned(const Unplanned& unplanned, support::Span span) {
  return support::Diagnostic{kNotPlannedCode,
                             "not-planned-yet",
                             support::Severity::error,
                             "not planned yet: " + unplanned.what,
                             span,
                             {},
                             unplanned.instead};
}

inline support::Diagnostic not_planned(const model::Pattern& pattern, const Unplanned& unplanned,
                                       support::Span span) {
  return not_planned(
      Unplanned{unplanned.what + " (access pattern " + pattern.name + ")", unplanned.instead},
      span);
}

/// A construct of a read that the planner does not know, in words.
std::optional<std::string> unplanned_read(const model::Read& read);
/// An equality over another entity that no relation leads to.
Unplanned unrelated(const model::Workload& workload, model::EntityId entity,
                    const model::AttributeRef& by);

/// A write that would have to look at what it replaces, whatever the keys are.
Unplanned unplanned_write(const model::Workload& workload, const model::Write& write);

/// A transaction that changes what a row that it creates copies, in words; empty: it does not.
std::string changed_original(const model::Workload& workload,
                             const model::Transaction& transaction);

}  // namespace ddbplan::plan
