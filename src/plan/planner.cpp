#include "plan/planner.h"

#include <algorithm>
#include <memory>

#include "capacity/usage.h"
#include "dynamo/limits.h"
#include "plan/client_notes.h"
#include "plan/continuity.h"
#include "plan/evaluate.h"
#include "plan/expressions.h"
#include "plan/hold.h"
#include "plan/lp.h"
#include "plan/not_planned.h"
#include "plan/physical_keys.h"
#include "plan/read_plan.h"
#include "plan/reasons.h"
#include "plan/table_search.h"
#include "pricing/cost.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

support::Diagnostic error(const char* code, const char* rule, std::string message,
                          support::Span span) {
  return support::Diagnostic{code, rule, support::Severity::error, std::move(message), span,
                             {},   {}};
}

void report_tables(const model::Workload& workload, const TablePlan& tables,
                   support::Diagnostics& diagnostics) {
  if (const std::optional<TtlConflict> conflict = ttl_conflict(workload, tables)) {
    const model::Entity& first = workload.entity(conflict->first);
    const model::Entity& second = workload.entity(conflict->second);
    diagnostics.add(error("DDB702", "two-ttl-attributes",
                          "a table has one TTL attribute, and " + first.name + " expires by " +
                              first.retention->attribute + ", " + second.name + " by " +
                              second.retention->attribute +
                              "; give both the same name, or let layout: auto or "
                              "table-per-entity part them",
                          second.retention->span.known() ? second.retention->span : second.span));
  }
  const std::optional<int>& most = workload.limits.tables;
  if (most && static_cast<int>(tables.count) > *most) {
    const bool asked = workload.settings.layout == model::Layout::table_per_entity;
    const std::string what = asked ? "layout: table-per-entity makes "
                                   : "entities that expire by different attributes need ";
    diagnostics.add(error("DDB206", "too-many-tables",
                          what + std::to_string(tables.count) +
                              " tables, and limits.tables allows " + std::to_string(*most),
                          support::Span{0, 1}));
  }
}

/// The optional attribute that a list is ordered by, so that an index would leave rows out; null: none.
const model::Attribute* optional_order(const Problem& problem, const Need& need) {
  const model::Entity& entity = problem.workload.entity(need.entity);
  for (const model::OrderBy& by : need.order) {
    const bool is_own = !by.attribute.via;
    if (is_own && wants_rows_without(entity, need, by.attribute.name))
      return entity.find(by.attribute.name);
  }
  return nullptr;
}

/// Why no candidate serves a Need, from the candidate that comes nearest.
std::string why_unserved(const Problem& problem, std::size_t need) {
  const Need& wanted = problem.needs[need];
  if (const model::Attribute* optional = optional_order(problem, wanted))
    return "rows without " + optional->name + " would be missing from the index";
  std::string reason;
  for (const KeySpec& base : problem.candidates.entities[wanted.entity.index].bases) {
    std::string text;
    match(problem.workload, base, wanted, &text);
    if (!text.empty()) reason = text;
  }
  for (const KeySpec& entry : problem.candidates.entities[wanted.entity.index].entries) {
    std::string text;
    match(problem.workload, entry, wanted, &text);
    if (!text.empty()) reason = text;
  }
  return reason;
}

/// A base key that would serve the Need, were it not for those who know less of the row; null: none.
const Rejected* ruled_out_key(const Problem& problem, const Need& need) {
  for (const Rejected& one : problem.candidates.entities[need.entity.index].rejected) {
    if (match(problem.workload, one.key, need)) return &one;
  }
  return nullptr;
}

/// What could be done about a strong read that only such a base key serves.
std::string help_for_strong(const Problem& problem, const Need& need) {
  const std::string eventual = "drop `consistency: strong`, so that an index can serve it";
  const Rejected* key = ruled_out_key(problem, need);
  if (key == nullptr)
    return eventual + ", or read by the identity or the base table's partition key";
  return eventual + "; or let every access that finds a " +
         problem.workload.entity(need.entity).name + " by its identity say " +
         support::join_list(key->key.partition) + " too, and take it into the identity";
}

/// Where a pattern cannot be planned there is no design: what is searched for are further findings.
constexpr std::int64_t kEffortForFindings = 200;

class Planner {
 public:
  Planner(const model::Workload& workload, const pricing::PriceBook& book,
          const PlanOptions& options, support::Diagnostics& diagnostics)
      : workload_(workload), book_(book), options_(options), diagnostics_(diagnostics) {}

