#include "capacity/membership.h"

#include <algorithm>
#include <utility>

#include "model/conjuncts.h"
#include "model/evaluate.h"
#include "model/row_times.h"
#include "support/check.h"

namespace ddbplan::capacity {
namespace {

using model::Attribute;
using model::Entity;
using model::Expression;
using model::ExpressionPtr;
using model::OperandPtr;

/// What an expression speaks of.
struct Mentions {
  std::set<std::string> attributes;  ///< the row's own
  bool others = false;               ///< attributes of other entities
  bool runtime = false;              ///< parameters
  bool now = false;
};

void collect(const model::AttributeRef& reference, Mentions& out) {
  if (reference.via) {
    out.others = true;
  } else {
    out.attributes.insert(reference.name);
  }
}

void collect(const OperandPtr& operand, Mentions& out) {
  if (operand == nullptr) return;
  const auto& node = operand->node;
  if (const auto* reference = std::get_if<model::AttributeRef>(&node)) collect(*reference, out);
  if (const auto* size = std::get_if<model::SizeOf>(&node)) collect(size->attribute, out);
  if (std::holds_alternative<model::ParameterRef>(node)) out.runtime = true;
  if (std::holds_alternative<model::Now>(node)) out.now = true;
  if (const auto* arithmetic = std::get_if<model::Arithmetic>(&node)) {
    collect(arithmetic->left, out);
    collect(arithmetic->right, out);
  }
  if (const auto* truncate = std::get_if<model::Truncate>(&node)) collect(truncate->operand, out);
}

void collect(const Expression& expression, Mentions& out);

struct Collector {
  Mentions& out;
  void operator()(const model::Compare& node) const {
    collect(node.left, out);
    collect(node.right, out);
  }
  void operator()(const model::Between& node) const {
    collect(node.operand, out);
    collect(node.low, out);
    collect(node.high, out);
  }
  void operator()(const model::OneOf& node) const {
    collect(node.attribute, out);
    for (const OperandPtr& one : node.alternatives) collect(one, out);
  }
  void operator()(const model::BeginsWith& node) const {
    collect(node.attribute, out);
    collect(node.prefix, out);
  }
  void operator()(const model::Contains& node) const {
    collect(node.attribute, out);
    collect(node.element, out);
  }
  void operator()(const model::Exists& node) const { collect(node.attribute, out); }
  void operator()(const model::Missing& node) const { collect(node.attribute, out); }
  void operator()(const model::And& node) const { all(node.terms); }
  void operator()(const model::Or& node) const { all(node.terms); }
  void operator()(const model::Not& node) const { collect(*node.term, out); }
  void all(const std::vector<ExpressionPtr>& terms) const {
    for (const ExpressionPtr& term : terms) collect(*term, out);
  }
};

void collect(const Expression& expression, Mentions& out) {
  std::visit(Collector{out}, expression.node);
}

Mentions mentions(const Expression& expression) {
  Mentions out;
  collect(expression, out);
  return out;
}

dynamo::AttributeValue declared_value(const Attribute& attribute, std::size_t position) {
  if (attribute.values.empty()) return dynamo::AttributeValue::boolean(position == 1);
  const std::string& name = attribute.values[position].name;
  if (attribute.type == model::ValueType::integer || attribute.type == model::ValueType::number) {
    if (const auto number = dynamo::Decimal::parse(name)) {
      return dynamo::AttributeValue::number(*number);
    }
  }
  if (attribute.type == model::ValueType::boolean) {
    return dynamo::AttributeValue::boolean(name == "true");
  }
  return dynamo::AttributeValue::string(name);
}

std::vector<double> values_of(const Attribute& attribute, const RowView& view) {
  const auto known = view.values.find(attribute.name);
  return known == view.values.end() ? stock_values(attribute) : known->second;
}

/// An expression over one attribute whose possible states are few: absent, and each declared value.
class OneAttribute {
 public:
  OneAttribute(const Entity& entity, const Expression& expression) : expression_(expression) {
    const Mentions spoken = mentions(expression);
    if (spoken.others || spoken.runtime || spoken.now || spoken.attributes.size() != 1) return;
    const Attribute* attribute = entity.find(*spoken.attributes.begin());
    if (attribute == nullptr) return;
    const bool about_presence = std::holds_alternative<model::Exists>(expression.node) ||
                                std::holds_alternative<model::Missing>(expression.node);
    if (stock_values(*attribute).empty() && !about_presence) return;
    attribute_ = attribute;
  }
  [[nodiscard]] const Attribute* attribute() const { return attribute_; }

  [[nodiscard]] bool holds_absent() const {
    const dynamo::Item nothing;
    return holds(nothing);
  }
  [[nodiscard]] bool holds_value(std::size_t position) const {
    dynamo::Item row;
    row.emplace(attribute_->name, declared_value(*attribute_, position));
    return holds(row);
  }
  /// Of an attribute without declared values, where only presence was asked for.
  [[nodiscard]] bool holds_present() const {
    return std::holds_alternative<model::Exists>(expression_.node);
  }

