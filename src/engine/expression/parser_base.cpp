#include "engine/expression/parser_base.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include <fmt/format.h>

namespace ddbplan::engine {
namespace {

/// Deeper than any expression within the limit on operators: between two parentheses or NOTs that
/// are not redundant stands at least one operator.
constexpr int kDepthMax = 2 * kOperatorsMax;

Function function_named(std::string_view name) {
  using enum Function;
  constexpr std::array<std::pair<std::string_view, Function>, 8> kFunctions = {{
      {"attribute_exists", attribute_exists},
      {"attribute_not_exists", attribute_not_exists},
      {"attribute_type", attribute_type},
      {"begins_with", begins_with},
      {"contains", contains},
      {"size", size},
      {"if_not_exists", if_not_exists},
      {"list_append", list_append},
  }};
  // Names of functions are case-sensitive, unlike keywords.
  for (const auto& [known, function] : kFunctions) {
    if (name == known) return function;
  }
  return unknown;
}

std::size_t intern(std::vector<std::string>& table, std::string_view text) {
  const auto found = std::find(table.begin(), table.end(), text);
  if (found != table.end()) return static_cast<std::size_t>(found - table.begin());
  table.emplace_back(text);
  return table.size() - 1;
}

std::uint64_t list_index(std::string_view digits) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() ? value : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

std::string_view comparator_text(Comparator comparator) {
  switch (comparator) {
    case Comparator::equal:
      return "=";
    case Comparator::not_equal:
      return "<>";
    case Comparator::less:
      return "<";
    case Comparator::less_equal:
      return "<=";
    case Comparator::greater:
      return ">";
    case Comparator::greater_equal:
      return ">=";
  }
  return "=";
}

std::string_view clause_text(UpdateClause clause) {
  switch (clause) {
    case UpdateClause::set:
      return "SET";
    case UpdateClause::remove:
      return "REMOVE";
    case UpdateClause::add:
      return "ADD";
    case UpdateClause::erase:
      return "DELETE";
  }
  return "SET";
}

ParserBase::ParserBase(std::string_view text) : text_(text), tokens_(tokenize(text)) {}

const Token& ParserBase::peek(std::size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

const Token& ParserBase::advance() {
  const Token& token = peek();
  if (token.kind != TokenKind::end) ++at_;
  return token;
}

bool ParserBase::expect(TokenKind kind) {
  if (accept(kind)) return true;
  fail_syntax();
  return false;
}

bool ParserBase::accept(TokenKind kind) {
  if (!is(kind)) return false;
  advance();
  return true;
}

void ParserBase::fail(std::string message) {
  if (error_.empty()) error_ = std::move(message);
}

void ParserBase::fail_syntax() {
  const Token& token = peek();
  // The service shows the text from the token before to the token after.
  const Token& before = at_ > 0 ? tokens_[at_ - 1] : token;
  const Token& after = peek(1);
  const char* begin = before.text.data();
  const char* end = after.text.data() + after.text.size();
  fail(fmt::format(R"(Syntax error; token: "{}", near: "{}")",
                   token.kind == TokenKind::end ? std::string_view("<EOF>") : token.text,
                   std::string_view(begin, static_cast<std::size_t>(end - begin))));
}

bool ParserBase::enter() {
  if (++depth_ <= kDepthMax) return true;
  fail(fmt::format("The expression contains too many operators; operator count: {}",
                   std::max(operators_, kOperatorsMax + 1)));
  return false;
}

NameId ParserBase::name_id(std::string_view name) {
  return {intern(symbols_.names, name)};
}

ValueId ParserBase::value_id(std::string_view placeholder) {
  return {intern(symbols_.values, placeholder)};
}

std::optional<Path> ParserBase::path() {
  Path path;
  const auto take_name = [&] {
    if (!is(TokenKind::identifier) && !is(TokenKind::name_placeholder)) {
      fail_syntax();
      return false;
    }
    path.elements.emplace_back(name_id(advance().text));
    return true;
  };
  if (!take_name()) return std::nullopt;
  while (true) {
    if (accept(TokenKind::dot)) {
      if (!take_name()) return std::nullopt;
    } else if (accept(TokenKind::left_bracket)) {
      const std::string_view digits = peek().text;
      if (!expect(TokenKind::integer) || !expect(TokenKind::right_bracket)) return std::nullopt;
      path.elements.emplace_back(ListIndex{list_index(digits)});
    } else {
      return path;
    }
  }
}

bool ParserBase::at_function_call() const {
  return is(TokenKind::identifier) && peek(1).kind == TokenKind::left_paren;
}

std::optional<FunctionCall> ParserBase::function_call() {
  FunctionCall call;
  call.name = std::string(advance().text);
  call.function = function_named(call.name);
  count_operator();
  advance();  // the parenthesis, which at_function_call has seen
  std::optional<std::vector<Operand>> arguments = operand_list();
  if (!arguments || !expect(TokenKind::right_paren)) return std::nullopt;
  call.arguments = *std::move(arguments);
  return call;
}

std::optional<std::vector<Operand>> ParserBase::operand_list() {
  std::vector<Operand> operands;
  do {
    std::optional<Operand> next = operand();
    if (!next) return std::nullopt;
    operands.push_back(*std::move(next));
  } while (accept(TokenKind::comma));
  return operands;
}

std::optional<Operand> ParserBase::operand() {
  if (!enter()) return std::nullopt;
  std::optional<Operand> result;
  if (is(TokenKind::value_placeholder)) {
    result = Operand{value_id(advance().text)};
  } else if (is(TokenKind::left_paren)) {
    const bool doubled = peek(1).kind == TokenKind::left_paren;
    advance();
    result = operand();
    if (result && !expect(TokenKind::right_paren)) result.reset();
    if (result && doubled) {
      fail(std::string(kRedundantParentheses));
      result.reset();
    }
  } else if (at_function_call()) {
    std::optional<FunctionCall> call = function_call();
    if (call) result = Operand{std::make_unique<FunctionCall>(*std::move(call))};
  } else {
    std::optional<Path> named = path();
    if (named) result = Operand{*std::move(named)};
  }
  leave();
  return result;
}

}  // namespace ddbplan::engine
