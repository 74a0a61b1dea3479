// Goal: the candidate generator misses no key that would make a design cheaper. Method: for many small random
// workloads EVERY key template of up to three attributes (each set of them as partition key, each order of others as
// sort key) is drawn here, and rows decide which template serves which pattern: sorted by the template, the wanted
// rows of one partition stand side by side and in the wanted order, whatever values a call has. The cheapest design
// of these keys, at the search's own prices, must not be cheaper than what the planner finds with its candidates.
// The rows also judge the rule by which the planner matches keys to patterns, in both directions.
//
// What is left to policy, and so the same on both sides: an index that lists has the identity at the end of its sort
// key, so that rows with equal keys have an order that stays; a constant that makes an index sparse stands in its
// partition key; an index for one list alone is partitioned by all equalities of the list, if no update is easier
// otherwise: fewer of them would make hotter keys for nothing but shorter texts.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plan/search.h"
#include "schema/parse.h"
#include "support/prng.h"
#include "tests/property/drawn_workload.h"

using namespace ddbplan;
using test::Column;
using test::Kind;
using test::Names;
using test::Row;

namespace {

/// A key may be shorter than the planner's by the literals before attributes; attributes have names of one letter
/// here, so that this is not worth more.
constexpr double kLiteralsUsd = 0.02;
constexpr double kLiteralsShare = 0.01;

bool is_long_run() {
  const char* effort = std::getenv("DDBPLAN_TEST_EFFORT");
  return effort != nullptr && std::string(effort) == "long";
}

std::optional<std::uint64_t> only_seed() {
  const char* given = std::getenv("DDBPLAN_TEST_SEED");
  if (given == nullptr) return std::nullopt;
  return std::strtoull(given, nullptr, 10);
}

/// A key: what it is partitioned and sorted by.
struct Template {
  Names partition;
  Names sort;
};

bool has(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void extend_sort(const Names& all, std::size_t most, const Template& so_far,
                 std::vector<Template>& out) {
  out.push_back(so_far);
  if (so_far.partition.size() + so_far.sort.size() == most) return;
  for (const std::string& name : all) {
    if (has(so_far.partition, name) || has(so_far.sort, name)) continue;
    Template more = so_far;
    more.sort.push_back(name);
    extend_sort(all, most, more, out);
  }
}

/// Each non-empty set of attributes as partition key, with each order of others as sort key.
std::vector<Template> every_template(const Names& all, std::size_t most) {
  std::vector<Template> out;
  for (std::size_t bits = 1; bits < (std::size_t{1} << all.size()); ++bits) {
    Template one;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if ((bits >> i & 1U) != 0) one.partition.push_back(all[i]);
    }
    if (one.partition.size() <= most) extend_sort(all, most, one, out);
  }
  return out;
}

/// X, Y and Z of a state column.
int number_of(const dynamo::AttributeValue& value) {
  return value.as_string()->front() - 'X';
}

/// Which rows a call wants, and whether a key has them side by side.
class RowOracle {
 public:
  RowOracle(const Kind& kind, const plan::Need& need, std::uint64_t seed)
      : kind_(kind), need_(need), random_(seed) {
    for (int i = 0; i < kCalls; ++i) calls_.push_back(draw_call());
  }

  /// `only`: values of a state column; rows with others are not in the index.
  [[nodiscard]] bool is_served(
      const Template& key,
      const std::optional<std::pair<std::string, std::vector<int>>>& only) const {
    for (const std::string& name : key.partition) {
      if (need_.find_equality(name) == nullptr) return false;
    }
    bool forward = true;
    bool backward = true;
    for (const Call& call : calls_) {
      std::vector<const Row*> rows;
      for (const Row& row : kind_.rows) {
        const bool is_in = !only || std::find(only->second.begin(), only->second.end(),
                                              row.at(only->first)) != only->second.end();
        if (is_in && is_in_partition(row, key, call)) rows.push_back(&row);
      }
      if (only && std::any_of(kind_.rows.begin(), kind_.rows.end(), [&](const Row& row) {
            return is_wanted(row, call) && std::find(only->second.begin(), only->second.end(),
                                                     row.at(only->first)) == only->second.end();
          }))
        return false;
      std::stable_sort(rows.begin(), rows.end(), [&](const Row* a, const Row* b) {
        for (const std::string& name : key.sort) {
          if (a->at(name) != b->at(name)) return a->at(name) < b->at(name);
        }
        return scrambled(*a) < scrambled(*b);
      });
      if (!is_one_run(rows, call, forward, backward)) return false;
    }
    return true;
  }

