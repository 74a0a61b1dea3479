// Small schemas, planned and proven: what the proof finds, also after a test has broken the design.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "design/design.h"
#include "seed/proof.h"

namespace ddbplan::test {

/// A call of the proof, kept.
struct KeptCall {
  std::string pattern;
  design::Parameters parameters;
  bool is_typical = false;
  bool failed = false;
  std::vector<dynamo::Request> requests;
};

struct Proven {
  int requests = 0;
  /// "pattern: what", one a line.
  std::string failures;
  model::Workload workload;
  design::Design design;
  seed::Dataset data;
  seed::ProofReport report;
  std::vector<KeptCall> calls;

  [[nodiscard]] const design::AccessPlan& plan(std::string_view pattern) const;
  /// What a call of the pattern is planned to write, indexes included.
  [[nodiscard]] double write_units(std::string_view pattern) const;
  /// Units that calls of the pattern were expected to cost, and did.
  [[nodiscard]] const seed::PatternProof& proof(std::string_view pattern) const;
};

using Breaking = std::function<void(const model::Workload&, design::Design&)>;

/// `body`: a schema without its first lines. `breaking` changes the design before it is proven; the seed is
/// laid out as the design it came from says.
Proven prove(const std::string& body, const Breaking& breaking = {});

}  // namespace ddbplan::test
