// Writes that stream consumers make: what keeps a copy, a count or a rollup up to date after another pattern has
// changed what it is kept from (`kept: stream`).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/workload.h"

namespace ddbplan::model {

/// One write for each change that `cause` makes.
struct Follower {
  std::string name;  ///< keep_booking_title_after_rename_class; not yet unused
  Write write;
  PatternId cause;
};

/// The followers that keep `attribute` of `owner` after the first `patterns` patterns of the Workload.
/// REQUIRES: attribute.upkeep.
std::vector<Follower> followers_of(const Workload& workload, EntityId owner,
                                   const Attribute& attribute, std::size_t patterns);
/// The same for a rollup entity. REQUIRES: it has a rollup.
std::vector<Follower> followers_of_rollup(const Workload& workload, EntityId rollup,
                                          std::size_t patterns);

std::string snake_case(std::string_view name);

}  // namespace ddbplan::model
