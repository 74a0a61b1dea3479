#include "plan/need_steps.h"

#include <algorithm>

#include "plan/beside_row.h"
#include "plan/expressions.h"
#include "plan/key_condition.h"
#include "support/check.h"

namespace ddbplan::plan {

namespace {

using design::Operation;
using design::Step;

/// Builds the steps of one Need.
class NeedPlanner {
 public:
  NeedPlanner(const Problem& problem, const State& state, const Assembly& assembly,
              std::size_t need, const Need& what, std::optional<std::size_t> parent_step,
              design::AccessPlan& plan)
      : problem_(problem),
        workload_(problem.workload),
        state_(state),
        assembly_(assembly),
        need_(what),
        need_index_(need),
        parent_step_(parent_step),
        plan_(plan),
        row_(assembly.placement.row[need_.entity.index]) {}

  std::size_t build() {
    const std::size_t rows = find_rows();
    if (need_.wants_facet) {
      const std::size_t facet = assembly_.placement.facet.at(need_.entity.index);
      push(facet_step(plan_, rows, assembly_.design.tables[row().table], facet,
                      need_.at_most_one && !need_.batch));
    }
    return rows;
  }

 private:
  std::size_t find_rows() {
    const Option& option = *problem_.option(state_, need_index_);
    switch (option.kind) {
      case Option::Kind::base:
        return through_base();
      case Option::Kind::entry:
        return through_entry(option);
      case Option::Kind::guard:
        return through_guard(option.candidate);
      case Option::Kind::scan:
        return through_scan();
    }
    return 0;
  }

  [[nodiscard]] const design::ItemLayout& row() const { return assembly_.design.items[row_]; }

  /// A parameter of the attribute's name, or a constant; a child's attribute is its parent's identity.
  [[nodiscard]] design::Source source_of(const std::string& attribute) const {
    if (const Equality* equality = need_.find_equality(attribute)) {
      if (equality->values.size() == 1) return design::FromConstant{equality->values.front()};
    }
    if (const std::string* theirs = need_.led_from(attribute); theirs != nullptr && parent_step_)
      return design::FromStep{*parent_step_, *theirs};
    if (const std::string& given = need_.given_as(attribute); given != attribute)
      return design::FromParameter{given};
    if (need_.purpose != Purpose::child) return design::FromParameter{attribute};
    const std::string parents_name = name_in_parent(attribute);
    if (parent_step_) return design::FromStep{*parent_step_, parents_name};
    return design::FromParameter{parents_name};
  }

  [[nodiscard]] std::string name_in_parent(const std::string& attribute) const {
    for (const model::Relation& relation : workload_.entity(need_.entity).relations) {
      if (relation.parents.size() != 1) continue;
      const model::EntityId parent = relation.parents.front();
      if (!is_parent(parent)) continue;
      for (const auto& [own, theirs] : identity_links(workload_, need_.entity, relation, parent)) {
        if (own == attribute) return theirs;
      }
    }
    return attribute;
  }
  [[nodiscard]] bool is_parent(model::EntityId entity) const {
    const std::vector<std::size_t>& siblings = problem_.needs_of_pattern[need_.pattern.index];
    return std::any_of(siblings.begin(), siblings.end(), [&](std::size_t sibling) {
      const Need& need = problem_.needs[sibling];
      const bool mine =
          std::find(need.children.begin(), need.children.end(), need_index_) != need.children.end();
      return mine && need.entity == entity;
    });
  }

  [[nodiscard]] SourceOf sources() const {
    return [this](const std::string& attribute) { return source_of(attribute); };
  }

  /// Equalities, range and residual that the key does not apply, and the expiry.
  [[nodiscard]] model::ExpressionPtr filter(const Match& match) const {
    model::ExpressionPtr out;
    for (const std::string& name : match.filtered_equal) {
      const Equality& equality = *need_.find_equality(name);
      out = conjunction(out, equality.is_parameter() ? equals_parameter(name, need_.given_as(name))
                                                     : equals_any(name, equality.values));
    }
    if (match.filters_range) {
      out = conjunction(out, need_.range->condition ? need_.range->condition
                                                    : between_parameters(need_.range->attribute));
    }
    out = conjunction(out, match.residual);
    for (const std::string& name : need_.optional_equal)
      out = conjunction(out, equals_parameter(name, name));
    if (need_.drops_expired) out = conjunction(out, not_expired(workload_.entity(need_.entity)));
    return out;
  }

  [[nodiscard]] Step new_step(Operation operation) const {
    Step step;
    step.operation = operation;
    step.table = row().table;
    step.layouts = {row_};
    step.consistent_read = need_.strong;
    step.leads_on = need_.purpose != Purpose::answer && need_.purpose != Purpose::child;
    if (parent_step_) step.after = {*parent_step_};
    return step;
  }

  std::size_t push(Step step) {
    if (need_.purpose == Purpose::child) step.finds = Step::Finds::children;
    plan_.steps.push_back(std::move(step));
    return plan_.steps.size() - 1;
  }

