#include "engine/expression/lexer.h"

#include <array>
#include <utility>

#include "support/text.h"
#include "support/utf8.h"

namespace ddbplan::engine {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_letter(c) || is_digit(c) || c == '_';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::size_t word_length(std::string_view text) {
  std::size_t length = 0;
  while (length < text.size() && is_word(text[length])) ++length;
  return length;
}

TokenKind keyword_or_identifier(std::string_view word) {
  using enum TokenKind;
  constexpr std::array<std::pair<std::string_view, TokenKind>, 9> kKeywords = {{
      {"and", keyword_and},
      {"or", keyword_or},
      {"not", keyword_not},
      {"between", keyword_between},
      {"in", keyword_in},
      {"set", keyword_set},
      {"remove", keyword_remove},
      {"add", keyword_add},
      {"delete", keyword_delete},
  }};
  if (word.size() > 7) return identifier;
  const std::string lower = support::to_lower_ascii(word);
  for (const auto& [keyword, kind] : kKeywords) {
    if (lower == keyword) return kind;
  }
  return identifier;
}

/// Longer symbols first, so that "<=" is not read as "<".
constexpr std::array<std::pair<std::string_view, TokenKind>, 14> kSymbols = {{
    {"<>", TokenKind::not_equal},
    {"<=", TokenKind::less_equal},
    {">=", TokenKind::greater_equal},
    {"<", TokenKind::less},
    {">", TokenKind::greater},
    {"=", TokenKind::equal},
    {"(", TokenKind::left_paren},
    {")", TokenKind::right_paren},
    {"[", TokenKind::left_bracket},
    {"]", TokenKind::right_bracket},
    {".", TokenKind::dot},
    {",", TokenKind::comma},
    {"+", TokenKind::plus},
    {"-", TokenKind::minus},
}};

Token placeholder(std::string_view rest) {
  const std::size_t length = 1 + word_length(rest.substr(1));
  if (length == 1) return {TokenKind::bad, rest.substr(0, 1)};
  const TokenKind kind =
      rest.front() == '#' ? TokenKind::name_placeholder : TokenKind::value_placeholder;
  return {kind, rest.substr(0, length)};
}

Token integer(std::string_view rest) {
  std::size_t length = 1;
  // A list index has no leading zeros: "01" is two numbers, and so a syntax error.
  while (rest.front() != '0' && length < rest.size() && is_digit(rest[length])) ++length;
  return {TokenKind::integer, rest.substr(0, length)};
}

Token next_token(std::string_view rest) {
  const char first = rest.front();
  if (is_letter(first)) {
    const std::string_view word = rest.substr(0, word_length(rest));
    return {keyword_or_identifier(word), word};
  }
  if (first == '#' || first == ':') return placeholder(rest);
  if (is_digit(first)) return integer(rest);
  for (const auto& [symbol, kind] : kSymbols) {
    if (rest.substr(0, symbol.size()) == symbol) return {kind, rest.substr(0, symbol.size())};
  }
  return {TokenKind::bad, rest.substr(0, support::decode_code_point(rest).length)};
}

}  // namespace

std::vector<Token> tokenize(std::string_view expression) {
  std::vector<Token> tokens;
  std::string_view rest = expression;
  while (true) {
    while (!rest.empty() && is_blank(rest.front())) rest.remove_prefix(1);
    if (rest.empty()) break;
    tokens.push_back(next_token(rest));
    rest.remove_prefix(tokens.back().text.size());
  }
  tokens.push_back({TokenKind::end, rest});
  return tokens;
}

}  // namespace ddbplan::engine
