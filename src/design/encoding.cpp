#include "design/encoding.h"

#include <algorithm>

namespace ddbplan::design {
namespace {

constexpr char kEscape = '$';
constexpr int kEscapeShift = 0x40;

/// The digits of |number| * 10^scale; nullopt when that is not whole.
std::optional<std::string> scaled_digits(const dynamo::Decimal& number, int scale) {
  std::string text = number.to_string();
  if (!text.empty() && text.front() == '-') text.erase(0, 1);
  const std::size_t point = text.find('.');
  std::string fraction;
  if (point != std::string::npos) {
    fraction = text.substr(point + 1);
    text.resize(point);
  }
  const auto places = static_cast<std::size_t>(std::max(scale, 0));
  if (fraction.size() > places) return std::nullopt;
  fraction.append(places - fraction.size(), '0');
  text += fraction;
  const std::size_t first = text.find_first_not_of('0');
  return first == std::string::npos ? std::string() : text.substr(first);
}

std::optional<std::string> padded_magnitude(const dynamo::Decimal& number, int width, int scale) {
  const std::optional<std::string> digits = scaled_digits(number, scale);
  const auto columns = static_cast<std::size_t>(std::max(width, 0));
  if (!digits || digits->size() > columns) return std::nullopt;
  return std::string(columns - digits->size(), '0') + *digits;
}

/// 10^width - 1 - n for the `width` digits of n.
std::string nines_complement(std::string digits) {
  for (char& digit : digits) digit = static_cast<char>('0' + ('9' - digit));
  return digits;
}

}  // namespace

std::string escape_text(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > static_cast<unsigned char>(kEscape)) {
      out += c;
    } else {
      out += kEscape;
      out += static_cast<char>(byte + kEscapeShift);
    }
  }
  return out;
}

std::optional<std::string> padded_number(const dynamo::Decimal& number, int width, int scale) {
  std::optional<std::string> digits = padded_magnitude(number, width, scale);
  if (!digits || !number.is_negative()) return digits;
  // The complement is one less than the distance from -10^width, which changes no order.
  return "-" + nines_complement(*std::move(digits));
}

std::optional<std::string> inverted_number(const dynamo::Decimal& number, int width, int scale) {
  std::optional<std::string> digits = padded_magnitude(number, width, scale);
  if (!digits) return std::nullopt;
  if (number.is_negative()) return ":" + *digits;
  return nines_complement(*std::move(digits));
}

std::string ulid_time(std::int64_t ms) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  std::string text(10, '0');
  auto rest = static_cast<std::uint64_t>(std::max<std::int64_t>(ms, 0));
  for (auto place = text.rbegin(); place != text.rend(); ++place) {
    *place = kAlphabet[rest % 32];
    rest /= 32;
  }
  return text;
}

std::string hexadecimal(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

}  // namespace ddbplan::design
