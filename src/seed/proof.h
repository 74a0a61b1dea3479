// The proof: every access pattern is executed on the embedded engine over the seed, loaded from the
// bytes that `emit seed` writes, and compared with a naive evaluation over the logical rows, which
// knows nothing of keys. Units metered by the engine equal the planner's formula on the rows
// touched, per index, to the half.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "design/design.h"
#include "design/requests.h"
#include "engine/database.h"
#include "seed/generator.h"
#include "seed/seed_file.h"

namespace ddbplan::seed {

/// A call of the proof when it is done.
struct ObservedCall {
  model::PatternId pattern;
  const design::Parameters& parameters;
  /// Drawn by traffic, and not one of the odd ones (the busiest value, nothing found, a condition
  /// that fails).
  bool is_typical = false;
  const design::Answer& answer;
};

struct ProofOptions {
  /// Small, so that every list pages; --thorough uses 1 MB.
  std::int64_t page_bytes = std::int64_t{16} * 1024;
  int calls_per_pattern = 0;  ///< 0: the default set (typical, hottest key, empty, spanning pages)
  /// Told of each call in order, with all that was sent and answered: calls build on the writes of
  /// those before. May be empty.
  std::function<void(const ObservedCall&)> observe = {};
  /// ProofReport::remains is wanted.
  bool keeps_remains = false;
};

struct ProofFailure {
  model::PatternId pattern;
  std::string what;        ///< one sentence: expected and found
  std::string parameters;  ///< the call, in words
};
struct PatternProof {
  model::PatternId pattern;
  int calls = 0;
  int requests = 0;
  double observed_units_mean = 0;
  double expected_units_mean = 0;
};
struct ProofReport {
  int patterns = 0;
  int requests = 0;
  int items = 0;
  std::vector<PatternProof> details;
  std::vector<ProofFailure> failures;
  /// Planned, but no row of the sample is one that a call could be about: nothing is shown of them.
  std::vector<model::PatternId> uncalled;
  /// What was proven on. A program that ends soon leaves it to the system to take it back: to free
  /// it item by item takes 4 of the shop's 75 ms.
  std::shared_ptr<const void> remains;
  [[nodiscard]] bool ok() const { return failures.empty(); }
};

/// Names of the uncalled patterns.
std::vector<std::string> uncalled_names(const model::Workload& workload, const ProofReport& report);

ProofReport prove(const model::Workload& workload, const design::Design& design,
                  const Dataset& data, const std::vector<SeedFile>& seed,
                  const ProofOptions& options = {});

}  // namespace ddbplan::seed
