#include "plan/addressing.h"

#include <algorithm>

#include "plan/need.h"
#include "support/text.h"

namespace ddbplan::plan {

using support::contains;

Addressing::Addressing(const model::Workload& workload, model::EntityId entity)
    : workload_(workload), id_(entity) {
  for (const model::Pattern& pattern : workload.patterns) {
    for (const model::Write* write : writes_of(pattern)) consider(pattern, *write);
    if (const auto* read = std::get_if<model::Read>(&pattern.action)) consider(pattern, *read);
    if (const auto* both = std::get_if<model::Transaction>(&pattern.action)) {
      for (model::Read read : both->reads) {
        read.strong = true;  // TransactGetItems reads tables only
        consider(pattern, read);
      }
    }
  }
  consider_children();
}

std::string Addressing::ignorant(const std::string& attribute) const {
  for (const auto& [pattern, known] : accesses_) {
    if (!contains(known, attribute)) return pattern;
  }
  return {};
}

void Addressing::consider(const model::Pattern& pattern, const model::Write& write) {
  if (write.kind == model::WriteKind::create || write.kind == model::WriteKind::put) return;
  if (!contains_entity(write.entities)) return;
  add_access(pattern, write.by);
}

void Addressing::consider(const model::Pattern& pattern, const model::Read& read) {
  for (const model::WithParent& with : read.with_parents) {
    if (with.parent == id_) know_identity(pattern.name);
  }
  // An eventual read by identity can take an index; a strong one can only compute the key.
  if (read.kind != model::ReadKind::get || !read.strong || !contains_entity(read.entities)) return;
  add_access(pattern, read.by);
}

/// A child knows its parent's identity and nothing else of it, when it is counted there.
void Addressing::consider_children() {
  for (const model::Attribute& attribute : workload_.entity(id_).attributes) {
    const bool from_children = attribute.upkeep && !(attribute.upkeep->source == id_) &&
                               attribute.upkeep->kind != model::Upkeep::Kind::copy_of &&
                               attribute.upkeep->kept != model::Kept::never;
    if (from_children) know_identity("the upkeep of " + attribute.name);
  }
  for (const model::Entity& child : workload_.entities) {
    for (const model::Attribute& attribute : child.attributes) {
      const bool copies = attribute.upkeep && attribute.upkeep->source == id_ &&
                          attribute.upkeep->kind == model::Upkeep::Kind::copy_of &&
                          attribute.upkeep->kept != model::Kept::never;
      if (copies) know_identity("the copy " + child.name + "." + attribute.name);
    }
  }
}

void Addressing::know_identity(const std::string& who) {
  std::vector<std::string> known = workload_.entity(id_).id;
  if (workload_.settings.tenant) known.push_back(*workload_.settings.tenant);
  accesses_.emplace_back(who, std::move(known));
}
bool Addressing::contains_entity(const std::vector<model::EntityId>& entities) const {
  return std::find(entities.begin(), entities.end(), id_) != entities.end();
}

void Addressing::add_access(const model::Pattern& pattern,
                            const std::vector<model::AttributeRef>& by) {
  const model::Entity& entity = workload_.entity(id_);
  std::vector<std::string> known;
  if (workload_.settings.tenant && !pattern.across_tenants)
    known.push_back(*workload_.settings.tenant);
  for (const model::AttributeRef& ref : by) known.push_back(ref.name);
  const bool by_identity = std::all_of(entity.id.begin(), entity.id.end(),
                                       [&](const std::string& id) { return contains(known, id); });
  if (by_identity) accesses_.emplace_back(pattern.name, std::move(known));
}

}  // namespace ddbplan::plan
