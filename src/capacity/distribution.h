// The distributions of the cost model, in closed form or exact sums: no sampling, no clock.
#pragma once

#include "model/entity.h"

namespace ddbplan::capacity {

/// The number of children (matches) of one parent: geometric on 0, 1, 2, ... truncated at `max`, with the given
/// mean; a point mass when mean = max; Poisson-like precision is not claimed (ddbplan(1), ASSUMPTIONS).
class CountDistribution {
 public:
  /// REQUIRES: 0 <= mean <= max.
  static CountDistribution children(model::Spread spread);
  /// Every row of a population of `rows` matches with `share`, independently: used for equalities that are
  /// not a relation. Approximated by a point mass at the mean when the mean is over 1,000.
  static CountDistribution matches(double rows, double share);
  static CountDistribution exactly(double count);
  /// The distribution seen by a read that arrives with a child (size-biased).
  [[nodiscard]] CountDistribution by_traffic() const;

  [[nodiscard]] double mean() const;
  [[nodiscard]] double max() const;
  [[nodiscard]] double probability(double count) const;
  /// E[min(count, limit)].
  [[nodiscard]] double expected_min(double limit) const;
  /// E[max(1, ceil(min(count, limit) * bytes / block))] over pages of `page_bytes`, each rounded by itself.
  [[nodiscard]] double expected_read_blocks(double item_bytes, double limit, double page_bytes) const;
  /// E[number of pages], at least one.
  [[nodiscard]] double expected_pages(double item_bytes, double limit, double page_bytes) const;

 private:
  enum class Kind { point, geometric, binomial } kind_ = Kind::point;
  double mean_ = 0;
  double max_ = 0;
  double parameter_ = 0;
  bool size_biased_ = false;
};

}  // namespace ddbplan::capacity
