// A PartiQL statement as the trees that expressions have: its WHERE is a Condition, its SET and
// REMOVE are an UpdateExpression's actions. Question marks are replaced by the request's parameters
// while it is read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dynamo/request.h"
#include "engine/expression/ast.h"
#include "engine/expression/tree_builder.h"
#include "support/result.h"

namespace ddbplan::engine::partiql {

enum class Verb { select, insert, update, erase, exists };

/// RETURNING (ALL | MODIFIED) (NEW | OLD) *.
struct Returning {
  bool all = true;
  bool after = true;
};

struct Order {
  std::string attribute;
  bool descending = false;
};

struct ParsedStatement {
  Verb verb = Verb::select;
  std::string table;
  std::optional<std::string> index;
  /// SELECT: empty for `*`.
  std::vector<Path> projection;
  /// The terms of WHERE that AND joins at its top.
  std::vector<Condition> where;
  std::optional<Order> order;
  dynamo::Item item;                  ///< INSERT
  std::vector<UpdateAction> actions;  ///< UPDATE
  std::optional<Returning> returning;
  /// The names and values of all trees above.
  TreeBuilder symbols;
};

/// The error is the service's message.
support::Result<ParsedStatement, std::string> parse_statement(const dynamo::Statement& statement);

}  // namespace ddbplan::engine::partiql
