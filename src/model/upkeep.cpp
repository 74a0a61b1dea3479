#include "model/upkeep.h"

#include <algorithm>

namespace ddbplan::model {

namespace {

const Relation* way_to_original(const Entity& holder, const Upkeep& upkeep) {
  for (const Relation& relation : holder.relations) {
    const auto& names = relation.attributes;
    const bool is_way = std::find(names.begin(), names.end(), upkeep.through) != names.end();
    if (is_way && relation.parents.size() == 1 && relation.parents.front() == upkeep.source)
      return &relation;
  }
  return nullptr;
}

bool is_plain(const Rollup::By& by) {
  if (by.from == nullptr) return true;
  const auto* reference = std::get_if<AttributeRef>(&by.from->node);
  return reference != nullptr && !reference->via && reference->name == by.name;
}

}  // namespace

std::vector<KeptCopy> copies_in(const Workload& workload, EntityId holder) {
  std::vector<KeptCopy> out;
  const Entity& entity = workload.entity(holder);
  for (const Attribute& attribute : entity.attributes) {
    const auto& upkeep = attribute.upkeep;
    if (!upkeep || upkeep->kind != Upkeep::Kind::copy_of || upkeep->kept != Kept::transaction ||
        attribute.immutable)
      continue;
    out.push_back(
        {holder, attribute.name, upkeep->source_attribute, way_to_original(entity, *upkeep)});
  }
  return out;
}

std::vector<KeptCopy> copies_of(const Workload& workload, EntityId original) {
  std::vector<KeptCopy> out;
  for (std::size_t e = 0; e < workload.entities.size(); ++e) {
    for (KeptCopy& copy : copies_in(workload, EntityId{e})) {
      const Attribute* attribute = workload.entities[e].find(copy.attribute);
      if (attribute->upkeep->source == original) out.push_back(std::move(copy));
    }
  }
  return out;
}

bool may_change(const Write& write, const std::string& attribute) {
  if (write.kind != WriteKind::update && write.kind != WriteKind::upsert) return false;
  if (write.set_is_default) return true;
  const auto names_it = [&](const auto& clause) { return clause.attribute == attribute; };
  return std::any_of(write.set.begin(), write.set.end(), names_it) ||
         std::any_of(write.add.begin(), write.add.end(), names_it) ||
         std::any_of(write.append.begin(), write.append.end(), names_it) ||
         std::find(write.remove.begin(), write.remove.end(), attribute) != write.remove.end() ||
         (write.move && write.move->attribute == attribute);
}

std::vector<EntityId> rollups_of(const Workload& workload, EntityId source) {
  std::vector<EntityId> out;
  for (std::size_t e = 0; e < workload.entities.size(); ++e) {
    const auto& rollup = workload.entities[e].rollup;
    if (rollup && rollup->kept == Kept::transaction && rollup->of == source)
      out.push_back(EntityId{e});
  }
  return out;
}

std::string grouping_parameter(const Workload& workload, EntityId rollup, const Rollup::By& by) {
  const Entity& entity = workload.entity(rollup);
  if (is_plain(by)) return by.name;
  const bool taken = workload.entity(entity.rollup->of).find(by.name) != nullptr;
  return taken ? by.name + "_of_" + entity.name : by.name;
}

}  // namespace ddbplan::model
