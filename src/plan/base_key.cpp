#include "plan/base_key.h"

#include <algorithm>

#include "support/text.h"

namespace ddbplan::plan {

namespace {

using support::contains;

/// The accesses by key, and the attributes that each of them knows.
class Addressing {
 public:
  Addressing(const model::Workload& workload, model::EntityId entity)
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

  [[nodiscard]] std::vector<std::pair<std::string, std::vector<std::string>>> take() {
    return std::move(accesses_);
  }

 private:
  void consider(const model::Pattern& pattern, const model::Write& write) {
    if (write.kind == model::WriteKind::create || write.kind == model::WriteKind::put) return;
    if (!contains_entity(write.entities)) return;
    if (write.for_each) return know_identity(pattern.name);
    add_access(pattern, write.by);
  }
  void consider(const model::Pattern& pattern, const model::Read& read) {
    for (const model::WithParent& with : read.with_parents) {
      if (with.parent == id_) know_identity(pattern.name);
    }
    // An eventual read by identity can take an index; a strong one can only compute the key.
    if (read.kind != model::ReadKind::get || !read.strong || !contains_entity(read.entities))
      return;
    add_access(pattern, read.by);
  }
  /// A child knows its parent's identity and nothing else of it, when it is counted there.
  void consider_children() {
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
  void know_identity(const std::string& who) {
    std::vector<std::string> known = workload_.entity(id_).id;
    if (workload_.settings.tenant) known.push_back(*workload_.settings.tenant);
    accesses_.emplace_back(who, std::move(known));
  }
  [[nodiscard]] bool contains_entity(const std::vector<model::EntityId>& entities) const {
    return std::find(entities.begin(), entities.end(), id_) != entities.end();
  }
  void add_access(const model::Pattern& pattern, const std::vector<model::AttributeRef>& by) {
    const model::Entity& entity = workload_.entity(id_);
    std::vector<std::string> known;
    if (workload_.settings.tenant && !pattern.across_tenants)
      known.push_back(*workload_.settings.tenant);
    for (const model::AttributeRef& ref : by) {
      if (ref.is_of(id_)) known.push_back(ref.name);
    }
    const bool by_identity =
        std::all_of(entity.id.begin(), entity.id.end(),
                    [&](const std::string& id) { return contains(known, id); });
    if (by_identity) accesses_.emplace_back(pattern.name, std::move(known));
  }

  const model::Workload& workload_;
  model::EntityId id_;
  std::vector<std::pair<std::string, std::vector<std::string>>> accesses_;
};

}  // namespace

BaseKeyRule::BaseKeyRule(const model::Workload& workload, model::EntityId entity)
    : workload_(workload),
      entity_(workload.entity(entity)),
      accesses_(Addressing(workload, entity).take()) {}

/// The first pattern that finds the row by its identity and does not know `attribute`; empty: all know it.
std::string BaseKeyRule::ignorant(const std::string& attribute) const {
  for (const auto& [pattern, known] : accesses_) {
    if (!contains(known, attribute)) return pattern;
  }
  return {};
}

/// The first attribute of a key that is not of the identity; empty: all are.
std::string BaseKeyRule::beyond_identity(const std::vector<std::string>& attributes) const {
  for (const std::string& name : attributes) {
    const bool tenant = workload_.settings.tenant && name == *workload_.settings.tenant;
    if (!tenant && !contains(entity_.id, name)) return name;
  }
  return {};
}

/// The identity holds an id of the row's own, made so that no other row ever has it.
bool BaseKeyRule::has_own_id() const {
  return std::any_of(entity_.id.begin(), entity_.id.end(),
                     [&](const std::string& name) { return entity_.is_own_id(name); });
}

bool BaseKeyRule::can_be(const KeySpec& key) const {
  const std::optional<std::string>& tenant = workload_.settings.tenant;
  if (tenant && !entity_.shared && !contains(key.partition, *tenant)) return false;
  for (const std::vector<std::string>* names : {&key.partition, &key.sort}) {
    for (const std::string& attribute : *names) {
      const model::Attribute* found = entity_.find(attribute);
      if (found == nullptr || key_use(entity_, attribute) != KeyUse::anywhere || found->present < 1)
        return false;
    }
  }
  return true;
}

std::string BaseKeyRule::why_not(const KeySpec& key) const {
  std::vector<std::string> all = key.partition;
  all.insert(all.end(), key.sort.begin(), key.sort.end());
  for (const std::string& attribute : all) {
    if (!is_immutable(entity_, attribute)) return attribute + " can change, and a base key cannot";
    if (const std::string pattern = ignorant(attribute); !pattern.empty())
      return pattern + " does not know " + attribute;
  }
  if (const std::string extra = beyond_identity(all); !extra.empty() && !has_own_id())
    return "nothing would stop a second row with the same " + support::join(entity_.id, ", ") +
           " and another " + extra;
  return {};
}

std::string BaseKeyRule::judge(const KeySpec& key) const {
  for (const std::string& name : entity_.id) {
    if (!contains(key.partition, name) && !contains(key.sort, name))
      return name + " is part of the identity and not in it";
  }
  if (!can_be(key)) return "an attribute of it is not in every row, or no longer fit for a key";
  return why_not(key);
}

}  // namespace ddbplan::plan
