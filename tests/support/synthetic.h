// Schemas of any size, drawn at random: entities that belong to each other, and access patterns of every kind
// that the planner serves by keys. The property tests of the search draw small ones, bench/ large ones.
#pragma once

#include <cstdint>
#include <string>

namespace ddbplan::test {

struct SyntheticSize {
  int entities = 2;
  int patterns = 5;
  /// `billing` of the settings.
  std::string billing = "on-demand";
};

/// The same text for the same arguments, on every machine.
std::string synthetic_schema(const SyntheticSize& size, std::uint64_t seed);

}  // namespace ddbplan::test
