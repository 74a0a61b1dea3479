// One page of a query that a random number of rows matches: what reading it costs in expectation,
// over the law of that number.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "capacity/distribution.h"
#include "capacity/limited_read.h"
#include "capacity/page_cost.h"

namespace ddbplan::capacity {

struct PageRead {
  CountDistribution matched;
  ItemSize size;
  double page_bytes = 0;  ///< that a request may read
  double beside = 0;      ///< bytes before the items: a parent that is read with its children
  double wanted = 0;      ///< items after the filter; infinite: all
  double kept = 1;        ///< by the filter
  double asked = 1;       ///< what the caller takes for that
  /// Items that earlier pages have read; nullopt: it is the first.
  std::optional<double> skipped = std::nullopt;
};

struct PageReadCost {
  ReadCost expected;
  double at_once = 0;  ///< items that its first request asks for
};

PageReadCost page_read_cost(const PageRead& page);
/// How often any of the matching rows passes a filter that keeps `kept` of them: it says more than the
/// mean where many calls find none.
double share_that_finds_some(const CountDistribution& matched, double kept);

/// Remembers costs. A search asks about the same few thousand pages again and again, whatever keys
/// the rows have, and each is a sum over thousands of counts. Not for several threads.
class PageReadMemo {
 public:
  PageReadCost cost(const PageRead& page);
  double finds_some(const CountDistribution& matched, double kept);

 private:
  /// By the bits of every number.
  std::unordered_map<std::string, PageReadCost> costs_;
  std::unordered_map<std::string, double> shares_;
  std::size_t key_bytes_ = 0;

  template <class Value, class WorkOut>
  Value remembered(std::unordered_map<std::string, Value>& known, std::string key,
                   const WorkOut& work_out);
};

}  // namespace ddbplan::capacity
