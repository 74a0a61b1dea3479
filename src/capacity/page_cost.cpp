#include "capacity/page_cost.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include "dynamo/units.h"
#include "support/prng.h"

namespace ddbplan::capacity {
namespace {

constexpr double kBlock = static_cast<double>(dynamo::kReadBlockBytes);

constexpr std::array<double, 24> kReciprocals = [] {
  std::array<double, 24> out{};
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = 1 / static_cast<double>(i + 1);
  return out;
}();

/// E[ceil(Y)] of a normal Y: the mean, a half, and what is left of the saw-tooth's Fourier series,
/// of which each term is damped by the deviation.
double mean_ceil_of_normal(double mean, double deviation) {
  // Narrower than this the series needs dozens of terms and the plain value is as good.
  if (deviation < 0.02) return std::ceil(mean - 1e-9);
  constexpr double kPi = std::numbers::pi;
  // Of sin(k x) and exp(-c k^2) each follows from the ones before: this is asked millions of times for a plan.
  const double turn = 2 * kPi * (mean - std::floor(mean));
  const double twice_cosine = 2 * std::cos(turn);
  double before = 0;
  double sine = std::sin(turn);
  double damping = std::exp(-2 * kPi * kPi * deviation * deviation);
  const double squared = damping * damping;
  double step = damping * squared;
  double weighed = 0;
  for (const double reciprocal : kReciprocals) {
    if (damping < 1e-6) break;
    weighed += damping * sine * reciprocal;
    damping *= step;
    step *= squared;
    before = std::exchange(sine, twice_cosine * sine - before);
  }
  return mean + 0.5 + weighed / kPi;
}

/// Items that fit in `bytes`. Of one size: whole ones. Of random sizes: the renewal theorem's mean.
double items_that_fit(const ItemSize& item, double bytes) {
  if (item.mean <= 0) return std::numeric_limits<double>::infinity();
  const double exact = std::floor(bytes / item.mean + 1e-9);
  if (item.variance <= 0) return std::max(1.0, exact);
  const double spread = item.variance / (item.mean * item.mean);
  return std::max(1.0, bytes / item.mean + (spread - 1) / 2);
}

}  // namespace

double expected_blocks_of_sum(double count, const ItemSize& item, double fixed, double block) {
  if (count <= 1 && fixed <= 0) return 1 + std::max(0.0, count) * (item.blocks_of_one - 1);
  const double mean = (count * item.mean + fixed) / block;
  const double deviation = std::sqrt(std::max(0.0, count * item.variance)) / block;
  return std::max(1.0, mean_ceil_of_normal(mean, deviation));
}

namespace {

/// One of two sizes with the mean and the variance of `item`: nearly nothing or much where sizes spread more than they
/// are, else as far below the mean as above it.
double drawn_size(const ItemSize& item, support::Prng& prng) {
  const double deviation = std::sqrt(std::max(0.0, item.variance));
  const double at = prng.unit();
  if (deviation < item.mean) return at < 0.5 ? item.mean + deviation : item.mean - deviation;
  const double much = item.mean + item.variance / item.mean;
  return at < item.mean / much ? much : 0;
}

}  // namespace

ScanCost scan_cost(const std::vector<ScannedKind>& kinds, double page_bytes) {
  double items = 0;
  double bytes = 0;
  double squares = 0;
  for (const ScannedKind& kind : kinds) {
    items += kind.items;
    bytes += kind.items * kind.size.mean;
    squares += kind.items * (kind.size.variance + kind.size.mean * kind.size.mean);
  }
  if (bytes <= page_bytes) return {std::max(1.0, std::ceil(bytes / kBlock)), 1};
  // What a page leaves free for the item that no longer fits: half of an item as a point of the bytes meets it.
  const double left = squares / (2 * bytes);
  constexpr double kSmallShare = 0.02;
  if (left < kSmallShare * page_bytes) {
    const double pages = bytes / (page_bytes - left);
    // A full page ends where pages end, which is a block's end, but for what it leaves free.
    return {bytes / kBlock + pages * std::min(0.5, left / kBlock), std::ceil(pages)};
  }
  constexpr int kPagesDrawn = 400;
  constexpr int kDrawsMost = 20'000;
  support::Prng prng(1);
  double blocks = 0;
  double pages = 0;
  double drawn = 0;  // bytes of whole pages
  double page = 0;
  for (int draw = 0; pages < kPagesDrawn && (draw < kDrawsMost || pages == 0); ++draw) {
    double at = prng.unit() * items;
    std::size_t kind = 0;
    while (kind + 1 < kinds.size() && at >= kinds[kind].items) at -= kinds[kind++].items;
    const double size = drawn_size(kinds[kind].size, prng);
    if (page > 0 && page + size > page_bytes) {
      blocks += std::max(1.0, std::ceil(page / kBlock));
      pages += 1;
      drawn += page;
      page = 0;
    }
    page += size;
  }
  // What a byte costs is drawn, how many there are is known.
  return {std::max(1.0, bytes * blocks / drawn), std::max(1.0, std::ceil(bytes * pages / drawn))};
}

PageCost::PageCost(const ItemSize& item, double page_bytes, double first_bytes)
    : item_(item), first_bytes_(first_bytes) {
  const double most = std::ceil(page_bytes / kBlock);
  full_ = items_that_fit(item, page_bytes);
  first_full_ = first_bytes > 0
                    ? std::min(full_, items_that_fit(item, std::max(0.0, page_bytes - first_bytes)))
                    : full_;
  // A single item may be longer than the page.
  const auto bounded = [&](double blocks) { return full_ > 1 ? std::min(most, blocks) : blocks; };
  if (std::isinf(full_)) return;
  full_blocks_ = bounded(expected_blocks_of_sum(full_, item, 0, kBlock));
  first_blocks_ = bounded(expected_blocks_of_sum(first_full_, item, first_bytes, kBlock));
}

double PageCost::blocks(double items) const {
  if (items <= first_full_) return expected_blocks_of_sum(items, item_, first_bytes_, kBlock);
  const double beyond = items - first_full_;
  const double whole = std::floor(beyond / full_ + 1e-9);
  const double rest = beyond - whole * full_;
  double blocks = first_blocks_ + whole * full_blocks_;
  if (rest > 1e-9) blocks += expected_blocks_of_sum(rest, item_, 0, kBlock);
  return blocks;
}

double PageCost::pages(double items) const {
  if (items <= first_full_) return 1;
  return 1 + std::ceil((items - first_full_) / full_ - 1e-9);
}

}  // namespace ddbplan::capacity
