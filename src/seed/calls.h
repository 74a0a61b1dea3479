// The parameters with which the proof runs a pattern: calls drawn as capacity/traffic.h assumes
// them, and the odd ones (the busiest value, nothing found, conditions that fail).
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "design/requests.h"
#include "seed/columns.h"
#include "seed/logical_rows.h"
#include "seed/oracle.h"
#include "support/prng.h"

namespace ddbplan::seed {

struct DrawnCall {
  design::Parameters parameters;
  /// "typical", "hottest", "all pages", "expired", "empty", "must fail".
  std::string kind;
  /// Drawn by traffic: its units count in the sample's mean.
  bool is_typical = false;
};

/// The values in words, for failures: `customer_id=01H..., limit 20`.
std::string describe_call(const design::Parameters& parameters);

class ReadCalls {
 public:
  ReadCalls(const ReadOracle& oracle, const model::Pattern& pattern, std::uint64_t seed);
  /// The odd ones first, then `typical` drawn ones.
  std::vector<DrawnCall> draw(int typical);

 private:
  [[nodiscard]] std::optional<dynamo::Item> values_of(const Answered& row, support::Prng& prng);
  void add_range(dynamo::Item& values, support::Prng& prng) const;
  void add_where(const Answered& row, dynamo::Item& values, support::Prng& prng) const;
  void add_declared_values(dynamo::Item& values);
  [[nodiscard]] std::optional<DrawnCall> typical_call(support::Prng& prng);
  /// About this row, with bounds that leave nearly everything in.
  [[nodiscard]] DrawnCall wide_call(const Answered& row, support::Prng& prng, int pages) const;
  void find_busiest();
  [[nodiscard]] std::optional<DrawnCall> hottest_call(support::Prng& prng, int pages) const;
  /// About a row past its expiry, which is no answer.
  [[nodiscard]] std::optional<DrawnCall> expired_call(support::Prng& prng) const;
  [[nodiscard]] std::optional<DrawnCall> empty_call(support::Prng& prng);
  [[nodiscard]] std::vector<dynamo::AttributeValue> sorted_values(
      const model::AttributeRef& attribute) const;

  const ReadOracle& oracle_;
  support::Prng prng_;
  /// Rows that a call can be about: all `by` values are there.
  std::vector<Answered> pool_;
  /// One of the rows that share the most frequent `by` values.
  std::optional<Answered> busiest_;
  /// Calls so far that gave declared values.
  std::size_t turn_ = 0;
  /// Of the range's attribute, over all live rows.
  std::vector<dynamo::AttributeValue> range_values_;
};

class WriteCalls {
 public:
  WriteCalls(const LogicalRows& rows, const design::Design& design, const model::Pattern& pattern,
             Columns& columns, std::uint64_t seed);
  /// As many typical calls as wanted, or fewer where each takes a row out of a state or away: other patterns are to
  /// find some there too.
  [[nodiscard]] int sparing(int wanted) const;
  /// A call that should succeed; nullopt: no row is fit for it.
  std::optional<DrawnCall> typical();
  /// Rows that have an entry in a sparse index which the pattern may move them into or out of, or that have none.
  struct Membership {
    model::EntityId entity;
    model::ExpressionPtr when;
    bool inside = true;
  };
  [[nodiscard]] std::vector<Membership> memberships() const;
  /// A call about such a row; nullopt: there is none that is fit for it.
  std::optional<DrawnCall> about(const Membership& membership);
  /// Calls whose conditions fail; which of them really do is for the oracle to say.
  std::vector<DrawnCall> failing();

