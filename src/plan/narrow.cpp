#include "plan/narrow.h"

#include "support/text.h"

namespace ddbplan::plan {

namespace {

/// Each further one is a Need more to search for; what is left of them are filters.
constexpr std::size_t kToldApartMax = 3;

/// The answer is found by the read's own equalities alone, which an optional one may join.
bool is_found_alone(const Need& need, const model::Read& read) {
  const bool is_listed = read.kind == model::ReadKind::list || read.kind == model::ReadKind::count;
  return is_listed && read.entities.size() == 1 && read.with_children.empty() && !need.led_by &&
         need.kept_by.empty() && need.limit_per.empty() && !need.batch;
}

bool is_given_by_some(const model::NarrowBy& narrow) {
  return narrow.share > 0 && narrow.share < 1 && !narrow.attribute.via;
}

/// The key of the Need's option; null: it has none.
const KeySpec* key_of(const Problem& problem, const State& state, const Need& need,
                      const Option& option) {
  if (option.kind == Option::Kind::base) return &problem.base(state, need.entity);
  return option.kind == Option::Kind::entry ? &problem.entry(need.entity, option.candidate)
                                            : nullptr;
}

/// By the key of the last one, whose rows a filter narrows to what the calls give.
bool is_served_alike(const Problem& problem, const State& state, std::size_t n, std::size_t last) {
  const Option* option = problem.option(state, n);
  const Option* usual = problem.option(state, last);
  if (option == nullptr || usual == nullptr || !(*option == *usual)) return false;
  const Need& need = problem.needs[n];
  const KeySpec* key = key_of(problem, state, need, *option);
  const auto found = key == nullptr ? std::nullopt : match(problem.workload, *key, need);
  return found && support::contains(found->filtered_equal, need.given.front());
}

}  // namespace

std::vector<Need> by_what_calls_give(Need need, const model::Read& read) {
  if (!read.tells_calls_apart) return {std::move(need)};
  std::vector<std::string> told_apart;
  for (const model::NarrowBy& narrow : read.narrow_by) {
    const std::string& name = narrow.attribute.name;
    const bool is_open = is_given_by_some(narrow) && need.find_equality(name) == nullptr;
    if (is_open && told_apart.size() < kToldApartMax) support::add_once(told_apart, name);
  }
  if (!is_found_alone(need, read)) told_apart.clear();
  std::vector<Need> out;
  for (const std::string& name : told_apart) {
    std::erase(need.optional_equal, name);
    Need one = need;
    one.given = {name};
    one.equal.push_back(Equality{name, {}});
    out.push_back(std::move(one));
    need.left_out.push_back(name);
  }
  out.push_back(std::move(need));
  return out;
}

std::vector<Variant> calls_apart_variants(const model::Workload& workload) {
  std::vector<Variant> out;
  for (std::size_t p = 0; p < workload.patterns.size(); ++p) {
    const model::Pattern& pattern = workload.patterns[p];
    const auto* read = std::get_if<model::Read>(&pattern.action);
    if (read == nullptr) continue;
    std::vector<std::string> names;
    for (const model::NarrowBy& narrow : read->narrow_by) {
      if (is_given_by_some(narrow)) names.push_back(narrow.attribute.name);
    }
    if (names.empty()) continue;
    const std::string given = support::join_list(names);
    Variant variant;
    variant.what = "a key of their own for calls that give " + given;
    variant.otherwise = "one key for all calls, and filters";
    variant.why = "calls that give " + given + " read what they want and nothing else";
    variant.why_not = "an index entry more would have to save more than an index costs";
    variant.gainers = {model::PatternId{p}};
    variant.subjects = {"pattern:" + pattern.name};
    variant.apply = [p](model::Workload given_workload) {
      std::get<model::Read>(given_workload.patterns[p].action).tells_calls_apart = true;
      return given_workload;
    };
    out.push_back(std::move(variant));
  }
  return out;
}

std::vector<std::size_t> needs_of_some_calls(const Problem& problem, std::size_t need) {
  const Need& asked = problem.needs[need];
  std::vector<std::size_t> out;
  for (const std::size_t n : problem.needs_of_pattern[asked.pattern.index]) {
    if (problem.needs[n].is_of_some_calls() && problem.needs[n].action == asked.action)
      out.push_back(n);
  }
  return out;
}

std::size_t first_served_alike(const Problem& problem, const State& state,
                               const std::vector<std::size_t>& cases) {
  if (problem.option(state, cases.back()) == nullptr) return cases.size();
  std::size_t first = cases.size() - 1;
  while (first > 0 && is_served_alike(problem, state, cases[first - 1], cases.back())) --first;
  return first;
}

Need of_all_calls(const Problem& problem, const std::vector<std::size_t>& cases,
                  std::size_t begin) {
  Need out = problem.needs[cases.back()];
  out.left_out = problem.needs[cases[begin]].left_out;
  std::vector<std::string> optional;
  for (std::size_t i = begin; i + 1 < cases.size(); ++i)
    support::add_once(optional, problem.needs[cases[i]].given.front());
  out.optional_equal.insert(out.optional_equal.begin(), optional.begin(), optional.end());
  return out;
}

}  // namespace ddbplan::plan
