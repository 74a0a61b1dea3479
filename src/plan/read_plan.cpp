#include "plan/read_plan.h"

#include <algorithm>

#include "design/copy_literal.h"
#include "plan/beside_row.h"
#include "plan/collection_read.h"
#include "plan/expressions.h"
#include "plan/key_condition.h"
#include "support/check.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using design::Operation;
using design::Step;

/// REQUIRES: the key serves the Need.
Match sure_match(const model::Workload& workload, const KeySpec& spec, const Need& need) {
  const std::optional<Match> found = match(workload, spec, need);
  DDBPLAN_CHECK_MSG(found.has_value(), "a plan by a key that does not serve it");
  return *found;
}

/// Builds the steps of one Need.
class NeedPlanner {
 public:
  NeedPlanner(const Problem& problem, const State& state, const Assembly& assembly,
              std::size_t need, std::optional<std::size_t> parent_step, design::AccessPlan& plan)
      : problem_(problem),
        workload_(problem.workload),
        state_(state),
        assembly_(assembly),
        need_(problem.needs[need]),
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

/// One Query for a parent and its newest (or oldest) children, which stand beside it in its collection.
void add_together_step(const Problem& problem, const State& state, const Assembly& assembly,
                       std::size_t need_index, design::AccessPlan& plan) {
  const model::Workload& workload = problem.workload;
  const Need& parent = problem.needs[need_index];
  const Need& child = problem.needs[parent.children.front()];
  const std::size_t parent_row = assembly.placement.row[parent.entity.index];
  const std::size_t child_row = assembly.placement.row[child.entity.index];
  const design::ItemLayout& parent_layout = assembly.design.items[parent_row];
  const design::ItemLayout& child_layout = assembly.design.items[child_row];
  const SourceOf sources = [&](const std::string& attribute) -> design::Source {
    const Equality* equality = parent.find_equality(attribute);
    if (equality != nullptr && equality->values.size() == 1)
      return design::FromConstant{equality->values.front()};
    return design::FromParameter{attribute};
  };
  const Match child_match = sure_match(workload, problem.base(state, child.entity), child);

  design::Step step;
  step.operation = design::Operation::query;
  step.table = parent_layout.table;
  step.layouts = {parent_row, child_row};
  step.consistent_read = parent.strong;
  step.partition = bind_keys(parent_layout.base.partition, sources);
  design::KeyExpr parent_key = bind_key(parent_layout.base.sort.front(), sources);
  design::KeyExpr child_prefix;
  child_prefix.parts.emplace_back(
      std::get<design::Literal>(child_layout.base.sort.front().parts.front()));
  design::SortCondition condition;
  condition.op = design::SortCondition::Op::between;
  if (child_match.forward) {
    child_prefix.parts.emplace_back(design::HighSentinel{});
    condition.low = std::move(parent_key);
    condition.high = std::move(child_prefix);
  } else {
    condition.low = std::move(child_prefix);
    condition.high = std::move(parent_key);
  }
  step.sort_condition = std::move(condition);
  step.scan_index_forward = child_match.forward;
  if (child.limit) step.limit = *child.limit + 1;
  step.filter =
      conjunction(child.residual, nothing_expired(problem, {need_index, parent.children.front()}));
  plan.steps.push_back(std::move(step));
}

void add_parent_steps(const Problem& problem, const Assembly& assembly, const Need& need,
                      std::size_t from, design::AccessPlan& plan) {
  const model::Entity& entity = problem.workload.entity(need.entity);
  for (const model::WithParent& with : need.parents) {
    const std::size_t row = assembly.placement.row[with.parent.index];
    const design::ItemLayout& layout = assembly.design.items[row];
    const model::Relation& relation = *entity.relation_by(with.relation_attribute);
    const auto links = identity_links(problem.workload, need.entity, relation, with.parent);
    const SourceOf sources = [&](const std::string& attribute) -> design::Source {
      for (const auto& [own, theirs] : links) {
        if (theirs == attribute) return design::FromStep{from, own};
      }
      return design::FromStep{from, attribute};
    };
    design::Step step;
    step.operation = need.at_most_one && !need.batch ? design::Operation::get_item
                                                     : design::Operation::batch_get_item;
    step.table = layout.table;
    step.layouts = {row};
    step.after = {from};
    step.finds = Step::Finds::parents;
    step.consistent_read = need.strong;
    step.partition = bind_keys(layout.base.partition, sources);
    step.sort = bind_keys(layout.base.sort, sources);
    step.shards = layout.base.shards;
    if (!need.strong) ask_any_copy(assembly, with.parent, step);
    plan.steps.push_back(std::move(step));
  }
}

/// Equalities over further relations: what they find stands beside the answer, and the client compares. Until then no
/// limit holds.
bool add_keepers(const Problem& problem, const State& state, const Assembly& assembly,
                 std::size_t index, std::size_t rows, design::AccessPlan& plan) {
  const Need& need = problem.needs[index];
  for (const std::size_t keeper : need.kept_by) {
    if (problem.option(state, keeper) == nullptr) {
      plan.served = design::Served::no;
      return false;
    }
    plan.client_keeps.push_back(
        add_need_steps(problem, state, assembly, keeper, std::nullopt, plan));
    plan.client_notes.push_back(
        "keep the rows of " + problem.workload.entity(need.entity).name + " whose " +
        problem.workload.entity(problem.needs[keeper].entity).name +
        " is among those found: the two look-ups know nothing of each other");
  }
  for (std::size_t step = rows + 1; step-- > 0;) {
    if (!plan.steps[step].leads_on) plan.steps[step].limit.reset();
  }
  plan.client_order = need.order;
  plan.client_limit = need.limit;
  plan.served = design::Served::filter;
  return true;
}

/// Whether the client merges several answers: of several entities, or of the groups of a limit.
bool read_is_merged(const model::Pattern& pattern) {
  const auto* read = std::get_if<model::Read>(&pattern.action);
  return read != nullptr && read->kind == model::ReadKind::list &&
         (read->entities.size() > 1 || !read->limit_per.empty());
}

void set_client_notes(const model::Workload& workload, const Need& need, design::AccessPlan& plan) {
  const auto is_of_rows = [](const design::Step& step) { return !step.completes; };
  const design::Step& last = *std::find_if(plan.steps.rbegin(), plan.steps.rend(), is_of_rows);
  const bool gets = last.operation == design::Operation::get_item ||
                    last.operation == design::Operation::batch_get_item;
  if (need.drops_expired && gets) {
    plan.client_notes.push_back(
        "drop the row when " + workload.entity(need.entity).retention->attribute +
        " has passed: GetItem takes no filter, and TTL may delete days later");
  }
}

/// Nothing but the caller can pick one of a row's items.
void note_copies(const model::Workload& workload, const Assembly& assembly,
                 design::AccessPlan& plan) {
  for (const design::Step& step : plan.steps) {
    if (step.copies == 0) continue;
    const design::ItemLayout& row = assembly.design.items[step.layouts.front()];
    plan.client_notes.push_back("ask one of the " + std::to_string(step.copies + 1) +
                                " items of the " + workload.entity(row.entity).name +
                                ", whichever: by the key, or by " + design::copy_literal(1) +
                                " to " + design::copy_literal(step.copies) +
                                " and the partition key");
  }
}

}  // namespace

