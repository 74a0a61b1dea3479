#include "serve/compression.h"

#include <doctest/doctest.h>

#include <string>

#include <zlib.h>

using ddbplan::serve::gunzip;

namespace {

std::string gzip(const std::string& text) {
  z_stream stream = {};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

TEST_CASE("what was packed comes back") {
  const std::string text(100'000, 'x');
  CHECK(gunzip(gzip(text), 1'000'000) == text);
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
