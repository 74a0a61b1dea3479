// The search's running cost: request dollars of each access plan and storage dollars of each item and entry,
// remembered by what they depend on. A neighbouring State changes the plans of one entity or two; the others
// are looked up. (Without it, planning examples/shop.yaml evaluates every plan 90 times: 260 ms against 15.)
//
// Requests are counted at the start of the horizon and multiplied by the average month's calls; the final
// Design is priced in full by pricing::price.
#pragma once

#include <string>
#include <unordered_map>

#include "design/design.h"
#include "pricing/price_book.h"

namespace ddbplan::plan {

class CostMemo {
 public:
  CostMemo(const model::Workload& workload, const pricing::PriceBook& book)
      : workload_(workload), book_(book) {}

  /// Requests and storage of a month.
  support::Money cost(const design::Design& design);
  /// Load on single key values. Writes alone decide shards, and they follow from the items and entries.
  const std::vector<design::HotKey>& hot_keys(const design::Design& design);

 private:
  support::Money requests(const design::Design& design, const design::AccessPlan& plan);
  support::Money storage(const design::Design& design, const design::ItemLayout& layout);

  const model::Workload& workload_;
  const pricing::PriceBook& book_;
  std::unordered_map<std::string, support::Money> known_;
  std::unordered_map<std::string, std::vector<design::HotKey>> known_heat_;
};

}  // namespace ddbplan::plan
