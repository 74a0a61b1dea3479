#include "dynamo/json_text.h"

#include <doctest/doctest.h>

using namespace ddbplan;

namespace {

/// One byte after another, as the standard says it (RFC 8259, section 7).
std::size_t plain_end(std::string_view text, std::size_t from) {
  for (std::size_t at = from; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x20 || byte == '"' || byte == '\\') return at;
  }
  return text.size();
}

}  // namespace

TEST_CASE("plain text ends at the first quote, backslash or control character, wherever that is") {
  for (int value = 0; value < 256; ++value) {
    for (std::size_t size = 0; size <= 40; size += 1) {
      std::string text(size, 'a');
      for (std::size_t place = 0; place < size; place += 3) {
        text[place] = static_cast<char>(value);
        if (place + 1 < size) text[place + 1] = '\x01';
        for (const std::size_t from : {std::size_t{0}, place / 2, place, place + 1}) {
          if (from > size) continue;
          REQUIRE(dynamo::json_plain_end(text, from) == plain_end(text, from));
        }
        text[place] = 'a';
        if (place + 1 < size) text[place + 1] = 'a';
      }
    }
  }
}
