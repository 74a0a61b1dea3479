// The arithmetic of SizeLaw. What makes up an item is in sizes.cpp.
#include <algorithm>
#include <cmath>

#include "capacity/sizes.h"

namespace ddbplan::capacity {
namespace {

/// Spreads under this many bytes do not move an expectation of blocks by a hundredth.
constexpr double kNegligibleRange = 24;
constexpr int kGrid = 128;
constexpr int kCellsPerSegment = 8;

/// The integral of ceil(y / block) over [0, x].
double ceil_integral(double x, double block) {
  const double whole = std::floor(x / block);
  return block * whole * (whole + 1) / 2 + (x - whole * block) * (whole + 1);
}

/// E[max(1, ceil(X / block))] of X uniform on [low, high].
double mean_ceil(double low, double high, double block) {
  if (high - low < 1e-9) return std::max(1.0, std::ceil(high / block - 1e-12));
  return (ceil_integral(high, block) - ceil_integral(low, block)) / (high - low);
}

}  // namespace

double SizeLaw::Part::mean() const {
  return probability * (fixed + copies * value.mean);
}

double SizeLaw::Part::variance() const {
  const double m = value.mean;
  const double top = value.max;
  double second = m * m;
  if (top > m && m > 0) {
    const double above = m / top;
    second = (1 - above) * m * m / 3 + above * (top * top + top * m + m * m) / 3;
  }
  const double square = fixed * fixed + 2 * fixed * copies * m + copies * copies * second;
  return std::max(0.0, probability * square - mean() * mean());
}

void SizeLaw::add_optional(double probability, double bytes) {
  if (probability >= 1) return add_fixed(bytes);
  if (probability <= 0 || bytes <= 0) return;
  Part part;
  part.probability = probability;
  part.fixed = bytes;
  part.copies = 0;
  parts_.push_back(part);
}

void SizeLaw::add_spread(const model::Spread& value, double probability, double fixed,
                         double copies, bool changed) {
  if (probability <= 0) return;
  if (value.max <= value.mean || copies <= 0) {
    return add_optional(probability, fixed + copies * value.mean);
  }
  parts_.push_back({value, std::min(probability, 1.0), fixed, copies, changed});
}

double SizeLaw::mean() const {
  double sum = fixed_;
  for (const Part& part : parts_) sum += part.mean();
  return sum;
}

double SizeLaw::min() const {
  double sum = fixed_;
  for (const Part& part : parts_) sum += part.probability >= 1 ? part.fixed : 0;
  return sum;
}

double SizeLaw::max() const {
  double sum = fixed_ + slack_;
  for (const Part& part : parts_) sum += part.max();
  return sum;
}

double SizeLaw::variance() const {
  double sum = 0;
  for (const Part& part : parts_) sum += part.variance();
  return sum;
}

/// One part as evenly filled cells, its two segments cut alike; absent, it is a cell of no width.
std::vector<SizeLaw::Cell> SizeLaw::cells_of(const Part& part, int per_segment) {
  std::vector<Cell> cells;
  if (part.probability < 1) cells.push_back({0, 0, 1 - part.probability});
  const double mean = part.value.mean;
  const double top = part.value.max;
  const double at_mean = part.fixed + part.copies * mean;
  if (top <= mean || part.copies <= 0) {
    cells.push_back({at_mean, at_mean, part.probability});
    return cells;
  }
  const double above = mean / top;
  const auto segment = [&](double low, double high, double probability) {
    const double step = (high - low) / per_segment;
    for (int i = 0; i < per_segment && probability > 0; ++i) {
      cells.push_back({low + i * step, low + (i + 1) * step, probability / per_segment});
    }
  };
  segment(part.fixed, at_mean, part.probability * (1 - above));
  segment(at_mean, part.max(), part.probability * above);
  return cells;
}

/// The sum of parts as masses on an even grid; each mass goes to its two neighbours so that the
/// mean is kept.
std::vector<SizeLaw::Mass> SizeLaw::sum_of(const Parts& parts, int grid) {
  double range = 0;
  for (const Part* part : parts) range += part->max();
  if (range <= 0) return {{0, 1}};
  const double step = range / grid;
  std::vector<double> sum(static_cast<std::size_t>(grid) + 2, 0.0);
  sum[0] = 1;
  std::size_t used = 1;
  for (const Part* part : parts) {
    const std::vector<Cell> cells = cells_of(*part, kCellsPerSegment);
    std::vector<double> next(sum.size(), 0.0);
    for (const Cell& cell : cells) {
      const double position = (cell.low + cell.high) / 2 / step;
      const auto lower = static_cast<std::size_t>(position);
      const double up = position - static_cast<double>(lower);
      for (std::size_t i = 0; i < used && i + lower + 1 < next.size(); ++i) {
        next[i + lower] += sum[i] * cell.probability * (1 - up);
        next[i + lower + 1] += sum[i] * cell.probability * up;
      }
    }
    used = std::min(sum.size(), used + static_cast<std::size_t>(part->max() / step) + 2);
    sum.swap(next);
  }
  std::vector<Mass> masses;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    if (sum[i] > 1e-12) masses.push_back({static_cast<double>(i) * step, sum[i]});
  }
  return masses;
}

