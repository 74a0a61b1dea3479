// Closed forms and chunked sums against sums that anybody can check: every probability, one by one.
#include "capacity/distribution.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "capacity/traffic.h"

namespace ddbplan::capacity {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The truncated geometric law with this mean, as weights r^k / sum, r found by halving: nothing in
/// common with the code under test but the definition.
std::vector<double> brute_geometric(double mean, int max) {
  const auto mean_of = [max](double ratio) {
    double weight = 1;
    double sum = 0;
    double first = 0;
    for (int k = 0; k <= max; ++k, weight *= ratio) {
      sum += weight;
      first += k * weight;
    }
    return first / sum;
  };
  double low = 0;
  double high = 1;
  while (mean_of(high) < mean) high *= 2;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (mean_of(middle) < mean ? low : high) = middle;
  }
  std::vector<double> masses;
  double weight = 1;
  double sum = 0;
  for (int k = 0; k <= max; ++k, weight *= low) {
    masses.push_back(weight);
    sum += weight;
  }
  for (double& mass : masses) mass /= sum;
  return masses;
}

std::vector<double> size_biased(const std::vector<double>& masses) {
  double mean = 0;
  for (std::size_t k = 0; k < masses.size(); ++k) mean += static_cast<double>(k) * masses[k];
  std::vector<double> biased;
  for (std::size_t k = 0; k < masses.size(); ++k) {
    biased.push_back(static_cast<double>(k) * masses[k] / mean);
  }
  return biased;
}

template <class Function>
double sum_of(const std::vector<double>& masses, const Function& f) {
  double sum = 0;
  for (std::size_t k = 0; k < masses.size(); ++k) sum += masses[k] * f(static_cast<double>(k));
  return sum;
}

/// Blocks of k items of one size: page by page, as a client sees them.
double blocks_by_walking(double items, double bytes, double page_bytes) {
  double blocks = 0;
  double in_page = 0;
  for (double i = 0; i < items; ++i) {
    if (in_page > 0 && in_page + bytes > page_bytes) {
      blocks += std::ceil(in_page / 4096);
      in_page = 0;
    }
    in_page += bytes;
  }
  if (in_page > 0) blocks += std::ceil(in_page / 4096);
  return std::max(1.0, blocks);
}

struct Case {
  double mean;
  int max;
};
const std::vector<Case> kCases = {{0.03, 1}, {1, 2},    {12, 5000}, {5, 10},     {7, 10},
                                  {4, 2000}, {25, 900}, {50, 100},  {99.5, 100}, {0.5, 3000}};

TEST_CASE("children follow the truncated geometric law with exactly the given mean") {
  for (const Case& one : kCases) {
    CAPTURE(one.mean);
    CAPTURE(one.max);
    const CountDistribution law =
        CountDistribution::children(model::Spread{one.mean, static_cast<double>(one.max)});
    const std::vector<double> brute = brute_geometric(one.mean, one.max);
    CHECK(law.mean() == doctest::Approx(one.mean).epsilon(1e-9));
    CHECK(law.max() == one.max);
    double sum = 0;
    double first = 0;
    for (int k = 0; k <= one.max; ++k) {
      const double mass = law.probability(k);
      CHECK(std::abs(mass - brute[static_cast<std::size_t>(k)]) < 1e-8);
      sum += mass;
      first += k * mass;
    }
    CHECK(sum == doctest::Approx(1));
    CHECK(first == doctest::Approx(one.mean).epsilon(1e-8));
  }
}

TEST_CASE("sums with a limit equal brute force, seen uniformly and by traffic") {
  for (const Case& one : kCases) {
    const CountDistribution law =
        CountDistribution::children(model::Spread{one.mean, static_cast<double>(one.max)});
    const std::vector<double> brute = brute_geometric(one.mean, one.max);
    const std::vector<double> biased = size_biased(brute);
    for (const double limit : {1.0, 3.0, 20.0, 100.0, 1e9}) {
      CAPTURE(one.mean);
      CAPTURE(limit);
      const auto capped = [limit](double k) { return std::min(k, limit); };
      const auto blocks = [limit](double k) {
        return blocks_by_walking(std::min(k, limit), 700, 16384);
      };
      CHECK(law.expected_min(limit) == doctest::Approx(sum_of(brute, capped)).epsilon(1e-7));
      CHECK(law.by_traffic().expected_min(limit) ==
            doctest::Approx(sum_of(biased, capped)).epsilon(1e-7));
      CHECK(law.expected_read_blocks(700, limit, 16384) ==
            doctest::Approx(sum_of(brute, blocks)).epsilon(1e-7));
      CHECK(law.by_traffic().expected_read_blocks(700, limit, 16384) ==
            doctest::Approx(sum_of(biased, blocks)).epsilon(1e-7));
    }
    CHECK(law.by_traffic().mean() ==
          doctest::Approx(sum_of(biased, [](double k) { return k; })).epsilon(1e-7));
    const double mean = law.mean();
    CHECK(law.variance() == doctest::Approx(sum_of(brute, [mean](double k) {
                              return (k - mean) * (k - mean);
                            })).epsilon(1e-7));
  }
}

