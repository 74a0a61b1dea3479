#include "model/conjuncts.h"

namespace ddbplan::model {

namespace {

/// The own attributes of which a term of this kind (Exists, Missing) must hold.
template <typename Presence>
std::vector<std::string> attributes_of(const ExpressionPtr& expression) {
  std::vector<std::string> names;
  for (const ExpressionPtr& term : conjuncts(expression)) {
    const auto* found = std::get_if<Presence>(&term->node);
    if (found != nullptr && !found->attribute.via) names.push_back(found->attribute.name);
  }
  return names;
}

}  // namespace

std::vector<ExpressionPtr> conjuncts(const ExpressionPtr& expression) {
  if (!expression) return {};
  if (const auto* both = std::get_if<And>(&expression->node)) return both->terms;
  return {expression};
}

std::vector<std::string> required_attributes(const ExpressionPtr& expression) {
  return attributes_of<Exists>(expression);
}

std::vector<std::string> lacking_attributes(const ExpressionPtr& expression) {
  return attributes_of<Missing>(expression);
}

}  // namespace ddbplan::model
