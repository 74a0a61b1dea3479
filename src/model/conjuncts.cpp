#include "model/conjuncts.h"

#include <memory>
#include <utility>

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
  const auto* both = std::get_if<And>(&expression->node);
  if (both == nullptr) return {expression};
  std::vector<ExpressionPtr> terms;
  for (const ExpressionPtr& term : both->terms) {
    const std::vector<ExpressionPtr> inner = conjuncts(term);
    terms.insert(terms.end(), inner.begin(), inner.end());
  }
  return terms;
}

ExpressionPtr conjunction(const ExpressionPtr& a, const ExpressionPtr& b) {
  if (!a) return b;
  if (!b) return a;
  std::vector<ExpressionPtr> terms = conjuncts(a);
  const std::vector<ExpressionPtr> others = conjuncts(b);
  terms.insert(terms.end(), others.begin(), others.end());
  return std::make_shared<const Expression>(Expression{And{std::move(terms)}, {}});
}

std::vector<std::string> required_attributes(const ExpressionPtr& expression) {
  return attributes_of<Exists>(expression);
}

std::vector<std::string> lacking_attributes(const ExpressionPtr& expression) {
  return attributes_of<Missing>(expression);
}

}  // namespace ddbplan::model
