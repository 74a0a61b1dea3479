#include "support/prng.h"

#include "support/check.h"

namespace ddbplan::support {
namespace {

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31U);
}

std::uint64_t fnv1a_64(std::string_view bytes) {
  std::uint64_t hash = 0xCBF29CE484222325ULL;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001B3ULL;
  }
  return hash;
}

}  // namespace

std::uint64_t Prng::next() {
  state_ += 0x9E3779B97F4A7C15ULL;
  return mix(state_);
}

std::uint64_t Prng::below(std::uint64_t bound) {
  DDBPLAN_CHECK(bound > 0);
  // The lowest 2^64 mod bound values are drawn again: what remains is a multiple of bound.
  const std::uint64_t threshold = (0 - bound) % bound;
  std::uint64_t drawn = next();
  while (drawn < threshold) drawn = next();
  return drawn % bound;
}

std::int64_t Prng::between(std::int64_t low, std::int64_t high) {
  DDBPLAN_CHECK(low <= high);
  const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  const std::uint64_t drawn = span == UINT64_MAX ? next() : below(span + 1);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + drawn);
}

double Prng::unit() {
  return static_cast<double>(next() >> 11U) * 0x1.0p-53;
}

Prng Prng::fork(std::string_view name) const {
  return Prng(mix(seed_ + 0x9E3779B97F4A7C15ULL) ^ mix(fnv1a_64(name)));
}

std::uint32_t fnv1a_32(std::string_view bytes) {
  std::uint32_t hash = 0x811C9DC5U;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x01000193U;
  }
  return hash;
}

}  // namespace ddbplan::support