  std::size_t through_base() {
    const KeySpec& spec = problem_.base(state_, need_.entity);
    const Match found = sure_match(workload_, spec, need_);
    if (found.complete && (need_.at_most_one || need_.led_by)) {
      const bool many = need_.batch || need_.led_by || row().base.shards.by_request;
      Step step = new_step(many ? Operation::batch_get_item : Operation::get_item);
      step.partition = bind_keys(row().base.partition, sources());
      step.sort = bind_keys(row().base.sort, sources());
      step.shards = row().base.shards;
      step.filter = filter(found);
      // A transaction reads one moment, a strong read the newest: of the row itself. What a batch finds leads to facets
      // by its keys.
      const bool asks_row =
          need_.strong || (many && need_.wants_facet) ||
          std::holds_alternative<model::Transaction>(workload_.pattern(need_.pattern).action);
      if (!asks_row) ask_any_copy(assembly_, need_.entity, step);
      if (need_.led_by && !need_.at_most_one) order_at_client();
      return push(std::move(step));
    }
    return push(query(spec, row().base, found));
  }

  Step query(const KeySpec& spec, const design::KeyEntry& entry, const Match& found) {
    Step step = new_step(Operation::query);
    step.index = entry.index;
    step.partition = bind_keys(entry.partition, sources());
    const SortBinding sort = bind_live(spec, entry, found);
    step.sort = sort.equal;
    step.sort_condition = sort.condition;
    step.filter = conjunction(filter(found), sort.filter);
    step.shards = entry.shards;
    step.scan_index_forward = found.forward;
    step.count_only = need_.count_only;
    step.alternatives = alternatives(spec, found);
    add_buckets(spec, step);
    // Several leading rows may lead to one row, which must not count twice.
    const bool may_repeat = need_.led_by && need_.binds(workload_.entity(need_.entity).id);
    if (found.client_order || may_repeat) {
      order_at_client();
    } else {
      step.limit = need_.limit;
      step.merge_order = need_.order;
    }
    if (found.filters(need_) && plan_.served == design::Served::keys &&
        need_.purpose == Purpose::answer)
      plan_.served = design::Served::filter;
    return step;
  }

  /// Rows past their expiry are the first of a key that sorts by their time, and a limit would count them: the key
  /// condition begins after them.
  [[nodiscard]] SortBinding bind_live(const KeySpec& spec, const design::KeyEntry& entry,
                                      const Match& found) const {
    const bool begins_with_expired =
        found.forward && !need_.range && spec.bucket_attribute.empty() &&
        sorts_by_expiry(workload_.entity(need_.entity), spec, need_, found);
    if (!begins_with_expired) return bind_sort(entry.sort, need_, found, sources());
    const model::Retention& retention = *workload_.entity(need_.entity).retention;
    Need live = need_;
    live.range = RangeNeed{retention.base_attribute,
                           younger_than(retention.base_attribute, *retention.after)};
    Match at = found;
    at.range_in_key = true;
    return bind_sort(entry.sort, live, at, sources());
  }

  void order_at_client() {
    if (need_.purpose == Purpose::child) return order_children_at_client();
    if (need_.purpose == Purpose::lead) return;  // the answer itself is put in order
    plan_.client_order = need_.order;
    plan_.client_limit = need_.limit;
  }

  void order_children_at_client() {
    const auto is_known = [&](const design::ChildOrder& one) { return one.child == need_.entity; };
    auto& known = plan_.client_children;
    if (!need_.order.empty() && std::none_of(known.begin(), known.end(), is_known))
      known.push_back({need_.entity, need_.order});
  }

  /// One request for each combination of the constants that the key holds.
  [[nodiscard]] std::vector<std::map<std::string, dynamo::AttributeValue>> alternatives(
      const KeySpec& spec, const Match& found) const {
    std::vector<std::map<std::string, dynamo::AttributeValue>> out;
    const auto end = spec.sort.begin() + static_cast<std::ptrdiff_t>(found.sort_equal);
    for (const Equality& equality : need_.equal) {
      if (equality.values.size() < 2) continue;
      const bool in_key = std::find(spec.partition.begin(), spec.partition.end(),
                                    equality.attribute) != spec.partition.end() ||
                          std::find(spec.sort.begin(), end, equality.attribute) != end;
      if (!in_key) continue;
      std::vector<std::map<std::string, dynamo::AttributeValue>> wider;
      if (out.empty()) out.emplace_back();
      for (const auto& binding : out) {
        for (const dynamo::AttributeValue& value : equality.values) {
          auto extended = binding;
          extended[equality.attribute] = value;
          wider.push_back(std::move(extended));
        }
      }
      out = std::move(wider);
    }
    return out;
  }

  void add_buckets(const KeySpec& spec, Step& step) const {
    if (spec.bucket_attribute.empty()) return;
    design::BucketWalk walk;
    walk.attribute = spec.bucket_attribute;
    walk.unit = spec.bucket;
    if (need_.range && need_.range->attribute == spec.bucket_attribute) set_bucket_bounds(walk);
    step.buckets = std::move(walk);
  }

