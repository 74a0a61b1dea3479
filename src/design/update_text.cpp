// Update expressions: SET, REMOVE, ADD and DELETE clauses from an action's parts.
#include <algorithm>
#include <utility>

#include "design/execution.h"
#include "support/text.h"

namespace ddbplan::design {
namespace {

using dynamo::AttributeValue;
using Wrap = ExpressionWriter::Wrap;

/// The clauses of one update, by keyword.
class UpdateWriter {
 public:
  UpdateWriter(ExpressionWriter& writer, const model::Entity& entity)
      : writer_(writer), entity_(entity) {}

  void operator()(const SetValue& clause) {
    sets_.push_back(writer_.name(clause.attribute) + " = " +
                    writer_.operand(*clause.value, clause.attribute));
    only_adds_ = false;
  }
  void operator()(const AppendTo& clause) {
    const std::string name = writer_.name(clause.attribute);
    const std::string value = writer_.element(*clause.value, clause.attribute, Wrap::list);
    const std::string empty = writer_.value("empty", {AttributeValue::Variant(dynamo::List{})});
    sets_.push_back(name + " = list_append(if_not_exists(" + name + ", " + empty + "), " + value +
                    ")");
    only_adds_ = false;
  }
  void operator()(const SetExtreme& clause) {
    // As documentation shows it: a request has the better value.
    (*this)(SetValue{clause.attribute, clause.value});
  }
  void operator()(const RemoveAttribute& clause) {
    removes_.push_back(writer_.name(clause.attribute));
    only_adds_ = false;
  }
  void operator()(const AddNumber& clause) {
    const std::string name = writer_.name(clause.attribute);
    const model::Attribute* attribute = entity_.find(clause.attribute);
    if (attribute != nullptr && attribute->type == model::ValueType::set) {
      const std::string value = writer_.element(*clause.amount, clause.attribute, Wrap::set);
      (clause.subtract ? deletes_ : adds_).push_back(name + " " + value);
      only_adds_ = false;
    } else if (!clause.subtract) {
      adds_.push_back(name + " " + addend(*clause.amount, clause.attribute));
    } else if (attribute != nullptr && attribute->present >= 1) {
      sets_.push_back(name + " = " + name + " - " + addend(*clause.amount, clause.attribute));
    } else {
      // SET needs the attribute, ADD starts from zero; so less is added.
      const auto zero = std::make_shared<const model::Operand>(
          model::Operand{model::Constant{AttributeValue::number(0)}, {}});
      const model::Operand less{model::Arithmetic{'-', zero, clause.amount}, {}};
      adds_.push_back(name + " " + addend(less, clause.attribute));
    }
  }

  void set_key(const std::string& name, const AttributeValue& value) {
    sets_.push_back(writer_.name(name) + " = " +
                    writer_.value(support::to_lower_ascii(name), value));
    only_adds_ = false;
  }
  void remove_key(const std::string& name) {
    removes_.push_back(writer_.name(name));
    only_adds_ = false;
  }

  [[nodiscard]] UpdateText finish() {
    UpdateText result;
    if (only_adds_) result.addends = std::move(addends_);
    const auto append = [&result](std::string_view word, const std::vector<std::string>& parts) {
      if (parts.empty()) return;
      if (!result.text.empty()) result.text += ' ';
      result.text += std::string(word) + " " + support::join(parts, ", ");
    };
    append("SET", sets_);
    append("REMOVE", removes_);
    append("ADD", adds_);
    append("DELETE", deletes_);
    return result;
  }

 private:
  std::string addend(const model::Operand& amount, const std::string& attribute) {
    addends_.push_back(writer_.element(amount, attribute, Wrap::none));
    return addends_.back();
  }

  ExpressionWriter& writer_;
  const model::Entity& entity_;
  std::vector<std::string> sets_;
  std::vector<std::string> removes_;
  std::vector<std::string> adds_;
  std::vector<std::string> deletes_;
  std::vector<std::string> addends_;
  bool only_adds_ = true;
};

}  // namespace

UpdateText write_update(ExpressionWriter& writer, const model::Entity& entity,
                        const std::vector<UpdateClause>& clauses, const IndexKeys& keys) {
  UpdateWriter update(writer, entity);
  for (const UpdateClause& clause : clauses) std::visit(update, clause);
  for (const auto& [name, value] : keys.set) update.set_key(name, value);
  for (const std::string& name : keys.removed) update.remove_key(name);
  return update.finish();
}

}  // namespace ddbplan::design
