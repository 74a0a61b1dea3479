// What else could be done about an index, its projection and a number of shards, and what the whole design would cost
// then. Base keys and ways to serve a Need are the search's own (Hindsight::neighbours).
//
// Every answer has at least one entry: where nothing else can be done, one that says why.
#pragma once

#include <string>
#include <vector>

#include "plan/table_search.h"

namespace ddbplan::plan {

/// REQUIRES: tables.found.hindsight.
class RunnersUp {
 public:
  using Alternatives = std::vector<design::Decision::Alternative>;

  explicit RunnersUp(const TableSearchResult& tables);

  /// Of an index, by its entries: the cheapest design without them, and without another index in its place.
  [[nodiscard]] Alternatives of_index(const EntryKeys& entries) const;
  /// Of its projection, all else held: fewer attributes and then the rows, what answers need, everything.
  [[nodiscard]] Alternatives of_projection(std::size_t table, const design::Index& index,
                                           const EntryKeys& entries) const;
  /// Of a sharded key: one less, one more, and what heat asks for where another number is given.
  [[nodiscard]] Alternatives of_shards(const std::pair<std::size_t, std::size_t>& key,
                                       const design::ShardRule& rule) const;

  /// The Needs that these entries serve, ascending.
  [[nodiscard]] std::vector<std::size_t> served_by(const EntryKeys& entries) const;
  /// Names of the patterns of these Needs, each once.
  [[nodiscard]] std::vector<std::string> patterns_of(const std::vector<std::size_t>& needs) const;
  /// The schema says what the index projects (physical).
  [[nodiscard]] bool is_fixed(std::size_t table, const design::Index& index) const;
  /// The index of an earlier design that the entries stand in; null: it is made for them.
  [[nodiscard]] const HeldIndex* held_index(const EntryKeys& entries) const;
  /// The schema says how many shards the key has (physical).
  [[nodiscard]] bool is_fixed(const std::pair<std::size_t, std::size_t>& key) const;

 private:
  struct OtherProjection;

  [[nodiscard]] design::Decision::Alternative compared(std::string what, const Evaluation& other,
                                                       support::Money with) const;
  [[nodiscard]] std::vector<std::string> broken_patterns(const Evaluation& other) const;
  [[nodiscard]] std::string served_instead(const std::vector<std::size_t>& needs,
                                           const State& other) const;
  [[nodiscard]] EntryKeys all_but_others(const EntryKeys& entries) const;
  [[nodiscard]] std::vector<State> other_projections(const EntryKeys& entries) const;
  [[nodiscard]] OtherProjection look_up(const State& state, const EntryKeys& entries) const;
  [[nodiscard]] std::string fetched_text(const State& state,
                                         const std::vector<std::size_t>& needs) const;
  [[nodiscard]] double hottest(const std::pair<std::size_t, std::size_t>& key) const;
  [[nodiscard]] ShardPlan shards_of_heat() const;

  const Problem& problem_;
  const model::Workload& workload_;
  const SearchResult& result_;
  const design::Design& design_;
  const Placement& placement_;
  CostMemo& memo_;
};

}  // namespace ddbplan::plan
