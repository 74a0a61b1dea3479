#include <limits>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "dynamo/reserved.h"
#include "engine/expression/check.h"
#include "engine/expression/parser_base.h"
#include "engine/expression/visit.h"

namespace ddbplan::engine {
namespace {

using Problem = std::optional<std::string>;

constexpr std::uint64_t kListIndexMax = std::numeric_limits<std::int32_t>::max();

enum class Place { condition, operand, update };

bool is_update_function(Function function) {
  return function == Function::if_not_exists || function == Function::list_append;
}

std::size_t arity(Function function) {
  switch (function) {
    case Function::attribute_exists:
    case Function::attribute_not_exists:
    case Function::size:
      return 1;
    default:
      return 2;
  }
}

class StructureCheck {
 public:
  explicit StructureCheck(const Symbols& symbols) : symbols_(symbols) {}

  [[nodiscard]] Problem path(const Path& path) const {
    for (const auto& element : path.elements) {
      if (const ListIndex* index = std::get_if<ListIndex>(&element)) {
        if (index->number > kListIndexMax) {
          return fmt::format("List index is not within the allowable range; index: [{}]",
                             index->number);
        }
        continue;
      }
      const std::string& name = symbols_.names[std::get<NameId>(element).number];
      if (name.front() != '#' && dynamo::is_reserved_word(name)) {
        return fmt::format("Attribute name is a reserved keyword; reserved keyword: {}", name);
      }
    }
    if (path.elements.size() > dynamo::limits::kNestingDepthMax) {
      return fmt::format("The document path has too many nesting levels; nesting levels: {}",
                         path.elements.size());
    }
    return std::nullopt;
  }

  [[nodiscard]] Problem operand(const Operand& operand, Place place) const {
    if (const Path* named = std::get_if<Path>(&operand.node)) return path(*named);
    const auto* nested = std::get_if<std::unique_ptr<FunctionCall>>(&operand.node);
    return nested == nullptr ? std::nullopt : call(**nested, place);
  }

  [[nodiscard]] Problem operands(const std::vector<Operand>& all, Place place) const {
    for (const Operand& one : all) {
      if (Problem problem = operand(one, place)) return problem;
    }
    return std::nullopt;
  }

  [[nodiscard]] Problem call(const FunctionCall& call, Place place) const {
    if (call.function == Function::unknown) {
      return fmt::format("Invalid function name; function: {}", call.name);
    }
    if (const char* misplaced = misplacement(call.function, place)) {
      return fmt::format("{}; function: {}", misplaced, call.name);
    }
    if (call.arguments.size() != arity(call.function)) {
      return fmt::format(
          "Incorrect number of operands for operator or function; operator or function: {}, number "
          "of operands: {}",
          call.name, call.arguments.size());
    }
    return operands(call.arguments, place == Place::update ? Place::update : Place::operand);
  }

  [[nodiscard]] Problem condition(const Condition& condition) const {
    return std::visit(Overloaded{
                          [&](const Comparison& node) {
                            return each({&node.left, &node.right});
                          },
                          [&](const Between& node) {
                            return each({&node.value, &node.low, &node.high});
                          },
                          [&](const In& node) -> Problem {
                            if (Problem problem = operand(node.value, Place::operand))
                              return problem;
                            return operands(node.candidates, Place::operand);
                          },
                          [&](const FunctionCall& node) { return call(node, Place::condition); },
                          [&](const And& node) { return conditions(node.terms); },
                          [&](const Or& node) { return conditions(node.terms); },
                          [&](const Not& node) { return this->condition(*node.term); },
                      },
                      condition.node);
  }

 private:
  [[nodiscard]] Problem each(std::initializer_list<const Operand*> parts) const {
    for (const Operand* part : parts) {
      if (Problem problem = operand(*part, Place::operand)) return problem;
    }
    return std::nullopt;
  }

  [[nodiscard]] Problem conditions(const std::vector<Condition>& terms) const {
    for (const Condition& term : terms) {
      if (Problem problem = condition(term)) return problem;
    }
    return std::nullopt;
  }

  static const char* misplacement(Function function, Place place) {
    if (place == Place::update) {
      return is_update_function(function) ? nullptr
                                          : "The function is not allowed in an update expression";
    }
    if (is_update_function(function)) {
      return "The function is not allowed in a condition expression";
    }
    const bool is_operand = function == Function::size;
    if (is_operand != (place == Place::operand)) {
      return "The function is not allowed to be used this way in an expression";
    }
    return nullptr;
  }

  const Symbols& symbols_;
};

Problem check_operators(int operators) {
  if (operators <= kOperatorsMax) return std::nullopt;
  return fmt::format("The expression contains too many operators; operator count: {}", operators);
}

}  // namespace

Problem check_structure(const ConditionExpression& condition) {
  if (Problem problem = check_operators(condition.operators)) return problem;
  return StructureCheck(condition.symbols).condition(condition.root);
}

Problem check_structure(const UpdateExpression& update) {
  if (Problem problem = check_operators(update.operators)) return problem;
  const StructureCheck check(update.symbols);
  for (const UpdateAction& action : update.actions) {
    if (Problem problem = check.path(action.target)) return problem;
    for (const std::optional<Operand>* operand : {&action.left, &action.right}) {
      if (!operand->has_value()) continue;
      if (Problem problem = check.operand(**operand, Place::update)) return problem;
    }
  }
  if (update.repeated) {
    return fmt::format("The \"{}\" section can only be used once in an update expression;",
                       clause_text(*update.repeated));
  }
  return std::nullopt;
}

Problem check_structure(const ProjectionExpression& projection) {
  const StructureCheck check(projection.symbols);
  for (const Path& path : projection.paths) {
    if (Problem problem = check.path(path)) return problem;
  }
  return std::nullopt;
}

}  // namespace ddbplan::engine