 private:
  static constexpr int kCalls = 30;
  struct Call {
    std::map<std::string, int> equal;
    int low = 0;
    int high = 0;
  };

  Call draw_call() {
    const auto some_row = [this]() -> const Row& {
      return kind_.rows[random_.below(kind_.rows.size())];
    };
    Call out;
    const Row& row = some_row();
    for (const plan::Equality& equality : need_.equal)
      out.equal[equality.attribute] =
          equality.is_parameter() ? row.at(equality.attribute) : number_of(equality.values.front());
    if (need_.range) {
      out.low = some_row().at(need_.range->attribute);
      out.high = some_row().at(need_.range->attribute);
      if (out.low > out.high) std::swap(out.low, out.high);
    }
    return out;
  }

  /// Rows with equal keys have no order.
  [[nodiscard]] std::int64_t scrambled(const Row& row) const {
    return std::int64_t{row.at(kind_.id)} * 7919 % 10007;
  }

  static bool is_in_partition(const Row& row, const Template& key, const Call& call) {
    return std::all_of(key.partition.begin(), key.partition.end(), [&](const std::string& name) {
      return row.at(name) == call.equal.at(name);
    });
  }

  [[nodiscard]] bool is_wanted(const Row& row, const Call& call) const {
    for (const auto& [name, value] : call.equal) {
      if (row.at(name) != value) return false;
    }
    if (!need_.range) return true;
    const int value = row.at(need_.range->attribute);
    if (!need_.range->condition) return value >= call.low && value <= call.high;
    switch (std::get<model::Compare>(need_.range->condition->node).op) {
      case model::CompareOp::gt:
        return value > call.low;
      case model::CompareOp::ge:
        return value >= call.low;
      case model::CompareOp::le:
        return value <= call.high;
      default:
        return value < call.high;
    }
  }

  [[nodiscard]] bool is_one_run(const std::vector<const Row*>& rows, const Call& call,
                                bool& forward, bool& backward) const {
    const Row* before = nullptr;
    bool is_over = false;
    for (const Row* row : rows) {
      if (!is_wanted(*row, call)) {
        is_over = before != nullptr;
        continue;
      }
      if (is_over) return false;
      if (before != nullptr) {
        forward = forward && in_order(*before, *row);
        backward = backward && in_order(*row, *before);
      }
      before = row;
    }
    return forward || backward;
  }

  [[nodiscard]] bool in_order(const Row& first, const Row& second) const {
    for (const model::OrderBy& by : need_.order) {
      const int a = first.at(by.attribute.name);
      const int b = second.at(by.attribute.name);
      if (a != b) return (a < b) == (by.direction == model::Direction::ascending);
    }
    return true;
  }

  const Kind& kind_;
  const plan::Need& need_;
  support::Prng random_;
  std::vector<Call> calls_;
};

plan::KeySpec spec_of(model::EntityId entity, const Template& key) {
  plan::KeySpec out;
  out.entity = entity;
  out.partition = key.partition;
  out.sort = key.sort;
  return out;
}

/// The planner's problem with keys made here: all bases and all entries that serve something.
class HandMade {
 public:
  HandMade(const model::Workload& workload, const std::vector<plan::Need>& needs,
           const std::vector<Kind>& kinds, std::size_t longest, std::uint64_t seed)
      : workload_(workload), needs_(needs), kinds_(kinds), longest_(longest) {
    for (const plan::Need& need : needs)
      oracles_.emplace_back(kinds[need.entity.index], need, ++seed);
  }

