// Goal: a schema as large as they come is designed within the limits of a table, and every access pattern of it is
// proven; how far from the cheapest design it may be is said.

#include <doctest/doctest.h>

#include "tests/examples/designed.h"
#include "tests/support/files.h"
#include "tests/support/process.h"
#include "tests/support/synthetic.h"

namespace ddbplan::test {

namespace {

void check_designed(int entities, int patterns) {
  CAPTURE(patterns);
  const TemporaryDirectory folder;
  const auto file = folder.path() / "schema.yaml";
  write_file(file, synthetic_schema({entities, patterns, "auto"}, 1));
  // Lint has its opinion about hot keys and quotas of a schema that nobody thought about.
  const Outcome outcome = run(
      ddbplan_binary(), {.arguments = {"design", file.string(), "--keep-going", "--format", "json"},
                         .timeout = std::chrono::minutes(5)});
  const Json design = Json::parse(outcome.standard_output);
  CHECK(design.at("validation").at("failed") == 0);
  CHECK(design.at("access_patterns").size() >= static_cast<std::size_t>(patterns));
  const Json& table = design.at("tables").at(0);
  CHECK(table.at("global_secondary_indexes").size() <= 20);
  std::size_t projected = 0;
  for (const Json& index : table.at("global_secondary_indexes"))
    projected += index.at("projection").at("attributes").size();
  CHECK(projected <= 100);
  CHECK(design.at("optimality").at("gap").is_number());
}

}  // namespace

TEST_CASE("40 entities with 200 access patterns") {
  check_designed(40, 200);
}

TEST_CASE("200 entities with 1,000 access patterns") {
  check_designed(200, 1000);
}

}  // namespace ddbplan::test