 private:
  [[nodiscard]] bool holds(const dynamo::Item& row) const {
    model::Scope scope;
    scope.row = &row;
    return model::holds(expression_, scope);
  }

  const Expression& expression_;
  const Attribute* attribute_ = nullptr;
};

/// Restricts what the view says about the attribute to the states in which the expression holds;
/// the result is the share of rows that are left.
double restrict_to(const OneAttribute& term, RowView& view) {
  const Attribute& attribute = *term.attribute();
  const double present = presence(attribute, view);
  const double absent_kept = term.holds_absent() ? 1 - present : 0;
  std::vector<double> values = values_of(attribute, view);
  double kept = 0;
  if (values.empty()) {
    kept = term.holds_present() ? 1 : 0;
  } else {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (values[i] > 0 && !term.holds_value(i)) values[i] = 0;
      kept += values[i];
    }
    if (kept > 0) {
      for (double& value : values) value /= kept;
      view.values[attribute.name] = values;
    }
  }
  const double share = absent_kept + present * kept;
  if (share > 0) view.present[attribute.name] = present * kept / share;
  return share;
}

void require(const model::AttributeRef& reference, RowView& view) {
  if (!reference.via) view.present[reference.name] = 1;
}
void require(const OperandPtr& operand, RowView& view) {
  const auto* reference =
      operand == nullptr ? nullptr : std::get_if<model::AttributeRef>(&operand->node);
  if (reference != nullptr) require(*reference, view);
}

/// Rows for which a term holds have what it compares: a missing attribute compares with nothing, but that it is unequal
/// to everything. A value known at run time tells no more than that.
struct RequireCompared {
  RowView& view;
  void operator()(const model::Compare& node) const {
    if (node.op == model::CompareOp::ne) return;
    require(node.left, view);
    require(node.right, view);
  }
  void operator()(const model::Between& node) const { require(node.operand, view); }
  void operator()(const model::OneOf& node) const { require(node.attribute, view); }
  void operator()(const model::BeginsWith& node) const { require(node.attribute, view); }
  void operator()(const model::Contains& node) const { require(node.attribute, view); }
  template <class Other>
  void operator()(const Other&) const {}
};

/// What two comparisons of one time with now keep is a window: they become one term.
void join_time_bounds(std::vector<ExpressionPtr>& terms) {
  std::map<std::string, std::vector<ExpressionPtr>> by_attribute;
  std::erase_if(terms, [&](const ExpressionPtr& term) {
    const auto compared = term->share ? std::nullopt : model::time_comparison(*term);
    if (compared) by_attribute[compared->attribute.name].push_back(term);
    return compared.has_value();
  });
  for (auto& [name, bounds] : by_attribute) {
    const support::Span span = bounds.front()->span;
    terms.push_back(bounds.size() == 1 ? bounds.front()
                                       : std::make_shared<const Expression>(
                                             Expression{model::And{std::move(bounds)}, span}));
  }
}

/// The comparison that leaves expired rows out: the retention's attribute against now.
bool is_expiry(const Entity& entity, const Mentions& spoken) {
  return entity.retention && spoken.now && spoken.attributes.size() == 1 &&
         *spoken.attributes.begin() == entity.retention->attribute;
}

class Share {
 public:
  Share(const model::Workload& workload, model::EntityId entity)
      : workload_(workload), id_(entity), entity_(workload.entity(entity)) {}

  /// The share of the rows of `view` for which the expression holds; leaves the view of those rows.
  double restrict(const ExpressionPtr& expression, RowView& view) const {
    std::vector<ExpressionPtr> terms = model::conjuncts(expression);
    join_time_bounds(terms);
    double share = 1;
    for (const ExpressionPtr& term : terms) {
      const OneAttribute one(entity_, *term);
      if (one.attribute() != nullptr) {
        share *= restrict_to(one, view);
      } else {
        share *= of_term(term, view);
        std::visit(RequireCompared{view}, term->node);
      }
    }
    return std::clamp(share, 0.0, 1.0);
  }

 private:
  [[nodiscard]] double of(const ExpressionPtr& expression, RowView view) const {
    return restrict(expression, view);
  }

