// What a pattern's answer is, and what a write makes of the rows: a naive evaluation over logical
// rows that knows nothing of keys, indexes or requests. The proof holds the design's requests to
// it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "design/requests.h"
#include "model/workload.h"
#include "seed/logical_rows.h"

namespace ddbplan::seed {

/// A row of the answer.
struct Answered {
  model::EntityId entity;
  const dynamo::Item* row = nullptr;
};

/// Rows of one order: the answer is the first `wanted` of them; among rows that the order does not
/// tell apart, any are right.
struct OrderedRows {
  std::vector<Answered> rows;
  std::size_t wanted = 0;
  /// Of a limit per group: a row that was left out, and the positions of those of its group that tie with it, each of
  /// which it may stand for.
  struct StandIn {
    Answered row;
    std::vector<std::size_t> positions;
  };
  std::vector<StandIn> stand_ins;
};

class ReadOracle {
 public:
  ReadOracle(const LogicalRows& rows, const model::Read& read);

  /// The answer to one call; `pages` 0 is all.
  [[nodiscard]] OrderedRows rows(const dynamo::Item& values, int pages) const;
  /// Every row that matches, without limit: the number of a count pattern.
  [[nodiscard]] std::vector<Answered> matches(const dynamo::Item& values) const;
  /// `with`: a position in Read::with_children.
  [[nodiscard]] OrderedRows children(const Answered& parent, std::size_t with) const;
  /// Null when the row has none.
  [[nodiscard]] std::optional<Answered> parent(const Answered& child,
                                               const model::WithParent& with) const;

  /// How a and b stand in the pattern's order.
  [[nodiscard]] std::strong_ordering compare(const std::vector<model::OrderBy>& order,
                                             const Answered& a, const Answered& b) const;
  [[nodiscard]] const LogicalRows& all_rows() const { return rows_; }
  [[nodiscard]] const model::Read& read() const { return read_; }
  /// Live rows that `where` keeps whatever the parameters are, in order; what calls can be about.
  [[nodiscard]] const std::vector<Answered>& candidates() const { return candidates_; }
  /// The `by` values of a row; nullopt: one is missing.
  [[nodiscard]] std::optional<dynamo::Item> by_values(const Answered& row) const;
  /// The same as a text that differs for different values.
  [[nodiscard]] std::optional<std::string> by_text(const Answered& row) const;

 private:
  /// `matches` in their order.
  [[nodiscard]] OrderedRows first_of_groups(const std::vector<Answered>& matches) const;
  void collect(model::EntityId entity);
  void collect_children();
  void collect_related();
  /// The value that rows below this one have for the pattern's `by` at the position; null: that is the row's own.
  using Values = std::vector<const dynamo::AttributeValue*>;
  [[nodiscard]] const Values* related(const Answered& row, std::size_t by) const;
  /// What a call about this row says for that `by`; null: nothing can be said.
  [[nodiscard]] const dynamo::AttributeValue* value_asked(const Answered& row,
                                                          std::size_t by) const;
  [[nodiscard]] bool is_match(const Answered& row, const dynamo::Item& values) const;
  [[nodiscard]] bool in_range(const Answered& row, const dynamo::Item& values) const;

  const LogicalRows& rows_;
  const model::Read& read_;
  bool where_has_parameters_ = false;
  bool is_grouped_ = true;
  std::vector<Answered> candidates_;
  /// Of each with_children, by the parent's entity and identity: live children in order.
  std::vector<std::map<RowId, std::vector<Answered>>> children_;
  /// Of each `by` that is an attribute of rows below: theirs, by the row that they belong to.
  std::vector<std::optional<std::unordered_map<const dynamo::Item*, Values>>> related_;
  /// Candidates by the texts of their `by` values, in order.
  std::unordered_map<std::string, std::vector<Answered>> groups_;
};

/// The rows that a `for_each` writes for.
std::vector<const dynamo::Item*> related_rows(const LogicalRows& rows, const model::Write& write,
                                              const dynamo::Item& values);

/// The changes of one execution of a write; nullopt: a condition fails, and nothing changes.
/// The rows are as before when it returns.
std::optional<std::vector<Change>> write_effect(LogicalRows& rows, const model::Pattern& pattern,
                                                const design::Parameters& parameters);

}  // namespace ddbplan::seed
