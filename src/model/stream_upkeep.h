// Writes that stream consumers make: what keeps a copy, a count or a rollup up to date after another pattern has
// changed what it is kept from (`kept: stream`).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/workload.h"

namespace ddbplan::model {

/// One write for each row that `cause` changes.
struct Follower {
  std::string name;  ///< keep_booking_title_after_rename_class; not yet unused
  Write write;
  PatternId cause;
  double per_cause = 1;  ///< rows that one call of the cause changes
};

/// "one for each place_order", "11 for each publish".
std::string reason_of(const Follower& follower, const Workload& workload);

/// The load of what is done so many times for each call of its cause.
Load load_after(const Load& cause, double per_cause);

/// Patterns that may be causes, by position in the Workload: from the first on, up to the last, which is not among them.
struct Causes {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// Of a value that is the newest of rows, the attribute of the same row that says how old it is: itself where it is a time,
/// or one that is the newest time of the same rows. nullopt: nothing says it, or the attribute is no such value.
std::optional<std::string> age_beside(const Workload& workload, EntityId owner,
                                      const Attribute& attribute);

/// The followers that keep `attribute` of `owner` after these patterns. What one event changes in one row is one follower's,
/// that of the first attribute: counts and sums of the same rows, newest values beside the time that they go by.
/// REQUIRES: attribute.upkeep.
std::vector<Follower> followers_of(const Workload& workload, EntityId owner,
                                   const Attribute& attribute, Causes among);
/// The same for a rollup entity, of rows that come, go, move to another group or change what is summed. REQUIRES: it has a rollup.
std::vector<Follower> followers_of_rollup(const Workload& workload, EntityId id, Causes among);

/// Gives the event's rates to the followers of the patterns that it names, where it does not name them itself.
void follow_causes(const Workload& workload, Event& event);

std::string snake_case(std::string_view name);

}  // namespace ddbplan::model
