#include "model/references.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace ddbplan::model {

std::optional<EntityId> ancestor_with(const Workload& workload, EntityId entity,
                                      std::string_view attribute) {
  std::vector<EntityId> seen{entity};
  for (std::size_t i = 0; i < seen.size(); ++i) {
    for (const Relation& relation : workload.entity(seen[i]).relations) {
      for (const EntityId parent : relation.parents) {
        if (std::find(seen.begin(), seen.end(), parent) != seen.end()) continue;
        if (workload.entity(parent).find(attribute) != nullptr) return parent;
        seen.push_back(parent);
      }
    }
  }
  return std::nullopt;
}

AttributeRef seen_from(const Workload& workload, EntityId id, const AttributeRef& reference) {
  AttributeRef out = reference;
  if (workload.entity(id).find(reference.name) != nullptr) {
    if (reference.is_of(id)) out.via.reset();
    return out;
  }
  if (!reference.via || *reference.via == id) {
    if (const auto ancestor = ancestor_with(workload, id, reference.name)) out.via = ancestor;
  }
  return out;
}

}  // namespace ddbplan::model
