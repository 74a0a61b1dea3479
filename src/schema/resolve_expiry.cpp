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