  plan::Candidates make() {
    plan::Candidates out;
    out.options.resize(needs_.size());
    for (std::size_t e = 0; e < kinds_.size(); ++e) {
      entity_ = model::EntityId{e};
      keys_ = {};
      served_by_.clear();
      Names names;
      for (const Column& column : kinds_[e].columns) names.push_back(column.name);
      for (const Template& key : every_template(names, longest_)) {
        offer_base(key);
        offer_entries(key, out);
      }
      out.entities.push_back(std::move(keys_));
    }
    for (std::size_t n = 0; n < needs_.size(); ++n) add_base_option(n, out);
    return out;
  }

  /// Keys that rows and the planner's matching judge in different ways.
  [[nodiscard]] const std::vector<std::string>& disagreements() const { return disagreements_; }

 private:
  [[nodiscard]] const Kind& kind() const { return kinds_[entity_.index]; }

  /// Update by id know the id alone, and what they change stands in no base key. A base key's partition is more
  /// than a constant.
  void offer_base(const Template& key) {
    Template base = key;
    if (!has(base.partition, kind().id) && !has(base.sort, kind().id))
      base.sort.push_back(kind().id);
    const bool by_state_alone =
        std::all_of(base.partition.begin(), base.partition.end(), [&](const std::string& name) {
          return std::any_of(kind().columns.begin(), kind().columns.end(), [&](const Column& c) {
            return c.name == name && c.type.starts_with("{one_of");
          });
        });
    const bool is_more = base.partition.size() + base.sort.size() > 1;
    if (by_state_alone || (is_more && !kind().updated.empty())) return;
    plan::KeySpec spec = spec_of(entity_, base);
    spec.is_base = true;
    const bool is_known =
        std::any_of(keys_.bases.begin(), keys_.bases.end(),
                    [&](const plan::KeySpec& one) { return same_key(one, spec); });
    if (!is_known && serves_as_it_is(spec)) keys_.bases.push_back(std::move(spec));
  }

  /// Nothing of what it serves is left to filters or to the client: shorter keys that leave more are policy.
  [[nodiscard]] bool serves_as_it_is(const plan::KeySpec& spec) const {
    return std::all_of(needs_.begin(), needs_.end(), [&](const plan::Need& need) {
      const auto found = plan::match(workload_, spec, need);
      return !found || (!found->client_order && !found->filters(need));
    });
  }

  void offer_entries(const Template& key, plan::Candidates& out) {
    plan::KeySpec spec = spec_of(entity_, key);
    offer_entry(spec, out);
    if (!has(key.partition, kind().id) && !has(key.sort, kind().id)) {
      plan::KeySpec stable = spec;
      stable.sort.push_back(kind().id);
      offer_entry(stable, out);
    }
    for (const Column& column : kind().columns) {
      if (!column.type.starts_with("{one_of") || !has(key.partition, column.name)) continue;
      for (const std::vector<int>& values : {std::vector<int>{0}, {1}, {0, 1}}) {
        plan::KeySpec sparse = spec;
        plan::Equality fixed{column.name, {}};
        for (const int value : values)
          fixed.values.push_back(
              dynamo::AttributeValue::string(std::string(1, static_cast<char>('X' + value))));
        sparse.fixed.push_back(std::move(fixed));
        if (!has(key.partition, kind().id) && !has(key.sort, kind().id) &&
            !plan::sorts_by_number(workload_, sparse))
          sparse.sort.push_back(kind().id);
        offer_entry(sparse, out, std::pair(column.name, values));
      }
    }
  }

