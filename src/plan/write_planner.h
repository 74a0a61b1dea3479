// Collects the actions of one pattern. Internal to write_plan.h: the rows' own writes are in write_plan.cpp, what
// guards and counters add to them in write_upkeep.cpp, copies in write_copies.cpp, rollups in write_rollups.cpp, what
// falls on one item in write_joins.cpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plan/key_condition.h"
#include "plan/row_change.h"
#include "plan/write_plan.h"

namespace ddbplan::plan {

/// An attribute of a parent that counts, sums or dates its children in their own transaction.
struct Counter {
  model::EntityId parent;
  std::string attribute;
  model::Upkeep upkeep;
  const model::Relation* relation = nullptr;

  /// Attributes of the child that decide whether, where and how much it counts.
  [[nodiscard]] std::vector<std::string> inputs() const;
};

class WritePlanner {
 public:
  WritePlanner(const Problem& problem, const State& state, const Assembly& assembly,
               model::PatternId id)
      : problem_(problem),
        workload_(problem.workload),
        state_(state),
        assembly_(assembly),
        id_(id),
        in_transaction_(
            std::holds_alternative<model::Transaction>(problem.workload.pattern(id).action)) {
    out_.plan.pattern = id;
  }

  WritePlan build();

 private:
  using Sources = std::map<std::string, design::Source>;

  [[nodiscard]] design::Operation single_operation(const model::Pattern& pattern) const;
  /// The write's entities: rows that others lead to come before those.
  [[nodiscard]] std::vector<model::EntityId> in_order(const model::Write& write) const;
  /// A put or delete of each related row that nothing is asked of: BatchWriteItem takes no conditions.
  [[nodiscard]] bool batches(const model::Write& write) const;
  void finish(design::Operation operation);
  /// A transaction takes an item once: of two actions on one, the second is part of the first.
  void mark_joined();
  /// A row that an upsert makes has the index entries that its identity alone tells.
  void add_entries_of_identity(design::WriteAction& update) const;
  /// Numbers that count up are the caller's to give.
  void note_sequences(model::EntityId entity);
  /// Makes an action part of another one on the same item.
  void join(design::WriteAction& action);
  /// Two that are always done together become one; false where they are not.
  static bool merge(design::WriteAction& action, const design::WriteAction& further);
  /// The action is the row's that its write is about, not what keeps something of it elsewhere.
  [[nodiscard]] bool is_own(const design::WriteAction& action) const;
  /// Two updates of what one row is counted in.
  [[nodiscard]] bool are_of_one_parent(const design::WriteAction& a,
                                       const design::WriteAction& b) const;
  /// Actions of a transaction on related rows agree in what they name; two on rows of one kind are of two rows.
  [[nodiscard]] bool are_of_one_item(const design::WriteAction& a,
                                     const design::WriteAction& b) const;
  /// Of two writes the one that finds its row by what the other's row has; null: neither does.
  [[nodiscard]] const model::Write* named_like(const model::Write& a, const model::Write& b) const;
  /// An attribute of the identity, as an action knows it.
  static design::Source parameter_of(const design::WriteAction& action, const std::string& id);
  void refuse(const std::string& what, const std::string& instead = {});
  [[nodiscard]] std::size_t row_of(model::EntityId entity) const {
    return assembly_.placement.row[entity.index];
  }
  /// An attribute that every item of the layout's table has.
  [[nodiscard]] const std::string& key_name(std::size_t layout) const {
    const design::Table& table = assembly_.design.tables[assembly_.design.items[layout].table];
    return table.key.partition.front().name;
  }
  [[nodiscard]] design::WriteAction new_action(design::Operation operation, std::size_t layout,
                                               const model::Write& write, std::size_t action) const;

  // The rows' own writes.
  void add(const model::Write& write, std::size_t action);
  void add_create(const model::Write& write, std::size_t action);
  void add_put(const model::Write& write, std::size_t action);
  void add_update(const model::Write& write, std::size_t action);
  void add_delete(const model::Write& write, std::size_t action);
  void add_check(const model::Write& write, std::size_t action);
  /// What stands apart from the row comes and goes with it.
  void add_facet(design::Operation operation, const model::Write& write, std::size_t action,
                 const Sources& known);
  /// The same for each read copy of the row that the last action is about.
  void add_read_copies();
  /// An update of a row, or of what stands apart from it, or of both.
  void push_update(const model::Write& write, design::WriteAction update);
  /// The new row of an upsert must hold its identity and type beside what is set.
  void add_identity(design::WriteAction& update) const;

