// A count of a parent's rows is read from the parent where that keeps just this number, and nowhere else.
#include <doctest/doctest.h>

#include "tests/unit/seed/proven.h"

using namespace ddbplan;
using test::prove;
using test::Proven;

namespace {

Proven contests(const std::string& keeps, const std::string& asked, const std::string& more = {}) {
  return prove(
      "entities:\n  Contest: {id: contest_id, count: 200, attributes: {contest_id: string 8 B" +
      keeps +
      R"(}}
  Report: {id: [contest_id, precinct_id], belongs_to: {Contest: 40 .. 400}, attributes: {precinct_id: string 9 B, ballots: integer, state: {one_of: {EARLY: 30%, FINAL: 70%}}, tally: map 180 B .. 2 KB}}
access_patterns:
  call: {create: Contest, rate: 1/day}
  report: {create: Report, rate: 0.06/s}
  take_back: {delete: Report, by: [contest_id, precinct_id], rate: 1/hour}
  correct: {update: Report, by: [contest_id, precinct_id], set: [ballots], rate: 1/hour}
)" + more +
      "  turnout: {count: Report, by: contest_id, " + asked + "rate: 20/s}\n");
}

bool is_kept(const Proven& proven) {
  return !proven.plan("turnout").kept_in.empty();
}

}  // namespace

TEST_CASE("what a parent keeps of its rows is not counted again") {
  const Proven both = contests(", reporting: {count_of: Report}, ballots: {sum_of: Report.ballots}",
                               "returns: [count, sum ballots], ");
  CHECK(both.failures == "");
  const design::AccessPlan& plan = both.plan("turnout");
  REQUIRE(plan.steps.size() == 1);
  CHECK(plan.steps.front().operation == design::Operation::get_item);
  REQUIRE(plan.kept_in.size() == 2);
  CHECK(plan.kept_in[0].attribute == "reporting");
  CHECK(plan.kept_in[1].attribute == "ballots");
  // The contest is one block, half a unit. Forty reports of 1 KB would be ten blocks.
  CHECK(both.proof("turnout").observed_units_mean == doctest::Approx(0.5));
}

TEST_CASE("rows under the same condition are those that the parent counts") {
  const std::string final_ones = ", done: {count_of: Report, where: state = FINAL}";
  const Proven same = contests(final_ones, "where: state = FINAL, ");
  CHECK(same.failures == "");
  CHECK(is_kept(same));
  const Proven other = contests(final_ones, "where: state = EARLY, ");
  CHECK(other.failures == "");
  CHECK_FALSE(is_kept(other));
  CHECK_FALSE(is_kept(contests(final_ones, "")));
}

TEST_CASE("what the parent may not know is counted") {
  const std::string number = ", reporting: {count_of: Report}";
  // A sum that nobody keeps, a number that a stream brings later, a parent that goes before its rows or takes them up anew.
  CHECK_FALSE(is_kept(contests(number, "returns: [count, sum ballots], ")));
  CHECK_FALSE(is_kept(contests(", reporting: {count_of: Report, kept: stream}", "")));
  CHECK_FALSE(
      is_kept(contests(number, "", "  cancel: {delete: Contest, by: contest_id, rate: 1/day}\n")));
  // Half a unit is what any read costs; a contest of 30 KB takes four units.
  CHECK_FALSE(is_kept(contests(number + ", text: string 30 KB", "")));
}
