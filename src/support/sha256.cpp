#include "support/sha256.h"

#include <nettle/hmac.h>
#include <nettle/sha2.h>

#include <cstdint>

#include <fmt/format.h>

namespace ddbplan::support {
namespace {

const std::uint8_t* octets(std::string_view bytes) {
  return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

std::uint8_t* octets(std::string& bytes) {
  return reinterpret_cast<std::uint8_t*>(bytes.data());
}

}  // namespace

std::string sha256(std::string_view bytes) {
  sha256_ctx state;
  sha256_init(&state);
  sha256_update(&state, bytes.size(), octets(bytes));
  std::string out(SHA256_DIGEST_SIZE, '\0');
  sha256_digest(&state, out.size(), octets(out));
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
  hmac_sha256_ctx state;
  hmac_sha256_set_key(&state, key.size(), octets(key));
  hmac_sha256_update(&state, message.size(), octets(message));
  std::string out(SHA256_DIGEST_SIZE, '\0');
  hmac_sha256_digest(&state, out.size(), octets(out));
  return out;
}

}  // namespace ddbplan::support
