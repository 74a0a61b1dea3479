#include "plan/facet_needs.h"

#include <algorithm>

#include "model/copies.h"

namespace ddbplan::plan {

void want_facet(const model::Workload& workload, Need& need) {
  const model::Entity& entity = workload.entity(need.entity);
  const auto is_apart = [&](const std::string& name) { return entity.is_in_facet(name); };
  need.wants_facet =
      !entity.facet.empty() &&
      (need.returns_all || std::any_of(need.attributes.begin(), need.attributes.end(), is_apart));
  std::erase_if(need.attributes, is_apart);
}

std::string against_facet(const model::Workload& workload, const Need& need,
                          const std::vector<std::string>& looked_at) {
  const model::Entity& entity = workload.entity(need.entity);
  for (const std::string& name : looked_at) {
    if (entity.is_in_facet(name)) return "a condition on " + name + ", which stands in a facet";
  }
  if (need.wants_facet &&
      std::holds_alternative<model::Transaction>(workload.pattern(need.pattern).action))
    return "a transactional read of rows with a facet";
  if (need.wants_facet && need.whole_entity) return "an export of rows with a facet";
  for (const model::WithParent& with : need.parents) {
    const model::Entity& parent = workload.entity(with.parent);
    for (const std::string& name : asked_of_parent(workload, with)) {
      if (parent.is_in_facet(name))
        return name + " of a row's " + parent.name + ", which stands in a facet";
    }
  }
  return {};
}

}  // namespace ddbplan::plan
