// A comparison with `now` in the `where` of a list without a `range` is its range, and so is one with a constant of what
// the list is ordered by: a sort key can keep it, as it can the range's, and the answer is the same.
#include <optional>

#include "model/conjuncts.h"
#include "model/row_times.h"
#include "schema/resolve.h"

namespace ddbplan::schema {
namespace {

using model::Compare;
using model::ExpressionPtr;
using model::Read;

class RangeOfWhere {
 public:
  RangeOfWhere(const model::Workload& workload, Read& read)
      : read_(read), id_(read.entities.front()), entity_(workload.entity(id_)) {}

  void move() {
    std::vector<ExpressionPtr> terms = model::conjuncts(read_.where);
    ExpressionPtr best = narrowest(terms);
    if (best == nullptr) best = bound_of_order(terms);
    if (best == nullptr) return;
    ExpressionPtr condition = best;
    std::erase(terms, best);
    for (const ExpressionPtr& other : terms) {
      ExpressionPtr both = between(*best, *other);
      if (both == nullptr) continue;
      condition = std::move(both);
      std::erase(terms, other);
      break;
    }
    read_.range = model::Range{attribute_of(*condition), condition};
    read_.where = nullptr;
    for (const ExpressionPtr& term : terms) read_.where = model::conjunction(read_.where, term);
  }

 private:
  /// Of the rows that a comparison of an own time with now keeps; nullopt: it is none.
  [[nodiscard]] std::optional<double> share(const ExpressionPtr& term) const {
    const auto compared = model::time_comparison(*term);
    if (!compared || !compared->attribute.is_of(id_)) return std::nullopt;
    const model::Attribute* attribute = entity_.find(compared->attribute.name);
    // Expired rows are left out of every read as it is.
    if (attribute == nullptr || model::is_expiry_time(entity_, *attribute)) return std::nullopt;
    return term->share.value_or(model::time_share(entity_, *attribute, compared->bounds));
  }

  /// The term that keeps the fewest rows; null: none compares a time with now.
  [[nodiscard]] ExpressionPtr narrowest(const std::vector<ExpressionPtr>& terms) const {
    ExpressionPtr least;
    for (const ExpressionPtr& term : terms) {
      const auto kept = share(term);
      if (kept && (least == nullptr || *kept < *share(least))) least = term;
    }
    return least;
  }

  /// `spent > 10000` of a list in the order of `spent`: where a key sorts by it no filter may name it. Null: there is none.
  [[nodiscard]] ExpressionPtr bound_of_order(const std::vector<ExpressionPtr>& terms) const {
    if (read_.order.empty() || !read_.order.front().attribute.is_of(id_)) return nullptr;
    for (const ExpressionPtr& term : terms) {
      const auto* compare = std::get_if<Compare>(&term->node);
      if (compare == nullptr || compare->op == model::CompareOp::eq ||
          compare->op == model::CompareOp::ne)
        continue;
      const auto* own = std::get_if<model::AttributeRef>(&compare->left->node);
      const bool is_of_order =
          own != nullptr && own->is_of(id_) && own->name == read_.order.front().attribute.name;
      if (is_of_order && std::holds_alternative<model::Constant>(compare->right->node)) return term;
    }
    return nullptr;
  }

  [[nodiscard]] static model::AttributeRef attribute_of(const model::Expression& condition) {
    if (const auto compared = model::time_comparison(condition)) return compared->attribute;
    return std::get<model::AttributeRef>(std::get<Compare>(condition.node).left->node);
  }

  /// `a >= now and a <= now + 7 days`; null: they are no two ends of one window that has both.
  static ExpressionPtr between(const model::Expression& a, const model::Expression& b) {
    const auto* one = std::get_if<Compare>(&a.node);
    const auto* other = std::get_if<Compare>(&b.node);
    const auto compared = model::time_comparison(a);
    const auto against = model::time_comparison(b);
    if (one == nullptr || other == nullptr || !compared || !against || a.share || b.share ||
        !(compared->attribute == against->attribute))
      return nullptr;
    if (one->op == model::CompareOp::le) std::swap(one, other);
    if (one->op != model::CompareOp::ge || other->op != model::CompareOp::le) return nullptr;
    return std::make_shared<const model::Expression>(
        model::Expression{model::Between{one->left, one->right, other->right}, a.span});
  }

  Read& read_;
  model::EntityId id_;
  const model::Entity& entity_;
};

}  // namespace

void take_ranges_from_where(Context& context) {
  for (model::Pattern& pattern : context.workload.patterns) {
    auto* read = std::get_if<Read>(&pattern.action);
    if (read == nullptr || read->entities.size() != 1 || read->range || read->where == nullptr ||
        !read->limit_per.empty())
      continue;
    if (read->kind == model::ReadKind::list || read->kind == model::ReadKind::count)
      RangeOfWhere(context.workload, *read).move();
  }
}

}  // namespace ddbplan::schema
