// The syntax of the language's expressions, before any name in them is looked up.
//
//   status = OPEN | PENDING and total > :least       where
//   stock >= :quantity                               if
//   at last 24 hours                                 range
//   at to hour                                       derive, rollup
//
// resolve_expression.h turns the tree into a model::Expression against an entity. Nesting is
// bounded; every error carries the bytes it is about, relative to the expression's text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schema/quantity.h"

namespace ddbplan::schema {

struct Syntax {
  enum class Kind {
    // operands
    name,       ///< text: `status`, `Bid.user_id`, `room_id.last_at`
    number,     ///< text
    text,       ///< 'two words'
    parameter,  ///< :name
    now,
    duration,
    size,        ///< size(name)
    arithmetic,  ///< text: + - * /
    truncate,    ///< operand to text
    // conditions
    compare,  ///< text: = != < <= > >=
    between,
    one_of,  ///< name, alternatives
    begins_with,
    contains,
    last,  ///< name, duration: `at last 24 hours`
    exists,
    missing,
    conjunction,
    disjunction,
    negation,
  };
  Kind kind = Kind::name;
  std::string text;
  GivenDuration duration;
  std::vector<Syntax> children;
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// A condition: what `where` and `if` hold.
Parsed<Syntax> parse_condition(std::string_view text);
/// One attribute, alone (Kind::name) or with a comparison.
Parsed<Syntax> parse_range(std::string_view text);
/// A value: what `derive` and a rollup's `by` hold.
Parsed<Syntax> parse_operand(std::string_view text);

}  // namespace ddbplan::schema
