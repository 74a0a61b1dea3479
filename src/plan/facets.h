// Vertical partitioning: large attributes in an item of their own (a facet) beside the row's, so that what only the
// rest of the row asks for or changes does not pay for them. In return a row comes and goes in a transaction of two
// items, and whoever wants all of it reads both. A row and its facet are read one after the other: between two
// writes a reader may see the one before and the other after a change (Developer Guide, "Best practices for storing
// large items and attributes").
#pragma once

#include <string>
#include <vector>

#include "model/workload.h"
#include "plan/variants.h"

namespace ddbplan::plan {

struct FacetChoice {
  model::EntityId entity;
  std::vector<std::string> attributes;
  /// Access patterns that use the row and none of these attributes.
  std::vector<model::PatternId> gainers;
};

/// Attributes of at least a write unit that no key, condition, filter or upkeep looks at: those that the same access
/// patterns use, and all of them together. In the order of the YAML.
std::vector<FacetChoice> facet_choices(const model::Workload& workload);

/// `earlier`: where it has a facet, that one stays, whatever the rules say; new ones would have to be carried out of
/// rows that are there.
std::vector<Variant> facet_variants(const model::Workload& workload,
                                    const design::EarlierDesign* earlier);

}  // namespace ddbplan::plan
