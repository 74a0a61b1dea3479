#include "dynamo/json_text.h"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>

namespace ddbplan::dynamo {
namespace {

bool needs_escape(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == '"' || byte == '\\';
}

/// What compilers make one register of; comparing two gives all ones where it holds.
using Block = unsigned char __attribute__((vector_size(16)));
using HalfBlock = unsigned char __attribute__((vector_size(8)));

/// The place in memory of the first byte that is not zero. REQUIRES: there is one.
std::size_t first_byte(std::uint64_t bytes) {
  const int bits = std::endian::native == std::endian::little ? std::countr_zero(bytes)
                                                              : std::countl_zero(bytes);
  return static_cast<std::size_t>(bits) / 8;
}

/// All ones in the bytes of a block that need an escape.
template <class Bytes>
auto ends_in(const char* from) {
  Bytes bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  const auto ends = (bytes < 0x20) | (bytes == '"') | (bytes == '\\');
  std::array<std::uint64_t, sizeof(Bytes) / sizeof(std::uint64_t)> words{};
  std::memcpy(words.data(), &ends, sizeof words);
  return words;
}

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "\\u00";
  out += kDigits[byte >> 4U];
  out += kDigits[byte & 15U];
}

std::optional<std::uint32_t> hexadecimal(std::string_view text, std::size_t& at) {
  if (at + 4 > text.size()) return std::nullopt;
  std::uint32_t code = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = text[at++];
    code <<= 4U;
    if (c >= '0' && c <= '9') {
      code += static_cast<std::uint32_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      code += static_cast<std::uint32_t>(c - 'a' + 10);
    } else if (c >= 'A' && c <= 'F') {
      code += static_cast<std::uint32_t>(c - 'A' + 10);
    } else {
      return std::nullopt;
    }
  }
  return code;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | (code >> 6U));
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | (code >> 12U));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | (code >> 18U));
    put(0x80U | ((code >> 12U) & 0x3FU));
    put(0x80U | ((code >> 6U) & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

}  // namespace

/// Sixteen bytes at a time: most texts are plain. Of a Query's answer over HTTP this was a sixth of
/// the work with eight. Of what is left the last eight are looked at, again some of them.
std::size_t json_plain_end(std::string_view text, std::size_t from) {
  std::size_t at = from;
  for (; at + sizeof(Block) <= text.size(); at += sizeof(Block)) {
    const auto [low, high] = ends_in<Block>(text.data() + at);
    if ((low | high) == 0) continue;
    return at + (low != 0 ? first_byte(low) : 8 + first_byte(high));
  }
  if (at + sizeof(HalfBlock) <= text.size()) {
    const auto [ends] = ends_in<HalfBlock>(text.data() + at);
    if (ends != 0) return at + first_byte(ends);
    at += sizeof(HalfBlock);
  }
  if (at < text.size() && from + sizeof(HalfBlock) <= text.size()) {
    const std::size_t last = text.size() - sizeof(HalfBlock);
    const auto [ends] = ends_in<HalfBlock>(text.data() + last);
    return ends == 0 ? text.size() : last + first_byte(ends);
  }
  while (at < text.size() && !needs_escape(text[at])) ++at;
  return at;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  append_json_text(out, text);
  out += '"';
}

void append_json_text(std::string& out, std::string_view text) {
  std::size_t start = 0;
  while (true) {
    const std::size_t end = json_plain_end(text, start);
    out.append(text, start, end - start);
    if (end == text.size()) break;
    append_escaped(out, text[end]);
    start = end + 1;
  }
}

bool append_json_escape(std::string& out, std::string_view text, std::size_t& at) {
  constexpr std::string_view kShort = "\"\\/bfnrt";
  constexpr std::string_view kMeaning = "\"\\/\b\f\n\r\t";
  if (at >= text.size()) return false;
  const char c = text[at++];
  if (const std::size_t place = kShort.find(c); place != std::string_view::npos) {
    out += kMeaning[place];
    return true;
  }
  std::optional<std::uint32_t> code = c == 'u' ? hexadecimal(text, at) : std::nullopt;
  if (!code) return false;
  if (*code >= 0xD800 && *code < 0xDC00) {
    const bool has_second = text.substr(at, 2) == "\\u";
    if (has_second) at += 2;
    const std::optional<std::uint32_t> low = has_second ? hexadecimal(text, at) : std::nullopt;
    if (!low || *low < 0xDC00 || *low > 0xDFFF) return false;
    code = 0x10000 + ((*code - 0xD800) << 10U) + (*low - 0xDC00);
  } else if (*code >= 0xDC00 && *code <= 0xDFFF) {
    return false;
  }
  append_utf8(out, *code);
  return true;
}

}  // namespace ddbplan::dynamo
