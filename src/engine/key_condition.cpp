#include "engine/key_condition.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/expression/visit.h"
#include "engine/key_encoding.h"

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::AttributeValue;
using dynamo::KeyAttribute;
using dynamo::KeySchema;

namespace {

using Problem = std::optional<ApiError>;

enum class KeyOperator { equal, less, less_equal, greater, greater_equal, between, begins_with };

/// What the condition says about one attribute.
struct KeyTerm {
  KeyOperator op = KeyOperator::equal;
  const AttributeValue* value = nullptr;
  const AttributeValue* high = nullptr;  ///< only with between
};

KeyOperator key_operator(Comparator comparator) {
  switch (comparator) {
    case Comparator::less:
      return KeyOperator::less;
    case Comparator::less_equal:
      return KeyOperator::less_equal;
    case Comparator::greater:
      return KeyOperator::greater;
    case Comparator::greater_equal:
      return KeyOperator::greater_equal;
    default:
      return KeyOperator::equal;
  }
}

/// `:v < a` is `a > :v`.
Comparator mirrored(Comparator comparator) {
  switch (comparator) {
    case Comparator::less:
      return Comparator::greater;
    case Comparator::less_equal:
      return Comparator::greater_equal;
    case Comparator::greater:
      return Comparator::less;
    case Comparator::greater_equal:
      return Comparator::less_equal;
    default:
      return comparator;
  }
}

ApiError unusable_operator(std::string_view name) {
  return validation_error(fmt::format("Invalid operator used in KeyConditionExpression: {}", name));
}

/// Collects the terms of a condition by attribute.
class TermCollector {
 public:
  explicit TermCollector(const Bindings& bindings) : bindings_(bindings) {}

  Problem collect(const Condition& condition) {
    return std::visit(Overloaded{
                          [&](const Comparison& node) { return comparison(node); },
                          [&](const Between& node) {
                            return term(KeyOperator::between, {&node.value, &node.low, &node.high});
                          },
                          [&](const In&) -> Problem { return unusable_operator("IN"); },
                          [&](const FunctionCall& node) { return function(node); },
                          [&](const And& node) -> Problem {
                            for (const Condition& part : node.terms) {
                              if (Problem problem = collect(part)) return problem;
                            }
                            return std::nullopt;
                          },
                          [&](const Or&) -> Problem { return unusable_operator("OR"); },
                          [&](const Not&) -> Problem { return unusable_operator("NOT"); },
                      },
                      condition.node);
  }

  std::map<std::string, KeyTerm> terms;

 private:
  Problem comparison(const Comparison& node) {
    if (node.comparator == Comparator::not_equal) return unusable_operator("<>");
    if (std::holds_alternative<ValueId>(node.left.node)) {
      return term(key_operator(mirrored(node.comparator)), {&node.right, &node.left});
    }
    return term(key_operator(node.comparator), {&node.left, &node.right});
  }

  Problem function(const FunctionCall& node) {
    if (node.function != Function::begins_with) return unusable_operator(node.name);
    return term(KeyOperator::begins_with, {&node.arguments.front(), &node.arguments[1]});
  }

  /// The attribute first, then the values.
  Problem term(KeyOperator op, std::vector<const Operand*> operands) {
    for (const Operand* operand : operands) {
      if (std::holds_alternative<std::unique_ptr<FunctionCall>>(operand->node)) {
        return validation_error("KeyConditionExpressions cannot contain nested operations");
      }
    }
    const Path* path = std::get_if<Path>(&operands.front()->node);
    if (path == nullptr) {
      return validation_error(
          "Invalid condition in KeyConditionExpression: No key attribute specified");
    }
    if (path->elements.size() > 1) {
      return validation_error(
          "KeyConditionExpressions cannot have conditions on nested attributes");
    }
    std::array<const AttributeValue*, 2> values{};
    for (std::size_t i = 1; i < operands.size(); ++i) {
      const ValueId* id = std::get_if<ValueId>(&operands[i]->node);
      if (id == nullptr) {
        return validation_error(
            "Invalid condition in KeyConditionExpression: Multiple attribute names used in one "
            "condition");
      }
      values.at(i - 1) = &bindings_.value(*id);
    }
    const auto [at, is_new] =
        terms.emplace(path_head(*path, bindings_), KeyTerm{op, values[0], values[1]});
    if (is_new) return std::nullopt;
    return validation_error("KeyConditionExpressions must only contain one condition per key");
  }

