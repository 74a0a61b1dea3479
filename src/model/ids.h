// Entities and access patterns are referred to by position in the Workload, in the order of the YAML.
#pragma once

#include <compare>
#include <cstddef>
#include <optional>

namespace ddbplan::model {

struct EntityId {
  std::size_t index = 0;
  auto operator<=>(const EntityId&) const = default;
};
struct PatternId {
  std::size_t index = 0;
  auto operator<=>(const PatternId&) const = default;
};

}  // namespace ddbplan::model
