// A small shop, laid out by hand: what the emitters' tests print. The planner has no part in it, so a better
// plan never changes these tests.
//
// Customer (PK CUSTOMER#{customer_id}, SK CUSTOMER) and Order (same partition, SK ORDER#{order_id}), open
// orders in the sparse, sharded index GSI1; three patterns: customer_page, open_orders, place_order.
#pragma once

#include "emit/bundle.h"

namespace ddbplan::emit::test {

struct ShopFixture {
  ShopFixture();

  [[nodiscard]] Bundle bundle() const {
    return {source, workload, design, usage, cost, diagnostics, nullptr, &seed, &proof};
  }

  support::SourceText source;
  model::Workload workload;
  design::Design design;
  capacity::Usage usage;
  pricing::CostReport cost;
  support::Diagnostics diagnostics;
  std::vector<seed::SeedFile> seed;
  seed::ProofReport proof;
};

}  // namespace ddbplan::emit::test
