#include "model/upkeep.h"

#include <algorithm>

#include "support/text.h"

namespace ddbplan::model {

namespace {

const Relation* way_to_original(const Entity& holder, const Upkeep& upkeep) {
  const Relation* relation = holder.relation_by(upkeep.through);
  const bool leads_there = relation != nullptr && relation->parents.size() == 1 &&
                           relation->parents.front() == upkeep.source;
  return leads_there ? relation : nullptr;
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

std::vector<std::string> ordinary_attributes(const Entity& entity) {
  std::vector<std::string> out;
  for (const Attribute& attribute : entity.attributes) {
    const bool governed = entity.is_identity(attribute.name) || attribute.upkeep ||
                          attribute.lock || attribute.is_state || attribute.immutable ||
                          attribute.sequence_per || attribute.derive ||
                          attribute.origin != Origin::declared;
    const bool unique = std::any_of(
        entity.unique.begin(), entity.unique.end(),
        [&](const Unique& u) { return support::contains(u.attributes, attribute.name); });
    const bool dates_expiry =
        entity.retention && (entity.retention->base_attribute == attribute.name ||
                             entity.retention->attribute == attribute.name);
    if (!governed && !unique && !dates_expiry) out.push_back(attribute.name);
  }
  return out;
}

bool may_change(const Entity& entity, const Write& write, const std::string& attribute) {
  if (write.kind != WriteKind::update && write.kind != WriteKind::upsert) return false;
  if (write.set_is_default && support::contains(ordinary_attributes(entity), attribute))
    return true;
  const auto names_it = [&](const auto& clause) { return clause.attribute == attribute; };
  return std::any_of(write.set.begin(), write.set.end(), names_it) ||
         std::any_of(write.add.begin(), write.add.end(), names_it) ||
         std::any_of(write.append.begin(), write.append.end(), names_it) ||
         std::find(write.remove.begin(), write.remove.end(), attribute) != write.remove.end() ||
         (write.move && write.move->attribute == attribute);
}

std::vector<KeptCount> counts_of(const Workload& workload, EntityId source) {
  std::vector<KeptCount> out;
  for (std::size_t e = 0; e < workload.entities.size(); ++e) {
    for (const Attribute& attribute : workload.entities[e].attributes) {
      if (attribute.upkeep && attribute.upkeep->source == source &&
          attribute.upkeep->kind != Upkeep::Kind::copy_of &&
          attribute.upkeep->kept == Kept::transaction)
        out.push_back({EntityId{e}, &attribute});
    }
  }
  return out;
}

std::vector<std::string> summed_attributes(const Workload& workload, EntityId id) {
  const Entity& entity = workload.entity(id);
  std::vector<std::string> out;
  for (const Attribute& attribute : entity.attributes) {
    const bool is_sum = attribute.upkeep && attribute.upkeep->kept != Kept::never &&
                        (attribute.upkeep->kind == Upkeep::Kind::count_of ||
                         attribute.upkeep->kind == Upkeep::Kind::sum_of);
    if (is_sum) out.push_back(attribute.name);
  }
  if (entity.rollup) {
    for (const Rollup::Keep& keep : entity.rollup->keep) {
      if (keep.function == "count" || keep.function == "sum") support::add_once(out, keep.name);
    }
  }
  for (const Pattern& pattern : workload.patterns) {
    for (const Write* write : writes_of(pattern)) {
      if (write->entities.empty() || !(write->entities.front() == id)) continue;
      for (const Addition& addition : write->add) support::add_once(out, addition.attribute);
    }
  }
  return out;
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

bool is_plain(const Rollup::By& by) {
  if (by.from == nullptr) return true;
  const auto* reference = std::get_if<AttributeRef>(&by.from->node);
  return reference != nullptr && !reference->via && reference->name == by.name;
}

std::vector<std::string> grouped_by(const Rollup& rollup) {
  std::vector<std::string> out;
  for (const Rollup::By& by : rollup.by) {
    if (is_plain(by)) {
      support::add_once(out, by.name);
    } else {
      collect_attributes(*by.from, out);
    }
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
