#include "schema/cursor.h"

#include <charconv>
#include <cstdlib>
#include <limits>

namespace ddbplan::schema {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_character(char c) {
  return is_name_start(c) || is_digit(c);
}

void Cursor::skip_blanks() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n'))
    ++at_;
}

bool Cursor::at_end() {
  skip_blanks();
  return at_ >= text_.size();
}

char Cursor::peek() {
  return at_end() ? '\0' : text_[at_];
}

bool Cursor::accept(std::string_view literal) {
  skip_blanks();
  if (text_.substr(at_, literal.size()) != literal) return false;
  at_ += literal.size();
  return true;
}

bool Cursor::accept_word(std::string_view word) {
  const std::size_t before = at_;
  if (!accept(word)) return false;
  if (at_ < text_.size() && is_name_character(text_[at_])) {
    at_ = before;
    return false;
  }
  return true;
}

std::optional<std::string> Cursor::name() {
  skip_blanks();
  if (at_ >= text_.size() || !is_name_start(text_[at_])) return std::nullopt;
  const std::size_t begin = at_;
  while (at_ < text_.size() && is_name_character(text_[at_])) ++at_;
  return std::string(text_.substr(begin, at_ - begin));
}

std::string Cursor::peek_name() {
  const std::size_t before = at_;
  std::string found = name().value_or("");
  at_ = before;
  return found;
}

std::string_view Cursor::next_token() {
  skip_blanks();
  const std::string_view left = rest();
  return left.substr(0, left.find_first_of(" \t\n"));
}

std::optional<Cursor::Number> Cursor::number() {
  skip_blanks();
  const std::size_t begin = at_;
  std::size_t at = at_;
  if (at < text_.size() && (text_[at] == '-' || text_[at] == '+')) ++at;
  const std::size_t digits = at;
  while (at < text_.size() && is_digit(text_[at])) ++at;
  if (at == digits) return std::nullopt;
  if (at + 1 < text_.size() && text_[at] == '.' && is_digit(text_[at + 1])) {
    ++at;
    while (at < text_.size() && is_digit(text_[at])) ++at;
  }
  if (at < text_.size() && (text_[at] == 'e' || text_[at] == 'E')) {
    std::size_t exponent = at + 1;
    if (exponent < text_.size() && (text_[exponent] == '-' || text_[exponent] == '+')) ++exponent;
    if (exponent < text_.size() && is_digit(text_[exponent])) {
      at = exponent;
      while (at < text_.size() && is_digit(text_[at])) ++at;
    }
  }
  std::string_view digits_text = text_.substr(begin, at - begin);
  if (digits_text.front() == '+') digits_text.remove_prefix(1);
  double value = 0;
  const auto result =
      std::from_chars(digits_text.data(), digits_text.data() + digits_text.size(), value);
  if (result.ec == std::errc::result_out_of_range) {
    // 1e999: absurd, and reported as such by whoever checks the range.
    value =
        digits_text.find("e-") != std::string_view::npos ? 0 : std::numeric_limits<double>::max();
  }
  at_ = at;
  return Number{value, begin, at};
}

ValueError Cursor::error_here(std::string message, std::string help) {
  const std::string_view token = next_token();
  return {at_, at_ + token.size(), std::move(message), std::move(help)};
}

}  // namespace ddbplan::schema