  void offer_entry(const plan::KeySpec& spec, plan::Candidates& out,
                   const std::optional<std::pair<std::string, std::vector<int>>>& only = {}) {
    const Template key{spec.partition, spec.sort};
    const bool is_stable = plan::sorts_by_number(workload_, spec) || has(spec.sort, kind().id) ||
                           has(spec.partition, kind().id);
    std::vector<std::size_t> served;
    for (std::size_t n = 0; n < needs_.size(); ++n) {
      if (!(needs_[n].entity == entity_)) continue;
      const bool rows_say = oracles_[n].is_served(key, only);
      compare(spec, n, rows_say);
      if (rows_say) served.push_back(n);
    }
    if (served.empty() || !is_stable || !is_asked_for(spec, served) ||
        is_longer_than_known(spec, served) || is_crowded(spec, served))
      return;
    for (const std::size_t n : served) {
      out.options[n].push_back({plan::Option::Kind::entry, keys_.entries.size(), false});
      out.options[n].push_back({plan::Option::Kind::entry, keys_.entries.size(), true});
    }
    keys_.entries.push_back(spec);
    served_by_.push_back(std::move(served));
  }

  /// A number that is a sort key by itself leaves rows without a stable order; somebody must want its order.
  [[nodiscard]] bool is_asked_for(const plan::KeySpec& spec,
                                  const std::vector<std::size_t>& served) const {
    if (!plan::sorts_by_number(workload_, spec)) return true;
    return std::any_of(served.begin(), served.end(), [&](std::size_t n) {
      const plan::Need& need = needs_[n];
      return (need.range && need.range->attribute == spec.sort.front()) ||
             std::any_of(need.order.begin(), need.order.end(), [&](const model::OrderBy& by) {
               return by.attribute.name == spec.sort.front();
             });
    });
  }

  /// For one list alone, in partitions that more of its equalities could divide.
  [[nodiscard]] bool is_crowded(const plan::KeySpec& spec,
                                const std::vector<std::size_t>& served) const {
    return served.size() == 1 && kind().updated.empty() &&
           spec.partition.size() < needs_[served.front()].equal.size();
  }

  /// The same partitions, the same readers, and more in the sort key, or the same in another order.
  [[nodiscard]] bool is_longer_than_known(const plan::KeySpec& spec,
                                          const std::vector<std::size_t>& served) const {
    for (std::size_t i = 0; i < keys_.entries.size(); ++i) {
      const plan::KeySpec& known = keys_.entries[i];
      const bool is_alike =
          served_by_[i] == served && known.partition == spec.partition &&
          known.fixed.size() == spec.fixed.size() &&
          (known.fixed.empty() || known.fixed.front().values == spec.fixed.front().values) &&
          plan::sorts_by_number(workload_, known) == plan::sorts_by_number(workload_, spec);
      const bool has_all =
          std::all_of(known.sort.begin(), known.sort.end(),
                      [&](const std::string& name) { return has(spec.sort, name); });
      if (is_alike && has_all) return true;
    }
    return false;
  }

  void compare(const plan::KeySpec& spec, std::size_t n, bool rows_say) {
    const auto found = plan::match(workload_, spec, needs_[n]);
    const bool planner_says = found && !found->client_order && !found->filters(needs_[n]);
    if (planner_says == rows_say) return;
    disagreements_.push_back(plan::to_string(spec) + (rows_say ? " serves " : " does not serve ") +
                             workload_.pattern(needs_[n].pattern).name + ", say the rows");
  }

  /// Under which base keys it is one is the search's to ask, of `match`, which was compared with the rows.
  void add_base_option(std::size_t n, plan::Candidates& out) {
    const auto& bases = out.entities[needs_[n].entity.index].bases;
    const bool some = std::any_of(bases.begin(), bases.end(), [&](const plan::KeySpec& base) {
      return plan::match(workload_, base, needs_[n]).has_value();
    });
    if (some) out.options[n].push_back({plan::Option::Kind::base, 0, false});
  }