  [[nodiscard]] double of_term(const ExpressionPtr& term, const RowView& view) const {
    if (term->share) return *term->share;
    if (const auto* any = std::get_if<model::Or>(&term->node)) {
      double none = 1;
      for (const ExpressionPtr& one : any->terms) none *= 1 - of(one, view);
      return 1 - none;
    }
    if (const auto* inverse = std::get_if<model::Not>(&term->node)) {
      return 1 - of(inverse->term, view);
    }
    const Mentions spoken = mentions(*term);
    if (is_expiry(entity_, spoken)) return 1;
    // A scan leaves the other entities' items out by their type.
    if (spoken.attributes == std::set<std::string>{workload_.settings.type_attribute} &&
        entity_.find(workload_.settings.type_attribute) == nullptr) {
      return 1;
    }
    double share = model::selectivity(workload_, id_, term);
    // selectivity counts each attribute's presence by stock.
    for (const std::string& name : spoken.attributes) {
      const Attribute* attribute = entity_.find(name);
      if (attribute == nullptr || attribute->present <= 0) continue;
      share *= presence(*attribute, view) / attribute->present;
    }
    return share;
  }

  const model::Workload& workload_;
  model::EntityId id_;
  const Entity& entity_;
};

void add_fields(const std::vector<design::KeyTemplate>& templates, std::set<std::string>& out,
                bool only_required) {
  for (const design::KeyTemplate& key : templates) {
    for (const design::KeyPart& part : key.parts) {
      const auto* field = std::get_if<design::Field>(&part);
      if (field != nullptr && !(only_required && field->absent)) out.insert(field->attribute);
    }
  }
}

}  // namespace

double presence(const Attribute& attribute, const RowView& view) {
  const auto known = view.present.find(attribute.name);
  return known == view.present.end() ? attribute.present : known->second;
}

std::vector<double> stock_values(const Attribute& attribute) {
  std::vector<double> shares;
  for (const model::EnumValue& value : attribute.values) shares.push_back(value.share);
  if (shares.empty() && attribute.type == model::ValueType::boolean) shares = {0.5, 0.5};
  return shares;
}

double share_unchanged(const model::Entity& entity, const std::set<std::string>& names,
                       const std::set<std::string>& changed, const RowView& before,
                       const RowView& after) {
  const auto values_of = [](const model::Attribute& attribute, const RowView& view) {
    const auto known = view.values.find(attribute.name);
    return known == view.values.end() ? stock_values(attribute) : known->second;
  };
  double same = 1;
  for (const std::string& name : names) {
    if (!changed.contains(name)) continue;
    const model::Attribute* attribute = entity.find(name);
    if (attribute == nullptr) return 0;
    const std::vector<double> old_values = values_of(*attribute, before);
    const std::vector<double> new_values = values_of(*attribute, after);
    double equal = 0;
    for (std::size_t i = 0; i < old_values.size() && i < new_values.size(); ++i)
      equal += old_values[i] * new_values[i];
    const double was_there = presence(*attribute, before);
    const double is_there = presence(*attribute, after);
    same *= (1 - was_there) * (1 - is_there) + was_there * is_there * equal;
  }
  return same;
}

std::optional<std::size_t> value_position(const Attribute& attribute,
                                          const dynamo::AttributeValue& value) {
  const std::size_t count = stock_values(attribute).size();
  for (std::size_t i = 0; i < count; ++i) {
    if (declared_value(attribute, i) == value) return i;
  }
  return std::nullopt;
}

double share_of(const model::Workload& workload, model::EntityId entity,
                const ExpressionPtr& expression, RowView view) {
  return restrict_view(workload, entity, expression, view);
}

double restrict_view(const model::Workload& workload, model::EntityId entity,
                     const ExpressionPtr& expression, RowView& view) {
  if (expression == nullptr) return 1;
  return Share(workload, entity).restrict(expression, view);
}

RowView restricted(const model::Workload& workload, model::EntityId entity,
                   const ExpressionPtr& expression, RowView view) {
  std::vector<ExpressionPtr> terms = model::conjuncts(expression);
  for (const ExpressionPtr& term : terms) {
    const OneAttribute one(workload.entity(entity), *term);
    if (one.attribute() != nullptr) {
      restrict_to(one, view);
    } else {
      std::visit(RequireCompared{view}, term->node);
    }
  }
  return view;
}

std::set<std::string> attributes_in(const ExpressionPtr& expression) {
  return expression == nullptr ? std::set<std::string>() : mentions(*expression).attributes;
}

std::set<std::string> key_attributes(const design::KeyEntry& entry) {
  std::set<std::string> names;
  add_fields(entry.partition, names, false);
  add_fields(entry.sort, names, false);
  return names;
}

double entry_share(const model::Workload& workload, const design::ItemLayout& layout,
                   const design::KeyEntry& entry, RowView view) {
  const double share = restrict_view(workload, layout.entity, entry.when, view);
  if (share <= 0) return 0;
  std::set<std::string> required;
  add_fields(entry.partition, required, true);
  add_fields(entry.sort, required, true);
  double present = 1;
  for (const std::string& name : required) {
    const Attribute* attribute = workload.entity(layout.entity).find(name);
    if (attribute != nullptr) present *= presence(*attribute, view);
  }
  return share * present;
}

}  // namespace ddbplan::capacity
