#include "serve/compression.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include <libdeflate.h>

using ddbplan::serve::gunzip;

namespace {

std::string gzip(const std::string& text) {
  libdeflate_compressor* compressor = libdeflate_alloc_compressor(9);
  REQUIRE(compressor != nullptr);
  std::string out(libdeflate_gzip_compress_bound(compressor, text.size()), '\0');
  out.resize(
      libdeflate_gzip_compress(compressor, text.data(), text.size(), out.data(), out.size()));
  libdeflate_free_compressor(compressor);
  REQUIRE_FALSE(out.empty());
  return out;
}

}  // namespace

TEST_CASE("what was packed comes back") {
  const std::string text(100'000, 'x');
  CHECK(gunzip(gzip(text), 1'000'000) == text);
}

TEST_CASE("a body of the largest size that is allowed comes back") {
  for (const std::size_t size : {0UL, 1UL, 4096UL, 4097UL, 999'999UL}) {
    const std::string text(size, 'x');
    CHECK(gunzip(gzip(text), std::max<std::size_t>(size, 1)) == text);
    if (size > 0) CHECK_FALSE(gunzip(gzip(text + 'x'), size).has_value());
  }
}

TEST_CASE("a small body that unpacks to a large one is refused") {
  CHECK_FALSE(gunzip(gzip(std::string(1'000'000, 'x')), 999'999).has_value());
}

TEST_CASE("what is cut off or no gzip at all is refused") {
  const std::string packed = gzip("some text");
  CHECK_FALSE(gunzip(packed.substr(0, packed.size() - 1), 100).has_value());
  CHECK_FALSE(gunzip("{}", 100).has_value());
  CHECK_FALSE(gunzip("", 100).has_value());
}

TEST_CASE("the checksum of the standard's example") {
  CHECK(ddbplan::serve::crc32("123456789") == 0xcbf43926U);
}
