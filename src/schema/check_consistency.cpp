// Given values against each other: rows against creates and lifetimes, moves against stocks, counts
// against counts. Warnings: the design is made from what was given, but not both can be true.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "model/fan_out.h"
#include "schema/checks.h"

namespace ddbplan::schema {
namespace {

using model::Entity;
using model::EntityId;
using model::Pattern;

constexpr double kTolerance = 0.2;

bool far_apart(double a, double b) {
  return std::abs(a - b) > kTolerance * std::max(std::abs(a), std::abs(b));
}

class Consistency {
 public:
  explicit Consistency(Context& context) : context_(context) {}

  void run() {
    for (std::size_t i = 0; i < context_.workload.entities.size(); ++i) {
      check_counts(EntityId{i});
      check_rows(EntityId{i});
      check_stocks(EntityId{i});
    }
  }

 private:
  /// Every relation with given children, and `count` if given, must say the same number of rows.
  void check_counts(EntityId id) {
    const Entity& entity = context_.at(id);
    const EntityDraft& draft = context_.draft(id);
    for (std::size_t i = 0; i < entity.relations.size(); ++i) {
      const model::Relation& relation = entity.relations[i];
      if (!draft.relations[i].mean || is_self(id, relation)) continue;
      double parents = 0;
      for (const EntityId parent : relation.parents) parents += context_.at(parent).count;
      const double rows = parents * relation.children.mean / relation.present;
      if (!far_apart(rows, entity.count)) continue;
      support::Diagnostic diagnostic = finding(
          Code::counts_disagree, relation.span,
          fmt::format("`{}` has {} rows, but {} {} with {} children each would make {}",
                      entity.name, support::format_count(entity.count),
                      support::format_count(parents), context_.at(relation.parents.front()).name,
                      support::format_number(relation.children.mean, 2),
                      support::format_count(rows)),
          "Correct one of the numbers, or leave it out: it then follows from the other.");
      const support::Span other = draft.count ? draft.count_span : entity.relations.front().span;
      diagnostic.notes.push_back(
          {draft.count ? "the count is given here" : "the rows follow from this parent", other});
      context_.report(std::move(diagnostic));
    }
  }

  [[nodiscard]] static bool is_self(EntityId id, const model::Relation& relation) {
    return std::find(relation.parents.begin(), relation.parents.end(), id) !=
           relation.parents.end();
  }

  struct Inflow {
    double per_second = 0;
    bool known = false;
    support::Span span;
  };

  /// Rows that a call brings on average.
  [[nodiscard]] double rows_brought(const Pattern& pattern, EntityId id) const {
    double sum = 0;
    for (const model::Write* write : writes_of(pattern)) {
      if (!may_insert(*write) || !is_about(*write, id)) continue;
      const double is_new = write->kind == model::WriteKind::put ? 1 - write->replaces : 1;
      sum += model::rows_written(context_.workload, *write, id) * is_new;
    }
    return sum * model::share_done(pattern);
  }

  /// How many rows an upsert brings nothing says, and how many one for each related row does follows from numbers that
  /// may be defaults.
  [[nodiscard]] static bool brings_unknown(const Pattern& pattern, EntityId id) {
    const auto writes = writes_of(pattern);
    return std::any_of(writes.begin(), writes.end(), [id](const model::Write* write) {
      return may_insert(*write) && is_about(*write, id) &&
             (write->kind == model::WriteKind::upsert || write->for_each);
    });
  }

  /// The creates of an entity, if all of them have a given rate.
  [[nodiscard]] Inflow inflow(EntityId id) const {
    Inflow sum;
    for (const Pattern& pattern : context_.workload.patterns) {
      if (brings_unknown(pattern, id)) return {};
      const double per_call = rows_brought(pattern, id);
      if (per_call <= 0) continue;
      if (pattern.load.mean_is_default) return {};
      sum.per_second += per_call * pattern.load.mean.per_second;
      sum.known = true;
      sum.span = pattern.load.span;
    }
    return sum;
  }

