#include "capacity/page_read.h"

#include <algorithm>

namespace ddbplan::capacity {

PageReadCost page_read_cost(const PageRead& page) {
  const LimitedRead read(PageCost(page.size, page.page_bytes, page.beside), page.wanted, page.kept,
                         page.asked);
  const double skipped = page.skipped.value_or(0);
  const auto cost = [&](double count) {
    // Another page is asked for only where the one before was full.
    if (page.skipped && count <= skipped) return ReadCost{};
    return read.cost(std::max(0.0, count - skipped));
  };
  return {page.matched.expectation(skipped + read.reach(), cost, ReadCost{}), read.at_once()};
}

PageReadCost PageReadMemo::cost(const PageRead& page) {
  std::string key;
  page.matched.append_bits(key);
  for (const double number :
       {page.size.mean, page.size.variance, page.size.blocks_of_one, page.page_bytes, page.beside,
        page.wanted, page.kept, page.asked, page.skipped.value_or(-1)})
    append_bits_of(key, number);
  const auto found = costs_.find(key);
  if (found != costs_.end()) return found->second;
  // A law of many parts has a key of kilobytes.
  constexpr std::size_t kKeyBytesMax = 32 << 20;
  key_bytes_ += key.size();
  if (key_bytes_ > kKeyBytesMax) {
    costs_.clear();
    key_bytes_ = key.size();
  }
  return costs_.emplace(std::move(key), page_read_cost(page)).first->second;
}

}  // namespace ddbplan::capacity
