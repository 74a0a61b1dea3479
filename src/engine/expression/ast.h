// The trees of DynamoDB's expressions, as written: placeholders are not replaced. Names and values
// are numbers into the expression's Symbols, so one tree serves every request with the same text
// and only the small tables of Bindings are made anew.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace ddbplan::engine {

/// What an expression names, each once, in order of first appearance.
struct Symbols {
  std::vector<std::string> names;   ///< "status" or "#status"
  std::vector<std::string> values;  ///< ":open"
};

struct NameId {
  std::size_t number = 0;
  bool operator==(const NameId&) const = default;
};
struct ListIndex {
  std::uint64_t number = 0;
  bool operator==(const ListIndex&) const = default;
};
/// A document path: `a.b[3].#c`. The first element is a name.
struct Path {
  std::vector<std::variant<NameId, ListIndex>> elements;
};
struct ValueId {
  std::size_t number = 0;
};

enum class Function {
  unknown,
  attribute_exists,
  attribute_not_exists,
  attribute_type,
  begins_with,
  contains,
  size,
  if_not_exists,
  list_append,
};

struct FunctionCall;
struct Operand {
  std::variant<Path, ValueId, std::unique_ptr<FunctionCall>> node;
};
struct FunctionCall {
  Function function = Function::unknown;
  std::string name;  ///< as written
  std::vector<Operand> arguments;
};

enum class Comparator { equal, not_equal, less, less_equal, greater, greater_equal };
/// "=", "<>", "<", "<=", ">", ">=".
std::string_view comparator_text(Comparator comparator);

struct Condition;
struct Comparison {
  Comparator comparator = Comparator::equal;
  Operand left;
  Operand right;
};
struct Between {
  Operand value;
  Operand low;
  Operand high;
};
struct In {
  Operand value;
  std::vector<Operand> candidates;
};
/// At least two terms; chains are flat, so that a long one does not nest.
struct And {
  std::vector<Condition> terms;
};
struct Or {
  std::vector<Condition> terms;
};
struct Not {
  std::unique_ptr<Condition> term;
};
struct Condition {
  std::variant<Comparison, Between, In, FunctionCall, And, Or, Not> node;
};

struct ConditionExpression {
  Symbols symbols;
  Condition root;
  int operators = 0;
};

enum class UpdateClause { set, remove, add, erase };  // erase: the DELETE clause
struct UpdateAction {
  UpdateClause clause = UpdateClause::set;
  Path target;
  /// SET: an operand, or two with '+' or '-' between them. ADD and DELETE: `left` is a value.
  std::optional<Operand> left;
  char arithmetic = 0;
  std::optional<Operand> right;
};
struct UpdateExpression {
  Symbols symbols;
  std::vector<UpdateAction> actions;
  int operators = 0;
  /// The keyword of a clause that stands there twice.
  std::optional<UpdateClause> repeated;
};

struct ProjectionExpression {
  Symbols symbols;
  std::vector<Path> paths;
};

/// "SET", "REMOVE", "ADD", "DELETE".
std::string_view clause_text(UpdateClause clause);

}  // namespace ddbplan::engine
