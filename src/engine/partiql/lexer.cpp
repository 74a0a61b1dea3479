#include "engine/partiql/lexer.h"

#include <algorithm>
#include <array>

namespace ddbplan::engine::partiql {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    std::vector<Token> tokens;
    while (true) {
      skip_blanks();
      if (at_ == text_.size()) break;
      tokens.push_back(next());
      if (tokens.back().kind == TokenKind::bad) break;
    }
    tokens.push_back({});
    return tokens;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  Token next() {
    const char c = text_[at_];
    if (c == '\'') return quoted('\'', TokenKind::string);
    if (c == '"') return quoted('"', TokenKind::identifier);
    if (is_letter(c)) return word();
    const bool starts_fraction = c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]);
    if (is_digit(c) || starts_fraction) return number();
    return symbol();
  }

  /// A doubled quote stands for one.
  Token quoted(char quote, TokenKind kind) {
    Token token{kind, {}};
    ++at_;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c != quote) {
        token.text += c;
      } else if (at_ < text_.size() && text_[at_] == quote) {
        token.text += text_[at_++];
      } else {
        return token;
      }
    }
    return {TokenKind::bad, {}};
  }

  Token word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    return {TokenKind::word, std::string(text_.substr(start, at_ - start))};
  }

  void digits() {
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  }

  Token number() {
    const std::size_t start = at_;
    digits();
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      digits();
    }
    if (at_ < text_.size() && upper(text_[at_]) == 'E') {
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      digits();
    }
    return {TokenKind::number, std::string(text_.substr(start, at_ - start))};
  }

  Token symbol() {
    static constexpr std::array<std::string_view, 6> kDoubles = {"<<", ">>", "<>",
                                                                 "<=", ">=", "!="};
    const std::string_view two = text_.substr(at_, 2);
    if (std::find(kDoubles.begin(), kDoubles.end(), two) != kDoubles.end()) {
      at_ += 2;
      return {TokenKind::symbol, std::string(two)};
    }
    const char c = text_[at_++];
    constexpr std::string_view kSingles = ",.()[]{}:=<>+-*?";
    if (kSingles.find(c) == std::string_view::npos) return {TokenKind::bad, {}};
    return {TokenKind::symbol, std::string(1, c)};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> tokenize(std::string_view statement) {
  return Lexer(statement).run();
}

bool is_keyword(const Token& token, std::string_view keyword) {
  return token.kind == TokenKind::word &&
         std::equal(token.text.begin(), token.text.end(), keyword.begin(), keyword.end(),
                    [](char a, char b) { return upper(a) == b; });
}

}  // namespace ddbplan::engine::partiql
