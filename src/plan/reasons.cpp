#include "plan/reasons.h"

#include <algorithm>

#include "capacity/usage.h"
#include "dynamo/limits.h"
#include "plan/layouts.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using design::Decision;

/// Runners-up that a person wants to see; the rest differ from these by little.
constexpr std::size_t kAlternativesShown = 4;

std::string describe_option(const Problem& problem, const Need& need, const Option& option) {
  switch (option.kind) {
    case Option::Kind::base:
      return "the base table";
    case Option::Kind::guard:
      return "the item that guards " +
             support::join_list(
                 problem.workload.entity(need.entity).unique[option.candidate].attributes) +
             ", then the row";
    case Option::Kind::scan:
      return "a Scan";
    case Option::Kind::entry:
      break;
  }
  std::string text = "an index " + to_string(problem.entry(need.entity, option.candidate));
  if (option.fetch) text += ", keys only, then the rows";
  return text;
}

class Explainer {
 public:
  explicit Explainer(const TableSearchResult& tables)
      : tables_(tables),
        problem_(*tables.problem),
        workload_(problem_.workload),
        result_(tables.found),
        design_(result_.evaluation.assembly.design),
        placement_(result_.evaluation.assembly.placement) {
    if (result_.neighbours) neighbours_ = result_.neighbours();
  }

  std::vector<Decision> explain() {
    explain_layout();
    for (std::size_t e = 0; e < workload_.entities.size(); ++e) explain_base(e);
    for (std::size_t p = 0; p < workload_.patterns.size(); ++p) explain_pattern(p);
    for (std::size_t t = 0; t < design_.tables.size(); ++t) {
      for (const design::Index& index : design_.tables[t].indexes) explain_index(t, index);
    }
    for (const auto& [key, rule] : result_.evaluation.shards) explain_shards(key, rule);
    for (const auto& [key, layout] : placement_.guard) explain_guard(key.first, key.second, layout);
    return std::move(out_);
  }

 private:
  static std::string templates_text(const std::vector<design::KeyTemplate>& keys) {
    std::vector<std::string> out;
    for (const design::KeyTemplate& key : keys) out.push_back(design::to_string(key));
    return support::join(out, ", ");
  }

  [[nodiscard]] std::string key_text(const design::KeyEntry& entry) const {
    std::string text = templates_text(entry.partition);
    if (!entry.sort.empty()) text += " / " + templates_text(entry.sort);
    return text;
  }

  void explain_layout() {
    const model::Layout layout = workload_.settings.layout;
    const bool one_style = workload_.settings.key_style != model::KeyStyle::automatic;
    if (layout == model::Layout::single_table && one_style) return;
    Decision decision;
    decision.subject = "layout";
    decision.chosen = plan::describe(workload_, problem_.tables);
    const std::string price = support::format_money(workload_.settings.complexity_table);
    decision.reason = layout != model::Layout::automatic
                          ? (one_style ? "settings.layout asks for it"
                                       : "settings.key_style leaves it open, and this costs less")
                          : "settings.layout leaves it open, and this costs least "
                            "where each table counts " +
                                price + " a month (settings.complexity)";
    const support::Money objective = result_.evaluation.ranking();
    for (const TableSearchResult::Other& other : tables_.others) {
      if (decision.alternatives.size() >= kAlternativesShown) break;
      Decision::Alternative alternative{plan::describe(workload_, other.tables), std::nullopt,
                                        other.ruled_out};
      if (other.objective) alternative.extra = *other.objective - objective;
      decision.alternatives.push_back(std::move(alternative));
    }
    out_.push_back(std::move(decision));
  }