TEST_CASE("chunked sums of large collections keep the mean") {
  for (const model::Spread spread : {model::Spread{14000, 5.1e6}, model::Spread{260000, 6.5e9},
                                     model::Spread{9000, 10000}, model::Spread{5000, 10000}}) {
    CAPTURE(spread.mean);
    const CountDistribution law = CountDistribution::children(spread);
    CHECK(law.mean() == doctest::Approx(spread.mean).epsilon(1e-6));
    CHECK(law.expected_min(kInfinity) == doctest::Approx(spread.mean).epsilon(1e-3));
    // E[N^2] / E[N], from the law's own variance, which has a closed form.
    CHECK(law.by_traffic().expected_min(kInfinity) ==
          doctest::Approx(law.by_traffic().mean()).epsilon(1e-3));
    CHECK(law.expected_min(20) <= 20);
    CHECK(law.expected_min(20) > 19);
  }
  // Far from its maximum the law is the plain geometric one: by traffic its mean is 2 m + 1.
  const CountDistribution far = CountDistribution::children(model::Spread{14000, 5.1e6});
  CHECK(far.by_traffic().mean() == doctest::Approx(28001).epsilon(1e-6));
}

TEST_CASE("a count that is not whole is the one below or above") {
  const CountDistribution law = CountDistribution::exactly(2.25);
  CHECK(law.probability(2) == doctest::Approx(0.75));
  CHECK(law.probability(3) == doctest::Approx(0.25));
  CHECK(law.mean() == doctest::Approx(2.25));
  CHECK(CountDistribution::children(model::Spread{7, 7}).probability(7) == 1);
  CHECK(CountDistribution::children(model::Spread{0, 0}).expected_min(kInfinity) == 0);
}

TEST_CASE("matches are binomial") {
  // Bin(4, 1/2): 1 4 6 4 1 sixteenths.
  const CountDistribution law = CountDistribution::matches(4, 0.5);
  CHECK(law.probability(0) == doctest::Approx(1 / 16.0));
  CHECK(law.probability(2) == doctest::Approx(6 / 16.0));
  // Whoever arrives with a match sees it and Bin(3, 1/2) others: mean 1 + 1.5.
  CHECK(law.by_traffic().mean() == doctest::Approx(2.5));
  CHECK(law.by_traffic().probability(1) == doctest::Approx(1 / 8.0));
  CHECK(CountDistribution::matches(1e6, 0.5).mean() == doctest::Approx(5e5));
}

TEST_CASE("thinning keeps or drops the row that brought the read") {
  const CountDistribution three = CountDistribution::exactly(3).by_traffic();
  // The row itself, and each of two others with one half.
  CHECK(three.thinned(0.5).mean() == doctest::Approx(2));
  CHECK(three.thinned(0).mean() == doctest::Approx(1));
  CHECK(three.filtered(0.5).mean() == doctest::Approx(1.5));
  CHECK(three.filtered(0).mean() == doctest::Approx(0));
  CHECK(three.filtered(0).expected_min(kInfinity) == doctest::Approx(0));

  // A geometric law stays one: by traffic and thinned by q, the mean is 2 q m + 1.
  const CountDistribution children = CountDistribution::children(model::Spread{40, 1e7});
  CHECK(children.by_traffic().thinned(0.25).mean() == doctest::Approx(21).epsilon(1e-5));
  CHECK(children.by_traffic().filtered(0.25).mean() == doctest::Approx(20.25).epsilon(1e-5));
  const CountDistribution filtered = children.by_traffic().filtered(0.25);
  CHECK(filtered.expected_min(kInfinity) == doctest::Approx(20.25).epsilon(1e-4));
  // 1/4 of the calls find their own row kept, 3/4 do not: brute force over Bin(N, 1/4) of a small
  // law.
  const std::vector<double> seen = size_biased(brute_geometric(4, 2000));
  const CountDistribution small = CountDistribution::children(model::Spread{4, 2000}).by_traffic();
  CHECK(small.filtered(0.25).expected_min(2) == doctest::Approx(sum_of(seen, [](double k) {
                                                  const double none = std::pow(0.75, k);
                                                  const double one =
                                                      k > 0 ? k * 0.25 * std::pow(0.75, k - 1) : 0;
                                                  return one + 2 * (1 - none - one);
                                                })).epsilon(1e-4));
}