std::string offload_text(model::ReadKind kind) {
  switch (kind) {
    case model::ReadKind::search:
      return "Amazon OpenSearch through the zero-ETL integration (needs point-in-time recovery and "
             "a stream with "
             "new and old images)";
    case model::ReadKind::similar:
      return "a vector index of the table (on-demand mode), or Amazon OpenSearch through the "
             "zero-ETL integration";
    default:
      return "export to S3 and Athena (needs point-in-time recovery; uses no read units)";
  }
}

std::size_t add_need_steps(const Problem& problem, const State& state, const Assembly& assembly,
                           std::size_t need, std::optional<std::size_t> parent_step,
                           design::AccessPlan& plan) {
  return NeedPlanner(problem, state, assembly, need, parent_step, plan).build();
}

design::AccessPlan plan_read(const Problem& problem, const State& state, const Assembly& assembly,
                             model::PatternId id) {
  design::AccessPlan plan;
  plan.pattern = id;
  const model::Pattern& pattern = problem.workload.pattern(id);
  if (const auto* read = std::get_if<model::Read>(&pattern.action)) {
    const bool offloaded = read->kind == model::ReadKind::search ||
                           read->kind == model::ReadKind::similar ||
                           read->kind == model::ReadKind::analyse;
    if (offloaded) {
      plan.served = design::Served::offload;
      plan.offload = offload_text(read->kind);
      return plan;
    }
  }
  const bool in_transaction = std::holds_alternative<model::Transaction>(pattern.action);
  for (const std::size_t n : problem.needs_of_pattern[id.index]) {
    const Need& need = problem.needs[n];
    if (need.purpose != Purpose::answer) continue;
    plan.copied.insert(plan.copied.end(), need.copied.begin(), need.copied.end());
    if (problem.option(state, n) == nullptr) {
      plan.served = design::Served::no;
      return plan;
    }
    if (std::binary_search(assembly.together.begin(), assembly.together.end(), n)) {
      add_together_step(problem, state, assembly, n, plan);
      add_parent_steps(problem, assembly, need, plan.steps.size() - 1, plan);
      continue;
    }
    if (const auto whole = collection_read(problem, state, assembly, n)) {
      plan.steps.push_back(collection_step(problem, assembly, *whole));
      set_client_notes(problem.workload, need, plan);
      add_parent_steps(problem, assembly, need, plan.steps.size() - 1, plan);
      if (whole->needs[1] > n && need.children.empty())
        break;  // the pattern's other answers are in it
      continue;
    }
    std::optional<std::size_t> lead;
    if (need.led_by) {
      if (problem.option(state, need.led_by->need) == nullptr) {
        plan.served = design::Served::no;
        return plan;
      }
      lead = add_need_steps(problem, state, assembly, need.led_by->need, std::nullopt, plan);
    }
    const std::size_t step = add_need_steps(problem, state, assembly, n, lead, plan);
    if (in_transaction) plan.steps[step].operation = design::Operation::transact_get_items;
    const bool by_key = problem.option(state, n)->kind == Option::Kind::base && need.at_most_one &&
                        !need.led_by && need.binds(problem.workload.entity(need.entity).id);
    for (const std::size_t child : need.children) {
      if (problem.option(state, child) == nullptr) {
        plan.served = design::Served::no;
        return plan;
      }
      add_need_steps(problem, state, assembly, child,
                     by_key ? std::nullopt : std::optional<std::size_t>(step), plan);
    }
    if (!need.kept_by.empty() && !add_keepers(problem, state, assembly, n, step, plan)) return plan;
    add_parent_steps(problem, assembly, need, step, plan);
    set_client_notes(problem.workload, need, plan);
  }
  note_copies(problem.workload, assembly, plan);
  const auto* counting = std::get_if<model::Read>(&pattern.action);
  if (counting != nullptr && !model::only_counts(*counting))
    plan.client_aggregates = counting->aggregates;
  if (read_is_merged(pattern)) {
    const auto& read = std::get<model::Read>(pattern.action);
    plan.client_order = read.order;
    plan.client_limit = read.limit_per.empty() ? read.limit : std::nullopt;
  }
  return plan;
}

}  // namespace ddbplan::plan
