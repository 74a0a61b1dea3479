#include <algorithm>
#include <limits>

#include "capacity/usage.h"
#include "plan/entity_search.h"
#include "plan/entries_beside.h"

namespace ddbplan::plan {

Surroundings::Surroundings(const Problem& problem, CostMemo& memo)
    : problem_(problem), memo_(memo), space_(memo, problem.tables.count) {
  const std::size_t entities = problem.workload.entities.size();
  patterns_of_.resize(entities);
  needs_of_.resize(entities);
  for (std::size_t p = 0; p < problem.workload.patterns.size(); ++p) {
    for (const std::size_t e : problem.entities_of_pattern[p]) patterns_of_[e].push_back(p);
  }
  for (std::size_t n = 0; n < problem.needs.size(); ++n)
    needs_of_[problem.needs[n].entity.index].push_back(n);
  choose_lightest();
  serve_from_base();
  serve_leads();
  find_joints();
}

void Surroundings::choose_lightest() {
  lightest_.base.assign(problem_.workload.entities.size(), 0);
  lightest_.together.assign(problem_.needs.size(), false);
  lightest_.serve.assign(problem_.needs.size(), kUnserved);
  for (std::size_t e = 0; e < lightest_.base.size(); ++e) {
    const std::size_t count = problem_.candidates.entities[e].bases.size();
    std::size_t best = 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t b = 0; b < count && count > 1; ++b) {
      lightest_.base[e] = b;
      const Scope alone{{e}, {}, {}, {}};
      const Assembly assembly = assemble(problem_, lightest_, {}, alone);
      const double bytes =
          capacity::item_size(problem_.workload, assembly.design, assembly.design.items.front())
              .mean;
      if (bytes < least) {
        least = bytes;
        best = b;
      }
    }
    lightest_.base[e] = best;
  }
}

void Surroundings::serve_from_base() {
  for (std::size_t n = 0; n < problem_.needs.size(); ++n) {
    const std::size_t base = lightest_.base[problem_.needs[n].entity.index];
    for (std::size_t o = 0; o < problem_.candidates.options[n].size(); ++o) {
      if (!valid(n, o, base)) continue;
      lightest_.serve[n] = o;
      break;
    }
  }
}

std::size_t Surroundings::joining_option(std::size_t need, std::size_t child) const {
  const std::vector<Option>& options = problem_.candidates.options[need];
  for (std::size_t o = 0; o < options.size(); ++o) {
    if (joins_in_index(problem_, need, options[o], child)) return o;
  }
  return kUnserved;
}

bool Surroundings::may_be_in_index(std::size_t child) const {
  return joining_option(child, child) != kUnserved &&
         joining_option(*problem_.needs[child].child_of, child) != kUnserved;
}

void Surroundings::find_joints() {
  for (std::size_t n = 0; n < problem_.needs.size(); ++n) {
    if (problem_.needs[n].children.empty()) continue;
    for (const std::size_t child : problem_.needs[n].children) {
      if (table_may_have_both(problem_, child))
        joints_.push_back({n, child, Joint::Kind::together});
      if (may_be_in_index(child)) joints_.push_back({n, child, Joint::Kind::in_index});
    }
    find_scarcest_option(n);
    const bool either = base_option(n) != kUnserved && scarcest_option_[n] != kUnserved;
    if (either) joints_.push_back({n, std::nullopt, Joint::Kind::follows});
  }
}

Scope Surroundings::scope_of_pattern(std::size_t pattern) const {
  return {problem_.entities_of_pattern[pattern], {pattern}, problem_.needs_of_pattern[pattern], {}};
}

/// A child's Query that follows an index is asked once for each parent found, which may be less than once.
void Surroundings::find_scarcest_option(std::size_t n) {
  scarcest_option_[n] =
      scarcest(n, [](const Option& option) { return option.kind != Option::Kind::base; });
}

/// What follows the rows that lead to it is read for each of them: none of it costs less than where the fewest are
/// found.
void Surroundings::serve_leads() {
  for (std::size_t n = 0; n < problem_.needs.size(); ++n) {
    if (problem_.needs[n].purpose != Purpose::lead || lightest_.serve[n] == kUnserved) continue;
    const std::size_t fewest = scarcest(n, [](const Option&) { return true; });
    if (fewest != kUnserved) lightest_.serve[n] = fewest;
  }
}

/// The option that finds the fewest rows, the first of equal ones.
std::size_t Surroundings::scarcest(std::size_t n,
                                   const std::function<bool(const Option&)>& is_meant) const {
  std::size_t out = kUnserved;
  double fewest = std::numeric_limits<double>::infinity();
  State state = lightest_;
  for (std::size_t o = 0; o < problem_.candidates.options[n].size(); ++o) {
    if (!is_meant(problem_.candidates.options[n][o]) ||
        !valid(n, o, lightest_.base[problem_.needs[n].entity.index]))
      continue;
    state.serve[n] = o;
    const Assembly assembly =
        assemble(problem_, state, {}, scope_of_pattern(problem_.needs[n].pattern.index));
    if (!assembly.infeasible.empty() || assembly.design.plans.front().steps.empty()) continue;
    const design::AccessPlan& plan = assembly.design.plans.front();
    double least = std::numeric_limits<double>::infinity();
    for (const double items : memo_.units(assembly.design, plan).items)
      least = std::min(least, items);
    if (least >= fewest) continue;
    fewest = least;
    out = o;
  }
  return out;
}

bool Surroundings::valid(std::size_t need, std::size_t option, std::size_t base) const {
  const Need& wanted = problem_.needs[need];
  const Option& way = problem_.candidates.options[need][option];
  const KeySpec& key = problem_.candidates.entities[wanted.entity.index].bases[base];
  if (way.kind == Option::Kind::base) return match(problem_.workload, key, wanted).has_value();
  if (way.kind != Option::Kind::entry) return true;
  const KeySpec& spec = problem_.entry(wanted.entity, way.candidate);
  return !spec.local || spec.partition == key.partition;
}

std::size_t Surroundings::base_option(std::size_t need) const {
  const std::vector<Option>& options = problem_.candidates.options[need];
  for (std::size_t o = 0; o < options.size(); ++o) {
    if (options[o].kind == Option::Kind::base) return o;
  }
  return kUnserved;
}

}  // namespace ddbplan::plan
