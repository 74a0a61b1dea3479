// Which entities share a table and what their keys are made of, and the tables that follow from it before they have
// indexes: names, keys, TTL, streams, recovery. A guard is in the table of its entity; entities that share a name
// space share its guards, which are in one table.
#pragma once

#include <vector>

#include "design/design.h"
#include "model/workload.h"

namespace ddbplan::plan {

/// A grouping of the entities. Tables are numbered in the order of their first entities.
struct TablePlan {
  std::vector<std::size_t> table_of;  ///< by entity
  std::size_t count = 1;
  /// Attributes are keys where they can be (settings.key_style; see natural_keys.h).
  bool natural = false;

  [[nodiscard]] bool share(model::EntityId a, model::EntityId b) const {
    return table_of[a.index] == table_of[b.index];
  }
  [[nodiscard]] std::vector<model::EntityId> members(std::size_t table) const;
  /// The entity is the only one of its table.
  [[nodiscard]] bool is_alone(model::EntityId entity) const;
  bool operator==(const TablePlan&) const = default;
};

TablePlan single_table(const model::Workload& workload);
TablePlan table_per_entity(const model::Workload& workload);
/// A grouping with its tables numbered as TablePlan says; `table_of` may hold any numbers.
TablePlan renumbered(const std::vector<std::size_t>& table_of);

/// The first entity of the table whose rows expire by another attribute than those of an earlier one: one
/// attribute drives TTL in a table (Developer Guide, "Time to Live"). nullopt: there is none.
struct TtlConflict {
  model::EntityId first;
  model::EntityId second;
};
std::optional<TtlConflict> ttl_conflict(const model::Workload& workload, const TablePlan& tables);

/// The tables without indexes; keys are PK and SK.
std::vector<design::Table> bare_tables(const model::Workload& workload, const TablePlan& tables);

/// The table of the guards of a unique value: that of the first entity whose guards expire, else of the first of the
/// name space.
std::size_t guard_table(const model::Workload& workload, const TablePlan& tables,
                        model::EntityId entity, const model::Unique& unique);

/// Kinds of item that the table holds: its entities' rows and guards.
std::size_t item_kinds(const model::Workload& workload, const TablePlan& tables, std::size_t table);

}  // namespace ddbplan::plan
