// One TTL attribute for a table whose entities expire by attributes of different names.
#include <algorithm>

#include "schema/resolve.h"
#include "schema/resolve_attribute.h"

namespace ddbplan::schema {
namespace {

using model::Attribute;
using model::Entity;
using model::Retention;

/// The attribute that `retention: D after ATTRIBUTE` implies somewhere, since it is nobody's own; else the first one.
const std::string* common_expiry(const std::vector<Entity>& entities) {
  const std::string* common = nullptr;
  for (const Entity& entity : entities) {
    if (!entity.retention) continue;
    const Retention& retention = *entity.retention;
    if (retention.after) return &retention.attribute;
    if (common == nullptr) common = &retention.attribute;
  }
  return common;
}

}  // namespace

namespace {

void say_expiry(const Entity& entity, model::Write& write) {
  if (write.kind != model::WriteKind::upsert || !entity.retention) return;
  const Retention& retention = *entity.retention;
  // What is no part of the identity is the upsert's to set, and the expiry with it.
  if (retention.after && !entity.is_identity(retention.base_attribute)) return;
  const std::string& name = retention.after ? retention.attribute : retention.base_attribute;
  const bool is_said = std::any_of(write.set.begin(), write.set.end(),
                                   [&](const auto& one) { return one.attribute == name; });
  if (!is_said) write.set.push_back({name, std::nullopt});
}

}  // namespace

void say_expiry_of_upserts(Context& context) {
  for (model::Pattern& pattern : context.workload.patterns) {
    const auto say = [&](model::Write& write) {
      if (!write.entities.empty()) say_expiry(context.at(write.entities.front()), write);
    };
    if (auto* write = std::get_if<model::Write>(&pattern.action)) say(*write);
    if (auto* transaction = std::get_if<model::Transaction>(&pattern.action))
      std::for_each(transaction->writes.begin(), transaction->writes.end(), say);
  }
}

void share_expiry_attribute(Context& context) {
  if (context.workload.settings.layout != model::Layout::single_table) return;
  const std::string* first = common_expiry(context.workload.entities);
  if (first == nullptr) return;
  const std::string common = *first;
  for (Entity& entity : context.workload.entities) {
    if (!entity.retention || entity.retention->after || entity.retention->attribute == common)
      continue;
    // A meaning of its own: the planner says that the table cannot have both (DDB702).
    if (entity.find(common) != nullptr) continue;
    const std::string own = entity.retention->attribute;
    const Attribute* expiry = entity.find(own);
    if (expiry == nullptr) continue;
    Attribute repeated =
        implied_attribute(common, model::ValueType::epoch_s, model::Origin::implied);
    repeated.span = entity.retention->span;
    repeated.present = expiry->present;
    entity.attributes.push_back(std::move(repeated));
    entity.retention->attribute = common;
    context.use_default("entities." + entity.name + ".retention", common + " repeats " + own,
                        "a table has one TTL attribute");
  }
}

}  // namespace ddbplan::schema
