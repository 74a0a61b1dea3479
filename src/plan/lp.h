// The planner's problem in LP format (CPLEX LP, as GLPK, CBC and others read it), so that anybody's solver can
// check the proof. Columns are single decisions under readable names, and products of them where the cost is
// not linear: an entity's items and entries are priced by the base key together with all entries that are open,
// because the key attributes of every index lengthen the item, and a read by how it is served and by that.
//
//   base_ENTITY__KEY        the entity has this base key
//   open_ENTITY__KEY        this index entry is open
//   carry_ENTRY__ATTRIBUTE  the entry's index projects the attribute; carry_ENTRY__all: all of them
//   serve_PATTERN__WAY      the pattern (its Need of an entity) is served this way
//   together_, follows_     how a parent is read with its children
//   indexes_KIND            indexes that entities share, by what may share one
//   index_NAME              an index of an earlier design (--keep) stays
//   layout_ENTITY_N         the product of one entity's base key and open entries (a comment lists them)
//   read_PATTERN_N          the product of a way of serving and a layout
//   shared_N_ATTRIBUTE      the Nth index of those that project a list projects the attribute for some entity
//   heavier_ENTITY_N        the product of a layout and of what others have its entries carry beside its own
//   pair_PATTERN_N          the product of two layouts that one Query reads
//   units_*                 provisioned capacity, whole units
//   constant                fixed to 1; carries what every design pays
#pragma once

#include <string>

#include "plan/search.h"

namespace ddbplan::plan {

/// Exact, to the cent, on demand. Loads that provisioned capacity is bought for together are taken apart by entity,
/// so there it may differ from the search by some tenths of a percent. Shards are part of a layout's price as far as
/// one entity alone makes its keys hot: where several entities heat one partition together, what their shards add to
/// reads is left out, and the program's optimum is a lower bound.
/// In the billing mode and table class of `best`, what search found for the problem. Where an entity has very
/// many choices, those that are proven to be in no design within some dollars of the cheapest are left out, and
/// a comment says so.
std::string linear_program(const Problem& problem, const pricing::PriceBook& book,
                           const SearchResult& best);

}  // namespace ddbplan::plan
