#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "engine/expression/check.h"
#include "engine/expression/visit.h"

namespace ddbplan::engine {

using dynamo::AttributeValue;

namespace {

using Problem = std::optional<std::string>;

constexpr std::array<std::string_view, 10> kTypeNames = {"S",  "N", "B", "SS",   "NS",
                                                         "BS", "M", "L", "NULL", "BOOL"};

bool is_one_of(std::string_view type, std::initializer_list<std::string_view> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

/// Two paths that name the same place, also through different placeholders.
bool same_path(const Path& a, const Path& b, const Bindings& bindings) {
  return std::equal(a.elements.begin(), a.elements.end(), b.elements.begin(), b.elements.end(),
                    [&](const auto& x, const auto& y) {
                      if (x.index() != y.index()) return false;
                      const NameId* name = std::get_if<NameId>(&x);
                      if (name == nullptr) return x == y;
                      return bindings.name(*name) == bindings.name(std::get<NameId>(y));
                    });
}

/// As the service's Java prints a bound of BETWEEN.
std::string bound_text(const AttributeValue& value) {
  std::string content;
  if (const std::string* text = value.as_string()) {
    content = *text;
  } else if (const dynamo::Decimal* number = value.as_number()) {
    content = number->to_string();
  } else if (const dynamo::Binary* binary = value.as_binary()) {
    content = fmt::format("java.nio.HeapByteBuffer[pos=0 lim={0} cap={0}]", binary->bytes.size());
  }
  return fmt::format("AttributeValue: {{{}:{}}}", value.type_name(), content);
}

class OperandCheck {
 public:
  explicit OperandCheck(const Bindings& bindings) : bindings_(bindings) {}

  [[nodiscard]] Problem condition(const Condition& condition) const {
    return std::visit(Overloaded{
                          [&](const Comparison& node) { return comparison(node); },
                          [&](const Between& node) { return between(node); },
                          [&](const In& node) { return in(node); },
                          [&](const FunctionCall& node) { return call(node); },
                          [&](const And& node) { return conditions(node.terms); },
                          [&](const Or& node) { return conditions(node.terms); },
                          [&](const Not& node) { return this->condition(*node.term); },
                      },
                      condition.node);
  }

  [[nodiscard]] Problem operand(const Operand& operand) const {
    const auto* nested = std::get_if<std::unique_ptr<FunctionCall>>(&operand.node);
    return nested == nullptr ? std::nullopt : call(**nested);
  }

  [[nodiscard]] Problem assignment(const UpdateAction& action) const {
    if (Problem problem = operand(*action.left)) return problem;
    if (!action.right) return std::nullopt;
    if (Problem problem = operand(*action.right)) return problem;
    const std::string_view sign(&action.arithmetic, 1);
    if (Problem problem = allowed(sign, *action.left, {"N"})) return problem;
    return allowed(sign, *action.right, {"N"});
  }

  [[nodiscard]] Problem add_or_erase(const UpdateAction& action) const {
    const std::string_view type = bindings_.value(std::get<ValueId>(action.left->node)).type_name();
    const bool is_add = action.clause == UpdateClause::add;
    if (is_one_of(type, {"SS", "NS", "BS"}) || (is_add && type == "N")) return std::nullopt;
    const std::string_view clause = clause_text(action.clause);
    return fmt::format(
        "Incorrect operand type for operator or function; operator: {}, operand type: {}, typeSet: "
        "ALLOWED_FOR_{}_OPERAND",
        clause, long_type_name(type), clause);
  }

 private:
  /// The type of an operand that does not depend on the item; empty when it does.
  [[nodiscard]] std::string_view static_type(const Operand& operand) const {
    if (const ValueId* value = std::get_if<ValueId>(&operand.node)) {
      return bindings_.value(*value).type_name();
    }
    const auto* nested = std::get_if<std::unique_ptr<FunctionCall>>(&operand.node);
    return nested != nullptr && (*nested)->function == Function::size ? "N" : "";
  }

  [[nodiscard]] Problem allowed(std::string_view function, const Operand& operand,
                                std::initializer_list<std::string_view> types) const {
    const std::string_view type = static_type(operand);
    if (type.empty() || is_one_of(type, types)) return std::nullopt;
    return wrong_type(function, type);
  }

  static std::string wrong_type(std::string_view function, std::string_view type) {
    return fmt::format(
        "Incorrect operand type for operator or function; operator or function: {}, operand type: "
        "{}",
        function, type);
  }

  static std::string_view long_type_name(std::string_view type) {
    if (type == "S") return "STRING";
    if (type == "N") return "NUMBER";
    if (type == "B") return "BINARY";
    if (type == "BOOL") return "BOOLEAN";
    if (type == "L") return "LIST";
    if (type == "M") return "MAP";
    return type;
  }

  [[nodiscard]] Problem distinct(std::string_view function, const Operand& first,
                                 const Operand& other) const {
    const Path* a = std::get_if<Path>(&first.node);
    const Path* b = std::get_if<Path>(&other.node);
    if (a == nullptr || b == nullptr || !same_path(*a, *b, bindings_)) return std::nullopt;
    return fmt::format(
        "The first operand must be distinct from the remaining operands for this operator or "
        "function; operator: {}, first operand: {}",
        function, path_text(*a, bindings_));
  }

  [[nodiscard]] Problem conditions(const std::vector<Condition>& terms) const {
    for (const Condition& term : terms) {
      if (Problem problem = condition(term)) return problem;
    }
    return std::nullopt;
  }

  [[nodiscard]] Problem comparison(const Comparison& node) const {
    for (const Operand* part : {&node.left, &node.right}) {
      if (Problem problem = operand(*part)) return problem;
    }
    const std::string_view sign = comparator_text(node.comparator);
    if (Problem problem = distinct(sign, node.left, node.right)) return problem;
    if (node.comparator == Comparator::equal || node.comparator == Comparator::not_equal) {
      return std::nullopt;
    }
    if (Problem problem = allowed(sign, node.left, {"S", "N", "B"})) return problem;
    return allowed(sign, node.right, {"S", "N", "B"});
  }

  [[nodiscard]] Problem between(const Between& node) const {
    for (const Operand* part : {&node.value, &node.low, &node.high}) {
      if (Problem problem = operand(*part)) return problem;
    }
    if (Problem problem = distinct("BETWEEN", node.value, node.low)) return problem;
    if (Problem problem = distinct("BETWEEN", node.value, node.high)) return problem;
    for (const Operand* part : {&node.value, &node.low, &node.high}) {
      if (Problem problem = allowed("BETWEEN", *part, {"S", "N", "B"})) return problem;
    }
    const ValueId* low = std::get_if<ValueId>(&node.low.node);
    const ValueId* high = std::get_if<ValueId>(&node.high.node);
    if (low == nullptr || high == nullptr) return std::nullopt;
    return bounds(bindings_.value(*low), bindings_.value(*high));
  }

  static Problem bounds(const AttributeValue& low, const AttributeValue& high) {
    const char* problem = nullptr;
    if (low.data.index() != high.data.index()) {
      problem = "The BETWEEN operator requires same data type for lower and upper bounds";
    } else if (dynamo::compare_keys(low, high) == std::strong_ordering::greater) {
      problem =
          "The BETWEEN operator requires upper bound to be greater than or equal to lower bound";
    }
    if (problem == nullptr) return std::nullopt;
    return fmt::format("{}; lower bound operand: {}, upper bound operand: {}", problem,
                       bound_text(low), bound_text(high));
  }

  [[nodiscard]] Problem in(const In& node) const {
    if (Problem problem = operand(node.value)) return problem;
    for (const Operand& candidate : node.candidates) {
      if (Problem problem = operand(candidate)) return problem;
    }
    if (node.candidates.size() > dynamo::limits::kInOperandsMax) {
      return fmt::format(
          "The IN operator is provided with too many operands; number of operands: {}",
          node.candidates.size());
    }
    for (const Operand& candidate : node.candidates) {
      if (Problem problem = distinct("IN", node.value, candidate)) return problem;
    }
    return std::nullopt;
  }

  [[nodiscard]] Problem call(const FunctionCall& node) const {
    for (const Operand& argument : node.arguments) {
      if (Problem problem = operand(argument)) return problem;
    }
    if (needs_path(node.function) && !std::holds_alternative<Path>(node.arguments.front().node)) {
      return fmt::format("Operator or function requires a document path; operator or function: {}",
                         node.name);
    }
    if (node.arguments.size() == 2 && node.function != Function::list_append) {
      if (Problem problem = distinct(node.name, node.arguments[0], node.arguments[1])) {
        return problem;
      }
    }
    switch (node.function) {
      case Function::size:
        return allowed("size", node.arguments[0], {"S", "B", "SS", "NS", "BS", "L", "M"});
      case Function::begins_with:
        return both(node, {"S", "B"});
      case Function::list_append:
        return both(node, {"L"});
      case Function::attribute_type:
        return type_argument(node.arguments[1]);
      default:
        return std::nullopt;
    }
  }

  static bool needs_path(Function function) {
    return function == Function::attribute_exists || function == Function::attribute_not_exists ||
           function == Function::attribute_type || function == Function::if_not_exists;
  }

  [[nodiscard]] Problem both(const FunctionCall& node,
                             std::initializer_list<std::string_view> types) const {
    for (const Operand& argument : node.arguments) {
      if (Problem problem = allowed(node.name, argument, types)) return problem;
    }
    return std::nullopt;
  }

  [[nodiscard]] Problem type_argument(const Operand& argument) const {
    const ValueId* id = std::get_if<ValueId>(&argument.node);
    if (id == nullptr) return wrong_type("attribute_type", "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
    const AttributeValue& value = bindings_.value(*id);
    const std::string* type = value.as_string();
    if (type == nullptr) return wrong_type("attribute_type", value.type_name());
    if (std::find(kTypeNames.begin(), kTypeNames.end(), *type) != kTypeNames.end()) {
      return std::nullopt;
    }
    return fmt::format(
        "Invalid attribute type name found; type: {}, valid types: "
        "{{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}",
        *type);
  }

  const Bindings& bindings_;
};

/// One path inside the other, or one place used as a list and as a map.
Problem check_pair(const Path& one, const Path& two, const Bindings& bindings) {
  const auto report = [&](std::string_view how) {
    return fmt::format(
        "Two document paths {} with each other; must remove or rewrite one of these paths; path "
        "one: {}, path two: {}",
        how, path_text(one, bindings), path_text(two, bindings));
  };
  const std::size_t common = std::min(one.elements.size(), two.elements.size());
  for (std::size_t i = 0; i < common; ++i) {
    const auto& a = one.elements[i];
    const auto& b = two.elements[i];
    if (a.index() != b.index()) return report("conflict");
    if (const NameId* name = std::get_if<NameId>(&a)) {
      if (bindings.name(*name) != bindings.name(std::get<NameId>(b))) return std::nullopt;
    } else if (a != b) {
      return std::nullopt;
    }
  }
  return report("overlap");
}

Problem check_overlaps(const std::vector<const Path*>& paths, const Bindings& bindings) {
  for (std::size_t two = 1; two < paths.size(); ++two) {
    for (std::size_t one = 0; one < two; ++one) {
      if (Problem problem = check_pair(*paths[one], *paths[two], bindings)) return problem;
    }
  }
  return std::nullopt;
}

}  // namespace

Problem check_operands(const ConditionExpression& condition, const Bindings& bindings) {
  return OperandCheck(bindings).condition(condition.root);
}

Problem check_operands(const UpdateExpression& update, const Bindings& bindings) {
  std::vector<const Path*> targets;
  for (const UpdateAction& action : update.actions) targets.push_back(&action.target);
  if (Problem problem = check_overlaps(targets, bindings)) return problem;
  const OperandCheck check(bindings);
  for (const UpdateAction& action : update.actions) {
    Problem problem;
    switch (action.clause) {
      case UpdateClause::set:
        problem = check.assignment(action);
        break;
      case UpdateClause::add:
      case UpdateClause::erase:
        problem = check.add_or_erase(action);
        break;
      case UpdateClause::remove:
        break;
    }
    if (problem) return problem;
  }
  return std::nullopt;
}

Problem check_operands(const ProjectionExpression& projection, const Bindings& bindings) {
  std::vector<const Path*> paths;
  for (const Path& path : projection.paths) paths.push_back(&path);
  return check_overlaps(paths, bindings);
}

}  // namespace ddbplan::engine
