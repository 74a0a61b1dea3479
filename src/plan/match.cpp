// How a key serves a Need: judged rule by rule (KeySpec, Match).
#include "model/conjuncts.h"
#include "plan/key_spec.h"

#include <algorithm>
#include <cctype>

#include "dynamo/limits.h"
#include "model/row_times.h"
#include "plan/expressions.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using support::contains;

using model::ValueType;

const Equality* find_fixed(const KeySpec& spec, std::string_view attribute) {
  for (const Equality& equality : spec.fixed) {
    if (equality.attribute == attribute) return &equality;
  }
  return nullptr;
}

bool is_subset(const std::vector<dynamo::AttributeValue>& inner,
               const std::vector<dynamo::AttributeValue>& outer) {
  return std::all_of(inner.begin(), inner.end(), [&](const dynamo::AttributeValue& value) {
    return std::find(outer.begin(), outer.end(), value) != outer.end();
  });
}

/// A sort key may be conditioned by any comparison but <>, by BETWEEN and by begins_with, and begins_with
/// only on the very attribute that the key holds (Query API, KeyConditionExpression).
bool expressible_on_key(const RangeNeed& range, bool proxied) {
  if (!range.condition) return true;
  const auto& node = range.condition->node;
  if (const auto* comparison = std::get_if<model::Compare>(&node)) {
    const bool ordered =
        comparison->op != model::CompareOp::ne && comparison->op != model::CompareOp::eq;
    return ordered && std::holds_alternative<model::AttributeRef>(comparison->left->node) &&
           key_source(comparison->right);
  }
  if (const auto* between = std::get_if<model::Between>(&node))
    return key_source(between->low) && key_source(between->high);
  const auto* prefix = std::get_if<model::BeginsWith>(&node);
  return prefix != nullptr && !proxied && key_source(prefix->prefix);
}

bool fail(std::string* why_not, std::string reason) {
  if (why_not != nullptr) *why_not = std::move(reason);
  return false;
}

/// The attributes of the key that are key attributes themselves.
std::vector<std::string> natural_attributes(const model::Workload& workload, const KeySpec& spec) {
  std::vector<std::string> out;
  if (spec.natural_partition) out = spec.partition;
  if (spec.natural_sort || sorts_by_number(workload, spec))
    out.insert(out.end(), spec.sort.begin(), spec.sort.end());
  return out;
}

/// Judges one KeySpec against one Need, rule by rule.
class Matcher {
 public:
  Matcher(const model::Workload& workload, const KeySpec& spec, const Need& need,
          std::string* why_not)
      : workload_(workload),
        entity_(workload.entity(spec.entity)),
        spec_(spec),
        need_(need),
        why_not_(why_not) {}

  std::optional<Match> judge() {
    if (!consistent() || !keeps_case_as_asked() || !sparse_rows_suffice() || !no_row_is_missing() ||
        !partition_is_bound())
      return std::nullopt;
    bind_sort_prefix();
    place_order();
    if (!client_can_order()) return std::nullopt;
    if (!place_range() || !bucket_is_bounded()) return std::nullopt;
    collect_filters();
    if (!leading_rows_are_keys()) return std::nullopt;
    match_.residual = residual_left();
    match_.complete = spec_.bucket_attribute.empty() && match_.sort_equal == spec_.sort.size() &&
                      std::all_of(need_.equal.begin(), need_.equal.end(),
                                  [](const Equality& e) { return e.values.size() <= 1; });
    if (!filters_leave_key_alone()) return std::nullopt;
    return match_;
  }

 private:
  bool consistent() {
    if (need_.strong && !spec_.is_base && !spec_.local)
      return fail(why_not_, "a global secondary index cannot be read strongly");
    return true;
  }

  /// Who may write a value in any case is found by its guard alone, which holds it in lower case: a key has one case, and
  /// so has a filter.
  bool keeps_case_as_asked() {
    if (!need_.at_most_one || need_.batch) return true;
    for (const model::Unique& unique : entity_.unique) {
      if (!unique.ignore_case) continue;
      for (const std::string& name : unique.attributes) {
        const Equality* asked = need_.find_equality(name);
        const model::Attribute* attribute = entity_.find(name);
        const bool has_case = attribute != nullptr && attribute->type == model::ValueType::string &&
                              !entity_.is_identity(name) && name != entity_.tenant;
        if (has_case && asked != nullptr && asked->is_parameter())
          return fail(why_not_, name + " is asked for in any case");
      }
    }
    return true;
  }

