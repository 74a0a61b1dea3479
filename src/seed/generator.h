// Logical rows for a Workload: deterministic, small, and faithful to types, sizes, frequencies,
// presence, uniqueness, fan-out and skew. The proof and `emit seed` use the same rows.
#pragma once

#include <vector>

#include "design/design.h"
#include "model/workload.h"

namespace ddbplan::seed {

struct Dataset {
  /// By entity, in the Workload's order; each row by attribute name.
  std::vector<std::vector<dynamo::Item>> rows;
  /// The instant of the data set, milliseconds since 1970: `now` in the proof.
  std::int64_t now_ms = 0;
  /// The Workload with the counts of this data set: what capacity must be asked about to predict
  /// it.
  model::Workload scaled;
};

struct SeedOptions {
  int rows_per_entity_max = 2000;
  int rows_max = 10000;
};

Dataset generate(const model::Workload& workload, const SeedOptions& options = {});
/// Fills rows of entities with a declared `size` up so that their stored item has it, key attributes
/// included, which only a design knows.
void fit_sizes(const model::Workload& workload, const design::Design& design, Dataset& data);
/// Both.
Dataset generate(const model::Workload& workload, const design::Design& design,
                 const SeedOptions& options = {});

/// Makes the stored item of this row `bytes` long by its filler, where it has one. Rows too long
/// stay.
void fit_size(const model::Workload& workload, const design::Design& design, model::EntityId entity,
              double bytes, dynamo::Item& row);

}  // namespace ddbplan::seed
