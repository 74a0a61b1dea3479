// The distributions of the cost model, in closed form or exact sums: no sampling, no clock, no
// cache. A sum has at most 4,096 exact terms; what lies beyond is summed in chunks of 2 %, so that
// the largest collections cost microseconds too.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/entity.h"

namespace ddbplan::capacity {

/// The number of children (matches) of one parent: geometric on 0, 1, 2, ... truncated at `max`,
/// with the given mean; a point mass when mean = max; Poisson-like precision is not claimed
/// (capacity/traffic.h, ASSUMPTIONS). A mixture of such laws where a relation has named or ranked
/// parents.
class CountDistribution {
 public:
  /// REQUIRES: 0 <= mean <= max.
  static CountDistribution children(model::Spread spread);
  /// Children of a parent of this relation drawn uniformly from `parents`: as `children`, unless
  /// the relation has a skew.
  static CountDistribution children(const model::Relation& relation, double parents);
  /// Every row of a population of `rows` matches with `share`, independently: used for equalities
  /// that are not a relation. Approximated by a point mass at the mean when the mean is over 1,000.
  static CountDistribution matches(double rows, double share);
  /// A count that is not whole is the whole number below or above it, with that mean.
  static CountDistribution exactly(double count);
  /// `first` with the probability `share`, else `second`.
  static CountDistribution either(double share, const CountDistribution& first,
                                  const CountDistribution& second);
  /// The distribution seen by a read that arrives with a child (size-biased). REQUIRES: not done
  /// before.
  [[nodiscard]] CountDistribution by_traffic() const;
  /// Of each counted row, whether it is still counted is decided independently with `share`.
  /// Thinning and by_traffic commute: the row that brought the read is kept. Geometric stays
  /// geometric.
  [[nodiscard]] CountDistribution thinned(double share) const;
  /// The same, but the row that brought the read is dropped like any other: the share belongs to a
  /// condition that has nothing to do with who asks.
  [[nodiscard]] CountDistribution filtered(double share) const;

  /// Appends what tells this law from every other, for the keys of what is remembered of it.
  void append_bits(std::string& text) const;

  [[nodiscard]] double mean() const;
  [[nodiscard]] double max() const;
  [[nodiscard]] double variance() const;
  [[nodiscard]] double probability(double count) const;
  /// The smallest count whose cumulated probability reaches `u`. Counts over 4,096 are rounded to 2
  /// % unless the law is a geometric one seen uniformly.
  [[nodiscard]] double quantile(double u) const;
  /// E[min(count, limit)].
  [[nodiscard]] double expected_min(double limit) const;
  /// E[max(1, ceil(min(count, limit) * bytes / block))] over pages of `page_bytes`, each rounded by
  /// itself.
  [[nodiscard]] double expected_read_blocks(double item_bytes, double limit,
                                            double page_bytes) const;
  /// E[number of pages], at least one.
  [[nodiscard]] double expected_pages(double item_bytes, double limit, double page_bytes) const;
  /// E[f(min(count, limit))], added to `sum`. f may be called with numbers that are not whole; its
  /// values can be multiplied with a double and added.
  template <class Function, class Value = double>
  [[nodiscard]] Value expectation(double limit, const Function& f, Value sum = {}) const {
    for (const Mass& mass : masses(limit)) sum += f(mass.count) * mass.probability;
    return sum;
  }

 private:
  enum class Kind { point, geometric, binomial };
  /// One law of the mixture. `parameter`: of the geometric, -ln of the ratio, at least 0, and
  /// mirrored (max - count has the law) when the mean lies above the middle; of the binomial, the
  /// share of max.
  struct Part {
    Kind kind = Kind::point;
    double weight = 1;
    double mean = 0;
    double max = 0;
    double parameter = 0;
    bool mirrored = false;
    /// Seen by traffic: the law is size-biased, and the row that brought the read is counted with
    /// the probability `kept`. The other members are those of the law that nobody looks at.
    bool biased = false;
    double kept = 1;
    [[nodiscard]] double variance() const;
    [[nodiscard]] double seen_mean() const;
  };
  struct Mass {
    double count = 0;
    double probability = 0;
  };
  class Walk;

  [[nodiscard]] bool biased() const { return !parts_.empty() && parts_.front().biased; }
  /// The law of min(count, limit), chunked beyond 4,096 terms.
  [[nodiscard]] std::vector<Mass> masses(double limit) const;

  std::vector<Part> parts_;
};

/// The eight bytes of a number.
void append_bits_of(std::string& text, double number);

/// 4 KB blocks of a Query that reads `items` items: full pages, then the rest, each rounded by
/// itself; at least one. `items` need not be whole.
double read_blocks(double items, double item_bytes, double page_bytes);
/// Items of a full page: at least one.
double items_per_page(double item_bytes, double page_bytes);

}  // namespace ddbplan::capacity
