// The order in which rows take their values: a value for each rank spreads them evenly over what they are drawn from.
#pragma once

#include <cstddef>
#include <vector>

#include "support/prng.h"

namespace ddbplan::seed {

/// The numbers 0 ... n-1 in random order.
std::vector<std::size_t> permutation(std::size_t n, support::Prng& prng);

/// Ranks the rows that have an attribute among themselves: each value is that of as many of them. The first `present` of
/// `presence` have it; the ranks of the others are not to be used.
void rank_present(const std::vector<std::size_t>& presence, std::size_t present,
                  std::vector<std::size_t>& ranks);

}  // namespace ddbplan::seed