  void set_bucket_bounds(design::BucketWalk& walk) const {
    const model::ExpressionPtr& condition = need_.range->condition;
    if (!condition) {
      walk.low = design::FromParameter{walk.attribute + "_from"};
      walk.high = design::FromParameter{walk.attribute + "_to"};
    } else if (const auto* between = std::get_if<model::Between>(&condition->node)) {
      walk.low = key_source(between->low);
      walk.high = key_source(between->high);
    } else if (const auto* comparison = std::get_if<model::Compare>(&condition->node)) {
      const bool lower =
          comparison->op == model::CompareOp::gt || comparison->op == model::CompareOp::ge;
      (lower ? walk.low : walk.high) = key_source(comparison->right);
    }
  }

  std::size_t through_entry(const Option& option) {
    const KeySpec& spec = problem_.entry(need_.entity, option.candidate);
    const Placement::Entry& place =
        assembly_.placement.entries.at({need_.entity.index, option.candidate});
    const Match found = sure_match(workload_, spec, need_);
    Step step = query(spec, row().entries[place.position], found);
    const std::size_t index_step = push(std::move(step));
    if (!option.fetch) return index_step;
    return fetch_rows(index_step);
  }

  /// The rows of an index entry's items: their table key stands in every entry.
  std::size_t fetch_rows(std::size_t from) {
    Step step;
    step.operation = need_.at_most_one ? Operation::get_item : Operation::batch_get_item;
    step.table = row().table;
    step.layouts = {row_};
    step.after = {from};
    const dynamo::KeySchema& key = assembly_.design.tables[step.table].key;
    for (const dynamo::KeyAttribute& one : key.partition)
      step.partition.push_back(key_from_step(one, from));
    for (const dynamo::KeyAttribute& one : key.sort) step.sort.push_back(key_from_step(one, from));
    // The Query before has kept the limit; a batch answers in any order.
    if (need_.purpose == Purpose::child) {
      order_children_at_client();
    } else if (!need_.order.empty() && !need_.at_most_one) {
      plan_.client_order = need_.order;
    }
    return push(std::move(step));
  }

  std::size_t through_guard(std::size_t unique) {
    const std::size_t guard = assembly_.placement.guard.at({need_.entity.index, unique});
    const design::ItemLayout& layout = assembly_.design.items[guard];
    Step lookup = new_step(Operation::get_item);
    lookup.table = layout.table;
    lookup.layouts = {guard};
    lookup.partition = bind_keys(layout.base.partition, sources());
    lookup.sort = bind_keys(layout.base.sort, sources());
    const std::size_t from = push(std::move(lookup));

    Step get = new_step(Operation::get_item);
    get.after = {from};
    const SourceOf from_guard = [&](const std::string& attribute) -> design::Source {
      return design::FromStep{from, attribute};
    };
    get.partition = bind_keys(row().base.partition, from_guard);
    get.sort = bind_keys(row().base.sort, from_guard);
    get.shards = row().base.shards;
    model::ExpressionPtr keep = need_.residual;
    for (const Equality& equality : need_.equal) {
      const std::vector<std::string>& names =
          workload_.entity(need_.entity).unique[unique].attributes;
      if (std::find(names.begin(), names.end(), equality.attribute) != names.end()) continue;
      const std::string& name = equality.attribute;
      keep =
          conjunction(keep, equality.is_parameter() ? equals_parameter(name, need_.given_as(name))
                                                    : equals_any(name, equality.values));
    }
    if (need_.drops_expired) keep = conjunction(keep, not_expired(workload_.entity(need_.entity)));
    get.filter = keep;
    return push(std::move(get));
  }

  std::size_t through_scan() {
    Step step = new_step(Operation::scan);
    Match nothing;
    for (const Equality& equality : need_.equal)
      nothing.filtered_equal.push_back(equality.attribute);
    nothing.filters_range = need_.range.has_value();
    nothing.residual = need_.residual;
    step.filter = filter(nothing);
    if (row().type_value) {
      const std::string& type = workload_.settings.type_attribute;
      step.filter = conjunction(
          equals_any(type, {dynamo::AttributeValue::string(*row().type_value)}), step.filter);
    }
    plan_.served = design::Served::scan;
    return push(std::move(step));
  }

  const Problem& problem_;
  const model::Workload& workload_;
  const State& state_;
  const Assembly& assembly_;
  const Need& need_;
  std::size_t need_index_;
  std::optional<std::size_t> parent_step_;
  design::AccessPlan& plan_;
  std::size_t row_;
};

}  // namespace

Match sure_match(const model::Workload& workload, const KeySpec& spec, const Need& need) {
  const std::optional<Match> found = match(workload, spec, need);
  DDBPLAN_CHECK_MSG(found.has_value(), "a plan by a key that does not serve it");
  return *found;
}

std::size_t add_need_steps(const Problem& problem, const State& state, const Assembly& assembly,
                           std::size_t need, std::optional<std::size_t> parent_step,
                           design::AccessPlan& plan, const Need* instead) {
  const Need& what = instead == nullptr ? problem.needs[need] : *instead;
  return NeedPlanner(problem, state, assembly, need, what, parent_step, plan).build();
}

}  // namespace ddbplan::plan
