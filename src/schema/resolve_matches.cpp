// `matches: 3%` goes to the terms of `where` that it is about, so that whoever asks for their share is told.
#include <algorithm>
#include <cmath>

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
