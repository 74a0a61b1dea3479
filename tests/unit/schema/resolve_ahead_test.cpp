// Goal: which times may lie after now is said, or follows from what is asked, and a list's comparison with now is its
// range.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "model/expression.h"
#include "tests/unit/schema/fixture.h"

namespace ddbplan::schema {
namespace {

std::string schema_with(const std::string& attributes, const std::string& patterns) {
  return test::complete_schema(
      "entities:\n"
      "  Team: {id: team_id, count: 100}\n"
      "  Shift: {id: shift_id, belongs_to: [Team], attributes: {shift_id: ulid, " +
      attributes +
      "}}\n"
      "access_patterns:\n  plan: {create: Shift}\n" +
      patterns);
}

model::Workload shifts(const std::string& attributes, const std::string& patterns) {
  return test::workload(schema_with(attributes, patterns));
}

std::optional<double> ahead(const model::Workload& workload, const std::string& attribute) {
  return workload.entity(*workload.find_entity("Shift")).find(attribute)->ahead;
}

std::string range(const model::Workload& workload) {
  const auto& read = std::get<model::Read>(workload.pattern(*workload.find_pattern("on")).action);
  return read.range && read.range->condition ? to_string(*read.range->condition) : "";
}
std::string where(const model::Workload& workload) {
  const auto& read = std::get<model::Read>(workload.pattern(*workload.find_pattern("on")).action);
  return read.where ? to_string(*read.where) : "";
}

constexpr const char* kTimes = "starts_at: timestamp, ends_at: timestamp, note: string 9 B";

std::string list(const std::string& rest) {
  return "  on: {list: Shift, by: team_id, " + rest + "}\n";
}

}  // namespace

TEST_CASE("a time that is compared with now lies on both sides of it, a tenth ahead") {
  CHECK(ahead(shifts(kTimes, list("where: ends_at > now")), "ends_at") == 0.1);
  CHECK(ahead(shifts(kTimes, list("range: ends_at <= now")), "ends_at") == 0.1);
  CHECK(ahead(shifts(kTimes, list("where: note = x or not ends_at < now + 2 days")), "ends_at") ==
        0.1);
  CHECK(ahead(shifts(kTimes,
                     "  end: {update: Shift, by: shift_id, set: [note], if: ends_at > now}\n"),
              "ends_at") == 0.1);
  const model::Workload listed = shifts(kTimes, list("where: ends_at > now"));
  CHECK_FALSE(ahead(listed, "starts_at"));
  const auto& defaults = listed.defaults;
  const auto stated = std::find_if(defaults.begin(), defaults.end(), [](const auto& one) {
    return one.path == "entities.Shift.ends_at.ahead";
  });
  REQUIRE(stated != defaults.end());
  CHECK(stated->value == "10%");
  CHECK(stated->reason == "on compares it with now");
}

TEST_CASE("windows of the past say nothing about what lies ahead") {
  CHECK_FALSE(ahead(shifts(kTimes, list("range: ends_at last 7 days")), "ends_at"));
  CHECK_FALSE(
      ahead(shifts(kTimes, list("range: ends_at between now - 7 days and now")), "ends_at"));
  CHECK_FALSE(ahead(shifts(kTimes, list("range: ends_at >= :since")), "ends_at"));
  CHECK(ahead(shifts(kTimes, list("range: ends_at between now and now + 7 days")), "ends_at") ==
        0.1);
}

TEST_CASE("how much lies ahead: as said, else as `matches` has it") {
  const std::string said = "ends_at: {type: timestamp, ahead: 30%}";
  CHECK(ahead(shifts(said, list("where: ends_at > now")), "ends_at") == 0.3);
  CHECK(ahead(shifts(said, list("where: ends_at > now, matches: 2%")), "ends_at") == 0.3);
  CHECK(ahead(shifts(kTimes, list("where: ends_at > now, matches: 2%")), "ends_at") == 0.02);
  CHECK(ahead(shifts(kTimes, list("where: ends_at < now, matches: 60%")), "ends_at") ==
        doctest::Approx(0.4));
}

TEST_CASE("a copy lies where its original does") {
  const model::Workload workload = test::workload(test::complete_schema(
      "entities:\n"
      "  Auction: {id: auction_id, attributes: {auction_id: ulid, closes_at: timestamp}}\n"
      "  Bid: {id: bid_id, belongs_to: [Auction], attributes: {bid_id: ulid, closes_at: {copy_of: "
      "auction_id.closes_at}}}\n"
      "access_patterns:\n"
      "  open: {list: Bid, by: auction_id, where: closes_at > now}\n"));
  CHECK(workload.entities[0].find("closes_at")->ahead == 0.1);
  CHECK(workload.entities[1].find("closes_at")->ahead == 0.1);
}

TEST_CASE("ahead is of times that nothing else tells") {
  const auto codes = [](const std::string& attributes) {
    return test::codes(schema_with(attributes, ""));
  };
  CHECK(codes("ends_at: {type: timestamp, ahead: 30%}") == "");
  CHECK(codes("ends_at: {type: timestamp, ahead: 130%}") == "DDB020");
  CHECK(codes("note: {type: string 9 B, ahead: 30%}") == "DDB019");
  CHECK(codes("ends_at: timestamp, day: {type: date, derive: ends_at to day, ahead: 30%}") ==
        "DDB019");
}

TEST_CASE("a comparison with now is the range of a list that has none") {
  const model::Workload alone = shifts(kTimes, list("where: ends_at > now"));
  CHECK(range(alone) == "ends_at > now");
  CHECK(where(alone) == "");

  const model::Workload beside = shifts(kTimes, list("where: note = x and ends_at > now"));
  CHECK(range(beside) == "ends_at > now");
  CHECK(where(beside) == "note = x");

  // Nine tenths have begun, a tenth has not ended: the second leaves fewer.
  const model::Workload running = shifts(kTimes, list("where: starts_at <= now and ends_at > now"));
  CHECK(range(running) == "ends_at > now");
  CHECK(where(running) == "starts_at <= now");

  const model::Workload window =
      shifts(kTimes, list("where: ends_at <= now + 7 days and ends_at >= now"));
  CHECK(range(window) == "ends_at between now and now + 7 days");
  CHECK(where(window) == "");
}

TEST_CASE("what stays in where") {
  const model::Workload ranged =
      shifts(kTimes, list("where: ends_at > now, range: starts_at <= :until"));
  CHECK(range(ranged) == "starts_at <= :until");
  CHECK(where(ranged) == "ends_at > now");
  CHECK(range(shifts(kTimes, list("where: ends_at > now or note = x"))) == "");
  // Of a parent.
  CHECK(range(test::workload(test::complete_schema(
            "entities:\n"
            "  Team: {id: team_id, attributes: {until: timestamp}}\n"
            "  Shift: {id: shift_id, belongs_to: [Team], attributes: {shift_id: ulid}}\n"
            "access_patterns:\n"
            "  on: {list: Shift, by: team_id, where: team_id.until > now}\n"))) == "");
}

}  // namespace ddbplan::schema
