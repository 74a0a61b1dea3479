// `narrow_by`: the ways in which a call may give, or leave out, its optional values.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "capacity/membership.h"
#include "design/access_plan.h"
#include "model/workload.h"

namespace ddbplan::capacity {

struct NarrowCase {
  double probability = 1;
  std::set<std::string> missing;  ///< attributes whose values are not given
};
/// One case without missing values when the pattern has no `narrow_by`. Without those in which the step is left out.
std::vector<NarrowCase> narrow_cases(const model::Pattern& pattern, const design::Step& step);

/// The share of a read's calls that make the step's requests.
double share_of_calls(const model::Pattern& pattern, const design::Step& step);

/// Share of the rows of `view` that the filter keeps, its terms about missing values left out.
double filter_share(const model::Workload& workload, model::EntityId entity,
                    const model::ExpressionPtr& filter, const std::set<std::string>& missing,
                    const RowView& view);

/// What a request that says how many items a page is to have takes that share for.
double share_asked(const model::Workload& workload, const design::Step& step,
                   model::EntityId entity, const model::ExpressionPtr& filter,
                   const std::set<std::string>& missing);

/// Attributes that the filter compares with values of the call for equality, without those that are missing.
std::set<std::string> equalities_said(const model::ExpressionPtr& filter,
                                      const std::set<std::string>& missing);

/// The filter compares with nothing but what a call says of the row that it is about, expiry apart.
bool says_of_its_row(const model::ExpressionPtr& filter, const model::Entity& entity);

}  // namespace ddbplan::capacity