  // Which row, and what must be read of it first.
  /// Binds the row: by key, by key after a read of `unknown`, or every row that a query finds.
  /// Returns the sources of the base key's attributes; false when it is not planned yet.
  bool address(const model::Write& write, std::size_t action,
               const std::vector<std::string>& unknown, Sources& known);
  bool address_found(std::size_t need, const std::vector<std::string>& unknown, Sources& known);
  void read_first(model::EntityId entity);
  /// The action goes only while the row still has what the step read of it.
  static void expect_as_read(design::WriteAction& action, const std::string& name,
                             std::size_t step);
  /// Where an action before this one reads the same item, its step; else a new one.
  std::size_t read_once(design::Step step);
  /// The related rows of `for_each`, found first; false: nothing finds them.
  bool find_related(const model::Write& write, std::size_t action);
  /// The call's parameter of the attribute's name.
  static design::Source of_call(const std::string& attribute) {
    return design::FromParameter{attribute};
  }
  /// An attribute of the written row as the call, or the related row, says it.
  [[nodiscard]] design::Source said(const std::string& attribute) const;
  /// An attribute of the row as it was: known from the call, or read first.
  [[nodiscard]] design::Source source_for_old(const std::string& attribute) const;

  // Copies, guards, counters.
  /// The action that creates the parent of this one's row (model::created_parent).
  [[nodiscard]] std::optional<std::size_t> created_parent(std::size_t action,
                                                          const model::Relation& relation) const;
  /// The copies that a new row holds are read from its parents first. false: not planned yet.
  bool read_copies(const model::Write& write, std::size_t action, Sources& known);
  /// Of the attributes some come from the rows that `for_each` found: the step that found them.
  [[nodiscard]] std::size_t related_step(const std::vector<std::string>& way) const;
  bool read_copy(const model::Write& write, const model::Attribute& copy,
                 const model::Relation* relation, const SourceOf& value_of, Sources& known);
  /// A row that changes its parent takes that one's values: they are read first, and are `taken`. false: not planned
  /// yet.
  bool take_new_copies(const model::Write& write, RowChange& change, Sources& taken);
  /// The step that reads the parent of the present write's row, or of each of its rows, once.
  std::size_t read_parent(const model::Write& write, const model::Relation& relation,
                          const SourceOf& value_of);
  /// A guard holds a unique value. One that expired may still stand: TTL deletes days later.
  /// `is_renewed`: the row's own guard may stand there, and expires at another time from now on.
  void add_guard_put(const model::Write& write, std::size_t action, std::size_t unique,
                     const Sources& known, bool is_renewed = false);
  void add_guard_delete(const model::Write& write, std::size_t action, std::size_t unique,
                        const Sources& known);
  void replace_guard(const model::Write& write, std::size_t action, std::size_t unique,
                     const Sources& known, const RowChange& change);
  /// When rows with unique values expire, where an update changes that and no source of it is known; empty: nothing.
  [[nodiscard]] std::string unknown_expiry(model::EntityId entity, const RowChange& change) const;
  /// Copies of what an update changes, each in a row that a query finds.
  void add_copy_updates(const model::Write& write, std::size_t action, const RowChange& change);
  void add_copy_update(const model::Write& write, std::size_t action, const RowChange& change,
                       const Need& need, std::size_t step);
  [[nodiscard]] std::string hangs_on(model::EntityId entity, const std::string& attribute) const;
  /// A new row holds what its originals hold at that moment.
  void check_originals(const model::Write& write, std::size_t action, const Sources& known);
  void join_check(design::WriteAction check);
  /// A row comes to a group of a rollup, or leaves one, or changes within it.
  struct Passage {
    model::EntityId rollup;
    bool leaves = false;
    /// The row's attributes, as it is when it comes or as it was when it leaves.
    SourceOf value_of;
    /// How a row that stays changes; null: it comes or goes.
    const RowChange* change = nullptr;
    /// It stays in its group, and only what changes of it passes.
    bool is_within = false;
  };
  /// Rows of one call that the rollup cannot be kept for in their transaction; it is refused then.
  bool refuses_several(const model::Write& write, model::EntityId rollup);
  /// The rollups that a new row is counted in, and that a row which goes was.
  void add_rollups(const model::Write& write, std::size_t action);
  void take_from_rollups(const model::Write& write, std::size_t action);
  /// A put takes the row that it replaces out, and puts the new one in.
  void replace_in_rollups(const model::Write& write, std::size_t action);
  void move_in_rollups(const model::Write& write, std::size_t action, const RowChange& change);
  void add_rollup(const model::Write& write, std::size_t action, const Passage& passage);
  [[nodiscard]] design::Source group_of(const Passage& passage, const model::Rollup::By& by) const;
  [[nodiscard]] std::vector<design::UpdateClause> kept_of(const Passage& passage,
                                                          design::WriteAction& upsert) const;
  /// Rollups that a change of a row concerns.
  [[nodiscard]] std::vector<model::EntityId> changed_rollups(model::EntityId entity,
                                                             const RowChange& change) const;
  /// Rollups of an entity's rows that the pattern does not delete with them.
  [[nodiscard]] std::vector<model::EntityId> rollups_that_stay(model::EntityId entity) const;
  /// What must be known of a row that leaves its groups, beside its identity.
  [[nodiscard]] std::vector<std::string> read_for_rollups(model::EntityId entity) const;
  /// What a write would have to do for rollups and cannot yet.
  [[nodiscard]] Unplanned unrolled(const model::Write& write, const RowChange& change) const;
  void watch_extremes(const std::vector<std::string>& extremes, design::WriteAction& upsert);
  [[nodiscard]] std::vector<std::size_t> changed_guards(model::EntityId entity,
                                                        const RowChange& change,
                                                        std::vector<std::string>& unknown) const;
  /// A put or an upsert looks at the row that it may replace: `names` of it are as they were, or it is still not there.
  void look_at_replaced(const model::Write& write, const std::vector<std::string>& names,
                        design::WriteAction& action);
  /// What the row's being counted depends on, beside its identity.
  [[nodiscard]] std::vector<std::string> counted_by(model::EntityId entity,
                                                    const std::vector<Counter>& counters) const;
  /// What the replaced row held or was counted in goes, what the new one has comes.
  void add_of_replaced(const model::Write& write, std::size_t action,
                       const std::vector<Counter>& counters, const SourceOf& now);
  /// Attributes of parents that this entity's rows are counted or summed in, in the same transaction.
  [[nodiscard]] std::vector<Counter> counters_of(model::EntityId child) const;
  /// Those of them that change when a row goes.
  [[nodiscard]] std::vector<Counter> counters_that_lose(model::EntityId child) const;
  [[nodiscard]] std::string name_of(const Counter& counter) const;
  /// The counters of a row that comes or goes.
  void add_counters(const model::Write& write, std::size_t action, bool removing);
  /// The counters of a row that changes: what it was counted in loses it, what it is counted in gains it.
  /// The addition to what a sum is made of; null: the change sets it, or leaves it alone.
  static const design::AddNumber* added_to_summed(const Counter& counter, const RowChange& change);
  /// The sum gains what its row does. False: that was refused.
  bool add_to_sum(const model::Write& write, std::size_t action, const Counter& counter,
                  const design::AddNumber& added, const RowChange& change);
  /// An attribute of the row as it will be.
  [[nodiscard]] design::Source new_source(const RowChange& change,
                                          const std::string& attribute) const;
  void move_counters(const model::Write& write, std::size_t action,
                     const std::vector<Counter>& counters, const RowChange& change);
  [[nodiscard]] design::WriteAction counter_update(const Counter& counter,
                                                   const model::Write& write, std::size_t action,
                                                   bool removing, const SourceOf& source) const;
  /// What the newest is of rows that may come before others of an earlier time, the caller is told.
  void note_times_ahead(model::EntityId rows, const Counter& counter);
  /// The parent's index entries that move with what it keeps; what else their keys hold is read of it first.
  void maintain_counted(const model::Write& write, const Counter& counter,
                        const design::Source& now, design::WriteAction& update);
  /// Counters of parents that depend on an attribute that this write changes.
  [[nodiscard]] std::vector<Counter> changed_counters(model::EntityId entity,
                                                      const RowChange& change) const;

  const Problem& problem_;
  const model::Workload& workload_;
  const State& state_;
  const Assembly& assembly_;
  model::PatternId id_;
  bool in_transaction_;
  WritePlan out_;
  std::vector<design::WriteAction> actions_;
  /// Entities whose rows the pattern deletes: their counters go with them.
  std::vector<model::EntityId> going_;
  /// Where the steps of the present write begin.
  std::size_t first_step_ = 0;
  std::vector<std::string> bound_;
  std::optional<std::size_t> read_step_;
  std::map<const model::Relation*, std::size_t> read_parents_;
  /// The action that is being planned, and by step the one that the step reads for.
  std::size_t present_ = 0;
  std::map<std::size_t, std::size_t> read_for_;
  /// Of `for_each`: the attributes of the written row that the related row gives.
  Sources links_;
};

}  // namespace ddbplan::plan
