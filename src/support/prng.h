// The random numbers of the seed and of the property tests: the same on every machine and compiler.
// std::mt19937_64 would be portable, the std distributions are not; so both are owned here, in
// integers.
#pragma once

#include <cstdint>
#include <string_view>

namespace ddbplan::support {

/// SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators").
class Prng {
 public:
  explicit Prng(std::uint64_t seed) : seed_(seed), state_(seed) {}
  std::uint64_t next();
  /// Uniform in [0, bound). REQUIRES: bound > 0. Without modulo bias.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in [low, high], both included.
  std::int64_t between(std::int64_t low, std::int64_t high);
  /// Uniform in [0, 1) with 53 bits.
  double unit();
  /// A generator that depends on this one's seed and on `name` only, not on what was drawn so far:
  /// rows of one entity do not change when another entity is added.
  [[nodiscard]] Prng fork(std::string_view name) const;

 private:
  std::uint64_t seed_;
  std::uint64_t state_;
};

/// FNV-1a, 32 bits (Fowler, Noll, Vo): the named hash of shard keys, the same in every emitted
/// language.
std::uint32_t fnv1a_32(std::string_view bytes);

}  // namespace ddbplan::support
