#include "serve/compression.h"

#include <array>

#include <zlib.h>

namespace ddbplan::serve {
namespace {

/// zlib's way to ask for a gzip header: 16 more than the window's bits.
constexpr int kGzipWindowBits = 15 + 16;

struct Inflater {
  z_stream stream = {};
  bool is_ready = false;
  Inflater() { is_ready = inflateInit2(&stream, kGzipWindowBits) == Z_OK; }
  ~Inflater() {
    if (is_ready) inflateEnd(&stream);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
};

}  // namespace

std::optional<std::string> gunzip(std::string_view compressed, std::size_t bytes_max) {
  Inflater inflater;
  if (!inflater.is_ready) return std::nullopt;
  z_stream& stream = inflater.stream;
  // zlib does not write through it; its interface is older than const.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(compressed.data()));
  stream.avail_in = static_cast<uInt>(compressed.size());
  std::string out;
  std::array<char, 16384> chunk = {};
  int status = Z_OK;
  while (status == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(chunk.data());
    stream.avail_out = chunk.size();
    status = inflate(&stream, Z_NO_FLUSH);
    out.append(chunk.data(), chunk.size() - stream.avail_out);
    if (out.size() > bytes_max) return std::nullopt;
  }
  if (status != Z_STREAM_END) return std::nullopt;
  return out;
}

std::uint32_t crc32(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

}  // namespace ddbplan::serve
