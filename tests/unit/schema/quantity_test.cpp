#include "schema/quantity.h"

#include <doctest/doctest.h>

#include <string>

namespace ddbplan::schema {
namespace {

const Calendar kCalendar{730};

double duration(std::string_view text) {
  const auto parsed = parse_duration(text);
  REQUIRE(parsed.ok());
  return parsed->resolve(kCalendar).seconds;
}

double rate(std::string_view text) {
  const auto parsed = parse_rate(text);
  REQUIRE(parsed.ok());
  return parsed->per_second(kCalendar);
}

template <class T>
std::string error(const Parsed<T>& parsed) {
  REQUIRE_FALSE(parsed.ok());
  const ValueError& error = parsed.error();
  return std::to_string(error.begin) + ".." + std::to_string(error.end) + " " + error.message;
}

TEST_CASE("counts have decimal suffixes") {
  CHECK(*parse_count("12") == 12);
  CHECK(*parse_count("80k") == 80'000);
  CHECK(*parse_count("2M") == 2'000'000);
  CHECK(*parse_count("6.5B") == 6.5e9);
  CHECK(*parse_count("1T") == 1e12);
  CHECK(*parse_count("-5") == -5);
  CHECK(*parse_count("1e3") == 1000);
  CHECK(error(parse_count("many")) == "0..4 a number is expected, `many` was found");
  CHECK(error(parse_count("12 apples")) == "3..9 `apples` does not belong in a count");
  CHECK(error(parse_count(".nan")) == "0..4 a number is expected, `.nan` was found");
  CHECK(error(parse_count("inf")) == "0..3 a number is expected, `inf` was found");
  CHECK(error(parse_count("0x10")) == "1..4 `x10` does not belong in a count");
  CHECK(error(parse_count("")) == "0..0 a number is expected, nothing was found");
}

TEST_CASE("a number beyond a double is the largest, for the range check to refuse") {
  CHECK(*parse_count("1e999") > 1e300);
  CHECK(*parse_count("1e-999") == 0);
}

TEST_CASE("sizes are binary and need a unit") {
  CHECK(*parse_size("40 B") == GivenSpread{40, std::nullopt});
  CHECK(*parse_size("40B") == GivenSpread{40, std::nullopt});
  CHECK(*parse_size("2 KB") == GivenSpread{2048, std::nullopt});
  CHECK(*parse_size("1.2 KB .. 40 KB") == GivenSpread{1228.8, 40960});
  CHECK(*parse_size(".. 1 MB") == GivenSpread{std::nullopt, 1048576});
  CHECK(*parse_size("40 B..120 B") == GivenSpread{40, 120});
  CHECK(error(parse_size("40")) == "0..2 this size has no unit");
  CHECK(error(parse_size("40 bytes")) == "3..8 `bytes` is not a unit of size");
  CHECK(error(parse_size("40 B ..")) == "7..7 a size is expected, nothing was found");
}

TEST_CASE("durations") {
  CHECK(duration("90 s") == 90);
  CHECK(duration("500 ms") == 0.5);
  CHECK(duration("10 min") == 600);
  CHECK(duration("1 hour") == 3600);
  CHECK(duration("30 days") == 30 * 86400.0);
  CHECK(duration("2 weeks") == 14 * 86400.0);
  CHECK(duration("2 years") == 2 * 365 * 86400.0);
  CHECK(duration("12 months") == 12 * 730 * 3600.0);
  CHECK(error(parse_duration("30")) == "0..2 this duration has no unit");
  CHECK(error(parse_duration("30 fortnights")) == "3..13 `fortnights` is not a unit of time");
}

TEST_CASE("rates") {
  CHECK(rate("300/s") == 300);
  CHECK(rate("1/min") == doctest::Approx(1.0 / 60));
  CHECK(rate("60/day") == doctest::Approx(60.0 / 86400));
  CHECK(rate("2/month") == doctest::Approx(2.0 / (730 * 3600)));
  CHECK(rate("2k/s") == 2000);
  const auto uncertain = parse_rate("300/s +- 40%");
  REQUIRE(uncertain.ok());
  CHECK(uncertain->uncertainty == 0.4);
  const auto per = parse_rate("6/year per Customer");
  REQUIRE(per.ok());
  CHECK(per->per_entity == "Customer");
  CHECK(per->per_entity_at == 11);
  CHECK(per->per_second(kCalendar) == doctest::Approx(6 / (365 * 86400.0)));
  for (const char* text : {"6/year +- 20% per Customer", "6/year per Customer +- 20%"}) {
    const auto both = parse_rate(text);
    REQUIRE(both.ok());
    CHECK(both->uncertainty == 0.2);
    CHECK(both->per_entity == "Customer");
  }
}

TEST_CASE("a bulk window has a mean over its period") {
  const auto window = parse_rate("16k in 1 hour daily");
  REQUIRE(window.ok());
  CHECK(window->count == 16'000);
  REQUIRE(window->window.has_value());
  CHECK(window->window->length.resolve(kCalendar).seconds == 3600);
  CHECK(window->window->every.resolve(kCalendar).seconds == 86400);
  CHECK(window->per_second(kCalendar) == doctest::Approx(16'000 / 86400.0));
}

TEST_CASE("what is wrong with a rate, and where") {
  CHECK(error(parse_rate("5")) == "1..1 a rate needs a unit of time, nothing was found");
  CHECK(error(parse_rate("5/fortnight")) == "1..11 `fortnight` is not a unit of time");
  CHECK(error(parse_rate("fast")) == "0..4 a rate is expected, `fast` was found");
  CHECK(error(parse_rate("300/s +- 40")) == "9..11 this share has no unit");
  CHECK(error(parse_rate("6/year per 3")) ==
        "11..12 an entity's name is expected after `per`, `3` was found");
  CHECK(error(parse_rate("16k in 1 hour")) ==
        "13..13 how often this window comes is expected, nothing was found");
  CHECK(error(parse_rate("300/s please")) == "6..12 `please` does not belong in a rate");
}

TEST_CASE("shares need a percent sign") {
  CHECK(*parse_share("5%") == 0.05);
  CHECK(*parse_share("12.5 %") == 0.125);
  CHECK(error(parse_share("0.05")) == "0..4 this share has no unit");
}

TEST_CASE("growth is per month, compounded") {
  CHECK(*parse_growth("3%/month") == 0.03);
  CHECK(*parse_growth("100%/year") == doctest::Approx(0.0594631));
  CHECK(error(parse_growth("3%")) == "2..2 `/month` or `/year` is expected, nothing was found");
  CHECK(error(parse_growth("3%/day")) == "3..6 `/month` or `/year` is expected, `day` was found");
}

TEST_CASE("dollars and factors") {
  CHECK(*parse_usd("5 USD") == 5);
  CHECK(*parse_usd("$5") == 5);
  CHECK(*parse_usd("0.5") == 0.5);
  CHECK(*parse_factor("x8") == 8);
  CHECK(error(parse_factor("8")) == "0..1 a factor is expected, `8` was found");
}

TEST_CASE("instants become ISO 8601 in UTC") {
  CHECK(*parse_instant("2026-11-27 18:00") == "2026-11-27T18:00:00Z");
  CHECK(*parse_instant("2026-11-27T18:00:30Z") == "2026-11-27T18:00:30Z");
  CHECK(*parse_instant("2026-11-27") == "2026-11-27T00:00:00Z");
  for (const char* text :
       {"27.11.2026", "2026-13-01", "2026-11-27 25:00", "2026-11-27 18", "soon", ""}) {
    CAPTURE(text);
    CHECK_FALSE(parse_instant(text).ok());
  }
}

TEST_CASE("mean and maximum of counts") {
  CHECK(*parse_count_spread("12 .. 5000") == GivenSpread{12, 5000});
  CHECK(*parse_count_spread("260k .. 6.5B") == GivenSpread{260e3, 6.5e9});
  CHECK(*parse_count_spread(".. 50") == GivenSpread{std::nullopt, 50});
  CHECK(*parse_count_spread("0.03..1") == GivenSpread{0.03, 1});
  CHECK(error(parse_count_spread("12 - 50")) ==
        "3..7 `- 50` does not belong in a number `mean .. maximum`");
}

}  // namespace
}  // namespace ddbplan::schema