TEST_CASE("a mixture is seen with its weights") {
  const CountDistribution mixed = CountDistribution::either(0.25, CountDistribution::exactly(10),
                                                            CountDistribution::exactly(2));
  CHECK(mixed.mean() == doctest::Approx(4));
  CHECK(mixed.expected_min(5) == doctest::Approx(0.25 * 5 + 0.75 * 2));
  // By traffic: E[N^2] / E[N] = (25 + 3) / 4.
  CHECK(mixed.by_traffic().mean() == doctest::Approx(7));
  const CountDistribution seen =
      CountDistribution::either(0.5, CountDistribution::exactly(4).by_traffic().filtered(0),
                                CountDistribution::exactly(4).by_traffic());
  CHECK(seen.mean() == doctest::Approx(2));
  // A quarter has 2 and the others 6: the mean is 5, the variance (9 + 3 * 1) / 4.
  const CountDistribution apart =
      CountDistribution::either(0.25, CountDistribution::exactly(2), CountDistribution::exactly(6));
  CHECK(apart.mean() == doctest::Approx(5));
  CHECK(apart.variance() == doctest::Approx(3));
}

TEST_CASE("named and ranked parents have their shares") {
  model::Relation relation;
  relation.children = {100, 5000};
  relation.named_shares = {{"acme", 0.12}};
  const CountDistribution law = CountDistribution::children(relation, 1000);
  // 100,000 children of 1,000 parents: acme has 12,000 of them.
  CHECK(law.mean() == doctest::Approx(100).epsilon(1e-6));
  CHECK(law.max() == 12000);
  // A random child is acme's with 12 %.
  CHECK(law.by_traffic().probability(12000) == doctest::Approx(0.12));

  relation.named_shares.clear();
  relation.zipf = 1.0;
  const CountDistribution ranked = CountDistribution::children(relation, 1000);
  // Harmonic number of 1,000 is 7.48547: the first would have 13,359 children, more than the
  // maximum, so the ranks are shifted until it has 5,000.
  CHECK(ranked.mean() == doctest::Approx(100).epsilon(0.01));
  CHECK(ranked.max() == doctest::Approx(5000).epsilon(0.001));
  CHECK(ParentShares(relation, 1000).hottest() == doctest::Approx(0.05).epsilon(1e-6));
  relation.children.max = 1e6;
  CHECK(ParentShares(relation, 1000).hottest() == doctest::Approx(1 / 7.485470861).epsilon(1e-6));
}

TEST_CASE("quantiles run through the law in order") {
  const CountDistribution law = CountDistribution::children(model::Spread{12, 5000});
  double sum = 0;
  double last = 0;
  constexpr int kDraws = 20000;
  for (int i = 0; i < kDraws; ++i) {
    const double u = (i + 0.5) / kDraws;
    if (i % 100 != 0) continue;
    const double drawn = law.quantile(u);
    CHECK(drawn >= last);
    last = drawn;
    sum += drawn;
  }
  CHECK(sum / (kDraws / 100.0) == doctest::Approx(12).epsilon(0.05));
}

TEST_CASE("pages end before the item that would pass their bytes") {
  // 16,384 / 1,500 = 10.9: ten items of 1,500 B a page, 15,000 B, 4 blocks; 100 items are ten
  // pages.
  CHECK(read_blocks(100, 1500, 16384) == 40);
  // In one page 150,000 B are 36.6 blocks.
  CHECK(read_blocks(100, 1500, 1048576) == 37);
  CHECK(read_blocks(0, 1500, 16384) == 1);
  // An item longer than the page is read all the same: the first of a page always is.
  CHECK(read_blocks(2, 20000, 16384) == 10);
  const CountDistribution many = CountDistribution::exactly(95);
  CHECK(many.expected_pages(1500, kInfinity, 16384) == 10);
  CHECK(many.expected_pages(1500, 20, 16384) == 2);
}

}  // namespace
}  // namespace ddbplan::capacity