  const Bindings& bindings_;
};

Problem check_value(const KeyAttribute& attribute, const AttributeValue& value) {
  if (value.type_name() != dynamo::scalar_type_name(attribute.type)) {
    return invalid_parameter("Condition parameter type does not match schema type");
  }
  const std::string* text = value.as_string();
  const dynamo::Binary* binary = value.as_binary();
  const bool is_empty =
      (text != nullptr && text->empty()) || (binary != nullptr && binary->bytes.empty());
  if (!is_empty) return std::nullopt;
  return validation_error(
      fmt::format("One or more parameter values are not valid. The AttributeValue for a key "
                  "attribute cannot contain an empty {} value. Key: {}",
                  text != nullptr ? "string" : "binary", attribute.name));
}

Problem check_term(const KeyAttribute& attribute, const KeyTerm& term) {
  if (Problem problem = check_value(attribute, *term.value)) return problem;
  return term.high == nullptr ? std::nullopt : check_value(attribute, *term.high);
}

ApiError not_supported() {
  return validation_error("Query key condition not supported");
}

ApiError missing_element(const std::string& name) {
  return validation_error(fmt::format("Query condition missed key schema element: {}", name));
}

/// All keys that begin with `prefix`.
ByteRange starting_with(std::string prefix) {
  std::optional<std::string> end = prefix_end(prefix);
  return {std::move(prefix), std::move(end)};
}

std::string extended(std::string prefix, const AttributeValue& value) {
  append_key(prefix, value);
  return prefix;
}

/// The range of the last sort attribute's term, below the encoded equalities before it.
ByteRange range_of(const KeyTerm& term, const std::string& prefix) {
  ByteRange all = starting_with(prefix);
  const std::string at = extended(prefix, *term.value);
  switch (term.op) {
    case KeyOperator::equal:
      return starting_with(at);
    case KeyOperator::less:
      return {prefix, at};
    case KeyOperator::less_equal:
      return {prefix, prefix_end(at)};
    // An encoded key ends with a byte below 0xFF or with one that has a successor before it, so
    // there is always an end.
    case KeyOperator::greater:
      return {*prefix_end(at), all.upper};
    case KeyOperator::greater_equal:
      return {at, all.upper};
    case KeyOperator::between:
      return {at, prefix_end(extended(prefix, *term.high))};
    case KeyOperator::begins_with:
      break;
  }
  std::string begin = prefix;
  append_key_prefix(begin, *term.value);
  return starting_with(std::move(begin));
}

class Resolver {
 public:
  Resolver(const std::map<std::string, KeyTerm>& terms, const KeySchema& key)
      : terms_(terms), key_(key) {}

  ApiResult<KeyCondition> run() {
    KeyCondition resolved;
    if (Problem problem = partition(resolved.partition)) return *std::move(problem);
    if (Problem problem = sort(resolved.range)) return *std::move(problem);
    if (used_ == terms_.size()) return resolved;
    // A term is left over. With a sort attribute free, the service says that it misses that one.
    if (!key_.sort.empty() && find(key_.sort.front()) == nullptr) {
      return missing_element(key_.sort.front().name);
    }
    return not_supported();
  }

 private:
  [[nodiscard]] const KeyTerm* find(const KeyAttribute& attribute) const {
    const auto found = terms_.find(attribute.name);
    return found == terms_.end() ? nullptr : &found->second;
  }

  Problem partition(std::string& out) {
    for (const KeyAttribute& attribute : key_.partition) {
      const KeyTerm* term = find(attribute);
      if (term == nullptr) return missing_element(attribute.name);
      if (term->op != KeyOperator::equal) return not_supported();
      if (Problem problem = check_term(attribute, *term)) return problem;
      append_key(out, *term->value);
      ++used_;
    }
    return std::nullopt;
  }

  Problem sort(ByteRange& range) {
    std::string prefix;
    range = starting_with(prefix);
    bool closed = false;
    bool skipped = false;
    for (const KeyAttribute& attribute : key_.sort) {
      const KeyTerm* term = find(attribute);
      if (term == nullptr) {
        skipped = true;
        continue;
      }
      if (skipped || closed) return not_supported();
      if (Problem problem = check_term(attribute, *term)) return problem;
      if (term->op == KeyOperator::begins_with && attribute.type == dynamo::ScalarType::N) {
        return not_supported();
      }
      range = range_of(*term, prefix);
      append_key(prefix, *term->value);
      closed = term->op != KeyOperator::equal;
      ++used_;
    }
    return std::nullopt;
  }

  const std::map<std::string, KeyTerm>& terms_;
  const KeySchema& key_;
  std::size_t used_ = 0;
};

}  // namespace

ApiResult<KeyCondition> resolve_key_condition(const BoundCondition& condition,
                                              const KeySchema& key) {
  TermCollector collector(condition.bindings);
  if (Problem problem = collector.collect(condition.tree->root)) return *std::move(problem);
  return Resolver(collector.terms, key).run();
}

}  // namespace ddbplan::engine
