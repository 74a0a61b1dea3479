// --keep on the command line: which commands take it, and files that hold no design.

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

namespace ddbplan::test {
namespace {

const std::string kMore = "  by_name: {list: Customer, by: name, limit: 3, rate: 1/s}\n";

/// A schema, its design, and the schema with one access pattern more.
void make_design(const Workplace& place) {
  REQUIRE(place.ddbplan({"init"}).exit_status == 0);
  REQUIRE(place.ddbplan({"design", "schema.yaml", "-o", "out"}).exit_status == 0);
  place.write("more.yaml", place.read("schema.yaml") + kMore);
}

}  // namespace

TEST_CASE("design says what is new beside the earlier design, in every form") {
  const Workplace place;
  make_design(place);
  const Outcome made =
      place.ddbplan({"design", "more.yaml", "--keep", "out/design.json", "--format", "text",
                     "--format", "json=more.json", "-o", "next"});
  CHECK(made.exit_status == 0);
  CHECK(made.standard_output.find("Beside the earlier design\n  Planned around out/design.json.") !=
        std::string::npos);
  CHECK(made.standard_output.find("new  access pattern by_name") != std::string::npos);
  const auto keep = nlohmann::json::parse(place.read("more.json"))["keep"];
  CHECK(keep["earlier"] == "out/design.json");
  CHECK(keep["not_kept"].empty());
  CHECK(keep["new"].back()["subject"] == "pattern:by_name");
  CHECK(place.read("next/report.md").find("## Beside the earlier design\n") != std::string::npos);
}

TEST_CASE("the other commands plan around it too") {
  const Workplace place;
  make_design(place);
  const std::vector<std::vector<std::string>> commands = {
      {"lint", "more.yaml"},
      {"validate", "more.yaml"},
      {"why", "more.yaml", "pattern:by_name"},
      {"emit", "cloudformation", "more.yaml"},
      {"query", "more.yaml", "my_orders"},
  };
  for (std::vector<std::string> command : commands) {
    CAPTURE(command.front());
    command.insert(command.end(), {"--keep", "out/design.json"});
    CHECK(place.ddbplan(command).exit_status == 0);
    command.back() = "missing.json";
    const Outcome refused = place.ddbplan(command);
    CHECK(refused.exit_status == 2);
    CHECK(refused.standard_error.find("cannot read 'missing.json'") != std::string::npos);
  }
}

TEST_CASE("a file that holds no design is refused where it is wrong") {
  const Workplace place;
  make_design(place);
  const auto refusal = [&](const std::string& text) {
    place.write("kept.json", text);
    const Outcome outcome = place.ddbplan({"design", "schema.yaml", "--keep", "kept.json"});
    CHECK(outcome.exit_status == 2);
    CHECK(outcome.standard_output.empty());
    return outcome.standard_error.substr(0, outcome.standard_error.find('\n'));
  };
  const std::string good = place.read("out/design.json");
  const auto changed = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  CHECK(refusal("ddbplan: 1\n") == "kept.json:1:1: error[DDB113]: this is not JSON from here on");
  CHECK(refusal(changed("\"service\": \"orders\"", "\"service\": \"shop\"")) ==
        "kept.json:3:14: error[DDB113]: this is a design of shop, and the schema is of orders");
  CHECK(refusal(changed("\"schema_version\": 1", "\"schema_version\": 9")) ==
        "kept.json:2:21: error[DDB113]: this design is of schema_version 9, and this ddbplan reads "
        "1");
  CHECK(refusal(changed("\"tables\": [", "\"tables\": [], \"x\": [")) ==
        "kept.json:4:13: error[DDB113]: a design has a table");
}

TEST_CASE("what cannot stay is a warning at its entity") {
  const Workplace place;
  make_design(place);
  // The id's name stands in every key that orders have.
  const Outcome made = place.shell(
      "sed 's/order_id/number/g' schema.yaml > other.yaml; $DDBPLAN lint other.yaml --keep "
      "out/design.json --fail-on warning");
  CHECK(made.exit_status == 1);
  CHECK(made.standard_output.find("warning[DDB112]") != std::string::npos);
  CHECK(made.standard_output.find("Order has no order_id any more") != std::string::npos);
}

}  // namespace ddbplan::test
