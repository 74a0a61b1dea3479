#include "seed/values.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "design/encoding.h"

namespace ddbplan::seed {

using dynamo::AttributeValue;
using dynamo::Decimal;
using support::Prng;

namespace {

/// 64 of them: six bits choose one.
constexpr std::string_view kTextCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
constexpr std::string_view kWordCharacters =
    "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZab";
constexpr std::string_view kFirstLetters = "abcdefghij";
constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::string_view kBase62 =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kHexadecimal = "0123456789abcdef";

std::string random_characters(Prng& prng, std::size_t bytes, std::string_view characters) {
  constexpr std::size_t kPerDraw = 10;  // of 6 bits each
  std::string text(bytes, 'a');
  const char* const from = characters.data();
  char* const begin = text.data();
  for (std::size_t done = 0; done < bytes; done += kPerDraw) {
    std::uint64_t bits = prng.next();
    const std::size_t count = std::min(kPerDraw, bytes - done);
    for (std::size_t i = 0; i < count; ++i, bits >>= 6U) begin[done + i] = from[bits & 63U];
  }
  return text;
}

void make_hostile(Prng& prng, std::string& text) {
  static constexpr std::array<std::string_view, 8> kPieces{" ",  "#",        "$",        "\"",
                                                           "\\", "\xC3\xA9", "\xC3\x9F", "\n"};
  const std::string_view piece = kPieces[prng.below(kPieces.size())];
  // Not the first byte: that one keeps its frequency.
  if (text.size() < piece.size() + 1) return;
  const std::size_t at = 1 + prng.below(text.size() - piece.size());
  text.replace(at, piece.size(), piece);
}

std::size_t at_least_one(std::int64_t bytes) {
  return static_cast<std::size_t>(std::max<std::int64_t>(bytes, 1));
}

/// `count` digits, the first and the last not zero, so that none is trimmed.
std::string random_digits(Prng& prng, std::int64_t count) {
  std::string digits;
  for (std::int64_t i = 0; i < count; ++i) {
    const bool is_end = i == 0 || i + 1 == count;
    digits += static_cast<char>(is_end ? '1' + prng.below(9) : '0' + prng.below(10));
  }
  return digits;
}

std::string digits_of_size(Prng& prng, std::int64_t bytes) {
  const std::int64_t pairs = std::clamp<std::int64_t>(bytes - 1, 1, 19);
  return random_digits(prng, 2 * pairs - static_cast<std::int64_t>(prng.below(2)));
}

}  // namespace

std::string random_text(Prng& prng, std::int64_t bytes) {
  std::string text = random_characters(prng, at_least_one(bytes), kTextCharacters);
  text.front() = kFirstLetters[prng.below(kFirstLetters.size())];
  if (prng.below(8) == 0) make_hostile(prng, text);
  return text;
}

std::string random_word(Prng& prng, std::int64_t bytes) {
  return random_characters(prng, at_least_one(bytes), kWordCharacters);
}

std::string random_ulid(Prng& prng, std::int64_t ms) {
  std::string text = design::ulid_time(ms);
  std::uint64_t bits = 0;
  for (int i = 0; i < 16; ++i) {
    if (i % 12 == 0) bits = prng.next();
    text += kCrockford[bits & 31U];
    bits >>= 5U;
  }
  return text;
}

std::string random_ksuid(Prng& prng, std::int64_t ms) {
  // 20 bytes, big-endian: seconds since 2014-05-13 and 16 random bytes, as 27 digits of base 62.
  constexpr std::int64_t kKsuidEpoch = 1'400'000'000;
  std::array<std::uint32_t, 5> words{};
  words[0] = static_cast<std::uint32_t>(std::max<std::int64_t>(ms / 1000 - kKsuidEpoch, 0));
  for (std::size_t i = 1; i < words.size(); ++i) words[i] = static_cast<std::uint32_t>(prng.next());
  std::string text(27, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit) {
    std::uint64_t rest = 0;
    for (std::uint32_t& word : words) {
      const std::uint64_t value = (rest << 32U) | word;
      word = static_cast<std::uint32_t>(value / 62);
      rest = value % 62;
    }
    *digit = kBase62[rest];
  }
  return text;
}

std::string random_uuid(Prng& prng) {
  std::string text = "xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx";
  std::uint64_t bits = 0;
  int left = 0;
  for (char& c : text) {
    if (c != 'x' && c != 'y') continue;
    if (left == 0) {
      bits = prng.next();
      left = 16;
    }
    const std::uint64_t digit = c == 'x' ? bits & 15U : 8 + (bits & 3U);
    c = kHexadecimal[digit];
    bits >>= 4U;
    --left;
  }
  return text;
}

std::string random_uuid7(Prng& prng, std::int64_t ms) {
  std::string text = random_uuid(prng);
  text[14] = '7';
  auto rest = static_cast<std::uint64_t>(std::max<std::int64_t>(ms, 0));
  for (std::size_t place = 13; place-- > 0;) {
    if (text[place] == '-') continue;
    text[place] = kHexadecimal[rest & 15U];
    rest >>= 4U;
  }
  return text;
}

Decimal random_whole(Prng& prng, std::int64_t bytes) {
  if (bytes <= 1) return {};
  return *Decimal::parse(digits_of_size(prng, bytes));
}

Decimal random_decimal(Prng& prng, std::int64_t bytes) {
  if (bytes <= 1) return {};
  return *Decimal::parse(digits_of_size(prng, bytes) + "e-2");
}

namespace {

/// Splits what a collection holds besides its own 3 bytes into sizes of entries, each with
/// `overhead`.
std::vector<std::int64_t> entry_sizes(std::int64_t bytes, std::int64_t entries,
                                      std::int64_t overhead) {
  constexpr std::int64_t kEntryBytes = 100;
  const std::int64_t content = bytes - 3;
  if (content < overhead + 1) return {};
  std::int64_t count = entries > 0 ? entries : (content + kEntryBytes - 1) / kEntryBytes;
  count = std::clamp<std::int64_t>(count, 1, content / (overhead + 1));
  std::vector<std::int64_t> sizes;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t end = content * (i + 1) / count;
    sizes.push_back(end - content * i / count - overhead);
  }
  return sizes;
}

}  // namespace

