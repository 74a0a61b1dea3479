// Key templates and a Need's equalities and range become the key expressions of a Step.
#pragma once

#include <functional>

#include "design/access_plan.h"
#include "plan/key_spec.h"

namespace ddbplan::plan {

/// Where the value of an attribute comes from.
using SourceOf = std::function<design::Source(const std::string& attribute)>;

design::KeyExpr bind_key(const design::KeyTemplate& key, const SourceOf& source);
std::vector<design::KeyExpr> bind_keys(const std::vector<design::KeyTemplate>& keys,
                                       const SourceOf& source);

/// The sort condition that selects the need's rows and no other entity's; nullopt: the whole partition.
/// `filter` is set when a bound includes rows that a filter must still drop.
struct SortBinding {
  /// Equalities of the first attributes of a multi-attribute key; the condition is on the next one.
  std::vector<design::KeyExpr> equal;
  std::optional<design::SortCondition> condition;
  model::ExpressionPtr filter;
};
SortBinding bind_sort(const std::vector<design::KeyTemplate>& keys, const Need& need,
                      const Match& match, const SourceOf& source);

}  // namespace ddbplan::plan
