#include "engine/legacy_parameters.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/expression/tree_builder.h"

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::AttributeValue;
using dynamo::LegacyAction;
using dynamo::LegacyCondition;
using dynamo::LegacyOperator;
using dynamo::LegacyParameters;
using dynamo::LegacyRef;

namespace {

using Problem = std::optional<ApiError>;
using Values = std::vector<AttributeValue>;

struct Arity {
  std::size_t min;
  std::size_t max;
};

Arity arity_of(LegacyOperator op) {
  constexpr auto kUnbounded = static_cast<std::size_t>(-1);
  switch (op) {
    case LegacyOperator::null:
    case LegacyOperator::not_null:
      return {0, 0};
    case LegacyOperator::in:
      return {1, kUnbounded};
    case LegacyOperator::between:
      return {2, 2};
    default:
      return {1, 1};
  }
}

/// Whether an operator can be asked of a value of this type at all.
bool takes(LegacyOperator op, std::string_view type) {
  const bool scalar = type == "S" || type == "N" || type == "B";
  switch (op) {
    case LegacyOperator::begins_with:
      return type == "S" || type == "B";
    case LegacyOperator::less:
    case LegacyOperator::less_equal:
    case LegacyOperator::greater:
    case LegacyOperator::greater_equal:
    case LegacyOperator::between:
    case LegacyOperator::in:
      return scalar;
    case LegacyOperator::contains:
    case LegacyOperator::not_contains:
      return scalar || type == "BOOL" || type == "NULL";
    default:
      return true;
  }
}

Problem check_values(LegacyOperator op, const Values& values) {
  const Arity arity = arity_of(op);
  const std::string_view name = dynamo::legacy_operator_name(op);
  if (values.size() < arity.min || values.size() > arity.max) {
    return invalid_parameter(
        fmt::format("Invalid number of argument(s) for the {} ComparisonOperator", name));
  }
  for (const AttributeValue& value : values) {
    if (value.data.index() != values.front().data.index()) {
      return invalid_parameter("AttributeValues inside AttributeValueList must be of same type");
    }
  }
  for (const AttributeValue& value : values) {
    if (takes(op, value.type_name())) continue;
    return invalid_parameter(fmt::format(
        "ComparisonOperator {} is not valid for {} AttributeValue type", name, value.type_name()));
  }
  if (op == LegacyOperator::between &&
      dynamo::compare_keys(values[0], values[1]) == std::strong_ordering::greater) {
    return validation_error(
        "The BETWEEN condition was provided a range where the lower bound is greater than the "
        "upper bound");
  }
  return std::nullopt;
}

Comparator comparator_of(LegacyOperator op) {
  switch (op) {
    case LegacyOperator::not_equal:
      return Comparator::not_equal;
    case LegacyOperator::less:
      return Comparator::less;
    case LegacyOperator::less_equal:
      return Comparator::less_equal;
    case LegacyOperator::greater:
      return Comparator::greater;
    case LegacyOperator::greater_equal:
      return Comparator::greater_equal;
    default:
      return Comparator::equal;
  }
}

/// REQUIRES: check_values found nothing.
Condition condition_on(TreeBuilder& tree, const std::string& attribute, LegacyOperator op,
                       const Values& values) {
  const auto path = [&] { return TreeBuilder::operand(tree.path(attribute)); };
  const auto value = [&](std::size_t i) { return TreeBuilder::operand(tree.value(values[i])); };
  const auto exists = [&] {
    return Condition{
        TreeBuilder::call(Function::attribute_exists, "attribute_exists", tree.path(attribute))};
  };
  const auto contains = [&] {
    return Condition{TreeBuilder::call(Function::contains, "contains", tree.path(attribute),
                                       tree.value(values[0]))};
  };
  switch (op) {
    case LegacyOperator::null:
      return {TreeBuilder::call(Function::attribute_not_exists, "attribute_not_exists",
                                tree.path(attribute))};
    case LegacyOperator::not_null:
      return exists();
    case LegacyOperator::contains:
      return contains();
    case LegacyOperator::not_contains: {
      // Unlike NOT contains(), it does not hold where the attribute is missing.
      std::vector<Condition> both;
      both.push_back(exists());
      both.push_back(TreeBuilder::negated(contains()));
      return TreeBuilder::joined(std::move(both), false);
    }
    case LegacyOperator::begins_with:
      return {TreeBuilder::call(Function::begins_with, "begins_with", tree.path(attribute),
                                tree.value(values[0]))};
    case LegacyOperator::between:
      return {Between{path(), value(0), value(1)}};
    case LegacyOperator::in: {
      In in{path(), {}};
      for (std::size_t i = 0; i < values.size(); ++i) in.candidates.push_back(value(i));
      return {std::move(in)};
    }
    default:
      return {Comparison{comparator_of(op), path(), value(0)}};
  }
}

std::optional<BoundCondition> bound(TreeBuilder tree, std::vector<Condition> terms, bool any_of) {
  if (terms.empty()) return std::nullopt;
  ConditionExpression expression;
  expression.root = TreeBuilder::joined(std::move(terms), any_of);
  expression.symbols = tree.take_symbols();
  return bind_own(std::move(expression), tree.take_definitions());
}

/// ConditionalOperator has something to combine.
Problem check_combination(const LegacyParameters& legacy, std::size_t terms) {
  if (!legacy.any_of || terms > 1) return std::nullopt;
  return validation_error(terms == 0
                              ? "ConditionalOperator cannot be used without Filter or Expected"
                              : "ConditionalOperator can only be used when Filter or "
                                "Expected has two or more elements");
}

ApiError expected_problem(const std::string& what, const std::string& attribute) {
  return invalid_parameter(what + " for Attribute: " + attribute);
}

/// Which members of an Expected go together.
Problem check_expected(const std::string& name, const dynamo::ExpectedAttribute& expected) {
  if (expected.values && expected.value) {
    return expected_problem("Value and AttributeValueList cannot be used together", name);
  }
  if (expected.op) {
    if (expected.exists) {
      return expected_problem("Exists and ComparisonOperator cannot be used together", name);
    }
    const bool needs_value = arity_of(*expected.op).min > 0;
    if (needs_value && !expected.values && !expected.value) {
      return expected_problem(
          fmt::format("Value or AttributeValueList must be used with ComparisonOperator: {}",
                      dynamo::legacy_operator_name(*expected.op)),
          name);
    }
    return std::nullopt;
  }
  if (expected.values) {
    return expected_problem("AttributeValueList can only be used with a ComparisonOperator", name);
  }
  const bool exists = expected.exists.value_or(true);
  if (exists && !expected.value) {
    return expected_problem(
        fmt::format("Value must be provided when Exists is {}", expected.exists ? "true" : "null"),
        name);
  }
  if (!exists && expected.value) {
    return expected_problem("Value cannot be used when Exists is false", name);
  }
  return std::nullopt;
}

LegacyCondition condition_of(const dynamo::ExpectedAttribute& expected) {
  LegacyCondition condition;
  if (expected.values) condition.values = *expected.values;
  if (expected.value) condition.values.push_back(*expected.value);
  if (expected.op) {
    condition.op = *expected.op;
  } else if (!expected.exists.value_or(true)) {
    condition.op = LegacyOperator::null;
  }
  return condition;
}

bool is_indexable(LegacyOperator op) {
  switch (op) {
    case LegacyOperator::equal:
    case LegacyOperator::less:
    case LegacyOperator::less_equal:
    case LegacyOperator::greater:
    case LegacyOperator::greater_equal:
    case LegacyOperator::between:
    case LegacyOperator::begins_with:
      return true;
    default:
      return false;
  }
}

/// The service's long names of types, in errors about AttributeUpdates.
std::string_view long_type_name(std::string_view type) {
  if (type == "S") return "STRING";
  if (type == "N") return "NUMBER";
  if (type == "B") return "BINARY";
  if (type == "BOOL") return "BOOLEAN";
  if (type == "M") return "MAP";
  if (type == "L") return "LIST";
  return type;
}

Problem check_update(const dynamo::AttributeUpdate& update) {
  if (!update.value) {
    if (update.action == LegacyAction::erase) return std::nullopt;
    return invalid_parameter("Only DELETE action is allowed when no attribute value is specified");
  }
  const std::string_view type = update.value->type_name();
  const bool is_set = type == "SS" || type == "NS" || type == "BS";
  if (update.action == LegacyAction::erase && !is_set) {
    return invalid_parameter(fmt::format(
        "DELETE action with value is not supported for the type {}", long_type_name(type)));
  }
  if (update.action == LegacyAction::add && !is_set && type != "N" && type != "L") {
    return invalid_parameter(
        fmt::format("ADD action is not supported for the type {}", long_type_name(type)));
  }
  return std::nullopt;
}

UpdateAction action_on(TreeBuilder& tree, const std::string& attribute,
                       const dynamo::AttributeUpdate& update) {
  UpdateAction action;
  action.target = tree.path(attribute);
  if (!update.value) {
    action.clause = UpdateClause::remove;
    return action;
  }
  const bool is_list = std::holds_alternative<dynamo::List>(update.value->data);
  if (update.action == LegacyAction::add && is_list) {
    // ADD of a list appends, which UpdateExpression's ADD cannot.
    action.clause = UpdateClause::set;
    const AttributeValue none(AttributeValue::Variant(dynamo::List{}));
    FunctionCall old = TreeBuilder::call(Function::if_not_exists, "if_not_exists",
                                         tree.path(attribute), tree.value(none));
    action.left = TreeBuilder::operand(TreeBuilder::call(
        Function::list_append, "list_append", std::move(old), tree.value(*update.value)));
    return action;
  }
  action.clause = update.action == LegacyAction::put   ? UpdateClause::set
                  : update.action == LegacyAction::add ? UpdateClause::add
                                                       : UpdateClause::erase;
  action.left = TreeBuilder::operand(tree.value(*update.value));
  return action;
}

}  // namespace

