#include <array>
#include <utility>

#include "engine/expression/parser.h"
#include "engine/expression/parser_base.h"

namespace ddbplan::engine {
namespace {

class UpdateParser : public ParserBase {
 public:
  using ParserBase::ParserBase;

  std::optional<UpdateExpression> parse() {
    UpdateExpression update;
    std::array<bool, 4> seen{};
    do {
      const std::optional<UpdateClause> clause = take_clause();
      if (!clause) return std::nullopt;
      bool& seen_before = seen.at(static_cast<std::size_t>(*clause));
      if (seen_before && !update.repeated) update.repeated = clause;
      seen_before = true;
      do {
        std::optional<UpdateAction> parsed = action(*clause);
        if (!parsed) return std::nullopt;
        update.actions.push_back(*std::move(parsed));
      } while (accept(TokenKind::comma));
    } while (!is(TokenKind::end));
    update.symbols = std::move(symbols_);
    update.operators = operators_;
    return update;
  }

 private:
  std::optional<UpdateClause> take_clause() {
    std::optional<UpdateClause> clause;
    switch (peek().kind) {
      case TokenKind::keyword_set:
        clause = UpdateClause::set;
        break;
      case TokenKind::keyword_remove:
        clause = UpdateClause::remove;
        break;
      case TokenKind::keyword_add:
        clause = UpdateClause::add;
        break;
      case TokenKind::keyword_delete:
        clause = UpdateClause::erase;
        break;
      default:
        fail_syntax();
        return std::nullopt;
    }
    advance();
    return clause;
  }

  std::optional<UpdateAction> action(UpdateClause clause) {
    std::optional<Path> target = path();
    if (!target) return std::nullopt;
    UpdateAction action;
    action.clause = clause;
    action.target = *std::move(target);
    switch (clause) {
      case UpdateClause::remove:
        return action;
      case UpdateClause::set:
        return assignment(std::move(action));
      case UpdateClause::add:
      case UpdateClause::erase:
        break;
    }
    const Token value = peek();
    if (!expect(TokenKind::value_placeholder)) return std::nullopt;
    action.left = Operand{value_id(value.text)};
    return action;
  }

  /// The grammar has one '+' or '-': `a = b + c + d` is a syntax error. (API Reference,
  /// UpdateItem.)
  std::optional<UpdateAction> assignment(UpdateAction action) {
    if (!expect(TokenKind::equal)) return std::nullopt;
    action.left = operand();
    if (!action.left) return std::nullopt;
    if (!is(TokenKind::plus) && !is(TokenKind::minus)) return action;
    action.arithmetic = advance().text.front();
    count_operator();
    action.right = operand();
    if (!action.right) return std::nullopt;
    return action;
  }
};

class ProjectionParser : public ParserBase {
 public:
  using ParserBase::ParserBase;

  std::optional<ProjectionExpression> parse() {
    ProjectionExpression projection;
    do {
      std::optional<Path> parsed = path();
      if (!parsed) return std::nullopt;
      projection.paths.push_back(*std::move(parsed));
    } while (accept(TokenKind::comma));
    if (!expect(TokenKind::end)) return std::nullopt;
    projection.symbols = std::move(symbols_);
    return projection;
  }
};

}  // namespace

support::Result<UpdateExpression, std::string> parse_update(std::string_view text) {
  UpdateParser parser(text);
  std::optional<UpdateExpression> parsed = parser.parse();
  if (!parsed) return parser.take_error();
  return *std::move(parsed);
}

support::Result<ProjectionExpression, std::string> parse_projection(std::string_view text) {
  ProjectionParser parser(text);
  std::optional<ProjectionExpression> parsed = parser.parse();
  if (!parsed) return parser.take_error();
  return *std::move(parsed);
}

}  // namespace ddbplan::engine