  /// Every wanted row is in a sparse index.
  bool sparse_rows_suffice() {
    for (const Equality& fixed : spec_.fixed) {
      const Equality* wanted = need_.find_equality(fixed.attribute);
      if (wanted == nullptr || wanted->is_parameter() || !is_subset(wanted->values, fixed.values))
        return fail(why_not_, "the index holds only some values of " + fixed.attribute);
    }
    for (const std::string& required : spec_.required) {
      if (!implied(required)) return fail(why_not_, "the index holds only rows with " + required);
    }
    for (const std::string& lacking : spec_.lacking) {
      if (!contains(model::lacking_attributes(need_.residual), lacking))
        return fail(why_not_, "the index holds only rows without " + lacking);
    }
    return true;
  }

  /// No row without the attribute is wanted.
  [[nodiscard]] bool implied(const std::string& attribute) const {
    return need_.find_equality(attribute) != nullptr ||
           (need_.range && need_.range->attribute == attribute) ||
           contains(model::required_attributes(need_.residual), attribute);
  }

  /// A row without an index key attribute is not in the index (Developer Guide, "Sparse indexes").
  bool no_row_is_missing() {
    std::vector<std::string> keys = spec_.partition;
    keys.insert(keys.end(), spec_.sort.begin(), spec_.sort.end());
    if (!spec_.bucket_attribute.empty()) keys.push_back(spec_.bucket_attribute);
    for (const std::string& key : keys) {
      if (wants_rows_without(entity_, need_, key))
        return fail(why_not_, "rows without " + key + " would be missing from the index");
    }
    return true;
  }

  /// The index has no entry of a row without the attribute.
  [[nodiscard]] bool is_needed_by_key(const std::string& name) const {
    const model::Attribute* attribute = entity_.find(name);
    return !spec_.is_base && attribute != nullptr && !attribute->absent &&
           (contains(spec_.partition, name) || contains(spec_.sort, name) ||
            spec_.bucket_attribute == name);
  }

  [[nodiscard]] model::ExpressionPtr residual_left() const {
    model::ExpressionPtr left;
    for (const model::ExpressionPtr& term : model::conjuncts(need_.residual)) {
      const auto* exists = std::get_if<model::Exists>(&term->node);
      const auto* missing = std::get_if<model::Missing>(&term->node);
      const bool is_said =
          (exists != nullptr && (contains(spec_.required, exists->attribute.name) ||
                                 is_needed_by_key(exists->attribute.name))) ||
          (missing != nullptr && contains(spec_.lacking, missing->attribute.name));
      if (!is_said) left = conjunction(left, term);
    }
    return left;
  }

  bool partition_is_bound() {
    for (const std::string& attribute : spec_.partition) {
      if (need_.find_equality(attribute) == nullptr)
        return fail(why_not_, "the partition key needs " + attribute);
    }
    return true;
  }

  void bind_sort_prefix() {
    while (match_.sort_equal < spec_.sort.size() &&
           need_.find_equality(spec_.sort[match_.sort_equal]) != nullptr) {
      ++match_.sort_equal;
    }
  }