  std::optional<std::string> program() {
    read_needs();
    if (options_.earlier != nullptr) {
      Problem problem = pose(single_table(workload_));
      if (!every_entity_has_a_key(problem)) return std::nullopt;
      hold(problem, *options_.earlier);
      const SearchResult result = search(problem, book_, search_options());
      if (!result.evaluation.infeasible.empty()) return std::nullopt;
      return linear_program(problem, book_, result);
    }
    if (!every_entity_has_a_key(pose(single_table(workload_)))) return std::nullopt;
    const TableSearchResult tables = best_tables();
    if (!tables.found.evaluation.infeasible.empty()) return std::nullopt;
    return linear_program(*tables.problem, book_, tables.found);
  }

  std::optional<design::Design> design() {
    const bool is_generic = workload_.settings.layout != model::Layout::table_per_entity &&
                            workload_.settings.key_style != model::KeyStyle::natural;
    if (options_.earlier != nullptr && !is_generic)
      diagnostics_.add(not_planned({"--keep in another layout than one table of generic keys", ""},
                                   support::Span{0, 1}));
    read_needs();
    Problem problem = pose(single_table(workload_));
    if (!every_entity_has_a_key(problem)) return std::nullopt;
    if (options_.earlier != nullptr) return around_the_earlier(problem);
    return settle(best_tables());
  }

  /// Of the design that was made last; the Workload is to stay as long as they may be asked for.
  [[nodiscard]] Reasons reasons() { return std::move(reasons_); }

 private:
  [[nodiscard]] SearchOptions search_options() const {
    SearchOptions out;
    const bool has_all = std::find(planned_.begin(), planned_.end(), false) == planned_.end();
    out.effort = has_all ? options_.effort : std::min(options_.effort, kEffortForFindings);
    out.explain = options_.explain;
    out.alternatives = options_.alternatives;
    out.below = options_.below;
    return out;
  }

  [[nodiscard]] TableSearchResult in_one_table(const Problem& problem) const {
    SearchOptions options = search_options();
    const auto& ways = problem.candidates.options;
    const bool is_served =
        std::none_of(ways.begin(), ways.end(), [](const auto& of_need) { return of_need.empty(); });
    if (!is_served) options.effort = std::min(options.effort, kEffortForFindings);
    auto own = std::make_shared<const Problem>(problem);
    SearchResult found = search(*own, book_, options);
    return {std::move(own), std::move(found), {}};
  }

  /// The cheapest design of the Problem, with all findings about it.
  std::optional<design::Design> settle(TableSearchResult tables) {
    const Problem& problem = *tables.problem;
    SearchResult& result = tables.found;
    report_tables(workload_, problem.tables, diagnostics_);
    report_unserved(problem);
    if (!result.evaluation.infeasible.empty()) {
      diagnostics_.add(error(
          "DDB201", "no-feasible-design", "no design can be made: " + result.evaluation.infeasible,
          workload_.patterns.empty() ? support::Span{0, 1} : workload_.patterns.front().span));
      return std::nullopt;
    }
    report_outcome(problem, result);
    return finish(std::move(tables));
  }

  /// The cheapest of all designs, if it has everything that is there; else the cheapest of those that have.
  std::optional<design::Design> around_the_earlier(Problem& problem) {
    const support::Diagnostics before = diagnostics_;
    std::optional<design::Design> fresh = settle(in_one_table(problem));
    std::vector<design::Continuity::Loss> losses;
    std::optional<design::Design> made = fresh;
    if (!fresh || !extends(workload_, *fresh, *options_.earlier)) {
      diagnostics_ = before;
      losses = hold(problem, *options_.earlier);
      made = settle(in_one_table(problem));
    }
    if (made) made->continuity = continuity(*made, fresh, std::move(losses));
    return made;
  }

  design::Continuity continuity(const design::Design& made,
                                const std::optional<design::Design>& fresh,
                                std::vector<design::Continuity::Loss> losses) {
    design::Continuity out = compare(workload_, made, *options_.earlier);
    out.lost.insert(out.lost.begin(), losses.begin(), losses.end());
    for (const design::Continuity::Loss& loss : out.lost) report_loss(loss);
    out.objective = made.optimality.objective;
    out.cost = made.optimality.objective - made.optimality.complexity;
    if (fresh) {
      out.fresh_objective = fresh->optimality.objective;
      out.fresh_cost = fresh->optimality.objective - fresh->optimality.complexity;
    }
    return out;
  }

  void report_loss(const design::Continuity::Loss& loss) {
    const auto entity = workload_.find_entity(loss.entity);
    diagnostics_.add({"DDB112",
                      "not-kept",
                      support::Severity::warning,
                      loss.what + " cannot stay: " + loss.why,
                      entity ? workload_.entity(*entity).span : support::Span{0, 1},
                      {},
                      "plan how its items get there, or take the change back"});
  }

  void read_needs() {
    std::vector<model::PatternId> unplanned;
    needs_ = needs_of(workload_, diagnostics_, unplanned);
    planned_.assign(workload_.patterns.size(), true);
    for (const model::PatternId id : unplanned) planned_[id.index] = false;
  }

