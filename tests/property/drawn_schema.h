// Whole schemas drawn at random, in the language's own text: entities that belong to each other, under a tenant or
// not, with states, counters, copies, rollups, unique values and expiry, and access patterns of every kind. Most can
// be designed; what cannot is refused with a finding. The same text for the same seed, on every machine.
#pragma once

#include <cstdint>
#include <string>

namespace ddbplan::test {

std::string drawn_schema(std::uint64_t seed);

}  // namespace ddbplan::test
