#include "dynamo/reserved.h"

#include <algorithm>
#include <string>

#include "dynamo/limits.h"
#include "dynamo/reserved_words.h"

namespace ddbplan::dynamo {
namespace {

static_assert(std::is_sorted(kReservedWords.begin(), kReservedWords.end()));

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

bool is_reserved_word(std::string_view name) {
  std::string upper(name);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return std::binary_search(kReservedWords.begin(), kReservedWords.end(), std::string_view(upper));
}

bool is_plain_expression_name(std::string_view name) {
  if (name.empty() || !is_letter(name.front())) return false;
  const bool is_word = std::all_of(name.begin(), name.end(),
                                   [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
  return is_word && !is_reserved_word(name);
}

bool is_valid_resource_name(std::string_view name) {
  if (name.size() < limits::kNameLengthMin || name.size() > limits::kNameLengthMax) return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.';
  });
}

}  // namespace ddbplan::dynamo
