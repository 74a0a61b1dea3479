// What is kept up in the transaction of the change that it follows.
#pragma once

#include <vector>

#include "model/workload.h"

namespace ddbplan::model {

/// `copy_of: brand_id.name` with `kept: transaction`, of a value that can change.
struct KeptCopy {
  EntityId holder;
  std::string attribute;  ///< of the holder
  std::string original;   ///< of the entity it is copied from
  /// The holder's relation to that entity; nullptr: there is none to one kind of parent.
  const Relation* relation = nullptr;
};
/// Copies of an entity's attributes, by holder.
std::vector<KeptCopy> copies_of(const Workload& workload, EntityId original);
/// Copies that an entity's rows hold.
std::vector<KeptCopy> copies_in(const Workload& workload, EntityId holder);

/// `count_of`, `sum_of` or `newest_of` with `kept: transaction`.
struct KeptCount {
  EntityId owner;
  const Attribute* attribute = nullptr;
};
/// What rows of other entities keep of an entity's rows.
std::vector<KeptCount> counts_of(const Workload& workload, EntityId source);

/// What an update that names nothing sets: attributes that are nobody's but the row's, and that nothing governs.
std::vector<std::string> ordinary_attributes(const Entity& entity);
/// Whether an update of the entity's row may give the attribute another value.
bool may_change(const Entity& entity, const Write& write, const std::string& attribute);

/// Attributes that ADD changes, by an update or as the sum or count of other rows: a write knows what it adds, and not
/// what it makes.
std::vector<std::string> summed_attributes(const Workload& workload, EntityId id);

/// Rollups of an entity with `kept: transaction`.
std::vector<EntityId> rollups_of(const Workload& workload, EntityId source);
/// A rollup groups by the source's attribute of that name as it is.
bool is_plain(const Rollup::By& by);
/// The source's attributes that say which group a row is of.
std::vector<std::string> grouped_by(const Rollup& rollup);
/// The parameter that gives a rollup's grouping value in the call that creates a source row: the row's attribute
/// of that name, or what the caller cuts from one.
std::string grouping_parameter(const Workload& workload, EntityId rollup, const Rollup::By& by);

}  // namespace ddbplan::model
