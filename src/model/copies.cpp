#include "model/copies.h"

#include <algorithm>
#include <utility>

#include "model/stream_upkeep.h"

namespace ddbplan::model {

namespace {

/// The parent's attribute as its children hold it: the same values, spread over as many rows as share a parent.
Attribute copied(const Entity& parent, const Attribute& original, const Relation& relation,
                 support::Span span) {
  Attribute copy = original;
  copy.span = span;
  copy.origin = Origin::declared;
  copy.sorts_as.reset();
  copy.moves.clear();
  copy.is_state = false;
  if (copy.distinct_all) copy.distinct = std::max(1.0, parent.count);
  copy.distinct_all = false;
  copy.about = "copy of " + parent.name + "." + original.name;
  Upkeep upkeep;
  upkeep.kind = Upkeep::Kind::copy_of;
  upkeep.source = relation.parents.front();
  upkeep.source_attribute = original.name;
  upkeep.through = Entity::way_of(relation);
  upkeep.kept = Kept::stream;
  copy.upkeep = std::move(upkeep);
  return copy;
}

std::string unused_attribute(const Entity& child, const Entity& parent, const std::string& name) {
  if (child.find(name) == nullptr) return name;
  std::string out = snake_case(parent.name) + "_" + name;
  while (child.find(out) != nullptr) out += "_";
  return out;
}

/// The size that the schema gives for the whole row knows nothing of a copy.
void grow(Spread& row, const Attribute& copy) {
  const auto name = static_cast<double>(copy.name.size());
  row.mean += (name + copy.bytes.mean) * copy.present;
  row.max += name + copy.bytes.max;
}

void add_follower(Workload& workload, Follower follower, support::Span span) {
  Pattern pattern;
  pattern.name = std::move(follower.name);
  while (workload.find_pattern(pattern.name)) pattern.name += "_";
  pattern.span = span;
  pattern.implied = true;
  pattern.after = follower.cause;
  pattern.per_cause = follower.per_cause;
  pattern.load = load_after(workload.pattern(follower.cause).load, follower.per_cause);
  pattern.load.span = span;
  workload.defaults.push_back({"access_patterns." + pattern.name, "a write of a stream consumer",
                               reason_of(follower, workload)});
  pattern.action = std::move(follower.write);
  workload.patterns.push_back(std::move(pattern));
}

}  // namespace

std::optional<std::string> own_name_of(const Workload& workload, EntityId child,
                                       const Relation& relation, const std::string& attribute,
                                       bool strong) {
  if (relation.parents.size() != 1) return std::nullopt;
  const EntityId parent = relation.parents.front();
  for (const auto& [own, theirs] : identity_links(workload, child, relation, parent)) {
    if (theirs == attribute) return own;
  }
  const Entity& holder = workload.entity(child);
  for (const Attribute& own : holder.attributes) {
    if (!own.upkeep || own.upkeep->kind != Upkeep::Kind::copy_of) continue;
    const Upkeep& upkeep = *own.upkeep;
    const bool same = upkeep.source == parent && upkeep.source_attribute == attribute &&
                      holder.relation_by(upkeep.through) == &relation;
    const bool kept = upkeep.kept == Kept::transaction ||
                      (upkeep.kept == Kept::stream && (!strong || own.immutable));
    if (same && kept) return own.name;
  }
  return std::nullopt;
}

std::vector<std::string> asked_of_parent(const Workload& workload, const WithParent& with) {
  if (!with.attributes.empty()) return with.attributes;
  std::vector<std::string> out;
  for (const Attribute& attribute : workload.entity(with.parent).attributes)
    out.push_back(attribute.name);
  return out;
}

Workload with_copies(Workload workload, const CopyPlan& copies) {
  const std::size_t stated = workload.patterns.size();
  Entity& child = workload.entities[copies.child.index];
  const Relation& relation = child.relations[copies.relation];
  const Entity& parent = workload.entity(relation.parents.front());
  std::vector<Attribute> added;
  for (const std::string& name : copies.attributes) {
    // Two reads may ask for the same attribute.
    if (own_name_of(workload, copies.child, relation, name, false)) continue;
    Attribute copy = copied(parent, *parent.find(name), relation, copies.span);
    copy.name = unused_attribute(child, parent, name);
    if (child.size) grow(*child.size, copy);
    added.push_back(std::move(copy));
  }
  for (const Attribute& copy : added) child.attributes.push_back(copy);
  for (const Attribute& copy : added) {
    for (Follower& follower : followers_of(workload, copies.child, copy, {0, stated}))
      add_follower(workload, std::move(follower), copies.span);
  }
  for (Event& event : workload.events) follow_causes(workload, event);
  return workload;
}

}  // namespace ddbplan::model