ApiResult<std::optional<BoundCondition>> legacy_condition(const LegacyRef& legacy) {
  if (legacy == nullptr) return std::optional<BoundCondition>();
  const bool has_terms = legacy->expected && !legacy->expected->empty();
  TreeBuilder tree;
  std::vector<Condition> terms;
  if (has_terms) {
    for (const auto& [name, expected] : *legacy->expected) {
      if (Problem problem = check_expected(name, expected)) return *std::move(problem);
      const LegacyCondition condition = condition_of(expected);
      if (Problem problem = check_values(condition.op, condition.values)) {
        return *std::move(problem);
      }
      terms.push_back(condition_on(tree, name, condition.op, condition.values));
    }
  }
  if (Problem problem = check_combination(*legacy, terms.size())) return *std::move(problem);
  return bound(std::move(tree), std::move(terms), legacy->any_of.value_or(false));
}

ApiResult<std::optional<BoundCondition>> legacy_filter(const LegacyRef& legacy) {
  if (legacy == nullptr) return std::optional<BoundCondition>();
  const bool has_terms = legacy->filter && !legacy->filter->empty();
  TreeBuilder tree;
  std::vector<Condition> terms;
  if (has_terms) {
    for (const auto& [name, condition] : *legacy->filter) {
      if (Problem problem = check_values(condition.op, condition.values)) {
        return *std::move(problem);
      }
      terms.push_back(condition_on(tree, name, condition.op, condition.values));
    }
  }
  if (Problem problem = check_combination(*legacy, terms.size())) return *std::move(problem);
  return bound(std::move(tree), std::move(terms), legacy->any_of.value_or(false));
}

