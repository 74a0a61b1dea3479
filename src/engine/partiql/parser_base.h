// Tokens, names, paths and literal values of a statement. A function that returns false or nullopt
// has set the error; its callers return at once.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dynamo/request.h"
#include "engine/expression/tree_builder.h"
#include "engine/partiql/lexer.h"

namespace ddbplan::engine::partiql {

class ParserBase {
 public:
  explicit ParserBase(const dynamo::Statement& statement);

 protected:
  [[nodiscard]] bool failed() const { return !error_.empty(); }
  [[nodiscard]] std::string take_error() { return std::move(error_); }
  bool fail(std::string message);
  bool fail_syntax();

  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const;
  void advance() { ++at_; }
  [[nodiscard]] bool is_end() const { return peek().kind == TokenKind::end; }
  [[nodiscard]] bool is(std::string_view symbol) const;
  bool accept(std::string_view symbol);
  bool expect(std::string_view symbol);
  char take_symbol();
  [[nodiscard]] bool is_keyword_next(std::string_view keyword) const;
  bool accept_keyword(std::string_view keyword);
  bool expect_keyword(std::string_view keyword);
  /// A function's name and its parenthesis. `name` is in capitals.
  [[nodiscard]] bool is_function_next(std::string_view name) const;
  [[nodiscard]] bool is_name() const;
  bool name(std::string& out);

  std::optional<Path> path();
  /// A literal, or a question mark's parameter.
  std::optional<dynamo::AttributeValue> value();
  [[nodiscard]] bool is_value_next() const;
  ValueId add_value(dynamo::AttributeValue content) { return symbols_.value(std::move(content)); }
  [[nodiscard]] const TreeBuilder& symbols() const { return symbols_; }
  TreeBuilder take_symbols() { return std::move(symbols_); }
  [[nodiscard]] bool all_parameters_used() const {
    return used_parameters_ <= statement_.parameters.size();
  }
  /// Guards every recursion.
  bool enter();
  void leave() { --depth_; }

 private:
  std::optional<dynamo::AttributeValue> number(bool negative);
  std::optional<dynamo::AttributeValue> list();
  std::optional<dynamo::AttributeValue> map();
  std::optional<dynamo::AttributeValue> set();
  std::optional<dynamo::AttributeValue> parameter();

  const dynamo::Statement& statement_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t used_parameters_ = 0;
  int depth_ = 0;
  std::string error_;
  TreeBuilder symbols_;
};

}  // namespace ddbplan::engine::partiql
