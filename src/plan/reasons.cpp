#include "plan/reasons.h"

#include <algorithm>

#include "capacity/usage.h"
#include "dynamo/limits.h"
#include "plan/layouts.h"
#include "plan/runners_up.h"
#include "plan/words.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using design::Decision;

/// Runners-up that a person wants to see; the rest differ from these by little.
constexpr std::size_t kAlternativesShown = 4;

/// How a row and its children are read, where several kinds could come with it, which of them.
std::string words_for_children(const Problem& problem, std::size_t child, bool together) {
  const Need& need = problem.needs[child];
  const bool is_only = problem.needs[*need.child_of].children.size() == 1;
  const std::string children =
      is_only ? "the children" : "the children " + problem.workload.entity(need.entity).name;
  if (!together) return "a Query of its own for " + children;
  return "one Query for the row and " + (is_only ? "its children" : children);
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
    if (!result_.hindsight) return;
    neighbours_ = result_.hindsight->neighbours();
    runners_up_.emplace(tables);
  }

  std::vector<Decision> explain() {
    explain_layout();
    for (std::size_t e = 0; e < workload_.entities.size(); ++e) explain_base(e);
    for (std::size_t p = 0; p < workload_.patterns.size(); ++p) explain_pattern(p);
    for (std::size_t t = 0; t < design_.tables.size(); ++t) {
      for (const design::Index& index : design_.tables[t].indexes) {
        explain_index(t, index);
        explain_projection(t, index);
      }
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
      return words_for_children(problem_, neighbour.subject, neighbour.choice != 0);
    return describe(problem_.needs[neighbour.subject],
                    problem_.candidates.options[neighbour.subject][neighbour.choice]);
  }

  [[nodiscard]] std::string describe(const Need& need, const Option& option) const {
    return describe_option(problem_, result_.state, need, option);
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
    if (decision.alternatives.empty())
      decision.alternatives.push_back({"another base key", std::nullopt, only_base_reason(entity)});
    out_.push_back(std::move(decision));
  }

  /// Why there is one candidate: what else was looked at is told by Rejected.
  [[nodiscard]] std::string only_base_reason(std::size_t entity) const {
    const model::EntityId id{entity};
    const std::string& name = workload_.entities[entity].name;
    if (problem_.base(result_.state, id).is_hand_made())
      return "the schema fixes this one (physical)";
    if (problem_.held) return "the rows of " + name + " are there already under this one";
    return "the identity has one part, and no access pattern asks for " + name +
           " by others that every row has and never changes";
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
      for (const std::size_t child : need.children)
        add_neighbours(decision, Neighbour::Kind::together, child);
      if (decision.alternatives.empty())
        decision.alternatives.push_back(
            {"another way", std::nullopt, "no other key would serve it"});
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
        return index_name() + (option.fetch ? " leads to the rows: fetching them costs less than "
                                              "writing copies of them"
                                            : " carries what the answer needs");
    }
    return {};
  }

  [[nodiscard]] EntryKeys entries_of(std::size_t table, const design::Index& index) const {
    EntryKeys out;
    for (const auto& [key, place] : placement_.entries) {
      if (place.index == index.name && design_.items[place.layout].table == table)
        out.push_back(key);
    }
    return out;
  }

  /// Indexes of several tables may share a name.
  [[nodiscard]] std::string of_table(std::size_t table) const {
    return design_.tables.size() > 1 ? "of table " + design_.tables[table].name + ": " : "";
  }

  void explain_index(std::size_t table, const design::Index& index) {
    Decision decision;
    decision.subject = "index:" + index.name;
    const EntryKeys entries = entries_of(table, index);
    std::vector<std::string> keys;
    for (const auto& key : entries) {
      const Placement::Entry& place = placement_.entries.at(key);
      const design::KeyEntry& entry = design_.items[place.layout].entries[place.position];
      std::string text = workload_.entities[key.first].name + ": " + key_text(entry);
      if (entry.when) text += " when " + model::to_string(*entry.when);
      keys.push_back(std::move(text));
    }
    decision.chosen = of_table(table) + (keys.empty() ? "empty" : support::join(keys, "; "));
    if (runners_up_) {
      const std::vector<std::string> patterns =
          runners_up_->patterns_of(runners_up_->served_by(entries));
      decision.reason = patterns.empty() ? "needed by nothing any more"
                                         : "needed by " + support::join_list(patterns);
      decision.alternatives = runners_up_->of_index(entries);
    }
    out_.push_back(std::move(decision));
  }

  void explain_projection(std::size_t table, const design::Index& index) {
    if (!runners_up_) return;
    Decision decision;
    decision.subject = "projection:" + index.name;
    decision.chosen = of_table(table) + plan::describe(index.projection);
    const EntryKeys entries = entries_of(table, index);
    decision.reason = projection_reason(table, index, entries);
    decision.alternatives = runners_up_->of_projection(table, index, entries);
    if (decision.alternatives.size() > kAlternativesShown)
      decision.alternatives.resize(kAlternativesShown);
    out_.push_back(std::move(decision));
  }

  [[nodiscard]] std::string projection_reason(std::size_t table, const design::Index& index,
                                              const EntryKeys& entries) const {
    if (runners_up_->is_fixed(table, index)) return "fixed by the schema (physical)";
    if (entries.empty() || runners_up_->held_index(entries) != nullptr)
      return "the index is there already";
    std::vector<std::size_t> carried;
    std::vector<std::size_t> fetched;
    for (const std::size_t n : runners_up_->served_by(entries))
      (problem_.option(result_.state, n)->fetch ? fetched : carried).push_back(n);
    std::vector<std::string> out;
    if (!carried.empty())
      out.push_back("answers " + support::join_list(runners_up_->patterns_of(carried)) +
                    " without a fetch of the rows");
    if (!fetched.empty()) {
      const std::vector<std::string> names = runners_up_->patterns_of(fetched);
      const std::string verb = names.size() == 1 ? " reads " : " read ";
      const bool reads_more = carried.empty() && !index.projection.attributes.empty();
      out.push_back(support::join_list(names) + verb +
                    (reads_more ? support::join_list(index.projection.attributes) + " from it"
                                : "the keys from it") +
                    ", then the rows");
    }
    return support::join(out, "; ");
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
    if (entry->index) decision.chosen = "in " + *entry->index + ": ";
    decision.chosen += plan::describe(rule) + ", by " +
                       (rule.by_request ? "request: the row is their sum"
                                        : rule.hash + " of " + support::join(rule.by, ", "));
    const bool is_fixed = runners_up_ && runners_up_->is_fixed(key);
    decision.reason = is_fixed ? "fixed by the schema (physical); " : "";
    decision.reason += "one partition key value takes " +
                       support::format_count(dynamo::limits::kPartitionWriteUnitsPerSecond) +
                       " write units a second, planned to " +
                       support::format_number(workload_.settings.capacity_target * 100) +
                       " %; a shard inside the sort key would spread nothing";
    if (runners_up_) decision.alternatives = runners_up_->of_shards(key, rule);
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
    decision.alternatives.push_back(
        {"no guard item", std::nullopt,
         "of two writers at the same moment both would succeed with the same " +
             support::join_list(owner.unique[unique].attributes) + "; it goes only with `unique`"});
    out_.push_back(std::move(decision));
  }

  const TableSearchResult& tables_;
  const Problem& problem_;
  const model::Workload& workload_;
  const SearchResult& result_;
  const design::Design& design_;
  const Placement& placement_;
  std::vector<Neighbour> neighbours_;
  std::optional<RunnersUp> runners_up_;  ///< with the hindsight
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
    return option == nullptr ? "nothing"
                             : describe_option(problem, state, problem.needs[need], *option);
  };
  for (std::size_t n = 0; n < problem.needs.size(); ++n) {
    const std::string& pattern = workload.pattern(problem.needs[n].pattern).name;
    if (chosen.serve[n] != other.serve[n])
      out.push_back(pattern + ": by " + words(other, n) + ", not " + words(chosen, n));
    if (chosen.together[n] != other.together[n])
      out.push_back(pattern + ": " + words_for_children(problem, n, other.together[n]));
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
