// `matches: 3%` goes to the terms of `where` that it is about, so that whoever asks for their share is told.
// And what is assumed of attributes that are asked for where nothing tells how many values they have.
#include <algorithm>
#include <cmath>
#include <set>

#include "schema/resolve.h"

namespace ddbplan::schema {
namespace {

using model::Attribute;
using model::Entity;

/// An equality with a constant also becomes a key, where its share is one of the attribute's values: the
/// attribute then has so many values that one of them is the share.
void tell_distinct(Entity& entity, const model::Expression& term) {
  const auto* compare = std::get_if<model::Compare>(&term.node);
  if (compare == nullptr || compare->op != model::CompareOp::eq || *term.share <= 0) return;
  const auto* reference = std::get_if<model::AttributeRef>(&compare->left->node);
  if (reference == nullptr || reference->via ||
      !std::holds_alternative<model::Constant>(compare->right->node))
    return;
  const auto attribute =
      std::find_if(entity.attributes.begin(), entity.attributes.end(),
                   [&](const Attribute& one) { return one.name == reference->name; });
  if (attribute != entity.attributes.end() && !attribute->distinct)
    attribute->distinct = std::max(1.0, std::round(1 / *term.share));
}

}  // namespace

namespace {

/// Nothing tells how many values it has, so that one of ten is reckoned with (capacity/traffic.h).
bool has_default_values(const Entity& entity, const Attribute& attribute) {
  return attribute.origin == model::Origin::declared && attribute.values.empty() &&
         !attribute.distinct && !attribute.distinct_all && !attribute.sequence_per &&
         attribute.type != model::ValueType::boolean && !model::is_id(attribute.type) &&
         !entity.is_one_row({attribute.name});
}

class DefaultValues {
 public:
  explicit DefaultValues(Context& context) : context_(context) {}

  void asked_by(model::EntityId id, const std::vector<model::AttributeRef>& by,
                const std::string& pattern) {
    const Entity& entity = context_.at(id);
    std::set<std::string> given;
    for (const model::AttributeRef& one : by) {
      if (one.is_of(id)) given.insert(one.name);
    }
    if (entity.is_one_row(given)) return;
    for (const std::string& name : given) {
      const Attribute* attribute = entity.find(name);
      if (attribute == nullptr || !has_default_values(entity, *attribute)) continue;
      if (!listed_.insert(entity.name + "." + name).second) continue;
      const std::string values =
          attribute->days
              ? support::format_number(std::min(*attribute->days, std::max(1.0, entity.count)), 0)
              : "10";
      const std::string of = attribute->days
                                 ? "one day of " + support::format_duration(
                                                       {*attribute->days * support::kSecondsPerDay})
                                 : "one of its values";
      context_.use_default("entities." + entity.name + "." + name + ".distinct", values,
                           pattern + " asks for " + of);
    }
  }

 private:
  Context& context_;
  std::set<std::string> listed_;
};

}  // namespace

void list_default_values(Context& context) {
  DefaultValues values(context);
  for (const model::Pattern& pattern : context.workload.patterns) {
    if (const auto* read = std::get_if<model::Read>(&pattern.action);
        read != nullptr && !read->entities.empty())
      values.asked_by(read->entities.front(), read->by, pattern.name);
    for (const model::Write* write : writes_of(pattern)) {
      if (!write->entities.empty() && !may_insert(*write))
        values.asked_by(write->entities.front(), write->by, pattern.name);
    }
  }
}

void resolve_matches(Context& context) {
  model::Workload& workload = context.workload;
  for (model::Pattern& pattern : workload.patterns) {
    auto* read = std::get_if<model::Read>(&pattern.action);
    if (read == nullptr || !read->matches || read->where == nullptr || read->entities.empty())
      continue;
    const model::EntityId entity = read->entities.front();
    read->where = model::with_share(workload, entity, read->where, *read->matches);
    const auto* both = std::get_if<model::And>(&read->where->node);
    const std::vector<model::ExpressionPtr> terms =
        both == nullptr ? std::vector{read->where} : both->terms;
    for (const model::ExpressionPtr& term : terms) {
      if (term->share) tell_distinct(workload.entities[entity.index], *term);
    }
  }
}

}  // namespace ddbplan::schema
