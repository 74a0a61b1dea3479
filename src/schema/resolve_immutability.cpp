// Which attributes can never change: the identity, what is declared immutable, and what no pattern
// writes.
#include <algorithm>
#include <set>

#include "schema/resolve.h"

namespace ddbplan::schema {
namespace {

using model::Attribute;
using model::Entity;
using model::EntityId;
using model::WriteKind;

class Mutations {
 public:
  explicit Mutations(const model::Workload& workload)
      : workload_(workload),
        changed_(workload.entities.size()),
        changed_all_(workload.entities.size(), false),
        upserted_(workload.entities.size(), false) {
    for (const model::Pattern& pattern : workload.patterns) {
      if (const auto* write = std::get_if<model::Write>(&pattern.action)) add(*write);
      if (const auto* transaction = std::get_if<model::Transaction>(&pattern.action)) {
        for (const model::Write& write : transaction->writes) add(write);
      }
    }
  }

  [[nodiscard]] bool changes(EntityId id, const Entity& entity, const Attribute& attribute) const {
    if (entity.is_identity(attribute.name) || attribute.origin == model::Origin::tenant)
      return false;
    // What rows elsewhere determine changes with them, unless it is never kept up.
    if (attribute.upkeep && attribute.upkeep->kind == model::Upkeep::Kind::copy_of)
      return copy_changes(id, entity, *attribute.upkeep);
    if (attribute.upkeep) return attribute.upkeep->kept != model::Kept::never;
    if (entity.rollup) return true;
    const std::set<std::string>& names = changed_[id.index];
    if (attribute.lock) return changed_all_[id.index] || !names.empty();
    // An expiry moves with the time that it is counted from.
    const bool follows = entity.retention && attribute.name == entity.retention->attribute &&
                         attribute.origin == model::Origin::implied;
    if (follows && names.contains(entity.retention->base_attribute)) return true;
    if (attribute.derive != nullptr) return changed_all_[id.index] || !names.empty();
    if (attribute.sequence_per) return false;
    // Declared moves happen, whether or not the pattern that makes them is written down.
    if (!attribute.moves.empty()) return true;
    // A row that is written again lives on.
    const bool is_expiry = entity.retention && !entity.retention->after &&
                           attribute.name == entity.retention->attribute;
    if (is_expiry && upserted_[id.index]) return true;
    if (names.contains(attribute.name)) return true;
    return changed_all_[id.index] && !fixed_by_identity(entity, attribute.name);
  }

 private:
  /// A copy changes with what it is a copy of, and with whose copy it is.
  [[nodiscard]] bool copy_changes(EntityId id, const Entity& entity,
                                  const model::Upkeep& upkeep) const {
    const auto can_change = [&](EntityId owner, const Entity& of, const std::string& name) {
      const Attribute* found = of.find(name);
      // A copy of a copy counts as one that changes.
      return found != nullptr && (found->upkeep || changes(owner, of, *found));
    };
    return can_change(upkeep.source, workload_.entity(upkeep.source), upkeep.source_attribute) ||
           can_change(id, entity, upkeep.through);
  }

  /// An identity that sorts as a time fixes that time.
  static bool fixed_by_identity(const Entity& entity, const std::string& name) {
    return std::any_of(entity.id.begin(), entity.id.end(), [&](const std::string& part) {
      const Attribute* identity = entity.find(part);
      return identity != nullptr && identity->sorts_as == name;
    });
  }

  void add(const model::Write& write) {
    const bool replaces = write.kind == WriteKind::put && write.replaces > 0;
    for (const EntityId id : write.entities) {
      if (replaces || write.set_is_default) changed_all_[id.index] = true;
      if (write.kind == WriteKind::upsert) upserted_[id.index] = true;
      if (write.kind != WriteKind::update && write.kind != WriteKind::upsert) continue;
      std::set<std::string>& names = changed_[id.index];
      for (const model::Assignment& one : write.set) names.insert(one.attribute);
      for (const model::Addition& one : write.add) names.insert(one.attribute);
      for (const model::Assignment& one : write.append) names.insert(one.attribute);
      names.insert(write.remove.begin(), write.remove.end());
      if (write.move) names.insert(write.move->attribute);
    }
  }

  const model::Workload& workload_;
  std::vector<std::set<std::string>> changed_;
  std::vector<bool> changed_all_;
  std::vector<bool> upserted_;
};

}  // namespace

void resolve_immutability(Context& context) {
  const Mutations mutations(context.workload);
  for (std::size_t i = 0; i < context.workload.entities.size(); ++i) {
    Entity& entity = context.workload.entities[i];
    for (Attribute& attribute : entity.attributes) {
      attribute.immutable =
          attribute.immutable || !mutations.changes(EntityId{i}, entity, attribute);
    }
  }
}

}  // namespace ddbplan::schema
