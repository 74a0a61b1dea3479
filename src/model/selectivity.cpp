// How much of an entity `where` keeps, from what the schema says about frequencies.
#include <algorithm>
#include <cmath>

#include "model/row_times.h"
#include "model/workload.h"

namespace ddbplan::model {
namespace {

/// What the language promises where nothing is known.
constexpr double kUnknownShare = 0.1;

using Names = std::set<std::string>;

std::optional<double> values_in(const Workload& workload, EntityId id, const std::string& name,
                                const Names& given, int depth);

/// Of an entity's rows those whose children may agree in what is given: one tenant's, or one parent's.
double part_within(const Workload& workload, const Entity& child, EntityId id,
                   const std::vector<std::pair<std::string, std::string>>& links,
                   const Names& given) {
  const Entity& entity = workload.entity(id);
  const auto is_given = [&](const std::string& theirs) {
    const auto link = std::find_if(links.begin(), links.end(),
                                   [&](const auto& pair) { return pair.second == theirs; });
    return given.contains(link == links.end() ? theirs : link->first);
  };
  double groups = 1;
  if (!entity.tenant.empty() && given.contains(child.tenant)) {
    const Attribute* tenant = entity.find(entity.tenant);
    groups = tenant == nullptr ? 1 : tenant->distinct.value_or(1 / kUnknownShare);
  }
  for (const Relation& above : entity.relations) {
    if (above.attributes.empty() ||
        !std::all_of(above.attributes.begin(), above.attributes.end(), is_given))
      continue;
    double parents = 0;
    for (const EntityId parent : above.parents) parents += workload.entity(parent).count;
    groups = std::max(groups, parents);
  }
  return 1 / std::max(1.0, groups);
}

/// A relation's attribute has as many values as there are parents, or parts of their identities.
std::optional<double> values_in_parents(const Workload& workload, EntityId entity,
                                        const std::string& name, const Names& given, int depth) {
  for (const Relation& relation : workload.entity(entity).relations) {
    std::optional<double> sum;
    for (const EntityId parent : relation.parents) {
      if (parent == entity) continue;
      const auto links = identity_links(workload, entity, relation, parent);
      for (const auto& [own, theirs] : links) {
        if (own != name) continue;
        const auto values = values_in(workload, parent, theirs, {}, depth + 1);
        if (!values) continue;
        const double within = part_within(workload, workload.entity(entity), parent, links, given);
        sum = sum.value_or(0) + std::max(1.0, *values * within);
      }
    }
    if (sum) return sum;
  }
  return std::nullopt;
}

/// How many values an identifying attribute has among an entity's rows; nullopt: nothing tells.
std::optional<double> values_in(const Workload& workload, EntityId id, const std::string& name,
                                const Names& given, int depth) {
  constexpr int kAncestorsMax = 8;
  const Entity& entity = workload.entity(id);
  const Attribute* attribute = entity.find(name);
  if (attribute == nullptr || depth > kAncestorsMax) return std::nullopt;
  const double rows = std::max(1.0, entity.count);
  if (attribute->distinct) return std::min(rows, *attribute->distinct);
  if (attribute->distinct_all || entity.id == std::vector<std::string>{name}) return rows;
  if (const auto values = values_in_parents(workload, id, name, given, depth))
    return std::clamp(*values, 1.0, rows);
  if (attribute->days) return std::min(rows, *attribute->days);
  return entity.is_own_id(name) ? std::optional(rows) : std::nullopt;
}

class Selectivity {
 public:
  Selectivity(const Workload& workload, EntityId entity, const Names& given)
      : workload_(workload), entity_(entity), given_(given) {}

