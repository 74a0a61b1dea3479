// A parsed statement bound to its table: its key, its condition, its write.
#pragma once

#include <memory>
#include <vector>

#include "engine/errors.h"
#include "engine/partiql/parser.h"
#include "engine/request_expressions.h"
#include "engine/state.h"
#include "engine/write.h"

namespace ddbplan::engine::partiql {

/// Checked, with its placeholders. REQUIRES: terms are the statement's.
ApiResult<BoundCondition> bind_terms(const ParsedStatement& statement,
                                     std::vector<Condition> terms);

/// What WHERE says about one key attribute that a key condition could say.
struct KeyEquality {
  std::string attribute;
  const dynamo::AttributeValue* value = nullptr;
};
/// nullopt unless the term is `attribute = value`.
std::optional<KeyEquality> key_equality(const ParsedStatement& statement, const Condition& term);

/// Values that key attributes are compared with have their types.
std::optional<dynamo::ApiError> check_key_types(const ParsedStatement& statement,
                                                const dynamo::KeySchema& key);

/// WHERE as one item's key and a condition on the rest.
struct ItemTerms {
  dynamo::Item key;
  std::vector<Condition> rest;
};
/// nullopt when it does not name every key attribute. Takes the statement's terms.
std::optional<ItemTerms> take_item_terms(ParsedStatement& statement,
                                         const dynamo::TableDescription& table);

/// INSERT, UPDATE, DELETE or EXISTS. Owns the item or key that `bound` points at.
struct StatementWrite {
  BoundWrite bound;
  std::shared_ptr<const dynamo::Item> item;
  std::optional<Returning> returning;
};
ApiResult<StatementWrite> bind_statement(EngineState& state, ParsedStatement statement);

}  // namespace ddbplan::engine::partiql
