#include "capacity/distribution.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "capacity/traffic.h"
#include "dynamo/units.h"
#include "support/check.h"

namespace ddbplan::capacity {
namespace {

constexpr double kExactTerms = 4096;
constexpr double kChunkGrowth = 1.02;
/// Above this mean a binomial is a point: its deviation is under 3 % of it.
constexpr double kBinomialMeanMax = 1000;
/// Below this product of parameter and size a truncated geometric is the uniform law to 1e-9.
constexpr double kUniformBelow = 1e-6;

/// P(k) proportional to e^(-t k) on 0 ... n - 1, t >= 0.
struct Geometric {
  double t = 0;
  double n = 1;

  [[nodiscard]] bool uniform() const { return t * n < kUniformBelow; }
  [[nodiscard]] double probability(double k) const {
    if (uniform()) return 1 / n;
    return std::exp(-t * k) * std::expm1(-t) / std::expm1(-t * n);
  }
  /// P(K >= k).
  [[nodiscard]] double tail(double k) const {
    if (k <= 0) return 1;
    if (k >= n) return 0;
    if (uniform()) return (n - k) / n;
    return (std::exp(-t * k) - std::exp(-t * n)) / -std::expm1(-t * n);
  }
  /// The sum of k P(k) over k >= a.
  [[nodiscard]] double moment_tail(double a) const {
    if (a >= n) return 0;
    if (uniform()) return (n * (n - 1) - a * (a - 1)) / (2 * n);
    const double ratio_sum = 1 / std::expm1(t);
    const double upper = std::exp(-t * n) * (n + ratio_sum);
    return (std::exp(-t * a) * (a + ratio_sum) - upper) / -std::expm1(-t * n);
  }
  [[nodiscard]] double mean() const {
    // The two terms cancel as t goes to 0; there the series takes over.
    if (t * n < 1e-3) return (n - 1) / 2 - (n * n - 1) * t / 12;
    return 1 / std::expm1(t) - n / std::expm1(t * n);
  }
  [[nodiscard]] double variance() const {
    if (t * n < 1e-3) return (n * n - 1) / 12;
    const double one = std::sinh(t / 2);
    const double all =
        t * n > 1400 ? std::numeric_limits<double>::infinity() : std::sinh(t * n / 2);
    return 1 / (4 * one * one) - n * n / (4 * all * all);
  }
};

/// The parameter that gives `mean`, at most the middle. The mean falls as t grows, by the variance, and ever more
/// slowly: Newton's steps from 0 never pass the root, but for the last bits, where they end.
double solve_parameter(double mean, double n) {
  if (mean >= (n - 1) / 2) return 0;
  const double high = std::log1p(1 / mean);  // of the law without maximum, whose mean is larger
  // With a maximum far above the mean the truncation is below the last bit.
  if (high * n > 60) return high;
  double t = 0;
  for (int i = 0; i < 200; ++i) {
    const Geometric law{t, n};
    const double next = std::min(t + (law.mean() - mean) / law.variance(), high);
    if (next <= t) break;
    t = next;
  }
  return t;
}

double fraction(double value) {
  return value - std::floor(value);
}

}  // namespace

/// The masses of one part, below `limit` one by one or in chunks, and what is left at the limit.
class CountDistribution::Walk {
 public:
  /// Counts are followed up to `limit + beyond` and reported up to `limit`.
  Walk(const Part& part, double limit, double beyond, std::vector<Mass>& out)
      : part_(part), biased_(part.biased), limit_(limit), reach_(limit + beyond), out_(out) {}

  void run() {
    switch (part_.kind) {
      case Kind::point:
        return point();
      case Kind::geometric:
        return geometric();
      case Kind::binomial:
        return binomial();
    }
  }

 private:
  void add(double count, double probability) {
    if (probability <= 0) return;
    const double weighted = probability * part_.weight;
    if (biased_ && part_.kept < 1) {
      out_.push_back({std::min(count - 1, limit_), weighted * (1 - part_.kept)});
      if (part_.kept <= 0) return;
    }
    out_.push_back({std::min(count, limit_), weighted * (biased_ ? part_.kept : 1)});
  }