ApiResult<std::optional<BoundCondition>> legacy_key_condition(const LegacyRef& legacy) {
  const auto& conditions = *legacy->key_conditions;
  for (const auto& [name, condition] : conditions) {
    if (Problem problem = check_values(condition.op, condition.values)) return *std::move(problem);
  }
  if (conditions.empty() || conditions.size() > 2) {
    return validation_error("Conditions can be of length 1 or 2 only");
  }
  TreeBuilder tree;
  std::vector<Condition> terms;
  for (const auto& [name, condition] : conditions) {
    if (!is_indexable(condition.op)) {
      return validation_error("Attempted conditional constraint is not an indexable operation");
    }
    terms.push_back(condition_on(tree, name, condition.op, condition.values));
  }
  return bound(std::move(tree), std::move(terms), false);
}

ApiResult<std::optional<BoundUpdate>> legacy_update(const LegacyRef& legacy) {
  if (legacy == nullptr || !legacy->attribute_updates) return std::optional<BoundUpdate>();
  TreeBuilder tree;
  UpdateExpression expression;
  for (const auto& [name, update] : *legacy->attribute_updates) {
    if (Problem problem = check_update(update)) return *std::move(problem);
    expression.actions.push_back(action_on(tree, name, update));
  }
  if (expression.actions.empty()) return std::optional<BoundUpdate>();
  expression.symbols = tree.take_symbols();
  return std::optional<BoundUpdate>(bind_own(std::move(expression), tree.take_definitions()));
}

ApiResult<std::optional<BoundProjection>> legacy_projection(const LegacyRef& legacy) {
  if (legacy == nullptr || !legacy->attributes_to_get) return std::optional<BoundProjection>();
  TreeBuilder tree;
  ProjectionExpression expression;
  std::set<std::string> seen;
  for (const std::string& name : *legacy->attributes_to_get) {
    if (!seen.insert(name).second) {
      return invalid_parameter(fmt::format("Duplicate value in attribute name: {}", name));
    }
    expression.paths.push_back(tree.path(name));
  }
  expression.symbols = tree.take_symbols();
  return std::optional<BoundProjection>(bind_own(std::move(expression), tree.take_definitions()));
}

}  // namespace ddbplan::engine
