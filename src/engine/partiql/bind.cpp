#include "engine/partiql/bind.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/expression/check.h"
#include "engine/expression/visit.h"
#include "engine/key_paths.h"

namespace ddbplan::engine::partiql {

using dynamo::ApiError;
using dynamo::AttributeValue;
using dynamo::Item;

namespace {

using Problem = std::optional<ApiError>;

const dynamo::KeyAttribute* find_key_attribute(const dynamo::KeySchema& key,
                                               const std::string& name) {
  for (const auto* part : {&key.partition, &key.sort}) {
    for (const dynamo::KeyAttribute& attribute : *part) {
      if (attribute.name == name) return &attribute;
    }
  }
  return nullptr;
}

/// `exists` or not: of the table's partition key attribute, which every item has.
Condition existence(ParsedStatement& statement, const dynamo::TableDescription& table,
                    bool exists) {
  const Function function = exists ? Function::attribute_exists : Function::attribute_not_exists;
  return {TreeBuilder::call(function, exists ? "attribute_exists" : "attribute_not_exists",
                            statement.symbols.path(table.key.partition.front().name))};
}

ApiError missing_key() {
  return validation_error(
      "Where clause does not contain a mandatory equality on all key attributes");
}

/// Calls `f(path, value)` for each comparison of a plain path with a value below a condition.
template <class F>
void for_each_comparison(const Condition& condition, const F& f) {
  const auto pair = [&f](const Operand& left, const Operand& right) {
    const Path* path = std::get_if<Path>(&left.node);
    const ValueId* value = std::get_if<ValueId>(&right.node);
    if (path != nullptr && value != nullptr && path->elements.size() == 1) f(*path, *value);
  };
  const auto all = [&f](const std::vector<Condition>& terms) {
    for (const Condition& term : terms) for_each_comparison(term, f);
  };
  std::visit(Overloaded{
                 [&](const Comparison& node) {
                   pair(node.left, node.right);
                   pair(node.right, node.left);
                 },
                 [&](const Between& node) {
                   pair(node.value, node.low);
                   pair(node.value, node.high);
                 },
                 [&](const In& node) {
                   for (const Operand& candidate : node.candidates) pair(node.value, candidate);
                 },
                 [&](const FunctionCall&) {},
                 [&](const And& node) { all(node.terms); },
                 [&](const Or& node) { all(node.terms); },
                 [&](const Not& node) { for_each_comparison(*node.term, f); },
             },
             condition.node);
}

ApiResult<BoundUpdate> bind_actions(ParsedStatement& statement) {
  UpdateExpression update;
  update.actions = std::move(statement.actions);
  update.symbols = statement.symbols.symbols();
  if (auto problem = check_structure(update)) return validation_error(*problem);
  BoundUpdate bound = bind_own(std::move(update), statement.symbols.definitions());
  if (auto problem = check_operands(*bound.tree, bound.bindings)) {
    return validation_error(*problem);
  }
  return bound;
}

Problem check_inserted_key(const dynamo::TableDescription& table, const Item& item) {
  for (const auto* part : {&table.key.partition, &table.key.sort}) {
    for (const dynamo::KeyAttribute& attribute : *part) {
      if (item.contains(attribute.name)) continue;
      return validation_error(
          fmt::format("Key attribute should be present in the item: Key {}", attribute.name));
    }
  }
  return std::nullopt;
}

}  // namespace

ApiResult<BoundCondition> bind_terms(const ParsedStatement& statement,
                                     std::vector<Condition> terms) {
  ConditionExpression expression;
  expression.root = TreeBuilder::joined(std::move(terms), false);
  expression.symbols = statement.symbols.symbols();
  if (auto problem = check_structure(expression)) return validation_error(*problem);
  BoundCondition bound = bind_own(std::move(expression), statement.symbols.definitions());
  if (auto problem = check_operands(*bound.tree, bound.bindings)) {
    return validation_error(*problem);
  }
  return bound;
}

std::optional<KeyEquality> key_equality(const ParsedStatement& statement, const Condition& term) {
  const Comparison* comparison = std::get_if<Comparison>(&term.node);
  if (comparison == nullptr || comparison->comparator != Comparator::equal) return std::nullopt;
  std::optional<KeyEquality> found;
  for_each_comparison(term, [&](const Path& path, const ValueId& value) {
    found = KeyEquality{statement.symbols.attribute(std::get<NameId>(path.elements.front())),
                        &statement.symbols.content(value)};
  });
  return found;
}

Problem check_key_types(const ParsedStatement& statement, const dynamo::KeySchema& key) {
  Problem problem;
  for (const Condition& term : statement.where) {
    for_each_comparison(term, [&](const Path& path, const ValueId& value) {
      const std::string& name =
          statement.symbols.attribute(std::get<NameId>(path.elements.front()));
      const dynamo::KeyAttribute* attribute = find_key_attribute(key, name);
      if (problem || attribute == nullptr) return;
      const AttributeValue& content = statement.symbols.content(value);
      if (content.type_name() == dynamo::scalar_type_name(attribute->type)) return;
      problem = validation_error(fmt::format(
          "Key attribute's data type should match its data type in table's schema: Key {}", name));
    });
  }
  return problem;
}

std::optional<ItemTerms> take_item_terms(ParsedStatement& statement,
                                         const dynamo::TableDescription& table) {
  ItemTerms terms;
  for (Condition& term : statement.where) {
    const std::optional<KeyEquality> equality = key_equality(statement, term);
    const bool is_key = equality && find_key_attribute(table.key, equality->attribute) != nullptr &&
                        !terms.key.contains(equality->attribute);
    if (is_key) {
      terms.key.emplace(equality->attribute, *equality->value);
    } else {
      terms.rest.push_back(std::move(term));
    }
  }
  if (terms.key.size() != table.key.partition.size() + table.key.sort.size()) return std::nullopt;
  return terms;
}

ApiResult<StatementWrite> bind_statement(EngineState& state, ParsedStatement statement) {
  const ApiResult<TableStore*> table = state.find_table(statement.table);
  if (!table) return table.error();
  const dynamo::TableDescription& description = (*table)->description();
  StatementWrite write;
  write.bound.table = *table;
  write.returning = statement.returning;
  std::vector<Condition> conditions;
  if (statement.verb == Verb::insert) {
    write.bound.kind = WriteKind::put;
    if (Problem problem = check_inserted_key(description, statement.item)) {
      return *std::move(problem);
    }
    conditions.push_back(existence(statement, description, false));
    write.item = std::make_shared<const Item>(std::move(statement.item));
  } else {
    if (Problem problem = check_key_types(statement, description.key)) return *std::move(problem);
    std::optional<ItemTerms> terms = take_item_terms(statement, description);
    if (!terms) return missing_key();
    conditions = std::move(terms->rest);
    write.item = std::make_shared<const Item>(std::move(terms->key));
    write.bound.kind = statement.verb == Verb::update  ? WriteKind::update
                       : statement.verb == Verb::erase ? WriteKind::erase
                                                       : WriteKind::check;
    if (statement.verb != Verb::erase)
      conditions.push_back(existence(statement, description, true));
  }
  write.bound.item = write.item.get();
  if (statement.verb == Verb::update) {
    ApiResult<BoundUpdate> update = bind_actions(statement);
    if (!update) return update.error();
    if (Problem problem = check_key_untouched(*update, description)) return *std::move(problem);
    write.bound.update = *std::move(update);
  }
  if (!conditions.empty()) {
    ApiResult<BoundCondition> condition = bind_terms(statement, std::move(conditions));
    if (!condition) return condition.error();
    write.bound.condition = *std::move(condition);
  }
  return write;
}

}  // namespace ddbplan::engine::partiql
