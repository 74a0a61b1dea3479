// E[ceil] in closed form against averages over quantiles of the size law.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "capacity/page_cost.h"
#include "capacity/sizes.h"
#include "capacity/traffic.h"

namespace ddbplan::capacity {
namespace {

using model::Spread;

double blocks(double bytes, double block) {
  return std::max(1.0, std::ceil(bytes / block));
}

TEST_CASE("the size law has its mean and its maximum") {
  for (const Spread spread :
       {Spread{40, 120}, Spread{1229, 40960}, Spread{100, 200}, Spread{90, 100}, Spread{64, 64}}) {
    CAPTURE(spread.mean);
    constexpr int kDraws = 100000;
    double sum = 0;
    for (int i = 0; i < kDraws; ++i) sum += size_quantile(spread, (i + 0.5) / kDraws);
    CHECK(sum / kDraws == doctest::Approx(spread.mean).epsilon(1e-4));
    CHECK(size_quantile(spread, 1) == doctest::Approx(spread.max));
    // Only where all sizes are alike is the smallest not 0.
    CHECK(size_quantile(spread, 0) == doctest::Approx(spread.mean == spread.max ? 64 : 0));
  }
  // With the maximum at twice the mean the law is uniform on [0, max].
  CHECK(size_quantile({100, 200}, 0.25) == doctest::Approx(50));
  CHECK(size_quantile({100, 200}, 0.9) == doctest::Approx(180));
}

TEST_CASE("one spread attribute: the expectation of units is exact") {
  for (const Spread spread : {Spread{1229, 40960}, Spread{3000, 8192}, Spread{100, 4000}}) {
    for (const double fixed : {0.0, 230.0, 1000.0}) {
      CAPTURE(spread.mean);
      CAPTURE(fixed);
      SizeLaw law;
      law.add_fixed(fixed);
      law.add_spread(spread, 1, 0, 1, false);
      constexpr int kDraws = 400000;
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < kDraws; ++i) {
        const double size = fixed + size_quantile(spread, (i + 0.5) / kDraws);
        sum += blocks(size, 1024);
        squares += (size - fixed - spread.mean) * (size - fixed - spread.mean);
      }
      CHECK(law.expected_blocks(1024) == doctest::Approx(sum / kDraws).epsilon(1e-3));
      CHECK(law.mean() == doctest::Approx(fixed + spread.mean));
      CHECK(law.max() == doctest::Approx(fixed + spread.max));
      CHECK(law.variance() == doctest::Approx(squares / kDraws).epsilon(1e-3));
    }
  }
}

TEST_CASE("fixed sizes round as DynamoDB does") {
  const auto units = [](double bytes) {
    SizeLaw law;
    law.add_fixed(bytes);
    return law.expected_blocks(1024);
  };
  CHECK(units(0) == 1);
  CHECK(units(1024) == 1);
  CHECK(units(1025) == 2);
  CHECK(units(2048) == 2);
  CHECK(units(2049) == 3);
  CHECK(units(409600) == 400);
}

TEST_CASE("an optional attribute is there or not") {
  SizeLaw law;
  law.add_fixed(1000);
  law.add_optional(0.3, 50);
  // 30 % of the items are 1,050 B: 2 units; the others 1.
  CHECK(law.expected_blocks(1024) == doctest::Approx(1.3));
  CHECK(law.mean() == doctest::Approx(1015));
  CHECK(law.max() == 1050);
}

TEST_CASE("several spread attributes: within two percent of a double sum") {
  const Spread first{600, 3000};
  const Spread second{900, 2000};
  SizeLaw law;
  law.add_fixed(120);
  law.add_spread(first, 1, 0, 1, false);
  law.add_spread(second, 0.5, 10, 1, false);
  constexpr int kDraws = 1000;
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double a = size_quantile(first, (i + 0.5) / kDraws);
    sum += blocks(120 + a, 1024) * kDraws * 0.5;
    for (int j = 0; j < kDraws; ++j) {
      sum += 0.5 * blocks(130 + a + size_quantile(second, (j + 0.5) / kDraws), 1024);
    }
  }
  CHECK(law.expected_blocks(1024) == doctest::Approx(sum / kDraws / kDraws).epsilon(0.02));
}

TEST_CASE("an update pays for the larger of two sizes that share what it leaves alone") {
  const Spread kept{500, 1500};
  const Spread changed{2000, 6000};
  SizeLaw law;
  law.add_fixed(100);
  law.add_spread(kept, 1, 0, 1, false);
  law.add_spread(changed, 1, 0, 1, true);
  constexpr int kDraws = 160;
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double common = 100 + size_quantile(kept, (i + 0.5) / kDraws);
    for (int j = 0; j < kDraws; ++j) {
      const double before = size_quantile(changed, (j + 0.5) / kDraws);
      for (int k = 0; k < kDraws; ++k) {
        const double after = size_quantile(changed, (k + 0.5) / kDraws);
        sum += blocks(common + std::max(before, after), 1024);
      }
    }
  }
  const double expected = sum / kDraws / kDraws / kDraws;
  CHECK(law.expected_blocks_of_larger(1024) == doctest::Approx(expected).epsilon(0.02));
  CHECK(law.expected_blocks_of_larger(1024) > law.expected_blocks(1024));
}

TEST_CASE("a page of random sizes: the sum is rounded, not the items") {
  // Sizes uniform on [0, 2,000]: mean 1,000, variance 2,000^2 / 12.
  SizeLaw law;
  law.add_spread({1000, 2000}, 1, 0, 1, false);
  const ItemSize item{law.mean(), law.variance(), law.expected_blocks(4096)};
  CHECK(item.variance == doctest::Approx(2000.0 * 2000 / 12));
  // Twenty of them spread over a block: mean of the ceiling is the mean and a half.
  CHECK(expected_blocks_of_sum(20, item, 0, 4096) ==
        doctest::Approx(20 * 1000 / 4096.0 + 0.5).epsilon(0.01));
  // Of one size there is nothing to average.
  const ItemSize fixed{1000, 0, 1};
  CHECK(expected_blocks_of_sum(20, fixed, 0, 4096) == 5);
  CHECK(PageCost(fixed, 16384).blocks(40) == 4 + 4 + 2);
  CHECK(PageCost(fixed, 16384).pages(40) == 3);
  // A parent of 4,000 B first: 12 children beside it, then 16 a page.
  CHECK(PageCost(fixed, 16384, 4000).blocks(12) == 4);
  CHECK(PageCost(fixed, 16384, 4000).blocks(13) == 5);
}

}  // namespace
}  // namespace ddbplan::capacity
