// What a Need says of single attributes.
#include <algorithm>

#include "model/conjuncts.h"
#include "plan/need.h"
#include "support/text.h"

namespace ddbplan::plan {

const Equality* Need::find_equality(std::string_view attribute) const {
  for (const Equality& equality : equal) {
    if (equality.attribute == attribute) return &equality;
  }
  return nullptr;
}

const std::string& Need::given_as(const std::string& attribute) const {
  const auto named = std::find_if(renamed.begin(), renamed.end(),
                                  [&](const auto& one) { return one.first == attribute; });
  return named == renamed.end() ? attribute : named->second;
}

bool Need::binds(const std::vector<std::string>& names) const {
  return std::all_of(names.begin(), names.end(),
                     [this](const std::string& name) { return find_equality(name) != nullptr; });
}

bool Need::tells(const std::string& attribute) const {
  return support::contains(attributes, attribute) ||
         std::any_of(companions.begin(), companions.end(),
                     [&](const Companion& one) { return one.attribute == attribute; });
}

const std::string* Need::led_from(std::string_view attribute) const {
  if (!led_by) return nullptr;
  for (const auto& [own, theirs] : led_by->links) {
    if (own == attribute) return &theirs;
  }
  return nullptr;
}

bool sorts_as(const model::Entity& entity, std::string_view key, std::string_view attribute) {
  if (key == attribute) return true;
  const model::Attribute* found = entity.find(key);
  return found != nullptr && found->sorts_as && *found->sorts_as == attribute;
}

bool wants_rows_without(const model::Entity& entity, const Need& need, std::string_view name) {
  const model::Attribute* attribute = entity.find(name);
  if (attribute == nullptr || attribute->present >= 1 || attribute->absent) return false;
  return need.find_equality(name) == nullptr && !(need.range && need.range->attribute == name) &&
         !support::contains(model::required_attributes(need.residual), name);
}

bool is_immutable(const model::Entity& entity, std::string_view attribute) {
  if (entity.is_identity(attribute)) return true;
  const model::Attribute* found = entity.find(attribute);
  return found != nullptr && found->immutable && !found->upkeep;
}

model::ExpressionPtr told_by_rows(const model::ExpressionPtr& condition) {
  model::ExpressionPtr out;
  for (const model::ExpressionPtr& term : model::conjuncts(condition)) {
    const bool is_presence = std::holds_alternative<model::Exists>(term->node) ||
                             std::holds_alternative<model::Missing>(term->node);
    if (is_presence || !split_where(term).equal.empty()) out = model::conjunction(out, term);
  }
  return out;
}

bool limits_known_groups(Need& need, const model::Read& read) {
  if (need.limit_per.empty() || need.find_equality(need.limit_per) != nullptr) return true;
  if (read.order.empty()) return false;
  need.limit_per.clear();
  need.limit.reset();
  return true;
}

}  // namespace ddbplan::plan