  [[nodiscard]] Problem pose(const TablePlan& tables) const {
    return pose_problem(workload_, needs_, generate(workload_, needs_, tables), planned_, tables);
  }

  [[nodiscard]] TableSearchResult best_tables() const {
    return search_tables(workload_, book_, search_options(),
                         [this](const TablePlan& tables) { return pose(tables); });
  }

  bool every_entity_has_a_key(const Problem& problem) {
    bool ok = true;
    for (std::size_t e = 0; e < workload_.entities.size(); ++e) {
      if (!problem.candidates.entities[e].bases.empty()) continue;
      ok = false;
      const model::Entity& entity = workload_.entities[e];
      const std::string& refused = problem.candidates.entities[e].refused;
      if (!refused.empty()) {
        diagnostics_.add(
            physical_not_kept("the hand-made key of " + entity.name + " cannot be kept: " + refused,
                              hand_made_key(workload_, model::EntityId{e})->span));
        continue;
      }
      diagnostics_.add(error("DDB111", "no-base-key",
                             "no base key can hold the identity of " + entity.name +
                                 ": every attribute of it must be present, never change, and be "
                                 "text or a whole number",
                             entity.span));
    }
    return ok;
  }

  void report_unserved(const Problem& problem) {
    for (std::size_t n = 0; n < problem.needs.size(); ++n) {
      if (!problem.candidates.options[n].empty()) continue;
      const Need& need = problem.needs[n];
      const model::Pattern& pattern = workload_.pattern(need.pattern);
      std::string message = "no key serves " + pattern.name;
      const std::string reason = why_unserved(problem, n);
      if (!reason.empty()) message += ": " + reason;
      support::Diagnostic diagnostic =
          error(kUnservableCode, "unservable-pattern", std::move(message), pattern.span);
      const model::Attribute* optional = optional_order(problem, need);
      diagnostic.help =
          optional != nullptr ? "say `where: exists(" + optional->name +
                                    ")` if rows without it are not wanted, or " +
                                    "what is stored in its place (`absent: VALUE`)"
          : need.strong
              ? help_for_strong(problem, need)
              : "give an equality (by), or declare how it is answered without keys: " +
                    ("search, by " + offload_text(model::ReadKind::search)) + "; analyse, by " +
                    offload_text(model::ReadKind::analyse) + "; or export, which accepts a Scan";
      diagnostics_.add(std::move(diagnostic));
    }
  }

  void report_outcome(const Problem& problem, const SearchResult& result) {
    for (const auto& [pattern, what] : result.evaluation.assembly.unplanned)
      diagnostics_.add(
          not_planned(workload_.patterns[pattern], what, workload_.patterns[pattern].span));
    if (!result.evaluation.assembly.over_limit.empty())
      diagnostics_.add(error("DDB202", "too-many-indexes",
                             "the access patterns need " + result.evaluation.assembly.over_limit,
                             workload_.patterns.front().span));
    for (std::size_t n = 0; n < problem.needs.size(); ++n) {
      // An option exists, but none under the base key that the other patterns need.
      if (problem.candidates.options[n].empty() || result.state.serve[n] != kUnserved) continue;
      const Need& need = problem.needs[n];
      const model::Pattern& pattern = workload_.pattern(need.pattern);
      std::string message = "no key serves " + pattern.name +
                            " beside the other access patterns of " +
                            workload_.entity(need.entity).name;
      if (const Rejected* key = ruled_out_key(problem, need))
        message += ": a base key " + to_string(key->key) + " is ruled out, since " + key->reason;
      support::Diagnostic diagnostic =
          error(kUnservableCode, "unservable-pattern", std::move(message), pattern.span);
      if (need.strong) diagnostic.help = help_for_strong(problem, need);
      diagnostics_.add(std::move(diagnostic));
    }
  }

  design::Design finish(TableSearchResult tables) {
    const Problem& problem = *tables.problem;
    SearchResult& result = tables.found;
    Assembly& assembly = result.evaluation.assembly;
    report_indistinct_keys(workload_, assembly.design, diagnostics_);
    const bool other_projections =
        keep_projections(problem, result.state, assembly.placement, assembly.design, diagnostics_);
    design::Design design = options_.explain ? assembly.design : std::move(assembly.design);
    for (design::AccessPlan& plan : design.plans) note_client_work(workload_, plan);
    for (const Ranked& other : result.alternatives)
      design.alternatives.push_back(other_design(problem, result.state, other));
    if (options_.frontier) design.frontier = frontier(problem, result.state, design);
    for (design::ItemLayout& layout : design.items)
      layout.bytes = capacity::item_size(workload_, design, layout);
    design.hot_keys = capacity::hot_keys(workload_, design);
    ask_for_warm_throughput(design);
    design.optimality.complexity = complexity_of(workload_.settings, design);
    design.optimality.objective =
        pricing::price(workload_, design, book_).total + design.optimality.complexity;
    design.optimality.nodes = result.nodes;
    // The search knows nothing of projections made by hand, which no design without them is dearer than.
    design.optimality.proven = result.proven && !other_projections;
    if (design.optimality.proven) {
      design.optimality.lower_bound = design.optimality.objective;
      design.optimality.gap = 0;
    } else if (result.lower_bound && result.lower_bound->micro_usd > 0) {
      design.optimality.lower_bound = std::min(*result.lower_bound, design.optimality.objective);
      design.optimality.gap =
          design.optimality.objective.usd() / design.optimality.lower_bound->usd() - 1;
    }
    keep_reasons(std::move(tables));
    return design;
  }

