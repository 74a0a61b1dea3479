#include "serve/compression.h"

#include <algorithm>
#include <memory>

#include <libdeflate.h>

namespace ddbplan::serve {
namespace {

struct Free {
  void operator()(libdeflate_decompressor* decompressor) const {
    libdeflate_free_decompressor(decompressor);
  }
};

}  // namespace

std::optional<std::string> gunzip(std::string_view compressed, std::size_t bytes_max) {
  const std::unique_ptr<libdeflate_decompressor, Free> decompressor(
      libdeflate_alloc_decompressor());
  if (decompressor == nullptr) return std::nullopt;
  // How long it becomes only the end of the stream says, and whom that is from nobody knows.
  constexpr std::size_t kUsualRatio = 8;
  constexpr std::size_t kSizeMin = 4096;
  for (std::size_t size = std::max(compressed.size() * kUsualRatio, kSizeMin);; size *= 4) {
    std::string out(std::min(size, bytes_max), '\0');
    std::size_t length = 0;
    const libdeflate_result result = libdeflate_gzip_decompress(
        decompressor.get(), compressed.data(), compressed.size(), out.data(), out.size(), &length);
    if (result == LIBDEFLATE_INSUFFICIENT_SPACE && size < bytes_max) continue;
    if (result != LIBDEFLATE_SUCCESS) return std::nullopt;
    out.resize(length);
    return out;
  }
}

std::uint32_t crc32(std::string_view bytes) {
  return libdeflate_crc32(0, bytes.data(), bytes.size());
}

}  // namespace ddbplan::serve
