#include "plan/runners_up.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "dynamo/limits.h"
#include "plan/shards.h"
#include "plan/words.h"
#include "support/text.h"
#include "support/units.h"

namespace ddbplan::plan {

namespace {

using Alternative = design::Decision::Alternative;

template <typename T>
bool is_among(const std::vector<T>& all, const T& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// Priced ones first, the cheapest of them before all; each once.
void put_in_order(RunnersUp::Alternatives& found) {
  std::stable_sort(found.begin(), found.end(), [](const Alternative& a, const Alternative& b) {
    if (a.extra.has_value() != b.extra.has_value()) return a.extra.has_value();
    return a.extra && *a.extra < *b.extra;
  });
}

bool is_told(const RunnersUp::Alternatives& found, const std::string& what) {
  return std::any_of(found.begin(), found.end(),
                     [&](const Alternative& one) { return one.what == what; });
}

/// The position of the same option, but for whether the rows are fetched; nullopt: it is not offered.
std::optional<std::size_t> other_way(const std::vector<Option>& options, std::size_t chosen) {
  Option wanted = options[chosen];
  wanted.fetch = !wanted.fetch;
  const auto found = std::find(options.begin(), options.end(), wanted);
  if (found == options.end()) return std::nullopt;
  return static_cast<std::size_t>(found - options.begin());
}

/// In any order.
bool project_alike(dynamo::Projection a, dynamo::Projection b) {
  std::sort(a.attributes.begin(), a.attributes.end());
  std::sort(b.attributes.begin(), b.attributes.end());
  return a == b;
}

/// The number that is the highest of a rule.
int highest(const design::ShardRule& rule) {
  int out = rule.count;
  for (const auto& [value, count] : rule.per_key) out = std::max(out, count);
  return out;
}

/// The same with another number where it is the highest.
design::ShardRule changed(design::ShardRule rule, int by) {
  const int most = highest(rule);
  if (rule.count == most) rule.count += by;
  for (auto& [value, count] : rule.per_key) {
    if (count == most) count += by;
  }
  return rule;
}

}  // namespace

/// A design in which nothing else differs than what an index carries.
struct RunnersUp::OtherProjection {
  Evaluation evaluation;
  dynamo::Projection projection;
  bool is_whole = false;  ///< the entries share one index still
};

RunnersUp::RunnersUp(const TableSearchResult& tables)
    : problem_(*tables.problem),
      workload_(problem_.workload),
      result_(tables.found),
      design_(result_.evaluation.assembly.design),
      placement_(result_.evaluation.assembly.placement),
      memo_(result_.hindsight->memo()) {}

std::vector<std::size_t> RunnersUp::served_by(const EntryKeys& entries) const {
  std::vector<std::size_t> out;
  for (std::size_t n = 0; n < problem_.needs.size(); ++n) {
    const Option* option = problem_.option(result_.state, n);
    if (option == nullptr || option->kind != Option::Kind::entry) continue;
    if (is_among(entries, {problem_.needs[n].entity.index, option->candidate})) out.push_back(n);
  }
  return out;
}

std::vector<std::string> RunnersUp::patterns_of(const std::vector<std::size_t>& needs) const {
  std::vector<std::string> out;
  for (const std::size_t n : needs)
    support::add_once(out, workload_.pattern(problem_.needs[n].pattern).name);
  return out;
}

bool RunnersUp::is_fixed(std::size_t table, const design::Index& index) const {
  return std::any_of(workload_.physical.begin(), workload_.physical.end(),
                     [&](const model::PhysicalOverride& physical) {
                       return problem_.tables.table_of[physical.entity.index] == table &&
                              physical.projections.contains(index.name);
                     });
}

bool RunnersUp::is_fixed(const std::pair<std::size_t, std::size_t>& key) const {
  return key.second == kBaseKey && std::any_of(workload_.physical.begin(), workload_.physical.end(),
                                               [&](const model::PhysicalOverride& physical) {
                                                 return physical.entity.index == key.first &&
                                                        !physical.shards.empty();
                                               });
}

const HeldIndex* RunnersUp::held_index(const EntryKeys& entries) const {
  if (entries.empty()) return nullptr;
  const auto& [entity, candidate] = entries.front();
  return problem_.held_index(problem_.entry(model::EntityId{entity}, candidate));
}

/// Patterns that have a plan now and would have none.
std::vector<std::string> RunnersUp::broken_patterns(const Evaluation& other) const {
  std::vector<std::string> out;
  const std::vector<design::AccessPlan>& plans = other.assembly.design.plans;
  for (std::size_t p = 0; p < plans.size(); ++p) {
    if (plans[p].served == design::Served::no && design_.plans[p].served != design::Served::no)
      out.push_back(workload_.pattern(plans[p].pattern).name);
  }
  return out;
}

/// Beside the design that costs `with`.
Alternative RunnersUp::compared(std::string what, const Evaluation& other,
                                support::Money with) const {
  Alternative out{std::move(what), std::nullopt, other.infeasible};
  if (!other.infeasible.empty()) return out;
  if (other.penalty <= result_.evaluation.penalty) {
    out.extra = other.objective() - with;
  } else if (const std::vector<std::string> broken = broken_patterns(other); !broken.empty()) {
    out.ruled_out = "nothing would answer " + support::join_list(broken);
  } else {
    out.ruled_out = "there would be " + other.assembly.over_limit;
  }
  return out;
}

/// How another State answers what these Needs ask: "open_orders: the base table; Order: base key by order_id".
std::string RunnersUp::served_instead(const std::vector<std::size_t>& needs,
                                      const State& other) const {
  std::vector<std::pair<std::string, std::vector<std::string>>> groups;
  for (const std::size_t n : needs) {
    const Option* option = problem_.option(other, n);
    const std::string how = option == nullptr
                                ? "nothing"
                                : describe_option(problem_, other, problem_.needs[n], *option);
    const auto same = std::find_if(groups.begin(), groups.end(),
                                   [&](const auto& group) { return group.first == how; });
    std::vector<std::string>& names =
        same == groups.end() ? groups.emplace_back(how, std::vector<std::string>()).second
                             : same->second;
    support::add_once(names, workload_.pattern(problem_.needs[n].pattern).name);
  }
  std::vector<std::string> out;
  for (const auto& [how, names] : groups) out.push_back(support::join_list(names) + ": " + how);
  for (std::size_t e = 0; e < other.base.size(); ++e) {
    if (other.base[e] != result_.state.base[e])
      out.push_back(workload_.entities[e].name + ": base key " +
                    to_string(problem_.base(other, model::EntityId{e})));
  }
  return support::join(out, "; ");
}

/// These entries, and of their entities all that no index holds by now: nothing may take their place.
EntryKeys RunnersUp::all_but_others(const EntryKeys& entries) const {
  EntryKeys out;
  std::set<std::size_t> entities;
  for (const auto& [entity, candidate] : entries) entities.insert(entity);
  for (const std::size_t entity : entities) {
    for (std::size_t i = 0; i < problem_.candidates.entities[entity].entries.size(); ++i) {
      const std::pair key{entity, i};
      if (is_among(entries, key) || !placement_.entries.contains(key)) out.push_back(key);
    }
  }
  return out;
}

RunnersUp::Alternatives RunnersUp::of_index(const EntryKeys& entries) const {
  const HeldIndex* held = held_index(entries);
  if (entries.empty() || (held != nullptr && held->stays)) {
    const bool is_pinned = held != nullptr && !held->index.local;
    return {{"no such index", std::nullopt,
             is_pinned ? "it is there already, and an access pattern is pinned to it"
                       : "it is there already, and a local index goes only with its table"}};
  }
  const std::vector<std::size_t> needs = served_by(entries);
  const auto decided_without = [&](const EntryKeys& unused, const char* what) {
    const std::optional<State> state = result_.hindsight->without(unused);
    if (!state)
      return Alternative{what, std::nullopt,
                         "nothing would answer " + support::join_list(patterns_of(needs))};
    Alternative out =
        compared(what, evaluate(problem_, *state, memo_), result_.evaluation.objective());
    if (out.extra) out.what = served_instead(needs, *state);
    return out;
  };
  Alternatives out{decided_without(entries, "no such index")};
  if (out.front().extra) {
    Alternative fewer = decided_without(all_but_others(entries), "no index in its place");
    if (!is_told(out, fewer.what)) out.push_back(std::move(fewer));
  }
  put_in_order(out);
  return out;
}

/// The other ways to make use of the same entries: rows fetched or not, by all of the Needs or by one; and everything
/// carried where a list would do, or the list.
std::vector<State> RunnersUp::other_projections(const EntryKeys& entries) const {
  const std::vector<std::size_t> needs = served_by(entries);
  std::vector<State> out;
  const auto add = [&](const State& state) {
    if (!(state == result_.state) && !is_among(out, state)) out.push_back(state);
  };
  State listed = result_.state;
  for (const auto& key : entries) listed.project_all.erase(key);
  add(listed);
  for (const bool fetch : {true, false}) {
    State together = listed;
    for (const std::size_t n : needs) {
      const std::vector<Option>& options = problem_.candidates.options[n];
      const auto other = other_way(options, result_.state.serve[n]);
      if (!other || options[*other].fetch != fetch) continue;
      together.serve[n] = *other;
      State alone = result_.state;
      alone.serve[n] = *other;
      add(alone);
    }
    add(together);
  }
  // Whoever finds everything in the index fetches nothing.
  State everything = listed;
  for (const std::size_t n : needs) {
    const std::vector<Option>& options = problem_.candidates.options[n];
    const auto other = other_way(options, result_.state.serve[n]);
    if (other && !options[*other].fetch) everything.serve[n] = *other;
  }
  for (const auto& key : entries) everything.project_all[key] = true;
  add(everything);
  return out;
}

RunnersUp::OtherProjection RunnersUp::look_up(const State& state, const EntryKeys& entries) const {
  OtherProjection out{evaluate(problem_, state, memo_), {}, false};
  const Assembly& assembly = out.evaluation.assembly;
  if (!out.evaluation.infeasible.empty()) return out;
  const auto first = assembly.placement.entries.find(entries.front());
  if (first == assembly.placement.entries.end()) return out;
  const std::size_t table = problem_.tables.table_of[entries.front().first];
  out.projection = assembly.design.tables[table].find_index(first->second.index)->projection;
  out.is_whole = std::all_of(entries.begin(), entries.end(), [&](const auto& key) {
    const auto place = assembly.placement.entries.find(key);
    return place != assembly.placement.entries.end() && place->second.index == first->second.index;
  });
  return out;
}

/// "; selling fetches the rows", or nothing.
std::string RunnersUp::fetched_text(const State& state,
                                    const std::vector<std::size_t>& needs) const {
  std::vector<std::size_t> fetching;
  for (const std::size_t n : needs) {
    const Option* option = problem_.option(state, n);
    if (option != nullptr && option->fetch) fetching.push_back(n);
  }
  if (fetching.empty()) return {};
  const std::vector<std::string> names = patterns_of(fetching);
  return "; " + support::join_list(names) + (names.size() == 1 ? " fetches" : " fetch") +
         " the rows";
}

RunnersUp::Alternatives RunnersUp::of_projection(std::size_t table, const design::Index& index,
                                                 const EntryKeys& entries) const {
  if (entries.empty() || held_index(entries) != nullptr)
    return {{"another projection", std::nullopt,
             "the index is there already, and DynamoDB changes no projection of one"}};
  const std::vector<std::size_t> needs = served_by(entries);
  Alternatives out;
  if (is_fixed(table, index)) {
    const OtherProjection planned = look_up(result_.state, entries);
    const support::Money now =
        memo_.cost(design_, memo_.look_up(design_)) + complexity_of(workload_.settings, design_);
    if (!project_alike(planned.projection, index.projection))
      return {compared(describe(planned.projection) + ", as it would be planned",
                       planned.evaluation, now)};
  }
  for (const State& state : other_projections(entries)) {
    const OtherProjection other = look_up(state, entries);
    if (!other.is_whole || project_alike(other.projection, index.projection)) continue;
    std::string what = describe(other.projection) + fetched_text(state, needs);
    const std::size_t indexes = other.evaluation.assembly.design.index_count();
    if (indexes != design_.index_count())
      what += ", with " + std::to_string(indexes) + " indexes in all";
    if (!is_told(out, what))
      out.push_back(compared(what, other.evaluation, result_.evaluation.objective()));
  }
  put_in_order(out);
  if (out.empty())
    out.push_back(
        {"another projection", std::nullopt,
         support::join_list(patterns_of(needs)) + " needs all of it" +
             (index.local ? ", and no plan relies on DynamoDB's own fetch of each row" : "")});
  return out;
}

/// Write units a second on the hottest value of the key, all of its shards together; 0: it is not hot by itself.
double RunnersUp::hottest(const std::pair<std::size_t, std::size_t>& key) const {
  const design::ItemLayout& row = design_.items[placement_.row[key.first]];
  const design::KeyEntry* entry = &row.base;
  if (key.second != kBaseKey) entry = &row.entries[placement_.entries.at(key).position];
  const std::string text = logical_text(entry->partition);
  double out = 0;
  for (const design::HotKey& hot : memo_.hot_keys(design_, memo_.look_up(design_))) {
    if (hot.table == row.table && hot.index == entry->index && hot.key == text)
      out = std::max(out, hot.peak_write_units);
  }
  return out;
}

ShardPlan RunnersUp::shards_of_heat() const {
  const Assembly& assembly = result_.evaluation.assembly;
  return shards_by_heat(problem_, result_.state, assembly,
                        memo_.hot_keys(design_, memo_.look_up(design_)));
}

RunnersUp::Alternatives RunnersUp::of_shards(const std::pair<std::size_t, std::size_t>& key,
                                             const design::ShardRule& rule) const {
  const auto priced = [&](const design::ShardRule& other) {
    ShardPlan shards = result_.evaluation.shards;
    shards.erase(key);
    if (other.sharded()) shards[key] = other;
    return compared(describe(other), evaluate_with(problem_, result_.state, shards, memo_),
                    result_.evaluation.objective());
  };
  Alternatives out;
  const bool is_held = problem_.held && problem_.held->shards.contains(key);
  if (is_held || is_fixed(key)) {
    const ShardPlan by_heat = shards_of_heat();
    const auto found = by_heat.find(key);
    const design::ShardRule planned = found == by_heat.end() ? design::ShardRule{} : found->second;
    if (describe(planned) != describe(rule)) {
      Alternative one = priced(planned);
      one.what += ", as the load asks for";
      if (is_held) one.ruled_out = "every item would have to be written anew";
      if (is_held) one.extra = std::nullopt;
      out.push_back(std::move(one));
    }
    if (is_held && out.empty())
      out.push_back({"another number", std::nullopt, "every item would have to be written anew"});
    if (is_held) return out;
  }
  out.push_back(priced(changed(rule, 1)));
  const int fewer = highest(rule) - 1;
  const double units = fewer < 1 ? 0 : hottest(key) / fewer;
  const double most = dynamo::limits::kPartitionWriteUnitsPerSecond;
  if (units > most * workload_.settings.capacity_target) {
    out.push_back({describe(changed(rule, -1)), std::nullopt,
                   "the hottest key value would put " + support::format_count(std::round(units)) +
                       " write units a second on each: " +
                       support::format_number(std::round(units / most * 100)) +
                       " % of what a partition takes, planned to " +
                       support::format_number(workload_.settings.capacity_target * 100) + " %"});
  } else if (fewer >= 1) {
    out.push_back(priced(changed(rule, -1)));
  }
  return out;
}

}  // namespace ddbplan::plan
