#include "capacity/limited_read.h"

#include <algorithm>
#include <cmath>

namespace ddbplan::capacity {
namespace {

/// std::lgamma keeps the sign in a variable that all threads share; there are several, where variants are planned.
double log_gamma(double x) {
  int sign = 0;
  return lgamma_r(x, &sign);
}

/// Up to this limit misses are counted one by one; above, by the normal law.
constexpr double kExactWanted = 128;

/// P(Bin(trials, share) = k) for k = 0 ... most: the last by logarithms, because P(0) may be below
/// the smallest double, the others by their ratios.
std::vector<double> binomial(double trials, double share, std::size_t most) {
  std::vector<double> masses(most + 1, 0.0);
  const auto last = static_cast<double>(most);
  const double log_mass = log_gamma(trials + 1) - log_gamma(last + 1) -
                          log_gamma(trials - last + 1) + last * std::log(share) +
                          (trials - last) * std::log1p(-share);
  masses[most] = std::exp(log_mass);
  const double odds = share / (1 - share);
  for (std::size_t k = most; k > 0; --k) {
    const auto n = static_cast<double>(k);
    masses[k - 1] = masses[k] * n / ((trials - n + 1) * odds);
  }
  return masses;
}

}  // namespace

LimitedRead::LimitedRead(PageCost pages, double wanted, double kept, double asked)
    : pages_(pages), at_once_(wanted), reach_(wanted) {
  kept = std::clamp(kept, 1e-6, 1.0);
  asked = std::clamp(asked, 1e-6, 1.0);
  if (std::isinf(wanted) || asked >= 1) return;
  at_once_ = std::ceil(wanted / asked - 1e-9);
  if (kept >= 1) {
    reach_ = at_once_;
    return;
  }
  add_misses(wanted, kept, asked);
  // Nothing is read beyond the first request and the longest of the next ones.
  reach_ = missing_probability_ > 0 ? at_once_ + std::max(at_once_, misses_.items) : at_once_;
}

void LimitedRead::add_misses(double wanted, double kept, double asked) {
  if (wanted > kExactWanted) {
    missing_probability_ = 0.5;
    const double missed = 0.8 * std::sqrt(wanted * (1 - kept));
    misses_ = one_request(std::ceil(missed / std::min(kept, asked))) * 0.5;
    return;
  }
  // cost[d]: of finding d items where there are plenty. The last term, nothing found, repeats
  // itself.
  const auto most = static_cast<std::size_t>(wanted);
  std::vector<ReadCost> cost(most + 1);
  for (std::size_t d = 1; d <= most; ++d) {
    const double items =
        std::max(static_cast<double>(d), std::ceil(static_cast<double>(d) / asked - 1e-9));
    const std::vector<double> found = binomial(items, kept, d - 1);
    ReadCost later;
    double missing = 0;
    for (std::size_t k = 1; k < d; ++k) {
      later += cost[d - k] * found[k];
      missing += found[k];
    }
    const ReadCost first = one_request(items);
    ReadCost sum = first;
    sum += later;
    cost[d] = sum * (1 / (1 - found[0]));
    if (d < most) continue;
    missing_probability_ = missing + found[0];
    misses_ = cost[d];
    misses_ += first * -1;
  }
}

ReadCost LimitedRead::cost(double available) const {
  if (available <= at_once_) return one_request(available);
  ReadCost sum = one_request(at_once_);
  if (missing_probability_ <= 0) return sum;
  // What is left may be less than what the misses would read, in requests like the first one.
  const ReadCost rest =
      one_request(at_once_) * ((available - at_once_) / at_once_ * missing_probability_);
  sum.blocks += std::min(misses_.blocks, rest.blocks);
  sum.requests += std::min(misses_.requests, rest.requests);
  sum.items += std::min(misses_.items, rest.items);
  return sum;
}

}  // namespace ddbplan::capacity
