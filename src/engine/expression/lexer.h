// The words of DynamoDB's expressions, the same for conditions, updates and projections.
// (Developer Guide, "Expressions in DynamoDB".)
#pragma once

#include <string_view>
#include <vector>

namespace ddbplan::engine {

enum class TokenKind {
  end,
  bad,  ///< a character that no expression may contain
  identifier,
  name_placeholder,   ///< #name
  value_placeholder,  ///< :value
  integer,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  left_paren,
  right_paren,
  left_bracket,
  right_bracket,
  dot,
  comma,
  plus,
  minus,
  keyword_and,
  keyword_or,
  keyword_not,
  keyword_between,
  keyword_in,
  keyword_set,
  keyword_remove,
  keyword_add,
  keyword_delete,
};

/// `text` is a part of the expression, also at the end (empty, at its last position).
struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;
};

/// The last token is always `end`. The tokens are views into `expression`.
std::vector<Token> tokenize(std::string_view expression);

}  // namespace ddbplan::engine