 private:
  struct Target {
    model::EntityId entity;
    const dynamo::Item* row = nullptr;
  };
  bool add_calls(std::size_t action, const model::Write& write, DrawnCall& call);
  /// The rows of the call that this action's rows belong to, by relation.
  struct CreatedParent {
    const model::Relation* relation = nullptr;
    const dynamo::Item* row = nullptr;
  };
  static const dynamo::Item* row_created(const std::vector<CreatedParent>& created,
                                         const model::Relation& relation);
  [[nodiscard]] std::vector<CreatedParent> created_parents(std::size_t action,
                                                           const design::Parameters& so_far) const;
  /// Parents that are there and that another action of the transaction asks something of: one that answers.
  [[nodiscard]] std::vector<CreatedParent> fitting_parents(std::size_t action,
                                                           const design::Parameters& so_far);
  std::optional<dynamo::Item> new_row(const model::Write& write,
                                      const std::vector<CreatedParent>& created = {});
  /// A row with the parents of one that is there, so that they have as much traffic. Where no two rows may have the same
  /// parents it has some of another one's.
  dynamo::Item parents_like_old_ones(model::EntityId entity);
  /// It has a unique value of several attributes that another row has.
  [[nodiscard]] bool repeats_value(model::EntityId entity, const dynamo::Item& row) const;
  [[nodiscard]] bool repeats_value(model::EntityId entity, const model::Unique& unique,
                                   const dynamo::Item& row) const;
  /// What a caller cuts from a new row for the rollups that it is counted in.
  void add_groupings(model::EntityId entity, dynamo::Item& row) const;
  /// Gives a row that replaces another one other values.
  void differ_from(model::EntityId entity, const dynamo::Item& old, dynamo::Item& row);
  /// What the write adds or takes, as the condition lets it for this row, is not nothing.
  [[nodiscard]] bool takes_something(const model::Write& write, const dynamo::Item& row) const;
  /// Gives the row parents that are there in place of those that are not.
  void adopt(model::EntityId entity, dynamo::Item& row, const std::vector<CreatedParent>& created);
  dynamo::AttributeValue new_value(const Target& target, const model::Attribute& attribute);
  /// The same, of a relation another parent that is there; nullopt: there is none.
  std::optional<dynamo::AttributeValue> new_value_of(const Target& target,
                                                     const model::Attribute& attribute);
  /// A parent that the row names is not there (any more).
  [[nodiscard]] bool is_orphan(model::EntityId entity, const dynamo::Item& row,
                               const std::vector<CreatedParent>& created = {}) const;
  /// The write is about this row, or about all that it finds as it finds this one, and one of them is an orphan.
  [[nodiscard]] bool finds_orphan(const model::Write& write, model::EntityId entity,
                                  const dynamo::Item& row) const;
  /// A new row's copies of its parents' attributes.
  [[nodiscard]] bool is_child_of(model::EntityId entity, const dynamo::Item& row,
                                 const model::Relation& relation, const dynamo::Item& parent) const;
  void fill_copies(model::EntityId entity, dynamo::Item& row,
                   const std::vector<CreatedParent>& created) const;
  std::optional<dynamo::Item> change_values(const model::Write& write,
                                            const design::Parameters& so_far);
  struct FanOut {
    dynamo::Item values;
    /// Every related row's write does what the plan expects of it.
    bool is_typical = true;
  };
  std::optional<FanOut> fan_out(const model::Write& write);
  std::optional<FanOut> fan_in_new_rows(const model::Write& write, const dynamo::Item& related,
                                        bool replaces);
  std::optional<FanOut> fan_in_changes(const model::Write& write, const dynamo::Item& related);
  /// About rows that an earlier call of another pattern has brought, all of them.
  std::optional<FanOut> fan_in_earlier(const model::Write& write);
  std::optional<FanOut> fan_in_row(const model::Write& write, const dynamo::Item& related,
                                   const dynamo::Item& row);
  /// The values that find the related rows; what those give is not the call's to say.
  void name_related(const model::Write& write, const dynamo::Item& related,
                    dynamo::Item& values) const;
  /// A row for a write of all rows with a declared value: each value is asked for equally often. Null: the write is of
  /// another kind, or no row has the value.
  const dynamo::Item* choose_by_value(const model::Write& write, model::EntityId entity,
                                      const std::vector<std::size_t>& fitting);
  std::optional<Target> choose(const model::Write& write, const design::Parameters& so_far);
  /// The transaction's other actions that find their rows by what this one has find some that they can be about.
  [[nodiscard]] bool suits_others(const model::Write& write, model::EntityId entity,
                                  const dynamo::Item& row, const design::Parameters& so_far) const;
  /// Where no row of the data set is fit (any more): one that a pattern before has brought or changed.
  std::optional<Target> choose_new(const model::Write& write, model::EntityId entity,
                                   const std::function<bool(const dynamo::Item&)>& is_used);
  [[nodiscard]] bool fits(const model::Write& write, model::EntityId entity,
                          const dynamo::Item& row) const;
  [[nodiscard]] bool is_wanted(model::EntityId entity, const dynamo::Item& row) const;
  /// Values with which the condition holds of the row.
  static void add_asked_values(const model::Write& write, const dynamo::Item& row,
                               dynamo::Item& values);
  void add_new_values(const model::Write& write, const Target& target, dynamo::Item& values);

  /// A row as it is now, not expired; null: there is none.
  [[nodiscard]] const dynamo::Item* live_row(model::EntityId entity);
  /// Attributes of the identity and of the row's base key.
  [[nodiscard]] std::vector<std::string> key_attributes(model::EntityId entity) const;

  const LogicalRows& rows_;
  const design::Design& design_;
  const model::Pattern& pattern_;
  Columns& columns_;
  support::Prng prng_;
  /// Rows of the data set that an action can be about, as long as no write has changed them.
  std::map<const model::Write*, std::vector<std::size_t>> fitting_;
  /// Calls of `for_each` so far.
  std::map<const model::Write*, std::vector<dynamo::Item>> fanned_out_;
  /// Identities of the rows that the present call brings.
  std::set<std::string> brought_;
  /// The call is about a row that is not as the data set has it, and tells nothing of the mean.
  bool is_about_new_ = false;
  /// What the row of the next call has to be like.
  std::optional<Membership> wanted_;
  int serial_ = 0;
};

}  // namespace ddbplan::seed
