// What a change of rows brings about elsewhere in the same transaction: counts, sums, newest values, copies and
// rollups. Internal to the oracle.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "seed/logical_rows.h"

namespace ddbplan::seed {

class UpkeepOracle {
 public:
  /// `going`: entities whose rows the write deletes, those that are not there included.
  UpkeepOracle(LogicalRows& rows, std::vector<model::EntityId> going)
      : rows_(rows), workload_(rows.workload()), going_(std::move(going)) {}

  /// The further changes that these bring about, applied to the rows. nullopt: a row that keeps a count, a sum
  /// or a newest value of the changed ones is not there, so the transaction is refused. REQUIRES: `changes` are applied.
  std::optional<std::vector<Change>> follow(const std::vector<Change>& changes);

 private:
  void follow_attribute(model::EntityId owner, const model::Attribute& attribute,
                        const std::vector<Change>& changes);
  /// The relations by which rows of the source belong to an owner.
  [[nodiscard]] std::vector<const model::Relation*> ways_to(model::EntityId owner,
                                                            const model::Upkeep& upkeep) const;
  [[nodiscard]] std::optional<RowId> owner_of(model::EntityId owner, const model::Upkeep& upkeep,
                                              const dynamo::Item& source) const;
  /// Whether a row names an owner that is not there.
  [[nodiscard]] bool misses_owner(model::EntityId owner, const model::Upkeep& upkeep,
                                  const dynamo::Item& source) const;
  /// Whether a change leaves what an owner keeps of the row as it is.
  [[nodiscard]] bool keeps_tally(model::EntityId owner, const model::Upkeep& upkeep,
                                 const Change& change) const;
  [[nodiscard]] bool counts(const model::Upkeep& upkeep, const dynamo::Item& source) const;
  /// What an owner's kept attribute gains or loses with one row of its source.
  void tally(model::EntityId owner, const model::Attribute& attribute, const Change& change);
  void keep_newest(model::EntityId owner, const model::Attribute& attribute,
                   const dynamo::Item& source, dynamo::Item& row);
  /// A copy follows its original, and a new row takes the copy along.
  void copy(model::EntityId holder, const model::Attribute& attribute, const Change& change);
  void take(model::EntityId holder, const model::Attribute& attribute,
            const model::Relation& relation, const RowId& id);
  /// The identity of the group that a row is of; nullopt: it lacks a value that groups are made by.
  [[nodiscard]] std::optional<dynamo::Item> group_of(model::EntityId rollup,
                                                     const dynamo::Item& source) const;
  /// A row of the source joins its group, leaves it, moves to another or changes what is summed of it.
  void roll_up(model::EntityId rollup, const Change& change);
  void change_row(Change change);

  LogicalRows& rows_;
  const model::Workload& workload_;
  std::vector<Change> further_;
  /// What a row of these keeps goes with it.
  std::vector<model::EntityId> going_;
  bool is_refused_ = false;
};

}  // namespace ddbplan::seed
