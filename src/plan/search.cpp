#include "plan/search.h"

#include <algorithm>

namespace ddbplan::plan {

namespace {

class Descent {
 public:
  Descent(const Problem& problem, const pricing::PriceBook& book, std::int64_t effort)
      : problem_(problem), memo_(problem.workload, book), effort_(effort) {}

  SearchResult run() {
    best_ = start();
    best_value_ = evaluate(problem_, best_, memo_);
    ++nodes_;
    bool improved = true;
    while (improved && nodes_ < effort_) {
      improved = false;
      seen_.clear();
      for (std::size_t e = 0; e < problem_.workload.entities.size(); ++e)
        improved |= improve_base(e);
      for (std::size_t n = 0; n < problem_.needs.size(); ++n) improved |= improve_serve(n);
      for (std::size_t n = 0; n < problem_.needs.size(); ++n) improved |= improve_together(n);
      for (std::size_t e = 0; e < problem_.workload.entities.size(); ++e)
        improved |= share_entries(e);
    }
    SearchResult out;
    out.neighbours = std::move(seen_);
    out.state = best_;
    out.evaluation = std::move(best_value_);
    out.nodes = nodes_;
    return out;
  }

 private:
  /// Every entity on the base key that serves most of its Needs, every Need by its base key where that can be,
  /// else by the first index.
  State start() {
    State state;
    for (std::size_t e = 0; e < problem_.workload.entities.size(); ++e)
      state.base.push_back(best_base(e));
    state.together.assign(problem_.needs.size(), true);
    state.serve.assign(problem_.needs.size(), kUnserved);
    for (std::size_t n = 0; n < problem_.needs.size(); ++n) state.serve[n] = first_valid(state, n);
    return state;
  }

  [[nodiscard]] std::size_t best_base(std::size_t entity) const {
    const std::vector<KeySpec>& bases = problem_.candidates.entities[entity].bases;
    std::size_t best = 0;
    double best_rate = -1;
    for (std::size_t b = 0; b < bases.size(); ++b) {
      double rate = 0;
      for (const Need& need : problem_.needs) {
        if (need.entity.index != entity) continue;
        const auto found = match(problem_.workload, bases[b], need);
        if (found && !found->filters(need) && !found->client_order)
          rate += 1 + problem_.workload.pattern(need.pattern).load.mean.per_second;
      }
      if (rate > best_rate) {
        best_rate = rate;
        best = b;
      }
    }
    return best;
  }

  [[nodiscard]] bool valid(const State& state, std::size_t need, const Option& option) const {
    const Need& wanted = problem_.needs[need];
    const KeySpec& base = problem_.base(state, wanted.entity);
    if (option.kind == Option::Kind::base)
      return match(problem_.workload, base, wanted).has_value();
    if (option.kind != Option::Kind::entry) return true;
    const KeySpec& spec = problem_.entry(wanted.entity, option.candidate);
    return !spec.local || spec.partition == base.partition;
  }

  [[nodiscard]] std::size_t first_valid(const State& state, std::size_t need) const {
    const std::vector<Option>& options = problem_.candidates.options[need];
    for (std::size_t o = 0; o < options.size(); ++o) {
      if (valid(state, need, options[o])) return o;
    }
    return kUnserved;
  }

  /// Takes `state` when it is cheaper. Remembers it as a neighbour otherwise: the last pass improves nothing,
  /// so what it has seen are the neighbours of the final State.
  bool offer(const State& state, Neighbour::Kind kind, std::size_t subject, std::size_t choice) {
    if (nodes_ >= effort_) return false;
    ++nodes_;
    Evaluation value = evaluate(problem_, state, memo_);
    const bool better = value.infeasible.empty() && (!best_value_.infeasible.empty() ||
                                                     value.ranking() < best_value_.ranking());
    if (!better) {
      seen_.push_back(neighbour(kind, subject, choice, value));
      return false;
    }
    best_ = state;
    best_value_ = std::move(value);
    return true;
  }

