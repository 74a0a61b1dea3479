#include "plan/planner.h"

#include <algorithm>

#include "capacity/usage.h"
#include "dynamo/limits.h"
#include "plan/continuity.h"
#include "plan/evaluate.h"
#include "plan/hold.h"
#include "plan/lp.h"
#include "plan/not_planned.h"
#include "plan/read_plan.h"
#include "plan/reasons.h"
#include "plan/search.h"
#include "pricing/cost.h"

namespace ddbplan::plan {

namespace {

support::Diagnostic error(const char* code, const char* rule, std::string message,
                          support::Span span) {
  return support::Diagnostic{code, rule, support::Severity::error, std::move(message), span,
                             {},   {}};
}

/// Settings that the language can say and this planner cannot derive yet.
void report_unplanned_settings(const model::Workload& workload, support::Diagnostics& diagnostics) {
  const support::Span top{0, 1};
  if (workload.settings.layout == model::Layout::table_per_entity)
    diagnostics.add(not_planned("layout: table-per-entity", top));
  if (workload.settings.key_style == model::KeyStyle::natural)
    diagnostics.add(not_planned("key_style: natural", top));
  for (const model::PhysicalOverride& physical : workload.physical) {
    if (physical.partition_key || physical.sort_key || !physical.projections.empty())
      diagnostics.add(not_planned("hand-made keys and projections (physical)", physical.span));
  }
}

/// One attribute drives TTL in a table (Developer Guide, "Time to Live").
void report_ttl_conflict(const model::Workload& workload, support::Diagnostics& diagnostics) {
  const model::Entity* first = nullptr;
  for (const model::Entity& entity : workload.entities) {
    if (!entity.retention) continue;
    if (first == nullptr) {
      first = &entity;
    } else if (first->retention->attribute != entity.retention->attribute) {
      diagnostics.add(error("DDB702", "two-ttl-attributes",
                            "a table has one TTL attribute, and " + first->name + " expires by " +
                                first->retention->attribute + ", " + entity.name + " by " +
                                entity.retention->attribute + "; give both the same name",
                            entity.retention->span.known() ? entity.retention->span : entity.span));
    }
  }
}

/// Why no candidate serves a Need, from the candidate that comes nearest.
std::string why_unserved(const Problem& problem, std::size_t need) {
  const Need& wanted = problem.needs[need];
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

class Planner {
 public:
  Planner(const model::Workload& workload, const pricing::PriceBook& book,
          const PlanOptions& options, support::Diagnostics& diagnostics)
      : workload_(workload), book_(book), options_(options), diagnostics_(diagnostics) {}

  std::optional<std::string> program() {
    Problem problem = pose();
    if (!every_entity_has_a_key(problem)) return std::nullopt;
    if (options_.earlier != nullptr) hold(problem, *options_.earlier);
    const SearchResult result = search(problem, book_, search_options());
    if (!result.evaluation.infeasible.empty()) return std::nullopt;
    return linear_program(problem, book_, result);
  }

  std::optional<design::Design> plan() {
    report_unplanned_settings(workload_, diagnostics_);
    report_ttl_conflict(workload_, diagnostics_);
    Problem problem = pose();
    if (!every_entity_has_a_key(problem)) return std::nullopt;
    if (options_.earlier == nullptr) return settle(problem);
    return around_the_earlier(problem);
  }

 private:
  [[nodiscard]] SearchOptions search_options() const {
    SearchOptions out;
    out.effort = options_.effort;
    out.explain = options_.explain;
    out.alternatives = options_.alternatives;
    return out;
  }

  /// The cheapest design of the Problem, with all findings about it.
  std::optional<design::Design> settle(const Problem& problem) {
    report_unserved(problem);
    SearchResult result = search(problem, book_, search_options());
    if (!result.evaluation.infeasible.empty()) {
      diagnostics_.add(error(
          "DDB201", "no-feasible-design", "no design can be made: " + result.evaluation.infeasible,
          workload_.patterns.empty() ? support::Span{0, 1} : workload_.patterns.front().span));
      return std::nullopt;
    }
    report_outcome(problem, result);
    return finish(problem, result);
  }

  /// The cheapest of all designs, if it has everything that is there; else the cheapest of those that have.
  std::optional<design::Design> around_the_earlier(Problem& problem) {
    const support::Diagnostics before = diagnostics_;
    std::optional<design::Design> fresh = settle(problem);
    std::vector<design::Continuity::Loss> losses;
    std::optional<design::Design> made = fresh;
    if (!fresh || !extends(workload_, *fresh, *options_.earlier)) {
      diagnostics_ = before;
      losses = hold(problem, *options_.earlier);
      made = settle(problem);
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

  Problem pose() {
    std::vector<model::PatternId> unplanned;
    std::vector<Need> needs = needs_of(workload_, diagnostics_, unplanned);
    Candidates candidates = generate(workload_, needs);
    std::vector<bool> planned(workload_.patterns.size(), true);
    for (const model::PatternId id : unplanned) planned[id.index] = false;
    return pose_problem(workload_, std::move(needs), std::move(candidates), std::move(planned));
  }

  bool every_entity_has_a_key(const Problem& problem) {
    bool ok = true;
    for (std::size_t e = 0; e < workload_.entities.size(); ++e) {
      if (!problem.candidates.entities[e].bases.empty()) continue;
      ok = false;
      const model::Entity& entity = workload_.entities[e];
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
      diagnostic.help =
          need.strong
              ? std::string(
                    "drop consistency: strong, or read by the identity or the "
                    "base table's partition key")
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
      const model::Pattern& pattern = workload_.pattern(problem.needs[n].pattern);
      diagnostics_.add(error(kUnservableCode, "unservable-pattern",
                             "no key serves " + pattern.name +
                                 " beside the other access patterns of " +
                                 workload_.entity(problem.needs[n].entity).name,
                             pattern.span));
    }
  }

  design::Design finish(const Problem& problem, SearchResult& result) {
    std::vector<design::Decision> decisions = reasons(problem, result);
    design::Design design = std::move(result.evaluation.assembly.design);
    design.decisions = std::move(decisions);
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
    design.optimality.proven = result.proven;
    if (result.proven) {
      design.optimality.lower_bound = design.optimality.objective;
      design.optimality.gap = 0;
    } else if (result.lower_bound && result.lower_bound->micro_usd > 0) {
      design.optimality.lower_bound = std::min(*result.lower_bound, design.optimality.objective);
      design.optimality.gap =
          design.optimality.objective.usd() / design.optimality.lower_bound->usd() - 1;
    }
    return design;
  }

  static design::OtherDesign other_design(const Problem& problem, const State& chosen,
                                          const Ranked& other) {
    design::OtherDesign out;
    out.indexes = other.evaluation.assembly.design.tables.front().indexes.size();
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
    for (std::size_t most = 0; most < design.tables.front().indexes.size(); ++most) {
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
    double read = 0;
    double write = 0;
    const capacity::Usage usage = capacity::usage(workload_, design);
    for (const capacity::ResourceLoad& load : capacity::highest_loads(usage)) {
      read = std::max(read, load.read.max);
      write = std::max(write, load.write.max);
    }
    design::Table& table = design.tables.front();
    if (write > dynamo::limits::kNewTableWriteUnitsPerSecond ||
        read > dynamo::limits::kNewTableReadUnitsPerSecond) {
      table.warm_write_units = std::max(write, dynamo::limits::kNewTableWriteUnitsPerSecond);
      table.warm_read_units = std::max(read, dynamo::limits::kNewTableReadUnitsPerSecond);
    }
  }

  const model::Workload& workload_;
  const pricing::PriceBook& book_;
  const PlanOptions& options_;
  support::Diagnostics& diagnostics_;
};

}  // namespace

std::optional<design::Design> plan(const model::Workload& workload, const pricing::PriceBook& book,
                                   const PlanOptions& options, support::Diagnostics& diagnostics) {
  return Planner(workload, book, options, diagnostics).plan();
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
