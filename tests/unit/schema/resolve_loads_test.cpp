#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "tests/unit/schema/fixture.h"

namespace ddbplan::schema {
namespace {

using model::Load;

constexpr std::string_view kEntities =
    "entities:\n"
    "  User: {id: user_id, count: 1000, growth: 5%/month}\n"
    "  Order: {id: order_id, belongs_to: {User: 12}, retention: 10 days after at, attributes: {at: "
    "timestamp, "
    "state: {states: [OPEN, PAID, DONE], moves: [OPEN -> PAID, PAID -> DONE]}}}\n"
    "  Note: {id: note_id, count: 700}\n"
    "access_patterns:\n";

model::Workload with_patterns(std::string_view patterns) {
  return test::workload(test::complete_schema(std::string(kEntities) + std::string(patterns)));
}

Load load(std::string_view pattern) {
  const model::Workload workload = with_patterns("  it: " + std::string(pattern) + "\n");
  return workload.patterns.front().load;
}

bool uses_default(const model::Workload& workload, std::string_view path) {
  return std::any_of(workload.defaults.begin(), workload.defaults.end(),
                     [path](const model::DefaultUsed& one) { return one.path == path; });
}

TEST_CASE("given rates") {
  const Load given = load("{get: User, by: user_id, rate: 90/s, peak: 200/s}");
  CHECK(given.mean.per_second == 90);
  CHECK(given.peak.per_second == 200);
  CHECK_FALSE(given.mean_is_default);
  CHECK_FALSE(given.peak_is_default);
  CHECK(load("{get: User, by: user_id, rate: 50/s +- 40%}").uncertainty == 0.4);
}

TEST_CASE("half given") {
  const Load mean = load("{get: User, by: user_id, rate: 90/s}");
  CHECK(mean.peak.per_second == 270);
  CHECK(mean.peak_is_default);
  const Load peak = load("{get: User, by: user_id, peak: 90/s}");
  CHECK(peak.mean.per_second == 30);
  CHECK(peak.mean_is_default);
  CHECK_FALSE(peak.peak_is_default);
}

TEST_CASE("defaults by kind") {
  CHECK(load("{get: User, by: user_id}").mean.per_second == 1);
  CHECK(load("{list: User}").mean.per_second == 1);
  CHECK(load("{export: User}").mean.per_second == doctest::Approx(1 / 86400.0));
  CHECK(load("{analyse: User}").mean.per_second == doctest::Approx(1 / 86400.0));
  CHECK(load("{update: User, by: user_id}").mean.per_second == 0.1);
  CHECK(load("{create: Note}").mean.per_second == 0.1);
}

TEST_CASE("a rate per entity is multiplied out and grows with it") {
  const Load per = load("{get: User, by: user_id, rate: 6/min per User}");
  CHECK(per.mean.per_second == doctest::Approx(100));
  REQUIRE(per.grows_with.has_value());
  CHECK(per.grows_with->index == 0);
}

TEST_CASE("a bulk window") {
  const Load window = load("{create: Note, rate: 16k in 1 hour daily}");
  CHECK(window.mean.per_second == doctest::Approx(16'000 / 86'400.0));
  CHECK(window.peak.per_second == doctest::Approx(16'000 / 3'600.0));
  REQUIRE(window.window.has_value());
  CHECK(window.window->calls == 16'000);
  CHECK(window.window->every.seconds == 86'400);
}

TEST_CASE("creates follow rows and lifetime, moves follow creates") {
  // 12,000 rows for 10 days.
  const double inflow = 12'000 / (10 * 86'400.0);
  const model::Workload workload = with_patterns(
      "  place: {create: Order}\n"
      "  pay: {update: Order, by: order_id, move: state OPEN -> PAID}\n");
  CHECK(workload.patterns[0].load.mean.per_second == doctest::Approx(inflow));
  CHECK(workload.patterns[0].load.mean_is_default);
  CHECK(workload.patterns[1].load.mean.per_second == doctest::Approx(inflow));
  CHECK(workload.patterns[1].load.mean_is_default);
}

TEST_CASE("rows that expire or are deleted leave their state without a move") {
  const auto with = [](const std::string& entity, const std::string& pattern) {
    return test::codes(test::complete_schema(
        "entities:\n  Job: {id: job_id, count: 1000, " + entity +
        "attributes: {at: timestamp, state: {states: {NEW: 10%, DONE: 90%}, moves: [NEW -> "
        "DONE]}}}\n"
        "access_patterns:\n  add: {create: Job, rate: 10/s}\n"
        "  finish: {update: Job, by: job_id, move: state NEW -> DONE, rate: 4/s}\n" +
        pattern));
  };
  CHECK(with("", "") == "DDB032");
  CHECK(with("retention: until expires_at, ", "").empty());
  CHECK(with("", "  drop: {delete: Job, by: job_id, rate: 6/s}\n").empty());
}

TEST_CASE("rows are compared with what the calls bring, not with the calls") {
  const auto codes = [](std::string_view count, std::string_view patterns) {
    return test::codes(
        test::complete_schema("entities:\n"
                              "  Meter: {id: meter_id, count: 1000, attributes: {site: string}}\n"
                              "  Reading: {id: [meter_id, at], belongs_to: {Meter: " +
                              std::string(count) +
                              "}, retention: 10 days after at, attributes: {at: epoch_s}}\n"
                              "access_patterns:\n" +
                              std::string(patterns)));
  };
  // 2/s x 25 x 864,000 s = 43.2 M readings of 1,000 meters.
  CHECK(codes("43.2k", "  it: {put: Reading, replaces: 0%, batch: 25, rate: 2/s}\n").empty());
  CHECK(codes("1728", "  it: {put: Reading, replaces: 0%, batch: 25, rate: 2/s}\n") == "DDB031");
  // 20 % of them replace a row: 34.56 M.
  CHECK(codes("34560", "  it: {put: Reading, replaces: 20%, batch: 25, rate: 2/s}\n").empty());
  // A transaction that takes three: 2/s x 3 x 864,000 s = 5.184 M.
  constexpr std::string_view kTogether =
      "  it: {transaction: [{create: Reading, times: 3}, {check: Meter, by: meter_id}], rate: "
      "2/s}\n";
  CHECK(codes("5184", kTogether).empty());
  CHECK(codes("1728", kTogether) == "DDB031");
  // Half of the calls bring none: 2/s x 0.5 x 864,000 s = 864 k.
  CHECK(codes("864", "  it: {create: Reading, rate: 2/s, fails: 50%}\n").empty());
  CHECK(codes("1728", "  it: {create: Reading, rate: 2/s, fails: 50%}\n") == "DDB031");
  // What one for each related row brings is not compared, whatever else brings some.
  CHECK(codes("1728",
              "  it: {put: Reading, replaces: 0%, for_each: Meter, by: site, rate: 2/s}\n"
              "  one: {create: Reading, rate: 1/day}\n")
            .empty());
}

TEST_CASE("a batch comes as often as its rows make it") {
  // 1,000 users x 12 orders that live 10 days, 25 by each call.
  const model::Workload workload =
      with_patterns("  it: {put: Order, replaces: 0%, batch: 25 .. 25}\n");
  CHECK(workload.patterns[0].load.mean.per_second == doctest::Approx(12'000 / 864'000.0 / 25));
}

TEST_CASE("a create follows the growth of an entity without retention") {
  const model::Workload workload = with_patterns("  join: {create: User}\n");
  CHECK(workload.patterns[0].load.mean.per_second == doctest::Approx(1000 * 0.05 / (730 * 3600)));
}

TEST_CASE("what nothing creates gets creates of its own") {
  const model::Workload workload = with_patterns("  note: {upsert: Note, by: note_id}\n");
  REQUIRE(workload.patterns.size() == 3);
  CHECK(workload.patterns[1].name == "create_user");
  CHECK(workload.patterns[1].implied);
  CHECK(workload.patterns[2].name == "create_order");
  CHECK(workload.patterns[2].load.mean.per_second == doctest::Approx(12'000 / (10 * 86'400.0)));
  CHECK(uses_default(workload, "access_patterns.create_order"));
}

TEST_CASE("a follower has its cause's load") {
  const model::Workload workload = with_patterns(
      "  copy: {create: Note, after: place}\n"
      "  place: {create: Order, rate: 2/s, peak: 30/s}\n");
  CHECK(workload.patterns[0].load.mean.per_second == 2);
  CHECK(workload.patterns[0].load.peak.per_second == 30);
  CHECK_FALSE(workload.patterns[0].load.mean_is_default);
  CHECK(test::codes(test::complete_schema(
            std::string(kEntities) +
            "  a: {create: Note, after: b}\n  b: {create: Note, after: a}\n")) == "DDB017");
}

TEST_CASE("hottest values are rates at the peak") {
  CHECK(load("{list: Order, by: user_id, rate: 10/s, peak: 50/s, hottest: 12%}")
            .hottest->per_second == doctest::Approx(6));
  CHECK(load("{list: Order, by: user_id, rate: 10/s, peak: 50/s, hottest: 20/s}")
            .hottest->per_second == 20);
  const Load of =
      load("{list: Order, by: user_id, rate: 10/s, peak: 50/s, hottest: 100% of user_id}");
  CHECK(of.hottest_attribute == "user_id");
  const Load named =
      load("{list: Order, by: user_id, rate: 10/s, peak: 50/s, hottest: {acme: 4/s, big: 10%}}");
  CHECK(named.hottest_named.at("acme").per_second == 4);
  CHECK(named.hottest_named.at("big").per_second == doctest::Approx(5));
}

TEST_CASE("a mix shares its total by weight") {
  const model::Workload workload =
      test::workload(test::complete_schema(std::string(kEntities) +
                                           "  one: {list: User}\n  two: {list: Note}\n"
                                           "mixes: {day: {share: 50%, total: 1000/s, weights: "
                                           "{one: 30, two: 10}}, night: {share: 50%, total: 100/s, "
                                           "weights: {one: 1}}}\n"));
  CHECK(workload.patterns[0].load.mean.per_second == doctest::Approx(0.5 * 750 + 0.5 * 100));
  CHECK(workload.patterns[1].load.mean.per_second == doctest::Approx(0.5 * 250));
  // 3 x the mean, or the mix's own rate, whichever is more.
  CHECK(workload.patterns[0].load.peak.per_second == doctest::Approx(3 * 425));
  CHECK_FALSE(workload.patterns[0].load.mean_is_default);
}

TEST_CASE("event rates: factors are of the mean") {
  const model::Workload workload =
      test::workload(test::complete_schema(std::string(kEntities) +
                                           "  one: {list: User, rate: 20/s}\n"
                                           "events: {sale: {from: 2026-11-27 18:00, for: 4 hours, "
                                           "rates: {one: x8}}, unknown: {for: 15 min, rates: {one: "
                                           "400/s}}}\n"));
  CHECK(workload.events[0].from == "2026-11-27T18:00:00Z");
  CHECK(workload.events[0].length.seconds == 4 * 3600);
  CHECK(workload.events[0].rates.at("one").per_second == 160);
  CHECK(workload.events[1].from.empty());
  CHECK(workload.events[1].rates.at("one").per_second == 400);
}

TEST_CASE("loads that contradict themselves") {
  const auto codes = [](std::string_view pattern) {
    return test::codes(
        test::complete_schema(std::string(kEntities) + "  it: " + std::string(pattern) + "\n"));
  };
  CHECK(codes("{list: User, rate: 10/s, peak: 5/s}") == "DDB033");
  CHECK(codes("{list: User, rate: 10/s, peak: 50/s, hottest: 60/s}") == "DDB033");
  CHECK(codes("{list: User, rate: 10/s, peak: 50/s, hottest: {a: 30/s, b: 30/s}}") == "DDB033");
  CHECK(codes("{list: User, rate: 1e300/s}") == "DDB021");
  CHECK(codes("{list: User, rate: -1/s}") == "DDB020");
  CHECK(codes("{list: User, hottest: 120%}") == "DDB020");
  CHECK(codes("{list: User, rate: 3/s per Usr}") == "DDB010");
}

TEST_CASE("months follow the setting") {
  const model::Workload workload =
      test::workload(test::complete_schema("settings: {hours_per_month: 100}\naccess_patterns: "
                                           "{place_order: {create: Order, rate: 36/month}}\n"));
  CHECK(workload.patterns[0].load.mean.per_second == doctest::Approx(36 / 360'000.0));
}

}  // namespace
}  // namespace ddbplan::schema
