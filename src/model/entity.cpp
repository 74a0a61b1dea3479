#include "model/entity.h"

#include <algorithm>

#include "support/text.h"

namespace ddbplan::model {

const Attribute* Entity::find(std::string_view attribute) const {
  const auto found =
      std::find_if(attributes.begin(), attributes.end(),
                   [attribute](const Attribute& candidate) { return candidate.name == attribute; });
  return found == attributes.end() ? nullptr : &*found;
}

bool Entity::is_in_facet(std::string_view attribute) const {
  return std::find(facet.begin(), facet.end(), attribute) != facet.end();
}

bool Entity::is_identity(std::string_view attribute) const {
  return std::find(id.begin(), id.end(), attribute) != id.end();
}

const Relation* Entity::relation_by(std::string_view attribute) const {
  for (const Relation& relation : relations) {
    if (support::contains(relation.attributes, attribute)) return &relation;
  }
  return nullptr;
}

std::vector<EntityId> name_space(EntityId entity, const Unique& unique) {
  std::vector<EntityId> out = unique.across;
  out.push_back(entity);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace ddbplan::model
