#include "capacity/page_read.h"

#include <algorithm>
#include <cmath>
#include <utility>

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

double share_that_finds_some(const CountDistribution& matched, double kept) {
  if (kept <= 0) return 0;
  constexpr double kSurely = 10;  // e^-10 is nothing
  return matched.expectation(std::ceil(kSurely / kept),
                             [kept](double count) { return 1 - std::pow(1 - kept, count); });
}

template <class Value, class WorkOut>
Value PageReadMemo::remembered(std::unordered_map<std::string, Value>& known, std::string key,
                               const WorkOut& work_out) {
  const auto found = known.find(key);
  if (found != known.end()) return found->second;
  // A law of many parts has a key of kilobytes.
  constexpr std::size_t kKeyBytesMax = 32 << 20;
  key_bytes_ += key.size();
  if (key_bytes_ > kKeyBytesMax) {
    costs_.clear();
    shares_.clear();
    key_bytes_ = key.size();
  }
  return known.emplace(std::move(key), work_out()).first->second;
}

PageReadCost PageReadMemo::cost(const PageRead& page) {
  std::string key;
  page.matched.append_bits(key);
  for (const double number :
       {page.size.mean, page.size.variance, page.size.blocks_of_one, page.page_bytes, page.beside,
        page.wanted, page.kept, page.asked, page.skipped.value_or(-1)})
    append_bits_of(key, number);
  return remembered(costs_, std::move(key), [&page] { return page_read_cost(page); });
}

double PageReadMemo::finds_some(const CountDistribution& matched, double kept) {
  std::string key;
  matched.append_bits(key);
  append_bits_of(key, kept);
  return remembered(shares_, std::move(key), [&] { return share_that_finds_some(matched, kept); });
}

}  // namespace ddbplan::capacity
