// Reads a short text from left to right: what quantities, attribute types and expressions are
// parsed with. Positions are byte offsets into the text; span_within (node.h) turns them into
// places of the file.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace ddbplan::schema {

/// What is wrong with a value, and which bytes of it.
struct ValueError {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string message;
  std::string help;
};

class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {}

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::size_t position() const { return at_; }
  void rewind(std::size_t position) { at_ = position; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

  void skip_blanks();
  /// After blanks.
  [[nodiscard]] bool at_end();
  [[nodiscard]] char peek();
  /// The literal, exactly, after blanks.
  bool accept(std::string_view literal);
  /// The word, whole: `accept_word("in")` refuses "inside".
  bool accept_word(std::string_view word);
  /// A name: a letter or `_`, then letters, digits and `_`.
  std::optional<std::string> name();
  /// Like name(), without moving.
  [[nodiscard]] std::string peek_name();
  /// Whatever stands up to the next blank, or nothing: for messages.
  [[nodiscard]] std::string_view next_token();

  struct Number {
    double value = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  /// Digits, with an optional sign, fraction and exponent. An exponent needs a digit behind its
  /// `e`, so that "5 events" and "5e" stay a number and a word. No inf, no nan, no hexadecimal.
  std::optional<Number> number();

  /// An error over the next token (or at the end of the text).
  [[nodiscard]] ValueError error_here(std::string message, std::string help = {});

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

[[nodiscard]] bool is_name_start(char c);
[[nodiscard]] bool is_name_character(char c);
[[nodiscard]] bool is_digit(char c);

}  // namespace ddbplan::schema
