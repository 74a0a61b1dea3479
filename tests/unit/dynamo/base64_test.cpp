#include "dynamo/base64.h"

#include <doctest/doctest.h>

#include <string>

#include "support/prng.h"

using ddbplan::dynamo::base64_decode;
using ddbplan::dynamo::base64_encode;

TEST_CASE("RFC 4648's examples") {
  CHECK(base64_encode("") == "");
  CHECK(base64_encode("f") == "Zg==");
  CHECK(base64_encode("fo") == "Zm8=");
  CHECK(base64_encode("foo") == "Zm9v");
  CHECK(base64_encode("foobar") == "Zm9vYmFy");
  CHECK(base64_decode("Zm9vYg==") == "foob");
}

TEST_CASE("what no encoder writes is refused") {
  CHECK(base64_decode("Zg=") == std::nullopt);
  CHECK(base64_decode("Zg") == std::nullopt);
  CHECK(base64_decode("Zh==") == std::nullopt);
  CHECK(base64_decode("Z===") == std::nullopt);
  CHECK(base64_decode("Zm 9") == std::nullopt);
  CHECK(base64_decode("Zg==Zg==") == std::nullopt);
  CHECK(base64_decode("====") == std::nullopt);
}

TEST_CASE("any bytes come back") {
  ddbplan::support::Prng prng(7);
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    for (std::uint64_t i = prng.below(40); i > 0; --i) {
      bytes += static_cast<char>(prng.below(256));
    }
    CHECK(base64_decode(base64_encode(bytes)) == bytes);
  }
}
