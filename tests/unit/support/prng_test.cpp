#include "support/prng.h"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>

#include "support/check.h"

using ddbplan::support::fnv1a_32;
using ddbplan::support::Prng;

TEST_CASE("SplitMix64 gives its published sequence") {
  // The first outputs for seed 1234567 of the authors' reference implementation.
  Prng prng(1234567);
  CHECK(prng.next() == 6457827717110365317ULL);
  CHECK(prng.next() == 3203168211198807973ULL);
  CHECK(prng.next() == 9817491932198370423ULL);
}

TEST_CASE("below stays in its bound and reaches every value") {
  Prng prng(1);
  std::array<int, 7> seen{};
  for (int i = 0; i < 7000; ++i) ++seen.at(prng.below(7));
  for (const int count : seen) {
    // 1,000 expected; five standard deviations are 5 * sqrt(7000 * 1/7 * 6/7) = 146.
    CHECK(count > 850);
    CHECK(count < 1150);
  }
  CHECK(prng.below(1) == 0);
  CHECK_THROWS_AS(prng.below(0), ddbplan::support::Defect);
}

TEST_CASE("between includes both ends, also over the whole range") {
  Prng prng(2);
  bool low = false;
  bool high = false;
  for (int i = 0; i < 200; ++i) {
    const std::int64_t value = prng.between(-1, 1);
    CHECK(value >= -1);
    CHECK(value <= 1);
    low = low || value == -1;
    high = high || value == 1;
  }
  CHECK(low);
  CHECK(high);
  CHECK(prng.between(5, 5) == 5);
  (void)prng.between(std::numeric_limits<std::int64_t>::min(),
                     std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("unit is in [0, 1)") {
  Prng prng(3);
  double sum = 0;
  for (int i = 0; i < 10000; ++i) {
    const double value = prng.unit();
    CHECK(value >= 0);
    CHECK(value < 1);
    sum += value;
  }
  // The mean's standard deviation is sqrt(1/12/10000) = 0.0029.
  CHECK(sum / 10000 == doctest::Approx(0.5).epsilon(0.03));
}

TEST_CASE("a fork depends on the seed and the name, not on what was drawn") {
  Prng fresh(42);
  Prng used(42);
  (void)used.next();
  CHECK(fresh.fork("Order").next() == used.fork("Order").next());
  CHECK(fresh.fork("Order").next() != fresh.fork("Customer").next());
  CHECK(fresh.fork("Order").next() != Prng(43).fork("Order").next());
  CHECK(fresh.fork("a").fork("b").next() != fresh.fork("b").fork("a").next());
}

TEST_CASE("FNV-1a gives its published values") {
  // Fowler, Noll, Vo: test vectors for 32 bits.
  CHECK(fnv1a_32("") == 0x811C9DC5U);
  CHECK(fnv1a_32("a") == 0xE40C292CU);
  CHECK(fnv1a_32("foobar") == 0xBF9CF968U);
}