  void point() {
    // Thinned to nothing, there is still the row that brought the read.
    if (biased_ && part_.mean <= 0) return add(1, 1);
    const double below = std::floor(part_.mean);
    const double above = fraction(part_.mean);
    add(below, (1 - above) * (biased_ ? below / part_.mean : 1));
    add(below + 1, above * (biased_ ? (below + 1) / part_.mean : 1));
  }

  /// P(K >= k) of the law as it is seen.
  [[nodiscard]] double geometric_tail(const Geometric& law, double k) const {
    if (!part_.mirrored) {
      return biased_ ? law.moment_tail(k) / part_.mean : law.tail(k);
    }
    const double from = part_.max - k + 1;  // k <= max - j is j < from
    if (!biased_) return 1 - law.tail(from);
    const double moment = law.mean() - law.moment_tail(from);
    return (part_.max * (1 - law.tail(from)) - moment) / part_.mean;
  }

  void geometric() {
    const Geometric law{part_.parameter, part_.max + 1};
    const double exact_end = std::min({std::ceil(reach_), part_.max + 1, kExactTerms});
    const double step = std::exp(part_.mirrored ? law.t : -law.t);
    double probability = law.probability(part_.mirrored ? part_.max : 0);
    double rest = 1;
    double k = 0;
    for (; k < exact_end; ++k, probability *= step) {
      // A mirrored law may start below the smallest double; the product would stay zero.
      if (part_.mirrored && probability == 0) probability = law.probability(part_.max - k);
      const double mass = biased_ ? k * probability / part_.mean : probability;
      add(k, mass);
      rest -= mass;
      if (!part_.mirrored && rest < 1e-15) return;
    }
    if (k > part_.max) return;
    if (k >= reach_) return add(reach_, std::max(0.0, rest));
    chunks(law, k);
  }

  void chunks(const Geometric& law, double from) {
    double tail = geometric_tail(law, from);
    while (from <= part_.max && tail > 1e-15) {
      if (from >= reach_) return add(reach_, tail);
      const double to =
          std::min({std::floor(from * kChunkGrowth), part_.max + 1, std::ceil(reach_)});
      const double next = to > part_.max ? 0 : geometric_tail(law, to);
      add((from + to - 1) / 2, tail - next);
      from = to;
      tail = next;
    }
  }

  void binomial() {
    // Seen by traffic: the row that brought the read, and any of the others.
    const double trials = part_.max - (biased_ ? 1 : 0);
    const double shift = biased_ ? 1 : 0;
    const double share = part_.parameter;
    if (share >= 1) return add(trials + shift, 1);
    const double odds = share / (1 - share);
    const double mode = std::min(trials, std::floor((trials + 1) * share));
    std::vector<Mass> around{{mode, 1.0}};
    double sum = 1;
    double relative = 1;
    for (double k = mode; k > 0 && relative > 1e-17; --k) {
      relative *= k / ((trials - k + 1) * odds);
      around.push_back({k - 1, relative});
      sum += relative;
    }
    relative = 1;
    for (double k = mode; k < trials && relative > 1e-17; ++k) {
      relative *= (trials - k) / (k + 1) * odds;
      around.push_back({k + 1, relative});
      sum += relative;
    }
    for (const Mass& mass : around) add(mass.count + shift, mass.probability / sum);
  }

