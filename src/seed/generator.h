// Logical rows for a Workload: deterministic, small, and faithful to types, sizes, frequencies, presence,
// uniqueness, fan-out and skew. The proof and `emit seed` use the same rows.
#pragma once

#include <vector>

#include "model/workload.h"

namespace ddbplan::seed {

struct Dataset {
  /// By entity, in the Workload's order; each row by attribute name.
  std::vector<std::vector<dynamo::Item>> rows;
  /// The instant of the data set, milliseconds since 1970: `now` in the proof.
  std::int64_t now_ms = 0;
  /// The Workload with the counts of this data set: what capacity must be asked about to predict it.
  model::Workload scaled;
};

struct SeedOptions {
  int rows_per_entity_max = 2000;
  int rows_max = 10000;
};

Dataset generate(const model::Workload& workload, const SeedOptions& options = {});

}  // namespace ddbplan::seed
