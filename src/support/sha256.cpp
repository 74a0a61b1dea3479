#include "support/sha256.h"

#include <array>
#include <bit>
#include <cstdint>

#include <fmt/format.h>

namespace ddbplan::support {
namespace {

using State = std::array<std::uint32_t, 8>;

constexpr std::size_t kBlockBytes = 64;

// FIPS 180-4, 4.2.2 and 5.3.3: fractional parts of cube and square roots of the first primes.
constexpr std::array<std::uint32_t, 64> kRound = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
constexpr State kInitial = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

std::uint32_t big_endian(std::string_view bytes) {
  const auto byte = [&](std::size_t i) {
    return std::uint32_t{static_cast<unsigned char>(bytes[i])};
  };
  return byte(0) << 24U | byte(1) << 16U | byte(2) << 8U | byte(3);
}

std::array<std::uint32_t, 64> schedule(std::string_view block) {
  std::array<std::uint32_t, 64> w{};
  for (std::size_t t = 0; t < 16; ++t) w[t] = big_endian(block.substr(4 * t, 4));
  for (std::size_t t = 16; t < 64; ++t) {
    const std::uint32_t a = w[t - 15];
    const std::uint32_t b = w[t - 2];
    const std::uint32_t s0 = std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3U);
    const std::uint32_t s1 = std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10U);
    w[t] = w[t - 16] + s0 + w[t - 7] + s1;
  }
  return w;
}

/// One round; what it leaves in d and h is e and a of the next.
inline void turn(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t& d,
                 std::uint32_t e, std::uint32_t f, std::uint32_t g, std::uint32_t& h,
                 std::uint32_t word) {
  const std::uint32_t sum1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
  const std::uint32_t choice = g ^ (e & (f ^ g));
  const std::uint32_t t1 = h + sum1 + choice + word;
  const std::uint32_t sum0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
  const std::uint32_t majority = (a & b) | (c & (a | b));
  d += t1;
  h = t1 + sum0 + majority;
}

void compress(State& state, std::string_view block) {
  const std::array<std::uint32_t, 64> w = schedule(block);
  auto [a, b, c, d, e, f, g, h] = state;
  // The names go round instead of the values: after eight rounds each is where it was.
  for (std::size_t t = 0; t < 64; t += 8) {
    turn(a, b, c, d, e, f, g, h, kRound[t] + w[t]);
    turn(h, a, b, c, d, e, f, g, kRound[t + 1] + w[t + 1]);
    turn(g, h, a, b, c, d, e, f, kRound[t + 2] + w[t + 2]);
    turn(f, g, h, a, b, c, d, e, kRound[t + 3] + w[t + 3]);
    turn(e, f, g, h, a, b, c, d, kRound[t + 4] + w[t + 4]);
    turn(d, e, f, g, h, a, b, c, kRound[t + 5] + w[t + 5]);
    turn(c, d, e, f, g, h, a, b, kRound[t + 6] + w[t + 6]);
    turn(b, c, d, e, f, g, h, a, kRound[t + 7] + w[t + 7]);
  }
  const State worked = {a, b, c, d, e, f, g, h};
  for (std::size_t i = 0; i < state.size(); ++i) state[i] += worked[i];
}

/// The rest of the message, a 1 bit, zeros, and the length in bits at the end of a block.
std::string padded(std::string_view rest, std::uint64_t message_bytes) {
  std::string out(rest);
  out += '\x80';
  while (out.size() % kBlockBytes != kBlockBytes - 8) out += '\0';
  for (int shift = 56; shift >= 0; shift -= 8) {
    out += static_cast<char>(message_bytes * 8 >> static_cast<unsigned>(shift) & 0xFFU);
  }
  return out;
}

}  // namespace

std::string sha256(std::string_view bytes) {
  State state = kInitial;
  const std::uint64_t size = bytes.size();
  for (; bytes.size() >= kBlockBytes; bytes.remove_prefix(kBlockBytes)) compress(state, bytes);
  const std::string tail = padded(bytes, size);
  for (std::size_t at = 0; at < tail.size(); at += kBlockBytes) {
    compress(state, std::string_view(tail).substr(at, kBlockBytes));
  }
  std::string out;
  for (const std::uint32_t word : state) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) out += static_cast<char>(word >> shift & 0xFFU);
  }
  return out;
}

std::string to_hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return out;
}

std::string sha256_hex(std::string_view bytes) {
  return to_hex(sha256(bytes));
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
  std::string block(key.size() > kBlockBytes ? sha256(key) : std::string(key));
  block.resize(kBlockBytes, '\0');
  std::string inner;
  std::string outer;
  for (const char c : block) {
    inner += static_cast<char>(static_cast<unsigned char>(c) ^ 0x36U);
    outer += static_cast<char>(static_cast<unsigned char>(c) ^ 0x5cU);
  }
  return sha256(outer + sha256(inner + std::string(message)));
}

}  // namespace ddbplan::support
