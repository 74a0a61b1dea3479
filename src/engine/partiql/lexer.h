// The words of PartiQL, as DynamoDB takes it. (Developer Guide, "PartiQL for DynamoDB".)
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ddbplan::engine::partiql {

enum class TokenKind {
  end,
  bad,         ///< what no statement may contain, or a quotation without an end
  word,        ///< an unquoted name or keyword, as written
  identifier,  ///< "quoted", without its quotes
  string,      ///< 'quoted', without its quotes
  number,
  symbol,  ///< one of , . ( ) [ ] { } : << >> = <> != < <= > >= + - * ?
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string text;
};

/// The last token is always `end`.
std::vector<Token> tokenize(std::string_view statement);

/// Keywords in any case of letters. `keyword` is in capitals.
bool is_keyword(const Token& token, std::string_view keyword);

}  // namespace ddbplan::engine::partiql