  double operator()(const Compare& node) const {
    const AttributeRef* reference = std::get_if<AttributeRef>(&node.left->node);
    const Attribute* attribute = reference != nullptr ? find(*reference) : nullptr;
    if (attribute == nullptr) return kUnknownShare;
    const Constant* constant = std::get_if<Constant>(&node.right->node);
    switch (node.op) {
      case CompareOp::eq:
        return share_of_equal(*reference, *attribute, constant);
      case CompareOp::ne:
        return clamp(1 - share_of_equal(*reference, *attribute, constant));
      default:
        break;
    }
    if (constant == nullptr || attribute->values.empty()) return kUnknownShare * attribute->present;
    return share_of_ordered(*attribute, node.op, *constant);
  }
  double operator()(const Between& node) const {
    const AttributeRef* reference = std::get_if<AttributeRef>(&node.operand->node);
    const Attribute* attribute = reference != nullptr ? find(*reference) : nullptr;
    if (attribute == nullptr) return kUnknownShare;
    const double usual = kUnknownShare * attribute->present;
    const auto known = known_side(Expression{node, {}});
    return known && has_times(known->attribute) ? std::min(usual, share_of_times(*known)) : usual;
  }
  double operator()(const OneOf& node) const {
    const Attribute* attribute = find(node.attribute);
    if (attribute == nullptr) return kUnknownShare;
    double sum = 0;
    for (const OperandPtr& alternative : node.alternatives) {
      sum += share_of_equal(node.attribute, *attribute, std::get_if<Constant>(&alternative->node));
    }
    return clamp(sum);
  }
  double operator()(const BeginsWith&) const { return kUnknownShare; }
  double operator()(const Contains&) const { return kUnknownShare; }
  double operator()(const Exists& node) const { return present(node.attribute); }
  double operator()(const Missing& node) const { return 1 - present(node.attribute); }
  double operator()(const And& node) const {
    double product = 1;
    std::vector<TimeComparison> times;
    for (const ExpressionPtr& term : node.terms) {
      const auto compared = term->share ? std::nullopt : time_comparison(*term);
      if (compared && has_times(compared->attribute)) {
        add_bounds(times, *compared);
      } else {
        product *= of(*term);
      }
    }
    for (const TimeComparison& one : times) product *= share_of_times(one);
    return product;
  }
  double operator()(const Or& node) const {
    double none = 1;
    for (const ExpressionPtr& term : node.terms) none *= 1 - of(*term);
    return 1 - none;
  }
  double operator()(const Not& node) const { return 1 - of(*node.term); }

  [[nodiscard]] double of(const Expression& expression) const {
    if (expression.share) return *expression.share;
    if (const auto share = share_of_times(expression)) return *share;
    return clamp(std::visit(*this, expression.node));
  }

 private:
  static double clamp(double share) { return std::clamp(share, 0.0, 1.0); }

  [[nodiscard]] const Attribute* find(const AttributeRef& reference) const {
    return workload_.entity(reference.via.value_or(entity_)).find(reference.name);
  }
  [[nodiscard]] bool has_times(const AttributeRef& reference) const {
    const Attribute* attribute = find(reference);
    return attribute != nullptr && is_time(attribute->type) && attribute->values.empty() &&
           !attribute->distinct;
  }
  [[nodiscard]] double share_of_times(const TimeComparison& compared) const {
    const Entity& holder = workload_.entity(compared.attribute.via.value_or(entity_));
    const Attribute& attribute = *find(compared.attribute);
    return attribute.present * time_share(holder, attribute, compared.bounds);
  }
  /// nullopt: it does not compare a time with now.
  [[nodiscard]] std::optional<double> share_of_times(const Expression& expression) const {
    const auto compared = time_comparison(expression);
    if (!compared || !has_times(compared->attribute)) return std::nullopt;
    return share_of_times(*compared);
  }
  /// Two bounds of one attribute are one window.
  static void add_bounds(std::vector<TimeComparison>& times, const TimeComparison& compared) {
    const auto known = std::find_if(times.begin(), times.end(), [&](const TimeComparison& one) {
      return one.attribute == compared.attribute;
    });
    if (known == times.end()) {
      times.push_back(compared);
    } else {
      known->bounds = tighter(known->bounds, compared.bounds);
    }
  }
  [[nodiscard]] double present(const AttributeRef& reference) const {
    const Attribute* attribute = find(reference);
    return attribute == nullptr ? kUnknownShare : attribute->present;
  }

  static std::string value_name(const Constant& constant) {
    if (const std::string* text = constant.value.as_string()) return *text;
    if (const dynamo::Decimal* number = constant.value.as_number()) return number->to_string();
    if (const bool* flag = std::get_if<bool>(&constant.value.data)) return *flag ? "true" : "false";
    return {};
  }

  /// A run-time value is taken as any of the values: the share of a row's own value, on average.
  [[nodiscard]] double share_of_equal(const AttributeRef& reference, const Attribute& attribute,
                                      const Constant* constant) const {
    if (!attribute.values.empty()) {
      if (constant == nullptr) {
        return attribute.present / static_cast<double>(attribute.values.size());
      }
      const std::string name = value_name(*constant);
      for (const EnumValue& value : attribute.values) {
        if (value.name == name) return value.share * attribute.present;
      }
      return 0;
    }
    if (attribute.distinct && *attribute.distinct >= 1)
      return attribute.present / *attribute.distinct;
    if (attribute.type == ValueType::boolean) return attribute.present / 2;
    return attribute.present /
           values_in(workload_, reference.via.value_or(entity_), attribute.name, given_, 0)
               .value_or(1 / kUnknownShare);
  }