/// The law of the larger of two independent sums of the same parts.
std::vector<SizeLaw::Cell> SizeLaw::larger_of_two(const Parts& parts) {
  std::vector<Cell> cells;
  if (parts.size() == 1) {
    cells = cells_of(*parts.front(), 4 * kCellsPerSegment);
  } else {
    const std::vector<Mass> masses = sum_of(parts, kGrid);
    for (const Mass& mass : masses) cells.push_back({mass.bytes, mass.bytes, mass.probability});
  }
  double below = 0;  // P(size < cell), squared it is that of the larger one
  for (Cell& cell : cells) {
    const double up_to = below + cell.probability;
    cell.probability = up_to * up_to - below * below;
    below = up_to;
  }
  return cells;
}

double SizeLaw::blocks_of(const std::vector<Mass>& rest, const std::vector<Cell>& main,
                          double block) const {
  double sum = 0;
  for (const Mass& mass : rest) {
    const double base = fixed_ + mass.bytes;
    double inner = 0;
    for (const Cell& cell : main) {
      inner += cell.probability * mean_ceil(base + cell.low, base + cell.high, block);
    }
    sum += mass.probability * inner;
  }
  return sum;
}

double SizeLaw::expected_blocks(double block) const {
  const double least = std::max(1.0, std::ceil(min() / block - 1e-12));
  const double most = std::max(1.0, std::ceil((max() - slack_) / block - 1e-12));
  if (least == most) return least;
  SizeLaw law;
  law.fixed_ = fixed_;
  for (const Part& part : parts_) {
    if (part.max() < kNegligibleRange) {
      law.fixed_ += part.mean();
    } else {
      law.parts_.push_back(part);
    }
  }
  if (law.parts_.empty()) return mean_ceil(law.fixed_, law.fixed_, block);
  const auto widest =
      std::max_element(law.parts_.begin(), law.parts_.end(),
                       [](const Part& a, const Part& b) { return a.variance() < b.variance(); });
  Parts rest;
  for (const Part& part : law.parts_) {
    if (&part != &*widest) rest.push_back(&part);
  }
  return law.blocks_of(sum_of(rest, kGrid), cells_of(*widest, 1), block);
}

double SizeLaw::expected_blocks_of_larger(double block) const {
  Parts changed;
  Parts rest;
  for (const Part& part : parts_) {
    (part.changed && part.max() >= kNegligibleRange ? changed : rest).push_back(&part);
  }
  const double least = std::max(1.0, std::ceil(min() / block - 1e-12));
  const double most = std::max(1.0, std::ceil((max() - slack_) / block - 1e-12));
  if (changed.empty() || least == most) return expected_blocks(block);
  return blocks_of(sum_of(rest, kGrid / 2), larger_of_two(changed), block);
}

}  // namespace ddbplan::capacity
