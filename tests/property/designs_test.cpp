// Whole designs of random schemas: what is designed is proven. Each read answers as the rows say, each write leaves
// the items that the rows make; what a call costs is an estimate of means, which a small sample may miss now and then.
//   DDBPLAN_TEST_EFFORT=long   5,000 schemas instead of 120
//   DDBPLAN_TEST_SEED=N        one schema, with this seed, which is printed
#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "plan/variants.h"
#include "pricing/price_book.h"
#include "schema/parse.h"
#include "seed/generator.h"
#include "seed/proof.h"
#include "seed/seed_file.h"
#include "tests/property/drawn_schema.h"

namespace ddbplan::test {
namespace {

struct Outcome {
  bool is_designed = false;
  std::string wrong;     ///< answers and items
  std::string mistaken;  ///< estimates
};

Outcome outcome_of(const std::string& yaml) {
  const support::SourceText source("drawn.yaml", yaml);
  support::Diagnostics diagnostics;
  auto workload = schema::parse(source, diagnostics);
  INFO(yaml);
  INFO(support::render(diagnostics, source));
  REQUIRE(workload.has_value());
  plan::PlanOptions options;
  // Enough for most: how good the designs are is not the question here.
  options.effort = 500;
  options.explain = false;
  plan::Planned planned =
      plan::plan_best(*workload, pricing::PriceBook::built_in(), options, diagnostics);
  Outcome out;
  // What cannot be designed says why.
  if (!planned.design) {
    CHECK(diagnostics.has_errors());
    return out;
  }
  out.is_designed = true;
  const seed::Dataset data = seed::generate(planned.workload, *planned.design);
  const auto files = seed::write_seed(planned.workload, *planned.design, data);
  const seed::ProofReport report = seed::prove(planned.workload, *planned.design, data, files, {});
  for (const seed::ProofFailure& failure : report.failures) {
    const bool is_estimate = failure.what.find("and the plan expects") != std::string::npos;
    (is_estimate ? out.mistaken : out.wrong) += planned.workload.pattern(failure.pattern).name +
                                                ": " + failure.what + " (" + failure.parameters +
                                                ")\n";
  }
  return out;
}

}  // namespace

TEST_CASE("designs of random schemas answer as their rows say") {
  const char* effort = std::getenv("DDBPLAN_TEST_EFFORT");
  const bool is_long = effort != nullptr && std::string(effort) == "long";
  const char* given = std::getenv("DDBPLAN_TEST_SEED");
  const std::uint64_t first = given == nullptr ? 1 : std::strtoull(given, nullptr, 10);
  const std::uint64_t last = given != nullptr ? first : is_long ? 5000 : 120;
  int designed = 0;
  int mistaken = 0;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const std::string yaml = drawn_schema(seed);
    if (given != nullptr) std::cout << yaml;
    CAPTURE(seed);
    const Outcome outcome = outcome_of(yaml);
    INFO(yaml);
    CHECK(outcome.wrong == "");
    designed += outcome.is_designed ? 1 : 0;
    if (outcome.mistaken.empty()) continue;
    ++mistaken;
    std::cout << "seed " << seed << ": " << outcome.mistaken;
  }
  std::cout << designed << " of " << last - first + 1 << " schemas designed, of " << mistaken
            << " an estimate is off\n";
  CHECK(100 * mistaken <= 2 * designed);
  if (given == nullptr) CHECK(2 * designed > static_cast<int>(last - first + 1));
}

}  // namespace ddbplan::test
