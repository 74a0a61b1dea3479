// What the three parsers share: the tokens, the symbols, paths, operands and the first error.
// A function that returns nullopt has set the error; its callers return at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/expression/ast.h"
#include "engine/expression/lexer.h"

namespace ddbplan::engine {

class ParserBase {
 public:
  explicit ParserBase(std::string_view text);
  [[nodiscard]] std::string take_error() { return std::move(error_); }

 protected:
  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const;
  [[nodiscard]] bool is(TokenKind kind) const { return peek().kind == kind; }
  const Token& advance();
  /// Takes the token if it is of this kind, else sets a syntax error.
  bool expect(TokenKind kind);
  /// Takes the token if it is of this kind.
  bool accept(TokenKind kind);

  std::optional<Path> path();
  /// A path, a value, a function call, or one of them in parentheses.
  std::optional<Operand> operand();
  std::optional<std::vector<Operand>> operand_list();
  std::optional<FunctionCall> function_call();
  [[nodiscard]] bool at_function_call() const;
  ValueId value_id(std::string_view placeholder);

  /// "Syntax error; token: ..., near: ..." about the present token.
  void fail_syntax();
  void fail(std::string message);
  [[nodiscard]] bool failed() const { return !error_.empty(); }

  /// Counts operators and functions.
  void count_operator() { ++operators_; }
  /// Guards every recursion. False (and the error is set) when the expression is too deep.
  bool enter();
  void leave() { --depth_; }

  Symbols symbols_;
  int operators_ = 0;

 private:
  NameId name_id(std::string_view name);

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string error_;
};

inline constexpr std::string_view kRedundantParentheses =
    "The expression has redundant parentheses;";

/// Operators and functions in one expression. (Developer Guide, "Constraints": 300.)
inline constexpr int kOperatorsMax = 300;

}  // namespace ddbplan::engine
