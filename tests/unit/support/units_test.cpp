#include "support/units.h"

#include <doctest/doctest.h>

#include <limits>

using namespace ddbplan::support;  // NOLINT(google-build-using-namespace)

TEST_CASE("money is rounded once and then exact") {
  CHECK(Money::from_usd(278.8965).micro_usd == 278'896'500);
  CHECK(Money::from_usd(0.0000005).micro_usd == 1);
  CHECK(Money::from_usd(-0.0000005).micro_usd == -1);
  CHECK((Money::from_usd(0.1) + Money::from_usd(0.2)) == Money::from_usd(0.3));
  CHECK((Money::from_usd(1) - Money::from_usd(1.5)) == Money::from_usd(-0.5));
}

TEST_CASE("money saturates") {
  const Money most = Money::from_usd(1e300);
  CHECK(most.micro_usd > 0);
  CHECK((most + most).micro_usd == std::numeric_limits<std::int64_t>::max());
  CHECK(Money::from_usd(-1e300) + Money::from_usd(-1e300) < Money::from_usd(-9e12));
}

TEST_CASE("money as people read it") {
  CHECK(format_money(Money::from_usd(1234.56)) == "$1,234.56");
  CHECK(format_money(Money::from_usd(278.8965)) == "$278.90");
  CHECK(format_money(Money::from_usd(0.0012)) == "$0.0012");
  CHECK(format_money(Money::from_usd(0.000001)) == "$0.000001");
  CHECK(format_money(Money::from_usd(0.01)) == "$0.01");
  CHECK(format_money(Money{}) == "$0.00");
  CHECK(format_money(Money::from_usd(-1.5)) == "-$1.50");
}

TEST_CASE("money as JSON wants it") {
  CHECK(format_money_exact(Money::from_usd(278.8965)) == "278.8965");
  CHECK(format_money_exact(Money{}) == "0");
  CHECK(format_money_exact(Money::from_usd(-1.5)) == "-1.5");
  CHECK(format_money_exact(Money::from_usd(100)) == "100");
}

TEST_CASE("bytes") {
  CHECK(format_bytes(0) == "0 B");
  CHECK(format_bytes(640) == "640 B");
  CHECK(format_bytes(1229) == "1.2 KB");
  CHECK(format_bytes(1023.9) == "1 KB");
  CHECK(format_bytes(1024.0 * 1024) == "1 MB");
  CHECK(format_bytes(1024.0 * 1024 - 1) == "1 MB");
  CHECK(format_bytes(50'125.0 * static_cast<double>(kGiB)) == "50,125 GB");
}

TEST_CASE("rates") {
  CHECK(format_rate({1.2e6}) == "1.2 M/s");
  CHECK(format_rate({300}) == "300/s");
  CHECK(format_rate({0.19}) == "0.19/s");
  CHECK(format_rate({6 / kSecondsPerDay}) == "6/day");
  CHECK(format_rate({5.0 / 3600}) == "5/hour");
  CHECK(format_rate({0}) == "0/s");
}

TEST_CASE("counts") {
  CHECK(format_count(24e6) == "24 M");
  CHECK(format_count(80'000) == "80 k");
  CHECK(format_count(1234) == "1,234");
  CHECK(format_count(12'345) == "12.3 k");
  CHECK(format_count(999'999) == "1 M");
  CHECK(format_count(2.5) == "2.5");
  CHECK(format_count(9999.6) == "10 k");
}

TEST_CASE("durations") {
  CHECK(format_duration({2 * kSecondsPerYear}) == "2 years");
  CHECK(format_duration({30 * kSecondsPerDay}) == "30 days");
  CHECK(format_duration({kSecondsPerDay}) == "1 day");
  CHECK(format_duration({7200}) == "2 hours");
  CHECK(format_duration({90}) == "90 s");
  CHECK(format_duration({0.5}) == "0.5 s");
}

TEST_CASE("numbers") {
  CHECK(format_number(2.5) == "2.5");
  CHECK(format_number(0) == "0");
  CHECK(format_number(-0.0000001) == "0");
  CHECK(format_number(1971) == "1971");
  CHECK(format_number(1.0 / 3, 2) == "0.33");
  CHECK(format_number(100, 0) == "100");
  CHECK(format_grouped(1234567) == "1,234,567");
  CHECK(format_grouped(-123) == "-123");
  CHECK(format_grouped(std::numeric_limits<std::int64_t>::min()) == "-9,223,372,036,854,775,808");
}
