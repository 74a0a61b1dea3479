// The proof's requests, sent to an endpoint: each must be answered there as the embedded engine answers it, whose
// answers are held to the rows of the seed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/endpoint_session.h"
#include "remote/comparison.h"
#include "seed/proof.h"

namespace ddbplan::cli {

struct EndpointPattern {
  int requests = 0;
  /// Of the requests that were not refused.
  double units_engine = 0;
  /// nullopt when the endpoint does not tell them of each.
  std::optional<double> units_endpoint = 0;

  /// Told, and not what the engine meters. Shown, but no failure: emulators count as they like.
  [[nodiscard]] bool has_other_units() const;
};
struct EndpointFailure {
  model::PatternId pattern;
  std::string what;
};
struct EndpointReport {
  std::map<std::size_t, EndpointPattern> patterns;  ///< by PatternId::index
  std::vector<EndpointFailure> failures;
  std::string broken_off;  ///< why not all was asked; empty: it was
};

/// Renames the tables so that they belong to the session. Before measure and generate_seed.
void rename_tables(design::Design& design, const std::string& prefix);

class EndpointProof {
 public:
  EndpointProof(const Compilation& run, EndpointSession& session) : run_(run), session_(session) {}
  /// For ProofOptions::observe.
  void observe(const seed::ObservedCall& call);
  [[nodiscard]] const EndpointReport& report() const { return report_; }

 private:
  void ask(model::PatternId pattern, const design::Exchange& exchange);
  /// All pages of a Scan, or of a Query of an index: what a page holds is the endpoint's own.
  void ask_pages(model::PatternId pattern, const std::vector<const design::Exchange*>& pages);
  /// The endpoint's pages: of a whole Scan all, else as many as the engine's. nullopt after a failure, which pages
  /// without end are too, or when it is broken off.
  std::optional<std::vector<std::string>> read_pages(
      model::PatternId pattern, const std::vector<const design::Exchange*>& pages);
  /// A sentence when the endpoint answers otherwise.
  [[nodiscard]] std::optional<std::string> judge(const design::Exchange& exchange,
                                                 const remote::Reply& reply) const;
  [[nodiscard]] std::vector<std::string> index_sort(const dynamo::Request& request) const;
  const std::string& own_token(const std::string& token);

  const Compilation& run_;
  EndpointSession& session_;
  EndpointReport report_;
  /// A token is the run's own: the service remembers one for ten minutes, with its tables.
  std::map<std::string, std::string> tokens_;
};

}  // namespace ddbplan::cli
