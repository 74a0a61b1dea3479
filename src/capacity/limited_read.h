// Reading until enough items passed the filter, as the recipe of requests does: each request asks
// for as many more items as should bring what is still missing (missing / share kept, rounded up),
// because a filter drops items after Limit has counted them.
#pragma once

#include <vector>

#include "capacity/page_cost.h"

namespace ddbplan::capacity {

struct ReadCost {
  double blocks = 0;
  double requests = 0;
  double items = 0;  ///< read, before the filter
  ReadCost& operator+=(const ReadCost& other) {
    blocks += other.blocks;
    requests += other.requests;
    items += other.items;
    return *this;
  }
  ReadCost operator*(double factor) const {
    return {blocks * factor, requests * factor, items * factor};
  }
};

class LimitedRead {
 public:
  /// `wanted` items after a filter that keeps `kept` of them; infinite: all. A request asks for as many as it takes
  /// when the filter keeps `asked`.
  LimitedRead(PageCost pages, double wanted, double kept, double asked);

  /// Expected cost when `available` items match the key condition.
  [[nodiscard]] ReadCost cost(double available) const;
  /// Items of the first request: beyond it only what was missed is read.
  [[nodiscard]] double at_once() const { return at_once_; }
  /// No count above this one costs more.
  [[nodiscard]] double reach() const { return reach_; }

 private:
  [[nodiscard]] ReadCost one_request(double items) const {
    return {pages_.blocks(items), pages_.pages(items), items};
  }
  void add_misses(double wanted, double kept, double asked);

  PageCost pages_;
  double at_once_ = 0;
  double reach_ = 0;
  double missing_probability_ = 0;  ///< that the first request brings too few
  ReadCost misses_;                 ///< expected cost of the requests after the first, of plenty
};

}  // namespace ddbplan::capacity