  const Part& part_;
  bool biased_;
  double limit_;
  double reach_;
  std::vector<Mass>& out_;
};

CountDistribution CountDistribution::children(model::Spread spread) {
  DDBPLAN_CHECK(spread.mean >= 0 && spread.mean <= spread.max * (1 + 1e-12));
  const double max = std::max(std::floor(spread.max), std::ceil(spread.mean));
  if (spread.mean <= 0 || spread.mean >= max) return exactly(spread.mean);
  Part part;
  part.kind = Kind::geometric;
  part.mean = spread.mean;
  part.max = max;
  part.mirrored = spread.mean > max / 2;
  part.parameter = solve_parameter(part.mirrored ? max - spread.mean : spread.mean, max + 1);
  CountDistribution made;
  made.parts_.push_back(part);
  return made;
}

CountDistribution CountDistribution::children(const model::Relation& relation, double parents) {
  if (!relation.zipf && relation.named_shares.empty()) return children(relation.children);
  const ParentShares shares(relation, parents);
  const double all = relation.children.mean * parents;
  CountDistribution made;
  const auto add = [&](const CountDistribution& law, double weight) {
    for (Part part : law.parts_) {
      part.weight = weight;
      made.parts_.push_back(part);
    }
  };
  for (const auto& named : shares.named()) add(exactly(named.second * all), 1 / parents);
  if (shares.unnamed() <= 0) return made;
  if (!shares.zipf()) {
    const double mean = shares.unnamed_share() * all / shares.unnamed();
    const double max = std::max(mean, relation.children.max);
    add(children(model::Spread{mean, max}), shares.unnamed() / parents);
    return made;
  }
  // The first ranks one by one, the others in chunks of 10 %, each at its middle rank.
  for (double rank = 1; rank <= shares.unnamed();) {
    const double next =
        std::min(std::max(rank + 1, std::floor(rank * 1.1)), std::floor(shares.unnamed()) + 1);
    add(exactly(shares.of_rank((rank + next - 1) / 2) * all), (next - rank) / parents);
    rank = next;
  }
  return made;
}

CountDistribution CountDistribution::matches(double rows, double share) {
  const double trials = std::round(rows);
  const double mean = rows * std::clamp(share, 0.0, 1.0);
  if (mean <= 0 || trials < 1 || mean > kBinomialMeanMax || mean >= trials) return exactly(mean);
  Part part;
  part.kind = Kind::binomial;
  part.mean = mean;
  part.max = trials;
  part.parameter = mean / trials;
  CountDistribution made;
  made.parts_.push_back(part);
  return made;
}

void append_bits_of(std::string& text, double number) {
  std::array<char, sizeof number> bits{};
  std::memcpy(bits.data(), &number, sizeof number);
  text.append(bits.data(), bits.size());
}

void CountDistribution::append_bits(std::string& text) const {
  for (const Part& part : parts_) {
    text += static_cast<char>(part.kind);
    text += static_cast<char>((part.mirrored ? 1 : 0) + (part.biased ? 2 : 0));
    for (const double number : {part.weight, part.mean, part.max, part.parameter, part.kept})
      append_bits_of(text, number);
  }
}

CountDistribution CountDistribution::exactly(double count) {
  Part part;
  part.mean = count;
  part.max = std::ceil(count);
  CountDistribution made;
  made.parts_.push_back(part);
  return made;
}

CountDistribution CountDistribution::either(double share, const CountDistribution& first,
                                            const CountDistribution& second) {
  CountDistribution made;
  const auto add = [&made](const CountDistribution& law, double weight) {
    for (Part part : law.parts_) {
      part.weight *= weight;
      if (part.weight > 0) made.parts_.push_back(part);
    }
  };
  add(first, share);
  add(second, 1 - share);
  return made;
}

CountDistribution CountDistribution::by_traffic() const {
  DDBPLAN_CHECK(!biased());
  const double mean_of_all = mean();
  // Nothing to arrive with: a law of no rows looks the same to everybody.
  if (mean_of_all <= 0) return *this;
  CountDistribution made;
  for (Part part : parts_) {
    part.biased = true;
    part.weight *= part.mean / mean_of_all;
    if (part.weight > 0) made.parts_.push_back(part);
  }
  return made;
}

CountDistribution CountDistribution::thinned(double share) const {
  if (share >= 1) return *this;
  CountDistribution made;
  for (const Part& part : parts_) {
    const CountDistribution law =
        part.kind == Kind::geometric
            ? children(model::Spread{part.mean * share, part.max})
            : matches(part.kind == Kind::point ? part.mean : part.max,
                      (part.kind == Kind::point ? 1 : part.parameter) * share);
    for (Part thin : law.parts_) {
      thin.weight *= part.weight;
      thin.biased = part.biased;
      thin.kept = part.kept;
      made.parts_.push_back(thin);
    }
  }
  return made;
}

CountDistribution CountDistribution::filtered(double share) const {
  CountDistribution made = thinned(share);
  for (Part& part : made.parts_) part.kept *= std::clamp(share, 0.0, 1.0);
  return made;
}

std::vector<CountDistribution::Mass> CountDistribution::masses(double limit) const {
  std::vector<Mass> all;
  for (const Part& part : parts_) {
    // One more than the limit is read where the first may be dropped.
    const bool drops = part.biased && part.kept < 1;
    Walk(part, std::max(0.0, limit), drops ? 1 : 0, all).run();
  }
  return all;
}

double CountDistribution::Part::variance() const {
  switch (kind) {
    case Kind::point:
      return fraction(mean) * (1 - fraction(mean));
    case Kind::geometric:
      return Geometric{parameter, max + 1}.variance();
    case Kind::binomial:
      return mean * (1 - parameter);
  }
  return 0;
}

double CountDistribution::Part::seen_mean() const {
  if (!biased) return mean;
  // E[K^2] / E[K]; in the limit of no rows the one that brought the read.
  return (mean > 0 ? variance() / mean + mean : 1) - (1 - kept);
}

double CountDistribution::mean() const {
  double sum = 0;
  for (const Part& part : parts_) sum += part.weight * part.seen_mean();
  return sum;
}

double CountDistribution::max() const {
  double most = 0;
  for (const Part& part : parts_) most = std::max(most, part.max);
  return most;
}

double CountDistribution::variance() const {
  const double middle = mean();
  if (biased()) {
    const double infinity = std::numeric_limits<double>::infinity();
    return expectation(infinity, [&](double k) { return (k - middle) * (k - middle); });
  }
  double sum = 0;
  for (const Part& part : parts_) {
    const double off = part.mean - middle;
    sum += part.weight * (part.variance() + off * off);
  }
  return sum;
}

double CountDistribution::probability(double count) const {
  double sum = 0;
  for (const Mass& mass : masses(std::numeric_limits<double>::infinity())) {
    if (mass.count == count) sum += mass.probability;
  }
  return sum;
}

double CountDistribution::quantile(double u) const {
  std::vector<Mass> all = masses(std::numeric_limits<double>::infinity());
  std::sort(all.begin(), all.end(), [](const Mass& a, const Mass& b) { return a.count < b.count; });
  double cumulated = 0;
  for (const Mass& mass : all) {
    cumulated += mass.probability;
    if (cumulated >= u) return mass.count;
  }
  return all.empty() ? 0 : all.back().count;
}

double CountDistribution::expected_min(double limit) const {
  return expectation(limit, [](double k) { return k; });
}

double CountDistribution::expected_read_blocks(double item_bytes, double limit,
                                               double page_bytes) const {
  return expectation(limit, [&](double k) { return read_blocks(k, item_bytes, page_bytes); });
}

double CountDistribution::expected_pages(double item_bytes, double limit, double page_bytes) const {
  const double full = items_per_page(item_bytes, page_bytes);
  return expectation(limit, [&](double k) { return std::max(1.0, std::ceil(k / full)); });
}

double items_per_page(double item_bytes, double page_bytes) {
  if (item_bytes <= 0) return std::numeric_limits<double>::infinity();
  return std::max(1.0, std::floor(page_bytes / item_bytes));
}

double read_blocks(double items, double item_bytes, double page_bytes) {
  constexpr auto kBlock = static_cast<double>(dynamo::kReadBlockBytes);
  const double full = items_per_page(item_bytes, page_bytes);
  const double pages = std::floor(items / full);
  const double rest = items - pages * full;
  double blocks = 0;
  if (pages > 0) blocks = pages * std::ceil(full * item_bytes / kBlock);
  if (rest > 0) blocks += std::ceil(rest * item_bytes / kBlock);
  return std::max(1.0, blocks);
}

}  // namespace ddbplan::capacity
