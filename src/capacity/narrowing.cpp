#include "capacity/narrowing.h"

#include <algorithm>

#include "design/requests.h"

namespace ddbplan::capacity {
namespace {

bool speaks_of(const model::ExpressionPtr& term, const std::set<std::string>& names) {
  const std::set<std::string> spoken = attributes_in(term);
  return std::any_of(spoken.begin(), spoken.end(),
                     [&](const std::string& name) { return names.contains(name); });
}

bool is_left_out(const design::Step& step, const NarrowCase& calls) {
  const auto is_missing = [&](const std::string& name) { return calls.missing.contains(name); };
  const auto& with = step.only_if_given;
  const auto& without = step.only_if_left_out;
  return std::any_of(with.begin(), with.end(), is_missing) ||
         !std::all_of(without.begin(), without.end(), is_missing);
}

}  // namespace

std::vector<NarrowCase> narrow_cases(const model::Pattern& pattern, const design::Step& step) {
  std::vector<NarrowCase> cases{{}};
  const auto* read = std::get_if<model::Read>(&pattern.action);
  if (read == nullptr) return cases;
  for (const model::NarrowBy& narrow : read->narrow_by) {
    std::vector<NarrowCase> next;
    for (const NarrowCase& one : cases) {
      NarrowCase given = one;
      given.probability *= narrow.share;
      NarrowCase missing = one;
      missing.probability *= 1 - narrow.share;
      missing.missing.insert(narrow.attribute.name);
      if (given.probability > 0) next.push_back(std::move(given));
      if (missing.probability > 0) next.push_back(std::move(missing));
    }
    cases = std::move(next);
  }
  std::erase_if(cases, [&](const NarrowCase& one) { return is_left_out(step, one); });
  return cases;
}

double share_of_calls(const model::Pattern& pattern, const design::Step& step) {
  const bool is_read = std::holds_alternative<model::Read>(pattern.action);
  if (!is_read || (step.only_if_given.empty() && step.only_if_left_out.empty())) return 1;
  double share = 0;
  for (const NarrowCase& one : narrow_cases(pattern, step)) share += one.probability;
  return share;
}

double filter_share(const model::Workload& workload, model::EntityId entity,
                    const model::ExpressionPtr& filter, const std::set<std::string>& missing,
                    const RowView& view) {
  if (filter == nullptr) return 1;
  if (missing.empty()) return share_of(workload, entity, filter, view);
  const auto* terms = std::get_if<model::And>(&filter->node);
  if (terms == nullptr) {
    return speaks_of(filter, missing) ? 1 : share_of(workload, entity, filter, view);
  }
  double share = 1;
  for (const model::ExpressionPtr& term : terms->terms) {
    if (!speaks_of(term, missing)) share *= share_of(workload, entity, term, view);
  }
  return share;
}

double share_asked(const model::Workload& workload, const design::Step& step,
                   model::EntityId entity, const model::ExpressionPtr& filter,
                   const std::set<std::string>& missing) {
  if (filter == nullptr) return 1;
  if (const auto* both = std::get_if<model::And>(&filter->node)) {
    double share = 1;
    for (const model::ExpressionPtr& term : both->terms)
      share *= share_asked(workload, step, entity, term, missing);
    return share;
  }
  return speaks_of(filter, missing) ? 1 : design::share_kept(workload, step, entity, filter);
}

std::set<std::string> equalities_said(const model::ExpressionPtr& filter,
                                      const std::set<std::string>& missing) {
  if (filter == nullptr) return {};
  std::set<std::string> out;
  if (const auto* both = std::get_if<model::And>(&filter->node)) {
    for (const model::ExpressionPtr& term : both->terms) out.merge(equalities_said(term, missing));
    return out;
  }
  const auto* comparison = std::get_if<model::Compare>(&filter->node);
  if (comparison == nullptr || comparison->op != model::CompareOp::eq) return out;
  const auto* attribute = std::get_if<model::AttributeRef>(&comparison->left->node);
  const bool is_said = std::holds_alternative<model::ParameterRef>(comparison->right->node);
  if (attribute != nullptr && !attribute->via && is_said && !missing.contains(attribute->name))
    out.insert(attribute->name);
  return out;
}

bool says_of_its_row(const model::ExpressionPtr& filter, const model::Entity& entity) {
  if (const auto* both = std::get_if<model::And>(&filter->node)) {
    const auto& terms = both->terms;
    const auto says = [&](const model::ExpressionPtr& term) {
      return says_of_its_row(term, entity);
    };
    return std::any_of(terms.begin(), terms.end(), says) &&
           std::all_of(terms.begin(), terms.end(), [&](const model::ExpressionPtr& term) {
             return says(term) ||
                    (entity.retention &&
                     attributes_in(term) == std::set<std::string>{entity.retention->attribute});
           });
  }
  if (const auto* contains = std::get_if<model::Contains>(&filter->node))
    return std::holds_alternative<model::ParameterRef>(contains->element->node);
  if (const auto* begins = std::get_if<model::BeginsWith>(&filter->node))
    return std::holds_alternative<model::ParameterRef>(begins->prefix->node);
  return !equalities_said(filter, {}).empty();
}

}  // namespace ddbplan::capacity