  const model::Workload& workload_;
  const std::vector<plan::Need>& needs_;
  const std::vector<Kind>& kinds_;
  std::size_t longest_;
  std::vector<RowOracle> oracles_;
  model::EntityId entity_{0};
  plan::EntityCandidates keys_;
  std::vector<std::vector<std::size_t>> served_by_;  ///< Needs, by entry
  std::vector<std::string> disagreements_;
};

std::string describe(const plan::Problem& problem, const plan::State& state) {
  std::string out;
  for (std::size_t e = 0; e < state.base.size(); ++e)
    out += "  " + problem.workload.entities[e].name + ": " +
           plan::to_string(problem.base(state, model::EntityId{e})) + "\n";
  for (std::size_t n = 0; n < problem.needs.size(); ++n) {
    const plan::Option* option = problem.option(state, n);
    out += "  " + problem.workload.pattern(problem.needs[n].pattern).name + ": ";
    if (option == nullptr) {
      out += "nothing";
    } else if (option->kind == plan::Option::Kind::entry) {
      out += plan::to_string(problem.entry(problem.needs[n].entity, option->candidate)) +
             (option->fetch ? ", fetched" : "");
    } else {
      out += "base key";
    }
    out += "\n";
  }
  return out;
}

struct Tally {
  int compared = 0;
  int cheaper = 0;
  int unserved = 0;
};

void compare_one(std::uint64_t seed, std::size_t longest, Tally& tally) {
  CAPTURE(seed);
  const test::DrawnWorkload drawn_workload = test::draw_workload(seed);
  const support::SourceText source("drawn.yaml", drawn_workload.yaml);
  support::Diagnostics diagnostics;
  const auto workload = schema::parse(source, diagnostics);
  INFO(source.text());
  INFO(support::render(diagnostics, source));
  REQUIRE(workload.has_value());
  std::vector<model::PatternId> unplanned;
  const std::vector<plan::Need> needs = plan::needs_of(*workload, diagnostics, unplanned);
  REQUIRE(unplanned.empty());
  const std::vector<bool> planned(workload->patterns.size(), true);
  const plan::TablePlan tables = plan::single_table(*workload);
  const plan::Problem problem = plan::pose_problem(
      *workload, needs, plan::generate(*workload, needs, tables), planned, tables);
  HandMade maker(*workload, needs, drawn_workload.kinds, longest, seed);
  const plan::Problem by_hand = plan::pose_problem(*workload, needs, maker.make(), planned, tables);
  for (const std::string& disagreement : maker.disagreements()) FAIL_CHECK(disagreement);
  const bool is_complete =
      std::none_of(by_hand.candidates.options.begin(), by_hand.candidates.options.end(),
                   [](const std::vector<plan::Option>& options) { return options.empty(); });
  if (!is_complete) {
    ++tally.unserved;
    return;
  }
  const pricing::PriceBook& book = pricing::PriceBook::built_in();
  plan::SearchOptions options;
  options.effort = 30000;
  options.explain = false;
  const plan::SearchResult found = plan::search(problem, book, options);
  const plan::SearchResult drawn = plan::search(by_hand, book, options);
  if (!drawn.evaluation.infeasible.empty() || drawn.evaluation.penalty.micro_usd > 0) {
    ++tally.unserved;
    return;
  }
  ++tally.compared;
  const double planner = found.evaluation.ranking().usd();
  const double hand = drawn.evaluation.ranking().usd();
  INFO("the planner: " << planner << "\n" << describe(problem, found.state));
  INFO("by hand: " << hand << "\n" << describe(by_hand, drawn.state));
  CHECK(hand >= planner - kLiteralsUsd - kLiteralsShare * planner);
  if (hand < planner - plan::kTolerance) ++tally.cheaper;
}

}  // namespace

TEST_CASE(
    "no key of up to three attributes makes a design cheaper than the planner's candidates do") {
  Tally tally;
  if (const auto seed = only_seed()) return compare_one(*seed, 3, tally);
  const std::uint64_t workloads = is_long_run() ? 4000 : 150;
  for (std::uint64_t seed = 1; seed <= workloads; ++seed) compare_one(seed, 3, tally);
  MESSAGE(tally.compared << " of " << workloads << " workloads compared, " << tally.unserved
                         << " with a pattern that no such key serves; by the length of literals "
                         << tally.cheaper << " could be cheaper");
  CHECK(tally.compared > static_cast<int>(workloads / 2));
}
