#include "engine/expression/lexer.h"

#include <doctest/doctest.h>

#include <string>

using ddbplan::engine::Token;
using ddbplan::engine::tokenize;
using ddbplan::engine::TokenKind;

namespace {

std::string texts(std::string_view expression) {
  std::string out;
  for (const Token& token : tokenize(expression)) out += std::string(token.text) + "|";
  return out;
}

TokenKind first(std::string_view expression) {
  return tokenize(expression).front().kind;
}

}  // namespace

TEST_CASE("words, placeholders, numbers and symbols") {
  CHECK(texts("a.b[3]<=:v AND #n<>x") == "a|.|b|[|3|]|<=|:v|AND|#n|<>|x||");
  CHECK(texts("a=:b+:c-d") == "a|=|:b|+|:c|-|d||");
  CHECK(texts(" \t\r\n") == "|");
  CHECK(texts("a>=b>c<d") == "a|>=|b|>|c|<|d||");
  CHECK(texts("[01]") == "[|0|1|]||");
}

TEST_CASE("keywords ignore case, other words do not become keywords") {
  CHECK(first("and") == TokenKind::keyword_and);
  CHECK(first("BeTwEeN") == TokenKind::keyword_between);
  CHECK(first("Delete") == TokenKind::keyword_delete);
  CHECK(first("ands") == TokenKind::identifier);
  CHECK(first("in_") == TokenKind::identifier);
}

TEST_CASE("what may stand nowhere is a bad token, whole characters at a time") {
  CHECK(first("!") == TokenKind::bad);
  CHECK(first("_a") == TokenKind::bad);
  CHECK(first("# a") == TokenKind::bad);
  CHECK(first(":") == TokenKind::bad);
  CHECK(texts("ä!") == "ä|!||");
  CHECK(texts("\xFF") == "\xFF||");
}

TEST_CASE("placeholders may be digits") {
  CHECK(first("#0") == TokenKind::name_placeholder);
  CHECK(first(":1_a") == TokenKind::value_placeholder);
}
