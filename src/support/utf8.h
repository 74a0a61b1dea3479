// UTF-8, one code point at a time; what text.h and the renderer of diagnostics share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ddbplan::support {

struct CodePoint {
  /// The first byte itself when it does not start a valid sequence.
  std::uint32_t value = 0;
  std::size_t length = 1;
  bool valid = true;
};

/// The code point that `text` begins with. REQUIRES: not empty. Overlong forms and surrogates are
/// not valid.
[[nodiscard]] CodePoint decode_code_point(std::string_view text);

/// `bytes` as a terminal may show them: \xNN and \uNNNN for what would drive or deceive it.
std::string shown_code_point(std::string_view bytes, const CodePoint& point);

}  // namespace ddbplan::support
