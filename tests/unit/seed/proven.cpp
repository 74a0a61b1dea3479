#include "tests/unit/seed/proven.h"

#include <doctest/doctest.h>

#include "capacity/usage.h"
#include "plan/variants.h"
#include "pricing/price_book.h"
#include "schema/parse.h"
#include "seed/seed_file.h"

namespace ddbplan::test {

const design::AccessPlan& Proven::plan(std::string_view pattern) const {
  return design.plans[workload.find_pattern(pattern)->index];
}

double Proven::write_units(std::string_view pattern) const {
  double units = 0;
  for (const capacity::ResourceUnits& one :
       capacity::pattern_usage(workload, design, plan(pattern)).units)
    units += one.write;
  return units;
}

const seed::PatternProof& Proven::proof(std::string_view pattern) const {
  for (const seed::PatternProof& one : report.details) {
    if (workload.pattern(one.pattern).name == pattern) return one;
  }
  FAIL("the pattern was not proven: " << std::string(pattern));
  return report.details.front();
}

Proven prove(const std::string& body, const Breaking& breaking) {
  const support::SourceText source("test.yaml", "ddbplan: 1\nservice: test\n" + body);
  support::Diagnostics diagnostics;
  auto workload = schema::parse(source, diagnostics);
  INFO(support::render(diagnostics, source));
  REQUIRE(workload);
  plan::Planned planned =
      plan::plan_best(*workload, pricing::PriceBook::built_in(), {}, diagnostics);
  workload = std::move(planned.workload);
  std::optional<design::Design> design = std::move(planned.design);
  INFO(support::render(diagnostics, source));
  REQUIRE(design);
  REQUIRE_FALSE(diagnostics.has_errors());
  Proven out;
  out.data = seed::generate(*workload, *design);
  const std::vector<seed::SeedFile> seed = seed::write_seed(*workload, *design, out.data);
  if (breaking) breaking(*workload, *design);
  seed::ProofOptions options;
  options.observe = [&](const seed::ObservedCall& call) {
    KeptCall kept{workload->pattern(call.pattern).name,
                  call.parameters,
                  call.is_typical,
                  call.answer.error.has_value(),
                  {}};
    for (const design::Exchange& exchange : call.answer.exchanges)
      kept.requests.push_back(exchange.request);
    out.calls.push_back(std::move(kept));
  };
  out.report = seed::prove(*workload, *design, out.data, seed, options);
  out.requests = out.report.requests;
  for (const seed::ProofFailure& failure : out.report.failures)
    out.failures += workload->pattern(failure.pattern).name + ": " + failure.what + "\n";
  out.workload = std::move(*workload);
  out.design = std::move(*design);
  return out;
}

}  // namespace ddbplan::test