AttributeValue random_list(Prng& prng, std::int64_t bytes, std::int64_t entries) {
  const std::vector<std::int64_t> sizes = entry_sizes(bytes, entries, 1);
  dynamo::List list;
  list.reserve(sizes.size());
  for (const std::int64_t size : sizes) {
    list.push_back(AttributeValue::string(random_text(prng, size)));
  }
  return {AttributeValue::Variant(std::move(list))};
}

AttributeValue random_map(Prng& prng, std::int64_t bytes, std::int64_t entries) {
  // Keys of three letters, in order: aaa, aab, ...; with the child's byte 4 beside the value.
  dynamo::Map map;
  std::size_t n = 0;
  for (const std::int64_t size : entry_sizes(bytes, entries, 4)) {
    std::string key(3, 'a');
    for (std::size_t rest = n++, place = 3; place-- > 0; rest /= 26) {
      key[place] = static_cast<char>('a' + rest % 26);
    }
    map.emplace_hint(map.end(), std::move(key), AttributeValue::string(random_text(prng, size)));
  }
  return {AttributeValue::Variant(std::move(map))};
}

AttributeValue random_set(Prng& prng, model::ValueType element, std::int64_t bytes,
                          std::int64_t entries) {
  const std::int64_t count = std::clamp<std::int64_t>(entries, 1, std::max<std::int64_t>(bytes, 1));
  const bool is_number =
      element == model::ValueType::integer || element == model::ValueType::number;
  std::set<std::string> texts;
  std::vector<Decimal> numbers;
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t size = bytes * (i + 1) / count - bytes * i / count;
    if (is_number) {
      numbers.push_back(random_whole(prng, size));
    } else if (element == model::ValueType::ulid) {
      texts.insert(random_ulid(prng, static_cast<std::int64_t>(prng.below(1'700'000'000'000))));
    } else if (element == model::ValueType::uuid) {
      texts.insert(random_uuid(prng));
    } else {
      texts.insert(random_text(prng, size));
    }
  }
  if (is_number) return {AttributeValue::Variant(dynamo::make_number_set(std::move(numbers)))};
  return {AttributeValue::Variant(dynamo::make_string_set({texts.begin(), texts.end()}))};
}

namespace {

/// Other texts have these four letters by chance in one of ten million places.
constexpr std::string_view kSoughtStart = "zz";

std::string sought_word(std::uint64_t number) {
  std::string word(kSoughtStart);
  word += static_cast<char>('a' + number / 26 % 26);
  word += static_cast<char>('a' + number % 26);
  return word;
}

/// The bytes that the word does not take go to another element.
void put_into_set(Prng& prng, const std::string& word, dynamo::StringSet& set) {
  if (set.elements.empty()) return;
  const auto spare = static_cast<std::int64_t>(set.elements.front().size()) - kSoughtBytes;
  set.elements.erase(set.elements.begin());
  if (!set.elements.empty() && spare > 0) {
    std::string longer = set.elements.back() + random_word(prng, spare);
    set.elements.pop_back();
    set.elements.push_back(std::move(longer));
  }
  set.elements.push_back(word);
  std::sort(set.elements.begin(), set.elements.end());
}

}  // namespace

void put_sought_word(Prng& prng, int words, AttributeValue& value) {
  const std::string word = sought_word(prng.below(static_cast<std::uint64_t>(words)));
  if (auto* set = std::get_if<dynamo::StringSet>(&value.data))
    return put_into_set(prng, word, *set);
  const std::string* text = value.as_string();
  const auto bytes = text == nullptr ? 0 : static_cast<std::int64_t>(text->size());
  if (bytes > kSoughtBytes)
    value = AttributeValue::string(random_text(prng, bytes - kSoughtBytes) + word);
}

std::string sought_word_in(const AttributeValue& value) {
  if (const auto* set = std::get_if<dynamo::StringSet>(&value.data)) {
    for (const std::string& element : set->elements) {
      if (element.size() == kSoughtBytes && element.starts_with(kSoughtStart)) return element;
    }
    return {};
  }
  const std::string* text = value.as_string();
  if (text == nullptr || text->size() <= kSoughtBytes) return {};
  std::string word = text->substr(text->size() - kSoughtBytes);
  return word.starts_with(kSoughtStart) ? word : std::string();
}

bool same_value(const dynamo::Item& a, const dynamo::Item& b, const std::string& name) {
  const auto* left = a.find(name);
  const auto* right = b.find(name);
  if (left == a.end() || right == b.end()) return left == a.end() && right == b.end();
  return left->second == right->second;
}

}  // namespace ddbplan::seed