  /// `state` on another base key, each Need of the entity on the first option that remains valid.
  [[nodiscard]] State rebased(std::size_t entity, std::size_t base) const {
    State state = best_;
    state.base[entity] = base;
    for (std::size_t n = 0; n < problem_.needs.size(); ++n) {
      if (problem_.needs[n].entity.index == entity) state.serve[n] = first_valid(state, n);
    }
    return state;
  }

  bool improve_base(std::size_t entity) {
    bool improved = false;
    const std::size_t count = problem_.candidates.entities[entity].bases.size();
    for (std::size_t b = 0; b < count; ++b) {
      if (b != best_.base[entity])
        improved |= offer(rebased(entity, b), Neighbour::Kind::base, entity, b);
    }
    return improved;
  }

  bool improve_serve(std::size_t need) {
    bool improved = false;
    const std::vector<Option>& options = problem_.candidates.options[need];
    for (std::size_t o = 0; o < options.size(); ++o) {
      if (o == best_.serve[need] || !valid(best_, need, options[o])) continue;
      State state = best_;
      state.serve[need] = o;
      improved |= offer(state, Neighbour::Kind::serve, need, o);
    }
    return improved;
  }

  /// Moves every Need of an entity that an index serves to one entry at once: a hierarchy pays only when all
  /// its members share the key, so moving them one by one never gets there.
  bool share_entries(std::size_t entity) {
    bool improved = false;
    const std::size_t count = problem_.candidates.entities[entity].entries.size();
    for (std::size_t entry = 0; entry < count; ++entry) {
      for (const bool fetch : {false, true}) {
        State state = best_;
        const std::size_t moved = move_to(state, entity, {Option::Kind::entry, entry, fetch});
        if (moved > 1) improved |= offer(state, Neighbour::Kind::share, entity, entry);
      }
    }
    return improved;
  }

  /// How many Needs changed.
  std::size_t move_to(State& state, std::size_t entity, const Option& target) const {
    std::size_t moved = 0;
    for (std::size_t n = 0; n < problem_.needs.size(); ++n) {
      if (problem_.needs[n].entity.index != entity) continue;
      const Option* current = problem_.option(state, n);
      if (current == nullptr || current->kind != Option::Kind::entry || *current == target)
        continue;
      const std::vector<Option>& options = problem_.candidates.options[n];
      const auto found = std::find(options.begin(), options.end(), target);
      if (found == options.end() || !valid(state, n, target)) continue;
      state.serve[n] = static_cast<std::size_t>(found - options.begin());
      ++moved;
    }
    return moved;
  }

  bool improve_together(std::size_t need) {
    if (problem_.needs[need].children.empty()) return false;
    State state = best_;
    state.together[need] = !state.together[need];
    return offer(state, Neighbour::Kind::together, need, state.together[need] ? 1 : 0);
  }

  [[nodiscard]] Neighbour neighbour(Neighbour::Kind kind, std::size_t subject, std::size_t choice,
                                    const Evaluation& value) const {
    Neighbour out;
    out.kind = kind;
    out.subject = subject;
    out.choice = choice;
    if (!value.infeasible.empty()) {
      out.ruled_out = value.infeasible;
    } else if (value.penalty > best_value_.penalty) {
      out.ruled_out = !value.assembly.over_limit.empty() ? value.assembly.over_limit
                                                         : "some access pattern would have no plan";
    } else {
      out.extra = value.objective() - best_value_.objective();
    }
    return out;
  }

  const Problem& problem_;
  CostMemo memo_;
  std::int64_t effort_;
  std::int64_t nodes_ = 0;
  std::vector<Neighbour> seen_;
  State best_;
  Evaluation best_value_;
};

}  // namespace

SearchResult search(const Problem& problem, const pricing::PriceBook& book, std::int64_t effort) {
  return Descent(problem, book, effort).run();
}

}  // namespace ddbplan::plan
