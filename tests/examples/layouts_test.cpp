// Goal: what an example says is served and proven in whatever tables and style of keys: the settings change how
// rows are held, and nothing that the schema promises.

#include <doctest/doctest.h>

#include "tests/examples/designed.h"
#include "tests/support/files.h"

namespace ddbplan::test {

namespace {

const std::vector<std::string> kApart = {"--set", "settings.layout=table-per-entity"};
const std::vector<std::string> kNatural = {"--set", "settings.layout=table-per-entity", "--set",
                                           "settings.key_style=natural"};

void check_proven(const Json& design) {
  CHECK(design.at("validation").at("failed") == 0);
  for (const auto& [name, pattern] : design.at("access_patterns").items()) {
    const std::string& shown = name;  // clang 14 captures no structured binding
    INFO(shown);
    CHECK(pattern.at("served") != "no");
  }
}

}  // namespace

TEST_CASE("every example is proven in a table for each entity, with attributes as keys") {
  for (const std::string& file : example_files()) {
    INFO(file);
    const Json design = design_example(file, kNatural);
    CHECK(design.at("tables").size() == design.at("entities").size());
    check_proven(design);
  }
}

TEST_CASE(
    "examples with guards, counters, streams and transactions are proven in tables of their own") {
  for (const char* file :
       {"examples/shop.yaml", "examples/chat.yaml", "examples/helpdesk.yaml", "examples/feed.yaml",
        "examples/25-booking.yaml", "examples/30-sessions.yaml"}) {
    INFO(file);
    check_proven(design_example(file, kApart));
  }
}

TEST_CASE("an open layout costs no more than one table or a table for each entity") {
  for (const char* file : {"examples/shop.yaml", "examples/01-multi-tenant.yaml",
                           "examples/05-strong-consistency.yaml", "examples/25-booking.yaml"}) {
    INFO(file);
    const auto objective = [&](const std::string& layout) {
      const Json design = design_example(file, {"--set", "settings.layout=" + layout});
      return design.at("optimality").at("objective_usd_per_month").get<double>();
    };
    const double open = objective("auto");
    CHECK(open <= objective("single-table") + 1e-3);
    CHECK(open <= objective("table-per-entity") + 1e-3);
  }
}

}  // namespace ddbplan::test
