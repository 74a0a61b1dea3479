#include "model/counting.h"

#include <algorithm>

#include "model/conjuncts.h"
#include "model/evaluate.h"

namespace ddbplan::model {
namespace {

/// Whether a term holds whatever the row is like otherwise; nullopt: that depends.
std::optional<bool> decided(const ExpressionPtr& term, const ValuesOf& values_of) {
  constexpr std::size_t kRowsMax = 64;
  std::vector<std::string> names;
  collect_attributes(*term, names);
  std::vector<dynamo::Item> rows(1);
  for (const std::string& name : names) {
    const Values values = values_of(name);
    if (!values || rows.size() * values->size() > kRowsMax) return std::nullopt;
    if (values->empty()) continue;
    std::vector<dynamo::Item> wider;
    for (const dynamo::Item& row : rows) {
      for (const dynamo::AttributeValue& value : *values)
        wider.emplace_back(row).insert_or_assign(name, value);
    }
    rows = std::move(wider);
  }
  const auto is_held = [&](const dynamo::Item& row) {
    Scope scope;
    scope.row = &row;
    return holds(term, scope);
  };
  const bool first = is_held(rows.front());
  const bool is_same = std::all_of(rows.begin(), rows.end(),
                                   [&](const dynamo::Item& row) { return is_held(row) == first; });
  return is_same ? std::optional(first) : std::nullopt;
}

}  // namespace

std::optional<bool> counts(const ExpressionPtr& where, const ValuesOf& values_of) {
  bool is_sure = true;
  for (const ExpressionPtr& term : conjuncts(where)) {
    const std::optional<bool> one = decided(term, values_of);
    if (one == false) return false;
    is_sure = is_sure && one;
  }
  return is_sure ? std::optional(true) : std::nullopt;
}

std::optional<bool> counts_when_created(const Entity& entity, const ExpressionPtr& where) {
  return counts(where, [&](const std::string& name) -> Values {
    const Attribute* attribute = entity.find(name);
    if (attribute == nullptr || !attribute->is_state || attribute->values.empty())
      return std::nullopt;
    return std::vector{enum_value(*attribute, attribute->values.front().name)};
  });
}

}  // namespace ddbplan::model
