#include "seed/ranks.h"

#include <utility>

namespace ddbplan::seed {

using support::Prng;

std::vector<std::size_t> permutation(std::size_t n, Prng& prng) {
  std::vector<std::size_t> order(n);
  for (std::size_t i = 0; i < n; ++i) order[i] = i;
  for (std::size_t i = n; i > 1; --i) std::swap(order[i - 1], order[prng.below(i)]);
  return order;
}

void rank_present(const std::vector<std::size_t>& presence, std::size_t present,
                  std::vector<std::size_t>& ranks) {
  std::vector<std::size_t> row_at(ranks.size());
  for (std::size_t i = 0; i < ranks.size(); ++i) row_at[ranks[i]] = i;
  std::size_t next = 0;
  for (const std::size_t row : row_at) {
    if (presence[row] < present) ranks[row] = next++;
  }
}

}  // namespace ddbplan::seed