  void keep_reasons(TableSearchResult tables) {
    if (!options_.explain) return;
    reasons_ = [kept = std::make_shared<const TableSearchResult>(std::move(tables))] {
      return plan::reasons(*kept);
    };
  }

  static design::OtherDesign other_design(const Problem& problem, const State& chosen,
                                          const Ranked& other) {
    design::OtherDesign out;
    out.indexes = other.evaluation.assembly.design.index_count();
    out.objective = other.evaluation.objective();
    out.complexity = other.evaluation.complexity;
    out.differences = differences(problem, chosen, other.state);
    return out;
  }

  /// More indexes than the cheapest design has cannot make it cheaper.
  [[nodiscard]] std::vector<design::OtherDesign> frontier(const Problem& problem,
                                                          const State& chosen,
                                                          const design::Design& design) const {
    std::vector<design::OtherDesign> out;
    for (std::size_t most = 0; most < design.index_count(); ++most) {
      SearchOptions options;
      options.effort = options_.effort;
      options.explain = false;
      options.indexes_most = most;
      SearchResult result = search(problem, book_, options);
      const bool is_possible = result.evaluation.infeasible.empty() && result.lower_bound &&
                               result.evaluation.penalty.micro_usd == 0;
      if (is_possible) {
        out.push_back(
            other_design(problem, chosen, Ranked{result.state, std::move(result.evaluation)}));
      } else {
        out.emplace_back();
      }
      out.back().indexes = most;
    }
    return out;
  }

  /// A new on-demand table serves 4,000 writes and 12,000 reads a second (Developer Guide, "On-demand capacity
  /// mode"); a peak above that, or an event, is asked for at creation.
  void ask_for_warm_throughput(design::Design& design) const {
    const capacity::Usage usage = capacity::usage(workload_, design);
    const std::vector<capacity::ResourceLoad> highest = capacity::highest_loads(usage);
    for (std::size_t position = 0; position < design.tables.size(); ++position) {
      double read = 0;
      double write = 0;
      for (const capacity::ResourceLoad& load : highest) {
        if (load.table != position) continue;
        read = std::max(read, load.read.max);
        write = std::max(write, load.write.max);
      }
      design::Table& table = design.tables[position];
      if (write > dynamo::limits::kNewTableWriteUnitsPerSecond ||
          read > dynamo::limits::kNewTableReadUnitsPerSecond) {
        table.warm_write_units = std::max(write, dynamo::limits::kNewTableWriteUnitsPerSecond);
        table.warm_read_units = std::max(read, dynamo::limits::kNewTableReadUnitsPerSecond);
      }
    }
  }

  const model::Workload& workload_;
  const pricing::PriceBook& book_;
  const PlanOptions& options_;
  support::Diagnostics& diagnostics_;
  std::vector<Need> needs_;
  std::vector<bool> planned_;  ///< by pattern
  Reasons reasons_;
};

}  // namespace

Derived derive(const model::Workload& workload, const pricing::PriceBook& book,
               const PlanOptions& options, support::Diagnostics& diagnostics) {
  if (!options.explain) return {Planner(workload, book, options, diagnostics).design(), {}};
  // The reasons refer to it when the caller's may be gone.
  const auto own = std::make_shared<const model::Workload>(workload);
  Planner planner(*own, book, options, diagnostics);
  Derived out{planner.design(), {}};
  if (out.design) out.reasons = [own, reasons = planner.reasons()] { return reasons(); };
  return out;
}

std::optional<design::Design> plan(const model::Workload& workload, const pricing::PriceBook& book,
                                   const PlanOptions& options, support::Diagnostics& diagnostics) {
  Derived out = derive(workload, book, options, diagnostics);
  if (out.design && out.reasons) out.design->decisions = out.reasons();
  return std::move(out.design);
}

std::optional<std::string> linear_program(const model::Workload& workload,
                                          const pricing::PriceBook& book,
                                          const PlanOptions& options) {
  support::Diagnostics ignored;
  PlanOptions silent = options;
  silent.explain = false;
  silent.alternatives = 0;
  return Planner(workload, book, silent, ignored).program();
}

}  // namespace ddbplan::plan
