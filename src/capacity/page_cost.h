// What a run of items costs to read: pages of limited bytes, each rounded up to 4 KB by itself,
// with items of random size. For items of one size the numbers are exact; else a page's sum is
// taken as normal with the items' mean and variance, which is exact in the mean once sizes spread
// over a block.
#pragma once

#include <vector>

namespace ddbplan::capacity {

/// The items of one kind, as a Query or Scan meets them.
struct ItemSize {
  double mean = 0;
  double variance = 0;
  double blocks_of_one = 1;  ///< E[max(1, ceil(size / 4 KB))]
};

/// E[max(1, ceil(S / block))] of the sum S of `count` sizes and `fixed` bytes beside them.
double expected_blocks_of_sum(double count, const ItemSize& item, double fixed, double block);

/// Items of one kind among those that a Scan meets.
struct ScannedKind {
  double items = 0;
  ItemSize size;
};
struct ScanCost {
  double blocks = 0;  ///< 4 KB blocks, each page rounded by itself
  double pages = 1;
};
/// A Scan over items of several kinds, in no order. An item that no longer fits begins the next page, so that pages begin
/// with long items. Where items are small beside a page that hardly matters; else pages are drawn, the same in every run.
ScanCost scan_cost(const std::vector<ScannedKind>& kinds, double page_bytes);

/// Costs of reading items page by page. Counts need not be whole.
class PageCost {
 public:
  /// `first_bytes` stand before the items on the first page (a parent beside its children).
  PageCost(const ItemSize& item, double page_bytes, double first_bytes = 0);

  /// 4 KB blocks of `items` items: at least one.
  [[nodiscard]] double blocks(double items) const;
  /// Requests: at least one.
  [[nodiscard]] double pages(double items) const;

 private:
  ItemSize item_;
  double first_bytes_ = 0;
  double full_ = 1;  ///< items of a full page
  double full_blocks_ = 1;
  double first_full_ = 1;  ///< of the first page
  double first_blocks_ = 1;
};

}  // namespace ddbplan::capacity
