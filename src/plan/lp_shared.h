// What entities make each other's entries carry, for the linear program: an index projects an attribute for all of its
// entries, so one that an entity has projected is in the entries of every other that has an attribute of that name.
#pragma once

#include <functional>

#include "plan/lp_names.h"

namespace ddbplan::plan {

/// One of the entity's layouts, or a way of serving a pattern in it, and the column that says so.
struct SharingColumn {
  std::string column;
  EntityChoice choice;
  Claims claims = 0;
  ChoiceLoads loads;                                  ///< where nobody else projects anything
  std::optional<std::size_t> pattern = std::nullopt;  ///< of a way of serving
};

struct SharingLayout {
  SharingColumn layout;
  std::vector<SharingColumn> readings;
};

struct SharingEntity {
  std::size_t entity = 0;
  std::string name;
  const EntitySearch& search;
  std::vector<SharingLayout> layouts;
};

/// Charges a column with loads of a pattern (nullopt: those of none, and the storage).
using ChargeLoads = std::function<void(const std::string& column, const ChoiceLoads& loads,
                                       std::optional<std::size_t> pattern)>;

/// Adds the rows and columns for the entities of one table.
void add_shared_projections(const std::vector<SharingEntity>& entities, const std::string& suffix,
                            const ChargeLoads& charge, Names& names, Program& program);

}  // namespace ddbplan::plan