  void place_order() {
    std::vector<model::OrderBy> order;
    for (const model::OrderBy& by : need_.order) {
      const Equality* bound = need_.find_equality(by.attribute.name);
      if (bound == nullptr || bound->values.size() > 1) order.push_back(by);
    }
    if (need_.at_most_one) return;
    if (order.empty()) {
      match_.forward = !begins_with_expired();
      return;
    }
    const auto is_forward = [&](std::size_t i) {
      const std::size_t place = match_.sort_equal + i;
      const bool ascending = order[i].direction == model::Direction::ascending;
      return ascending != (place < spec_.sort.size() && is_inverted(place));
    };
    match_.forward = is_forward(0);
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::size_t place = match_.sort_equal + i;
      const bool same_direction = is_forward(i) == match_.forward;
      // An id that sorts as a time has no equals, so that nothing after it orders rows of one instant.
      const bool is_instead = place < spec_.sort.size() &&
                              spec_.sort[place] != order[i].attribute.name && i + 1 < order.size();
      if (order[i].attribute.via || place >= spec_.sort.size() || !same_direction || is_instead ||
          !sorts_as(entity_, spec_.sort[place], order[i].attribute.name)) {
        match_.client_order = true;
        match_.forward = true;
        return;
      }
    }
  }

  [[nodiscard]] bool is_inverted(std::size_t place) const {
    return contains(spec_.inverted, spec_.sort[place]);
  }

  /// Rows past their expiry, which the filter drops, are the first of a key that sorts by their time: where no order
  /// is wanted the newest come first.
  [[nodiscard]] bool begins_with_expired() const {
    if (sorts_by_expiry(entity_, spec_, need_, match_)) return true;
    // Ids that sort by their creation tell as much of a row's age.
    if (!need_.drops_expired || match_.sort_equal >= spec_.sort.size()) return false;
    const model::Attribute* next = entity_.find(spec_.sort[match_.sort_equal]);
    return next != nullptr && entity_.is_identity(next->name) &&
           (next->type == ValueType::ulid || next->type == ValueType::ksuid);
  }

  /// The client orders what a few pages hold. More than that would keep its user waiting, as each page waits for the one
  /// before; only where the order is another entity's is there no key to have instead.
  bool client_can_order() {
    const bool by_own =
        std::none_of(need_.order.begin(), need_.order.end(),
                     [](const model::OrderBy& by) { return by.attribute.via.has_value(); });
    if (!match_.client_order || !need_.limit || !by_own) return true;
    const double bytes = expected_rows() * row_bytes();
    constexpr double kPagesMax = 4;
    if (bytes <= kPagesMax * static_cast<double>(dynamo::limits::kPageBytesMax)) return true;
    return fail(why_not_,
                "some " + support::format_bytes(bytes) + " would be read for the client to order");
  }

  /// Rows that agree with the equalities that the key applies.
  [[nodiscard]] double expected_rows() const {
    std::vector<std::string> bound = spec_.partition;
    const auto end = spec_.sort.begin() + static_cast<std::ptrdiff_t>(match_.sort_equal);
    bound.insert(bound.end(), spec_.sort.begin(), end);
    double rows = model::rows_after(workload_, spec_.entity, 0);
    for (const model::Relation& relation : entity_.relations) {
      const bool covered =
          std::all_of(relation.attributes.begin(), relation.attributes.end(),
                      [&](const std::string& name) { return contains(bound, name); });
      if (covered) rows = std::min(rows, relation.children.mean);
    }
    for (const std::string& name : bound) {
      const model::Attribute* attribute = entity_.find(name);
      if (attribute == nullptr || attribute->origin == model::Origin::relation) continue;
      if (model::is_id(attribute->type) && name != entity_.tenant)
        rows = std::min(rows, 10.0);  // as the default of a relation has it
      const Equality* equality = need_.find_equality(name);
      const double values = attribute->distinct.value_or(
          attribute->values.empty() ? attribute->days.value_or(10)
                                    : static_cast<double>(attribute->values.size()));
      const double asked = equality == nullptr || equality->values.empty()
                               ? 1
                               : static_cast<double>(equality->values.size());
      if (values > asked) rows *= asked / values;
    }
    return rows;
  }

  [[nodiscard]] double row_bytes() const {
    double bytes = 0;
    for (const model::Attribute& attribute : entity_.attributes)
      bytes +=
          static_cast<double>(attribute.name.size()) + attribute.bytes.mean * attribute.present;
    return entity_.size ? std::max(bytes, entity_.size->mean) : bytes;
  }

  bool place_range() {
    if (!need_.range) return true;
    const std::size_t place = match_.sort_equal;
    if (place < spec_.sort.size() && sorts_as(entity_, spec_.sort[place], need_.range->attribute) &&
        !is_reversed_enum(place) &&
        expressible_on_key(*need_.range, spec_.sort[place] != need_.range->attribute)) {
      match_.range_in_key = true;
      return true;
    }
    match_.filters_range = true;
    return true;
  }

  /// A bound of it would have to be written by the reversed ranks.
  [[nodiscard]] bool is_reversed_enum(std::size_t place) const {
    return is_inverted(place) && entity_.find(spec_.sort[place])->type == ValueType::string;
  }

  /// Buckets are walked between bounds, or from the newest on until the limit is met. Without an upper bound a walk
  /// starts at now, which is the newest only where no row lies later.
  bool bucket_is_bounded() {
    if (spec_.bucket_attribute.empty()) return true;
    const bool ranged = need_.range && need_.range->attribute == spec_.bucket_attribute;
    const bool walked = !match_.client_order && !need_.order.empty() && need_.limit &&
                        need_.order.front().attribute.name == spec_.bucket_attribute;
    if (!ranged && !walked)
      return fail(why_not_, "a time bucket needs a range or a newest-first limit");
    const model::Attribute* time = entity_.find(spec_.bucket_attribute);
    if (time != nullptr && model::may_lie_ahead(entity_, *time) && !(ranged && has_upper_bound()))
      return fail(why_not_, "a walk over time buckets would have to end somewhere after now");
    return true;
  }

  [[nodiscard]] bool has_upper_bound() const {
    const model::ExpressionPtr& condition = need_.range->condition;
    const auto* compare =
        condition == nullptr ? nullptr : std::get_if<model::Compare>(&condition->node);
    return compare == nullptr ||
           (compare->op != model::CompareOp::gt && compare->op != model::CompareOp::ge);
  }

  void collect_filters() {
    for (const Equality& equality : need_.equal) {
      const Equality* fixed = find_fixed(spec_, equality.attribute);
      const bool implied = fixed != nullptr && is_subset(fixed->values, equality.values);
      const auto end = spec_.sort.begin() + static_cast<std::ptrdiff_t>(match_.sort_equal);
      const bool in_sort = std::find(spec_.sort.begin(), end, equality.attribute) != end;
      if (!implied && !in_sort && !contains(spec_.partition, equality.attribute))
        match_.filtered_equal.push_back(equality.attribute);
    }
  }

  /// What another row leads to is asked for by key: a filter knows the call's values alone.
  bool leading_rows_are_keys() {
    for (const std::string& name : match_.filtered_equal) {
      if (need_.led_from(name) != nullptr)
        return fail(why_not_, "the key needs " + name + ", which leads there");
    }
    return true;
  }

  /// A filter may not name a key attribute of what it reads (Query API, FilterExpression).
  bool filters_leave_key_alone() {
    const bool is_get = spec_.is_base && match_.complete && (need_.at_most_one || need_.led_by);
    if (is_get) return true;  // the caller judges the row
    std::vector<std::string> filtered = match_.filtered_equal;
    if (match_.filters_range) filtered.push_back(need_.range->attribute);
    filtered.insert(filtered.end(), need_.optional_equal.begin(), need_.optional_equal.end());
    if (match_.residual) collect_attributes(*match_.residual, filtered);
    if (need_.drops_expired) filtered.push_back(entity_.retention->attribute);
    for (const std::string& name : natural_attributes(workload_, spec_)) {
      if (contains(filtered, name))
        return fail(why_not_, "a filter may not name the key attribute " + name);
    }
    return true;
  }

  const model::Workload& workload_;
  const model::Entity& entity_;
  const KeySpec& spec_;
  const Need& need_;
  std::string* why_not_;
  Match match_;
};

}  // namespace

bool sorts_by_expiry(const model::Entity& entity, const KeySpec& spec, const Need& need,
                     const Match& found) {
  return need.drops_expired && entity.retention && entity.retention->after &&
         found.sort_equal < spec.sort.size() &&
         !contains(spec.inverted, spec.sort[found.sort_equal]) &&
         sorts_as(entity, spec.sort[found.sort_equal], entity.retention->base_attribute);
}

std::optional<Match> match(const model::Workload& workload, const KeySpec& spec, const Need& need,
                           std::string* why_not) {
  if (!(spec.entity == need.entity)) return std::nullopt;
  return Matcher(workload, spec, need, why_not).judge();
}

}  // namespace ddbplan::plan
