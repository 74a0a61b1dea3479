#include <utility>

#include "engine/expression/parser.h"
#include "engine/expression/parser_base.h"
#include "support/check.h"

namespace ddbplan::engine {
namespace {

/// An operand or a condition: after "(" only what follows tells which it is. Deciding late, instead
/// of trying one and then the other, keeps the time linear in the text.
struct Term {
  std::variant<Operand, Condition> node;
  bool in_parentheses = false;

  [[nodiscard]] bool is_operand() const { return node.index() == 0; }
};

class ConditionParser : public ParserBase {
 public:
  using ParserBase::ParserBase;

  std::optional<ConditionExpression> parse() {
    std::optional<Condition> root = as_condition(disjunction());
    if (root && !expect(TokenKind::end)) root.reset();
    if (!root) return std::nullopt;
    return ConditionExpression{std::move(symbols_), *std::move(root), operators_};
  }

 private:
  std::optional<Term> disjunction() {
    return chain<Or>(TokenKind::keyword_or, &ConditionParser::conjunction);
  }
  std::optional<Term> conjunction() {
    return chain<And>(TokenKind::keyword_and, &ConditionParser::negation);
  }

  template <class Chain>
  std::optional<Term> chain(TokenKind keyword, std::optional<Term> (ConditionParser::*next)()) {
    std::optional<Term> first = (this->*next)();
    if (!first || !is(keyword)) return first;
    Chain chain;
    std::optional<Condition> term = as_condition(std::move(first));
    while (term) {
      chain.terms.push_back(*std::move(term));
      if (!accept(keyword)) return Term{Condition{std::move(chain)}};
      count_operator();
      term = as_condition((this->*next)());
    }
    return std::nullopt;
  }

  std::optional<Term> negation() {
    if (!is(TokenKind::keyword_not)) return comparison();
    advance();
    count_operator();
    if (!enter()) return std::nullopt;
    std::optional<Condition> term = as_condition(negation());
    leave();
    if (!term) return std::nullopt;
    return Term{Condition{Not{std::make_unique<Condition>(*std::move(term))}}};
  }

  std::optional<Term> comparison() {
    std::optional<Term> first = is(TokenKind::left_paren) ? parentheses() : bare_operand();
    if (!first || !first->is_operand()) return first;
    if (const std::optional<Comparator> comparator = take_comparator()) {
      return compared(take_operand(*first), *comparator);
    }
    if (accept(TokenKind::keyword_between)) return between(take_operand(*first));
    if (accept(TokenKind::keyword_in)) return in(take_operand(*first));
    return first;
  }

  std::optional<Term> bare_operand() {
    std::optional<Operand> parsed = operand();
    if (!parsed) return std::nullopt;
    return Term{*std::move(parsed)};
  }

  std::optional<Term> parentheses() {
    if (!enter()) return std::nullopt;
    advance();
    std::optional<Term> inner = disjunction();
    if (inner && !expect(TokenKind::right_paren)) inner.reset();
    if (inner && inner->in_parentheses) {
      fail(std::string(kRedundantParentheses));
      inner.reset();
    }
    if (inner) inner->in_parentheses = true;
    leave();
    return inner;
  }

  std::optional<Comparator> take_comparator() {
    std::optional<Comparator> comparator;
    switch (peek().kind) {
      case TokenKind::equal:
        comparator = Comparator::equal;
        break;
      case TokenKind::not_equal:
        comparator = Comparator::not_equal;
        break;
      case TokenKind::less:
        comparator = Comparator::less;
        break;
      case TokenKind::less_equal:
        comparator = Comparator::less_equal;
        break;
      case TokenKind::greater:
        comparator = Comparator::greater;
        break;
      case TokenKind::greater_equal:
        comparator = Comparator::greater_equal;
        break;
      default:
        return std::nullopt;
    }
    advance();
    return comparator;
  }

  std::optional<Term> compared(Operand left, Comparator comparator) {
    count_operator();
    std::optional<Operand> right = operand();
    if (!right) return std::nullopt;
    return Term{Condition{Comparison{comparator, std::move(left), *std::move(right)}}};
  }

  std::optional<Term> between(Operand value) {
    count_operator();
    std::optional<Operand> low = operand();
    if (!low || !expect(TokenKind::keyword_and)) return std::nullopt;
    std::optional<Operand> high = operand();
    if (!high) return std::nullopt;
    return Term{Condition{Between{std::move(value), *std::move(low), *std::move(high)}}};
  }

  std::optional<Term> in(Operand value) {
    count_operator();
    if (!expect(TokenKind::left_paren)) return std::nullopt;
    std::optional<std::vector<Operand>> candidates = operand_list();
    if (!candidates || !expect(TokenKind::right_paren)) return std::nullopt;
    return Term{Condition{In{std::move(value), *std::move(candidates)}}};
  }

  static Operand take_operand(Term& term) { return std::get<Operand>(std::move(term.node)); }

  /// A function call may stand where a condition is wanted; which functions may is checked later.
  std::optional<Condition> as_condition(std::optional<Term> term) {
    if (!term) return std::nullopt;
    if (!term->is_operand()) return std::get<Condition>(std::move(term->node));
    Operand operand = take_operand(*term);
    if (auto* call = std::get_if<std::unique_ptr<FunctionCall>>(&operand.node)) {
      return Condition{std::move(**call)};
    }
    fail_syntax();
    return std::nullopt;
  }
};

}  // namespace

support::Result<ConditionExpression, std::string> parse_condition(std::string_view text) {
  ConditionParser parser(text);
  std::optional<ConditionExpression> parsed = parser.parse();
  if (!parsed) return parser.take_error();
  return *std::move(parsed);
}

}  // namespace ddbplan::engine
