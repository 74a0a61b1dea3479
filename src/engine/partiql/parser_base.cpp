#include "engine/partiql/parser_base.h"

#include <charconv>

#include <fmt/format.h>

namespace ddbplan::engine::partiql {

using dynamo::AttributeValue;

namespace {

/// Deeper than any value may nest.
constexpr int kDepthMax = 64;

AttributeValue wrap(AttributeValue::Variant data) {
  return AttributeValue(std::move(data));
}

}  // namespace

ParserBase::ParserBase(const dynamo::Statement& statement)
    : statement_(statement), tokens_(tokenize(statement.text)) {}

bool ParserBase::fail(std::string message) {
  if (error_.empty()) error_ = std::move(message);
  return false;
}

bool ParserBase::fail_syntax() {
  return fail("Statement wasn't well formed, can't be processed: " + statement_.text);
}

bool ParserBase::enter() {
  if (++depth_ <= kDepthMax) return true;
  return fail_syntax();
}

const Token& ParserBase::peek(std::size_t ahead) const {
  return at_ + ahead < tokens_.size() ? tokens_[at_ + ahead] : tokens_.back();
}

bool ParserBase::is(std::string_view symbol) const {
  return peek().kind == TokenKind::symbol && peek().text == symbol;
}

bool ParserBase::accept(std::string_view symbol) {
  if (!is(symbol)) return false;
  advance();
  return true;
}

bool ParserBase::expect(std::string_view symbol) {
  return accept(symbol) || fail_syntax();
}

char ParserBase::take_symbol() {
  const char symbol = peek().text.front();
  advance();
  return symbol;
}

bool ParserBase::is_keyword_next(std::string_view keyword) const {
  return is_keyword(peek(), keyword);
}

bool ParserBase::accept_keyword(std::string_view keyword) {
  if (!is_keyword_next(keyword)) return false;
  advance();
  return true;
}

bool ParserBase::expect_keyword(std::string_view keyword) {
  return accept_keyword(keyword) || fail_syntax();
}

bool ParserBase::is_function_next(std::string_view name) const {
  const Token& next = peek(1);
  return is_keyword(peek(), name) && next.kind == TokenKind::symbol && next.text == "(";
}

bool ParserBase::is_name() const {
  return peek().kind == TokenKind::word || peek().kind == TokenKind::identifier;
}

bool ParserBase::name(std::string& out) {
  if (!is_name() || peek().text.empty()) return fail_syntax();
  out = peek().text;
  advance();
  return true;
}

std::optional<Path> ParserBase::path() {
  std::string part;
  if (!name(part)) return std::nullopt;
  Path made = symbols_.path(part);
  while (true) {
    if (accept(".")) {
      if (!name(part)) return std::nullopt;
      made.elements.emplace_back(symbols_.name(part));
    } else if (accept("[")) {
      const std::string& digits = peek().text;
      std::uint64_t index = 0;
      const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), index);
      const bool whole = peek().kind == TokenKind::number && parsed.ec == std::errc() &&
                         parsed.ptr == digits.data() + digits.size();
      if (!whole) {
        fail_syntax();
        return std::nullopt;
      }
      advance();
      if (!expect("]")) return std::nullopt;
      made.elements.emplace_back(ListIndex{index});
    } else {
      return made;
    }
  }
}

bool ParserBase::is_value_next() const {
  const Token& next = peek();
  if (next.kind == TokenKind::string || next.kind == TokenKind::number) return true;
  if (next.kind == TokenKind::symbol) {
    return next.text == "?" || next.text == "[" || next.text == "{" || next.text == "<<" ||
           next.text == "-" || next.text == "+";
  }
  return is_keyword(next, "TRUE") || is_keyword(next, "FALSE") || is_keyword(next, "NULL");
}

std::optional<AttributeValue> ParserBase::value() {
  if (accept("?")) return parameter();
  if (accept("-")) return number(true);
  if (accept("+") || peek().kind == TokenKind::number) return number(false);
  if (peek().kind == TokenKind::string) {
    AttributeValue text = AttributeValue::string(peek().text);
    advance();
    return text;
  }
  if (accept_keyword("TRUE")) return AttributeValue::boolean(true);
  if (accept_keyword("FALSE")) return AttributeValue::boolean(false);
  if (accept_keyword("NULL")) return AttributeValue();
  if (!enter()) return std::nullopt;
  std::optional<AttributeValue> made;
  if (accept("[")) {
    made = list();
  } else if (accept("{")) {
    made = map();
  } else if (accept("<<")) {
    made = set();
  } else {
    fail_syntax();
  }
  leave();
  return made;
}

std::optional<AttributeValue> ParserBase::parameter() {
  if (used_parameters_ >= statement_.parameters.size()) {
    fail("Number of parameters in request and statement don't match.");
    return std::nullopt;
  }
  return statement_.parameters[used_parameters_++];
}

std::optional<AttributeValue> ParserBase::number(bool negative) {
  if (peek().kind != TokenKind::number) {
    fail_syntax();
    return std::nullopt;
  }
  auto parsed = dynamo::Decimal::parse((negative ? "-" : "") + peek().text);
  if (!parsed) {
    fail(std::string(dynamo::decimal_error_message(parsed.error())));
    return std::nullopt;
  }
  advance();
  return AttributeValue::number(*std::move(parsed));
}

std::optional<AttributeValue> ParserBase::list() {
  dynamo::List elements;
  if (!accept("]")) {
    do {
      std::optional<AttributeValue> element = value();
      if (!element) return std::nullopt;
      elements.push_back(*std::move(element));
    } while (accept(","));
    if (!expect("]")) return std::nullopt;
  }
  return wrap(std::move(elements));
}

std::optional<AttributeValue> ParserBase::map() {
  dynamo::Map members;
  if (!accept("}")) {
    do {
      if (peek().kind != TokenKind::string) {
        fail_syntax();
        return std::nullopt;
      }
      std::string key = peek().text;
      advance();
      if (!expect(":")) return std::nullopt;
      std::optional<AttributeValue> member = value();
      if (!member) return std::nullopt;
      members.insert_or_assign(std::move(key), *std::move(member));
    } while (accept(","));
    if (!expect("}")) return std::nullopt;
  }
  return wrap(std::move(members));
}

/// A bag of texts, numbers or binaries is a set.
std::optional<AttributeValue> ParserBase::set() {
  std::vector<std::string> texts;
  std::vector<dynamo::Decimal> numbers;
  std::vector<dynamo::Binary> binaries;
  std::size_t count = 0;
  do {
    const std::optional<AttributeValue> element = value();
    if (!element) return std::nullopt;
    ++count;
    if (const std::string* text = element->as_string()) texts.push_back(*text);
    if (const dynamo::Decimal* number = element->as_number()) numbers.push_back(*number);
    if (const dynamo::Binary* binary = element->as_binary()) binaries.push_back(*binary);
  } while (accept(","));
  if (!expect(">>")) return std::nullopt;
  if (texts.size() == count) return wrap(dynamo::make_string_set(std::move(texts)));
  if (numbers.size() == count) return wrap(dynamo::make_number_set(std::move(numbers)));
  if (binaries.size() == count) return wrap(dynamo::make_binary_set(std::move(binaries)));
  fail_syntax();
  return std::nullopt;
}

}  // namespace ddbplan::engine::partiql
