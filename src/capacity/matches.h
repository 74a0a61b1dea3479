// How many rows the key condition of a Query selects, under the laws of capacity/traffic.h: what a
// step binds, read against the key templates of the items it is about.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "capacity/distribution.h"
#include "capacity/membership.h"
#include "design/design.h"
#include "model/workload.h"

namespace ddbplan::capacity {

/// What a request knows of one attribute of the rows it wants.
struct Binding {
  std::string attribute;
  /// nullopt: a value known at run time, or of an earlier step's item.
  std::optional<dynamo::AttributeValue> constant;
  /// The value is of an item that this earlier step found.
  std::optional<std::size_t> from_step;
};

/// A Query's condition, as far as it counts rows.
struct KeyMatch {
  std::vector<Binding> equal;
  std::string range_attribute;  ///< empty: no range
  double range_share = 1;       ///< of the rows that the equalities leave
  /// The range is a prefix of the value of the row that the call is about, which is in it.
  bool range_has_row = false;
  /// Part of the rows' time that one time bucket of the partition key spans; 1: there are no
  /// buckets.
  double bucket_share = 1;
  /// A literal of the condition contradicts the template: no row of this layout is selected.
  bool impossible = false;
};

/// One way in which a step may run: values that replace parameters, and parameters that are not
/// given (`narrow_by`), before the first of which the sort key's text ends.
struct RunCase {
  const std::map<std::string, dynamo::AttributeValue>* alternative = nullptr;
  std::set<std::string> missing;
};

/// The entry of the layout that a step reads: its base key, or the one of the step's index; null
/// when the layout is not in that index.
const design::KeyEntry* entry_of(const design::ItemLayout& layout,
                                 const std::optional<std::string>& index);

KeyMatch key_match(const model::Workload& workload, const design::ItemLayout& layout,
                   const design::KeyEntry& entry, const design::Step& step, const RunCase& run);

/// Which parents' collections are counted, where the calls on some named ones are looked at by themselves.
struct ParentCase {
  std::string attribute;  ///< the relation's, that tells a parent's name
  std::string name;       ///< this parent; empty: all but `others`
  std::set<std::string> others = {};
};

/// Rows of the layout that one request selects, in all shards together. `found`: the entity whose
/// rows an earlier step found, when values come from there: their children are counted as they are,
/// not by traffic.
CountDistribution match_count(const model::Workload& workload, const design::ItemLayout& layout,
                              const design::KeyEntry& entry, const KeyMatch& match,
                              std::optional<model::EntityId> found, double month,
                              const ParentCase* parents = nullptr);

/// The view of the rows that are selected: for the selectivity of a filter among them.
RowView matched_view(const model::Workload& workload, const design::ItemLayout& layout,
                     const design::KeyEntry& entry, const KeyMatch& match);

/// Rows of the relation's parents, and children of one of them, `month` months after the start.
double parents_after(const model::Workload& workload, const model::Relation& relation,
                     double month);
/// Rows of an entity in one tenant, by traffic. REQUIRES: the entity has a tenant.
CountDistribution rows_of_tenant(const model::Workload& workload, model::EntityId entity,
                                 double month);
CountDistribution children_after(const model::Workload& workload, model::EntityId child,
                                 const model::Relation& relation, double month);

}  // namespace ddbplan::capacity
