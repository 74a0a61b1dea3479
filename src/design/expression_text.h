// Expressions of the language as DynamoDB writes them: real attribute names where they can stand,
// `#name` where they cannot (reserved words, odd characters), and a `:name` for every value.
//
// Writing and valuing are apart: the text of a step is the same for every call, its values are not.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "design/access_plan.h"
#include "dynamo/request.h"
#include "model/evaluate.h"

namespace ddbplan::design {

/// Collects the placeholders of one request while its expressions are written.
class ExpressionWriter {
 public:
  /// The attribute's name, or its placeholder.
  std::string name(const std::string& attribute);
  /// A placeholder for a value that is known already, named after `wish` ("pk" -> ":pk", then
  /// ":pk2").
  std::string value(const std::string& wish, dynamo::AttributeValue known);
  /// A filter or condition.
  std::string condition(const model::Expression& expression);
  /// An operand: an attribute, or a placeholder whose value `values` computes. `attribute` is what
  /// it is compared with or written to: an instant takes that attribute's form.
  std::string operand(const model::Operand& operand, const std::string& attribute);

  /// The same for an update of a set (`ADD tags :tag`) or list (`list_append`): one element becomes
  /// a set or list of one.
  enum class Wrap { none, set, list };
  std::string element(const model::Operand& operand, const std::string& attribute, Wrap wrap);

  /// Names, and values under `scope`. Types of attributes come from `types`. The error names the
  /// parameter that is missing.
  struct Values {
    dynamo::ExpressionNames expression;
    std::optional<std::string> missing;
  };
  using TypeOf = std::function<model::ValueType(const std::string& attribute)>;
  [[nodiscard]] Values values(const model::Scope& scope, const TypeOf& type_of) const;
  [[nodiscard]] const std::map<std::string, std::string>& names() const { return names_; }

 private:
  struct Pending {
    std::string placeholder;
    model::Operand operand;
    std::string attribute;
    std::string text;  ///< canonical, to reuse the placeholder of an equal operand
    Wrap wrap = Wrap::none;
  };
  std::string reserve(const std::string& wish);

  std::map<std::string, std::string> names_;
  std::vector<Pending> pending_;
  std::map<std::string, dynamo::AttributeValue> known_;
  std::vector<std::string> taken_;
};

/// The attributes that an operand or an expression names, in order, with repeats.
std::vector<std::string> attributes_of(const model::Expression& expression);
/// The parameters that an expression names.
std::vector<std::string> parameters_of(const model::Expression& expression);

/// `filter` without the terms (of its outermost And) that ask for an optional parameter which this
/// call does not give: a `narrow_by` that was left out. Null when nothing is left.
model::ExpressionPtr without_missing(const model::ExpressionPtr& filter,
                                     const std::vector<std::string>& optional,
                                     const dynamo::Item& given);

/// `condition` with `attribute = :parameter` (in its outermost And) said as its absence, where the parameter
/// has no value: a row is compared with what was read, and the attribute was not there.
model::ExpressionPtr absent_where_missing(const model::ExpressionPtr& condition,
                                          const std::vector<std::string>& optional,
                                          const dynamo::Item& given);

}  // namespace ddbplan::design