  void check_rows(EntityId id) {
    const Entity& entity = context_.at(id);
    if (!entity.retention || !entity.retention->after || entity.count_is_default) return;
    const Inflow creates = inflow(id);
    if (!creates.known) return;
    const double rows = creates.per_second * entity.retention->after->seconds;
    if (!far_apart(rows, entity.count)) return;
    support::Diagnostic diagnostic = finding(
        Code::rows_against_rate, entity.retention->span,
        fmt::format("`{}` has {} rows, but {} creates kept for {} would make {}", entity.name,
                    support::format_count(entity.count), support::format_rate({creates.per_second}),
                    support::format_duration(*entity.retention->after),
                    support::format_count(rows)),
        "Correct the count, the rate or the retention; both numbers are used as they are given.");
    diagnostic.notes.push_back({"rows are created here", creates.span});
    context_.report(std::move(diagnostic));
  }

  /// In a state that every declared move in and out of has a pattern for, as much must leave as
  /// enters, or the stock would not stay what it is said to be.
  void check_stocks(EntityId id) {
    for (const model::Attribute& attribute : context_.at(id).attributes) {
      if (!attribute.is_state || attribute.moves.empty()) continue;
      for (std::size_t i = 0; i < attribute.values.size(); ++i) check_state(id, attribute, i);
    }
  }

  /// Rows leave their state without a move where they expire or are deleted.
  [[nodiscard]] bool rows_go_away(EntityId id) const {
    const auto deletes = [id](const model::Write& write) {
      return write.kind == model::WriteKind::delete_rows &&
             std::find(write.entities.begin(), write.entities.end(), id) != write.entities.end();
    };
    if (context_.at(id).retention) return true;
    return std::any_of(context_.workload.patterns.begin(), context_.workload.patterns.end(),
                       [&](const Pattern& pattern) {
                         if (const auto* write = std::get_if<model::Write>(&pattern.action))
                           return deletes(*write);
                         const auto* both = std::get_if<model::Transaction>(&pattern.action);
                         return both != nullptr &&
                                std::any_of(both->writes.begin(), both->writes.end(), deletes);
                       });
  }

  struct Flow {
    double in = 0;
    double out = 0;
    bool known = true;
    support::Span span;
  };

  static bool moves_from(const std::vector<std::string>& from, const std::string& state) {
    return from.empty() || std::find(from.begin(), from.end(), state) != from.end();
  }

  void check_state(EntityId id, const model::Attribute& attribute, std::size_t index) {
    const std::string& state = attribute.values[index].name;
    Flow flow;
    if (index == 0) {
      const Inflow creates = inflow(id);
      flow.known = creates.known;
      flow.in = creates.per_second;
    }
    bool leaves = false;
    for (const model::Move& move : attribute.moves) {
      const bool in = move.to == state && !moves_from(move.from, state);
      const bool out = moves_from(move.from, state) && move.to != state;
      if (!in && !out) continue;
      leaves = leaves || out;
      add_flow(flow, id, attribute, state, move, in);
    }
    if (!leaves || !flow.known || flow.in <= 0 || !far_apart(flow.in, flow.out)) return;
    if (flow.in > flow.out && rows_go_away(id)) return;
    support::Diagnostic diagnostic = finding(
        Code::moves_against_stocks, flow.span,
        fmt::format("{} rows of `{}` enter {} and {} leave it: their share cannot stay at {}%",
                    support::format_rate({flow.in}), context_.at(id).name, state,
                    support::format_rate({flow.out}),
                    support::format_number(attribute.values[index].share * 100, 2)),
        "In the long run as many rows leave a state as enter it: correct one of the rates.");
    diagnostic.notes.push_back({"the states are declared here", attribute.span});
    context_.report(std::move(diagnostic));
  }

  void add_flow(Flow& flow, EntityId id, const model::Attribute& attribute,
                const std::string& state, const model::Move& move, bool in) {
    bool found = false;
    for (const Pattern& pattern : context_.workload.patterns) {
      for (const model::Write* write : model::writes_of(pattern)) {
        if (!write->move || write->entities.front() != id) continue;
        const model::StateMove& made = *write->move;
        if (made.attribute != attribute.name || made.to != move.to || made.from != move.from)
          continue;
        found = true;
        const bool is_about_many = model::is_about_many(context_.at(id), *write);
        if (pattern.load.mean_is_default || made.from.size() > 1 || is_about_many)
          flow.known = false;
        (in ? flow.in : flow.out) +=
            pattern.load.mean.per_second * write->times.mean * model::share_done(pattern);
        flow.span = pattern.load.span;
      }
    }
    static_cast<void>(state);
    if (!found) flow.known = false;
  }

  Context& context_;
};

}  // namespace

void check_consistency(Context& context) {
  Consistency(context).run();
}

}  // namespace ddbplan::schema
