// Makes trees of expressions that no text was parsed for: from legacy parameters and from PartiQL.
// Names and values become placeholders that the tree itself defines, so that whatever reads trees
// needs no second way to find them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "dynamo/request.h"
#include "engine/expression/ast.h"

namespace ddbplan::engine {

class TreeBuilder {
 public:
  NameId name(const std::string& attribute) {
    for (std::size_t i = 0; i < symbols_.names.size(); ++i) {
      if (definitions_.names.at(symbols_.names[i]) == attribute) return {i};
    }
    symbols_.names.push_back(placeholder('#', symbols_.names.size()));
    definitions_.names.emplace(symbols_.names.back(), attribute);
    return {symbols_.names.size() - 1};
  }
  Path path(const std::string& attribute) {
    Path made;
    made.elements.emplace_back(name(attribute));
    return made;
  }
  ValueId value(dynamo::AttributeValue content) {
    symbols_.values.push_back(placeholder(':', symbols_.values.size()));
    definitions_.values.emplace(symbols_.values.back(), std::move(content));
    return {symbols_.values.size() - 1};
  }
  static Operand operand(Path path) { return {std::move(path)}; }
  static Operand operand(ValueId value) { return {value}; }
  static Operand operand(FunctionCall call) {
    return {std::make_unique<FunctionCall>(std::move(call))};
  }

  template <class... Arguments>
  static FunctionCall call(Function function, std::string name, Arguments... arguments) {
    FunctionCall made{function, std::move(name), {}};
    (made.arguments.push_back(operand(std::move(arguments))), ...);
    return made;
  }
  static Condition negated(Condition condition) {
    return {Not{std::make_unique<Condition>(std::move(condition))}};
  }
  /// REQUIRES: not empty.
  static Condition joined(std::vector<Condition> terms, bool any_of) {
    if (terms.size() == 1) return std::move(terms.front());
    if (any_of) return {Or{std::move(terms)}};
    return {And{std::move(terms)}};
  }

  [[nodiscard]] const std::string& attribute(NameId id) const {
    return definitions_.names.at(symbols_.names[id.number]);
  }
  [[nodiscard]] const dynamo::AttributeValue& content(ValueId id) const {
    return definitions_.values.at(symbols_.values[id.number]);
  }
  [[nodiscard]] const Symbols& symbols() const { return symbols_; }
  [[nodiscard]] const dynamo::ExpressionNames& definitions() const { return definitions_; }
  Symbols take_symbols() { return std::move(symbols_); }
  dynamo::ExpressionNames take_definitions() { return std::move(definitions_); }

 private:
  static std::string placeholder(char sign, std::size_t number) {
    std::string text(1, sign);
    return text.append(std::to_string(number));
  }

  Symbols symbols_;
  dynamo::ExpressionNames definitions_;
};

}  // namespace ddbplan::engine
