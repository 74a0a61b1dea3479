// Update expressions: SET, REMOVE, ADD and DELETE clauses from an action's parts.
#include <algorithm>
#include <string_view>
#include <utility>

#include "design/execution.h"
#include "support/text.h"

namespace ddbplan::design {
namespace {

using dynamo::AttributeValue;
using Wrap = ExpressionWriter::Wrap;

using Kind = UpdateTerm::Kind;

class UpdateWriter {
 public:
  UpdateWriter(ExpressionWriter& writer, const model::Entity& entity)
      : writer_(writer), entity_(entity) {}

  void operator()(const SetValue& clause) { set(Kind::set, clause.attribute, *clause.value); }
  void operator()(const AppendTo& clause) {
    const std::string name = writer_.name(clause.attribute);
    const std::string value = writer_.element(*clause.value, clause.attribute, Wrap::list);
    const std::string empty = writer_.value("empty", {AttributeValue::Variant(dynamo::List{})});
    terms_.push_back(
        {Kind::append, name,
         name + " = list_append(if_not_exists(" + name + ", " + empty + "), " + value + ")",
         value});
  }
  /// A request has the better value.
  void operator()(const SetExtreme& clause) {
    set(clause.greatest ? Kind::greatest : Kind::smallest, clause.attribute, *clause.value);
  }
  void operator()(const RemoveAttribute& clause) { remove_key(clause.attribute); }
  void operator()(const AddNumber& clause) {
    const std::string name = writer_.name(clause.attribute);
    const model::Attribute* attribute = entity_.find(clause.attribute);
    if (attribute != nullptr && attribute->type == model::ValueType::set) {
      const std::string value = writer_.element(*clause.amount, clause.attribute, Wrap::set);
      terms_.push_back({clause.subtract ? Kind::delete_element : Kind::add_element, name,
                        name + " " + value, value});
    } else if (!clause.subtract) {
      add(name, *clause.amount, clause.attribute);
    } else if (attribute != nullptr && attribute->present >= 1) {
      const std::string value = writer_.element(*clause.amount, clause.attribute, Wrap::none);
      terms_.push_back({Kind::subtract, name, name + " = " + name + " - " + value, value});
    } else {
      // SET needs the attribute, ADD starts from zero; so less is added.
      const auto zero = std::make_shared<const model::Operand>(
          model::Operand{model::Constant{AttributeValue::number(0)}, {}});
      add(name, model::Operand{model::Arithmetic{'-', zero, clause.amount}, {}}, clause.attribute);
    }
  }

  void set_key(const std::string& name, const AttributeValue& value) {
    const std::string target = writer_.name(name);
    const std::string placeholder = writer_.value(support::to_lower_ascii(name), value);
    terms_.push_back({Kind::set, target, target + " = " + placeholder, placeholder});
  }
  void remove_key(const std::string& name) {
    const std::string target = writer_.name(name);
    terms_.push_back({Kind::remove, target, target, {}});
  }

  [[nodiscard]] std::vector<UpdateTerm> finish() { return std::move(terms_); }

 private:
  void set(Kind kind, const std::string& attribute, const model::Operand& value) {
    const std::string name = writer_.name(attribute);
    const std::string placeholder = writer_.operand(value, attribute);
    terms_.push_back({kind, name, name + " = " + placeholder, placeholder});
  }
  void add(const std::string& name, const model::Operand& amount, const std::string& attribute) {
    const std::string value = writer_.element(amount, attribute, Wrap::none);
    terms_.push_back({Kind::add, name, name + " " + value, value});
  }

  ExpressionWriter& writer_;
  const model::Entity& entity_;
  std::vector<UpdateTerm> terms_;
};

std::string_view keyword(Kind kind) {
  switch (kind) {
    case Kind::set:
    case Kind::greatest:
    case Kind::smallest:
    case Kind::append:
    case Kind::subtract:
      return "SET";
    case Kind::remove:
      return "REMOVE";
    case Kind::add:
    case Kind::add_element:
      return "ADD";
    case Kind::delete_element:
      return "DELETE";
  }
  return {};
}

}  // namespace

std::vector<UpdateTerm> write_update(ExpressionWriter& writer, const model::Entity& entity,
                                     const std::vector<UpdateClause>& clauses,
                                     const IndexKeys& keys) {
  UpdateWriter update(writer, entity);
  for (const UpdateClause& clause : clauses) std::visit(update, clause);
  for (const auto& [name, value] : keys.set) update.set_key(name, value);
  for (const std::string& name : keys.removed) update.remove_key(name);
  return update.finish();
}

std::string update_text(const std::vector<UpdateTerm>& terms) {
  std::string out;
  for (const std::string_view word : {"SET", "REMOVE", "ADD", "DELETE"}) {
    std::vector<std::string> parts;
    for (const UpdateTerm& term : terms) {
      if (keyword(term.kind) == word) parts.push_back(term.text);
    }
    if (parts.empty()) continue;
    out += (out.empty() ? "" : " ") + std::string(word) + " " + support::join(parts, ", ");
  }
  return out;
}

}  // namespace ddbplan::design
