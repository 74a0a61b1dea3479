// Goal: the larger examples stretch the planner: reads over relations, upkeep by streams, counters under a
// condition, deletes of whole tenants.

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/examples/designed.h"
#include "tests/support/process.h"

namespace ddbplan::test {

TEST_CASE("chat: the inbox is ordered by what another entity holds, at the client") {
  const Json design = design_example("examples/chat.yaml");
  const Json inbox = design.at("access_patterns").at("inbox");
  CHECK(inbox.at("client_order").at(0).at("attribute") == "last_at");
  CHECK(inbox.at("steps").size() == 2);
  // What keeps last_at is a write of its own, as often as messages are posted.
  const Json kept = design.at("access_patterns").at("keep_room_last_at_after_post");
  CHECK(kept.at("implied") == true);
  CHECK(kept.at("rate").at("mean") == 127);
  CHECK(design.at("tables").at(0).at("stream") == "NEW_AND_OLD_IMAGES");
  CHECK(design.at("access_patterns").at("find_text").at("served") == "offload");
}

TEST_CASE("helpdesk: a change of assignee moves the ticket from one agent's count to the other's") {
  const Json design = design_example("examples/helpdesk.yaml");
  const Json step = steps(design, "assign").back();
  CHECK(step.at("operation") == "TransactWriteItems");
  // The ticket, the agent who gives it up, the agent who gets it; an agent counts NEW neither way.
  REQUIRE(step.at("actions").size() == 3);
  CHECK(step.at("actions").at(1).at("only_if") == "before: status = OPEN | PENDING");
  CHECK(step.at("actions").at(2).at("only_if") == "after: status = OPEN | PENDING");
  // Rows of four entities go, and no count of an agent who goes too is kept up.
  const Json offboard = steps(design, "offboard");
  CHECK(std::count_if(offboard.begin(), offboard.end(),
                      [](const Json& one) { return one.at("operation") == "Query"; }) == 4);
}

TEST_CASE("fleet: everything is planned and proven, and one list is too much for one key") {
  const Outcome outcome = run(ddbplan_binary(), {.arguments = {"design", "--format", "json",
                                                               "tests/unit/schema/schemas/"
                                                               "fleet.yaml"},
                                                 .directory = source_directory()});
  // A day of press-17 is 216 million readings: no key gives that 40 times a second.
  CHECK(outcome.exit_status == 1);
  CHECK(outcome.standard_error.find("DDB402") != std::string::npos);
  const Json design = Json::parse(outcome.standard_output);
  CHECK(design.at("validation").at("failed") == 0);
  for (const auto& [name, pattern] : design.at("access_patterns").items()) {
    INFO(name);
    CHECK(pattern.at("served") != "no");
  }
  CHECK(steps(design, "site_latest").size() == 2);
}

}  // namespace ddbplan::test
