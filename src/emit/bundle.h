// Everything that the emitters print, as one bundle of references that the command line fills. An emitter is
// a pure function from a Bundle to text: it reads no file, asks no clock and decides nothing, so the same
// bundle is the same bytes.
#pragma once

#include <vector>

#include "capacity/usage.h"
#include "design/design.h"
#include "model/workload.h"
#include "pricing/cost.h"
#include "seed/generator.h"
#include "seed/proof.h"
#include "seed/seed_file.h"
#include "support/diagnostics.h"
#include "support/source.h"

namespace ddbplan::emit {

/// References must outlive the bundle. The pointers are null where the command made no such thing; what
/// needs it then says so in the output ("not proven") instead of inventing numbers.
struct Bundle {
  const support::SourceText& source;
  const model::Workload& workload;
  const design::Design& design;
  const capacity::Usage& usage;
  const pricing::CostReport& cost;
  /// Of all stages, sorted; with positions in `source`.
  const support::Diagnostics& diagnostics;
  const seed::Dataset* data = nullptr;
  const std::vector<seed::SeedFile>* seed = nullptr;
  const seed::ProofReport* proof = nullptr;
};

}  // namespace ddbplan::emit