  void add_neighbours(Decision& decision, Neighbour::Kind kind, std::size_t subject) const {
    std::vector<Decision::Alternative> found;
    for (const Neighbour& neighbour : neighbours_) {
      if (neighbour.kind != kind || neighbour.subject != subject) continue;
      found.push_back({describe(neighbour), neighbour.extra, neighbour.ruled_out});
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) {
      if (a.extra.has_value() != b.extra.has_value()) return a.extra.has_value();
      return a.extra && *a.extra < *b.extra;
    });
    if (found.size() > kAlternativesShown) found.resize(kAlternativesShown);
    decision.alternatives.insert(decision.alternatives.end(), found.begin(), found.end());
  }

  [[nodiscard]] std::string describe(const Neighbour& neighbour) const {
    if (neighbour.kind == Neighbour::Kind::base)
      return to_string(problem_.candidates.entities[neighbour.subject].bases[neighbour.choice]);
    if (neighbour.kind == Neighbour::Kind::together)
      return neighbour.choice == 0 ? "a Query of its own for the children"
                                   : "one Query for the row and its children";
    return describe(problem_.needs[neighbour.subject],
                    problem_.candidates.options[neighbour.subject][neighbour.choice]);
  }

  [[nodiscard]] std::string describe(const Need& need, const Option& option) const {
    return describe_option(problem_, need, option);
  }

  void explain_base(std::size_t entity) {
    const design::ItemLayout& row = design_.items[placement_.row[entity]];
    Decision decision;
    decision.subject = "entity:" + workload_.entities[entity].name;
    decision.chosen = key_text(row.base);
    decision.reason = base_reason(entity);
    add_neighbours(decision, Neighbour::Kind::base, entity);
    for (const Rejected& rejected : problem_.candidates.entities[entity].rejected) {
      if (decision.alternatives.size() >= kAlternativesShown) break;
      const std::string what = to_string(rejected.key);
      const bool told =
          std::any_of(decision.alternatives.begin(), decision.alternatives.end(),
                      [&](const Decision::Alternative& other) { return other.what == what; });
      if (told) continue;
      decision.alternatives.push_back({what, std::nullopt, rejected.reason});
    }
    out_.push_back(std::move(decision));
  }

  [[nodiscard]] std::string base_reason(std::size_t entity) const {
    if (problem_.base(result_.state, model::EntityId{entity}).is_hand_made())
      return "fixed by the schema (physical)";
    std::vector<std::string> served;
    for (std::size_t n = 0; n < problem_.needs.size(); ++n) {
      const Option* option = problem_.option(result_.state, n);
      if (problem_.needs[n].entity.index != entity || option == nullptr ||
          option->kind != Option::Kind::base)
        continue;
      const std::string& name = workload_.pattern(problem_.needs[n].pattern).name;
      if (std::find(served.begin(), served.end(), name) == served.end()) served.push_back(name);
    }
    if (served.empty()) return "holds the identity, which every write by key knows";
    return "serves " + support::join_list(served) + " without an index";
  }

  void explain_pattern(std::size_t pattern) {
    for (std::size_t n = 0; n < problem_.needs.size(); ++n) {
      const Need& need = problem_.needs[n];
      if (need.pattern.index != pattern) continue;
      const Option* option = problem_.option(result_.state, n);
      if (option == nullptr) continue;
      Decision decision;
      decision.subject = "pattern:" + workload_.patterns[pattern].name;
      decision.chosen = describe(need, *option);
      if (need.purpose == Purpose::child)
        decision.chosen += " for " + workload_.entity(need.entity).name;
      decision.chosen += of_some_calls(need);
      decision.reason = serve_reason(need, *option);
      add_neighbours(decision, Neighbour::Kind::serve, n);
      add_neighbours(decision, Neighbour::Kind::together, n);
      out_.push_back(std::move(decision));
    }
  }

  static std::string of_some_calls(const Need& need) {
    if (!need.is_of_some_calls()) return {};
    std::string text = ", for calls";
    if (!need.given.empty()) text += " with " + support::join_list(need.given);
    if (!need.left_out.empty()) text += " without " + support::join_list(need.left_out);
    return text;
  }

  [[nodiscard]] std::string serve_reason(const Need& need, const Option& option) const {
    const auto index_name = [&] {
      return placement_.entries.at({need.entity.index, option.candidate}).index;
    };
    switch (option.kind) {
      case Option::Kind::base:
        return need.strong ? "a strong read: only the base table or a local "
                             "index can answer it"
                           : "its equalities and order are those of the base key";
      case Option::Kind::guard:
        return "the unique value's guard item already leads to the row; an index "
               "would be one more "
               "copy to write";
      case Option::Kind::scan:
        return "all rows are wanted, and the schema accepts a Scan";
      case Option::Kind::entry:
        return index_name() + (option.fetch ? " holds keys only: fetching the rows costs "
                                              "less than writing copies"
                                            : " carries what the answer needs");
    }
    return {};
  }

  void explain_index(std::size_t table, const design::Index& index) {
    Decision decision;
    decision.subject = "index:" + index.name;
    std::vector<std::string> keys;
    std::vector<std::string> patterns;
    for (const auto& [key, place] : placement_.entries) {
      if (place.index != index.name || design_.items[place.layout].table != table) continue;
      const design::KeyEntry& entry = design_.items[place.layout].entries[place.position];
      std::string text = workload_.entities[key.first].name + ": " + key_text(entry);
      if (entry.when) text += " when " + model::to_string(*entry.when);
      keys.push_back(std::move(text));
      collect_patterns(key, patterns);
    }
    if (design_.tables.size() > 1)
      decision.chosen = "of table " + design_.tables[table].name + ": ";
    decision.chosen +=
        support::join(keys, "; ") + "; projection " + projection_text(index.projection);
    decision.reason = "needed by " + support::join_list(patterns);
    for (const model::PhysicalOverride& physical : workload_.physical) {
      if (problem_.tables.table_of[physical.entity.index] == table &&
          physical.projections.contains(index.name))
        decision.reason += "; its projection is fixed by the schema (physical)";
    }
    out_.push_back(std::move(decision));
  }

  void collect_patterns(const std::pair<std::size_t, std::size_t>& key,
                        std::vector<std::string>& out) const {
    for (std::size_t n = 0; n < problem_.needs.size(); ++n) {
      const Option* option = problem_.option(result_.state, n);
      const bool uses = option != nullptr && option->kind == Option::Kind::entry &&
                        option->candidate == key.second &&
                        problem_.needs[n].entity.index == key.first;
      const std::string& name = workload_.pattern(problem_.needs[n].pattern).name;
      if (uses && std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
    }
  }

  static std::string projection_text(const dynamo::Projection& projection) {
    switch (projection.type) {
      case dynamo::ProjectionType::all:
        return "ALL";
      case dynamo::ProjectionType::keys_only:
        return "KEYS_ONLY";
      case dynamo::ProjectionType::include:
        return "INCLUDE " + support::join(projection.attributes, ", ");
    }
    return {};
  }

  void explain_shards(const std::pair<std::size_t, std::size_t>& key,
                      const design::ShardRule& rule) {
    const design::ItemLayout& row = design_.items[placement_.row[key.first]];
    const design::KeyEntry* entry = &row.base;
    if (key.second != kBaseKey) {
      const auto place = placement_.entries.find(key);
      if (place == placement_.entries.end()) return;
      entry = &row.entries[place->second.position];
    }
    Decision decision;
    decision.subject = "shards:" + design::to_string(entry->partition.front());
    decision.chosen = std::to_string(rule.count) + " shards by " +
                      (rule.by_request ? "request: the row is their sum"
                                       : rule.hash + " of " + support::join(rule.by, ", "));
    for (const auto& [name, count] : rule.per_key)
      decision.chosen += ", " + name + ": " + std::to_string(count);
    decision.reason = "one partition key value takes " +
                      support::format_count(dynamo::limits::kPartitionWriteUnitsPerSecond) +
                      " write units a second, planned to " +
                      support::format_number(workload_.settings.capacity_target * 100) +
                      " %; a shard inside the sort key would spread nothing";
    out_.push_back(std::move(decision));
  }

  void explain_guard(std::size_t entity, std::size_t unique, std::size_t layout) {
    Decision decision;
    const model::Entity& owner = workload_.entities[entity];
    decision.subject = "entity:" + owner.name;
    decision.chosen = "guard item " + key_text(design_.items[layout].base);
    std::vector<std::string> holders;
    for (const model::EntityId id :
         model::name_space(model::EntityId{entity}, owner.unique[unique]))
      holders.push_back(workload_.entity(id).name);
    decision.reason =
        support::join_list(owner.unique[unique].attributes) + " is unique" +
        (holders.size() > 1 ? " over " + support::join_list(holders) + ", which share the guard"
                            : "") +
        ": an index cannot enforce that, a conditional put in the row's transaction can";
    out_.push_back(std::move(decision));
  }

  const TableSearchResult& tables_;
  const Problem& problem_;
  const model::Workload& workload_;
  const SearchResult& result_;
  const design::Design& design_;
  const Placement& placement_;
  std::vector<Neighbour> neighbours_;
  std::vector<Decision> out_;
};

}  // namespace

