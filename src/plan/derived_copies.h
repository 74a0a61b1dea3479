// Copies that nobody asked for: where rows are read together with attributes of their parent, found by them or
// ordered by them, or lead to their parents in the order of these, the children may hold these attributes themselves. Then a read needs no second request, and an
// index can be keyed by them; in return every row is larger, a create reads the parent first, and what changes in
// a parent is changed in all of its children by a stream consumer.
#pragma once

#include <vector>

#include "model/copies.h"
#include "plan/variants.h"

namespace ddbplan::plan {

/// A copy that could be made, and the reads that would use it.
struct CopyChoice {
  model::CopyPlan copies;
  std::vector<model::PatternId> readers;
};

/// Only of attributes that rows can hold safely: one parent that every child has and never changes, children that
/// are brought by single creates, attributes that are not themselves kept from others. In the order of the YAML.
std::vector<CopyChoice> copy_choices(const model::Workload& workload);

std::vector<Variant> copy_variants(const model::Workload& workload);

}  // namespace ddbplan::plan