  static double share_of_ordered(const Attribute& attribute, CompareOp op,
                                 const Constant& constant) {
    const std::string name = value_name(constant);
    const auto limit = std::find_if(attribute.values.begin(), attribute.values.end(),
                                    [&](const EnumValue& value) { return value.name == name; });
    const dynamo::Decimal* number = constant.value.as_number();
    double sum = 0;
    for (const EnumValue& value : attribute.values) {
      int order = 0;  // of `value` against the constant
      if (number != nullptr) {
        const auto parsed = dynamo::Decimal::parse(value.name);
        if (!parsed) return kUnknownShare * attribute.present;
        order = *parsed < *number ? -1 : (*parsed == *number ? 0 : 1);
      } else if (limit != attribute.values.end()) {
        order = value.rank < limit->rank ? -1 : (value.rank == limit->rank ? 0 : 1);
      } else {
        return kUnknownShare * attribute.present;
      }
      const bool holds = (op == CompareOp::lt && order < 0) ||
                         (op == CompareOp::le && order <= 0) ||
                         (op == CompareOp::gt && order > 0) || (op == CompareOp::ge && order >= 0);
      if (holds) sum += value.share;
    }
    return sum * attribute.present;
  }

  const Workload& workload_;
  EntityId entity_;
  const Names& given_;
};

/// Whether the schema's frequencies tell how much of the rows an expression keeps.
class Told {
 public:
  Told(const Workload& workload, EntityId entity) : workload_(workload), entity_(entity) {}

  bool operator()(const Compare& node) const {
    const AttributeRef* reference = std::get_if<AttributeRef>(&node.left->node);
    if (reference == nullptr) return false;
    const bool equality = node.op == CompareOp::eq || node.op == CompareOp::ne;
    return equality ? has_frequencies(*reference) : !find(*reference)->values.empty();
  }
  bool operator()(const OneOf& node) const { return has_frequencies(node.attribute); }
  bool operator()(const Exists&) const { return true; }
  bool operator()(const Missing&) const { return true; }
  bool operator()(const And& node) const { return all(node.terms); }
  bool operator()(const Or& node) const { return all(node.terms); }
  bool operator()(const Not& node) const { return of(*node.term); }
  bool operator()(const Between&) const { return false; }
  bool operator()(const BeginsWith&) const { return false; }
  bool operator()(const Contains&) const { return false; }

  [[nodiscard]] bool of(const Expression& expression) const {
    const auto compared = time_comparison(expression);
    if (compared && find(compared->attribute)->ahead) return true;
    return std::visit(*this, expression.node);
  }

 private:
  [[nodiscard]] const Attribute* find(const AttributeRef& reference) const {
    static const Attribute kUnknown;
    const Attribute* found = workload_.entity(reference.via.value_or(entity_)).find(reference.name);
    return found == nullptr ? &kUnknown : found;
  }
  [[nodiscard]] bool has_frequencies(const AttributeRef& reference) const {
    const Attribute* attribute = find(reference);
    return !attribute->values.empty() || attribute->distinct ||
           attribute->type == ValueType::boolean;
  }
  [[nodiscard]] bool all(const std::vector<ExpressionPtr>& terms) const {
    return std::all_of(terms.begin(), terms.end(),
                       [this](const ExpressionPtr& term) { return of(*term); });
  }

  const Workload& workload_;
  EntityId entity_;
};

ExpressionPtr sharing(const ExpressionPtr& expression, double share) {
  Expression copy = *expression;
  copy.share = share;
  return std::make_shared<const Expression>(std::move(copy));
}

}  // namespace

ExpressionPtr with_share(const Workload& workload, EntityId entity, const ExpressionPtr& where,
                         double share) {
  const Told told(workload, entity);
  const And* both = std::get_if<And>(&where->node);
  if (both == nullptr) return told.of(*where) ? where : sharing(where, share);
  double known = 1;
  int open = 0;
  for (const ExpressionPtr& term : both->terms) {
    if (told.of(*term)) {
      known *= selectivity(workload, entity, term);
    } else {
      ++open;
    }
  }
  if (open == 0) return where;
  const double each = known <= share ? 1 : std::pow(share / known, 1.0 / open);
  And terms;
  for (const ExpressionPtr& term : both->terms)
    terms.terms.push_back(told.of(*term) ? term : sharing(term, each));
  return std::make_shared<const Expression>(Expression{std::move(terms), where->span});
}

double selectivity(const Workload& workload, EntityId entity, const ExpressionPtr& where,
                   const std::set<std::string>& given) {
  if (where == nullptr) return 1;
  return Selectivity(workload, entity, given).of(*where);
}

}  // namespace ddbplan::model