std::vector<design::Decision> reasons(const TableSearchResult& tables) {
  return Explainer(tables).explain();
}

std::vector<std::string> differences(const Problem& problem, const State& chosen,
                                     const State& other) {
  std::vector<std::string> out;
  const model::Workload& workload = problem.workload;
  for (std::size_t e = 0; e < workload.entities.size(); ++e) {
    const std::vector<KeySpec>& bases = problem.candidates.entities[e].bases;
    if (chosen.base[e] != other.base[e])
      out.push_back(workload.entities[e].name + ": base key " + to_string(bases[other.base[e]]) +
                    ", not " + to_string(bases[chosen.base[e]]));
  }
  const auto words = [&](const State& state, std::size_t need) {
    const Option* option = problem.option(state, need);
    return option == nullptr ? "nothing" : describe_option(problem, problem.needs[need], *option);
  };
  for (std::size_t n = 0; n < problem.needs.size(); ++n) {
    const std::string& pattern = workload.pattern(problem.needs[n].pattern).name;
    if (chosen.serve[n] != other.serve[n])
      out.push_back(pattern + ": by " + words(other, n) + ", not " + words(chosen, n));
    if (chosen.together[n] != other.together[n])
      out.push_back(pattern + ": " +
                    (other.together[n] ? "one Query for the row and its children"
                                       : "a Query of its own for the children"));
  }
  const auto projects_all = [](const State& state, const auto& entry) {
    const auto found = state.project_all.find(entry);
    return found != state.project_all.end() && found->second;
  };
  for (std::size_t e = 0; e < workload.entities.size(); ++e) {
    for (std::size_t i = 0; i < problem.candidates.entities[e].entries.size(); ++i) {
      const std::pair entry{e, i};
      if (projects_all(chosen, entry) == projects_all(other, entry)) continue;
      out.push_back("the index " + to_string(problem.entry(model::EntityId{e}, i)) + " of " +
                    workload.entities[e].name + " projects " +
                    (projects_all(other, entry) ? "everything" : "what its readers need"));
    }
  }
  if (out.empty()) out.emplace_back("nothing that a decision says");
  return out;
}

}  // namespace ddbplan::plan
