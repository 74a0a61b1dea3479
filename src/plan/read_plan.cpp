#include "plan/read_plan.h"

#include <algorithm>

#include "design/copy_literal.h"
#include "plan/beside_row.h"
#include "plan/collection_read.h"
#include "plan/expressions.h"
#include "plan/key_condition.h"
#include "plan/narrow.h"
#include "plan/need_steps.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using design::Step;

/// The base key or the index entry that a Need's option reads.
const design::KeyEntry& entry_that_serves(const Problem& problem, const State& state,
                                          const Assembly& assembly, std::size_t need) {
  const std::size_t entity = problem.needs[need].entity.index;
  const design::ItemLayout& row = assembly.design.items[assembly.placement.row[entity]];
  const Option& option = *problem.option(state, need);
  if (option.kind != Option::Kind::entry) return row.base;
  return row.entries[assembly.placement.entries.at({entity, option.candidate}).position];
}

/// One Query for a parent and its newest (or oldest) children, which stand beside it in its collection.
void add_together_step(const Problem& problem, const State& state, const Assembly& assembly,
                       std::size_t child_index, design::AccessPlan& plan) {
  const model::Workload& workload = problem.workload;
  const Need& child = problem.needs[child_index];
  const Need& parent = problem.needs[*child.child_of];
  const std::size_t parent_row = assembly.placement.row[parent.entity.index];
  const std::size_t child_row = assembly.placement.row[child.entity.index];
  const design::KeyEntry& parent_entry =
      entry_that_serves(problem, state, assembly, *child.child_of);
  const design::KeyEntry& child_entry = entry_that_serves(problem, state, assembly, child_index);
  const SourceOf sources = [&](const std::string& attribute) -> design::Source {
    const Equality* equality = parent.find_equality(attribute);
    if (equality != nullptr && equality->values.size() == 1)
      return design::FromConstant{equality->values.front()};
    return design::FromParameter{attribute};
  };
  const Option& option = *problem.option(state, child_index);
  const KeySpec& child_spec = option.kind == Option::Kind::entry
                                  ? problem.entry(child.entity, option.candidate)
                                  : problem.base(state, child.entity);
  const Match child_match = sure_match(workload, child_spec, child);

  design::Step step;
  step.operation = design::Operation::query;
  step.table = assembly.design.items[parent_row].table;
  step.index = parent_entry.index;
  step.layouts = {parent_row, child_row};
  step.consistent_read = parent.strong;
  step.partition = bind_keys(parent_entry.partition, sources);
  design::KeyExpr parent_key = bind_key(parent_entry.sort.front(), sources);
  design::KeyExpr child_prefix;
  child_prefix.parts.emplace_back(
      std::get<design::Literal>(child_entry.sort.front().parts.front()));
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
      conjunction(child.residual, nothing_expired(problem, {*child.child_of, child_index}));
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

/// The children whose Query brings the row of this Need; nullopt: it is read by itself.
std::optional<std::size_t> bringing_children(const Assembly& assembly, const Need& need) {
  for (const std::size_t child : need.children) {
    if (std::binary_search(assembly.together.begin(), assembly.together.end(), child)) return child;
  }
  return std::nullopt;
}

/// The row with its children of one kind, then those of the others, whose key the call tells. False: some have no plan.
bool add_row_with_children(const Problem& problem, const State& state, const Assembly& assembly,
                           const Need& need, std::size_t bringing, design::AccessPlan& plan) {
  add_together_step(problem, state, assembly, bringing, plan);
  const std::size_t row = plan.steps.size() - 1;
  for (const std::size_t child : need.children) {
    if (child == bringing) continue;
    if (problem.option(state, child) == nullptr) return false;
    add_need_steps(problem, state, assembly, child, std::nullopt, plan);
  }
  add_parent_steps(problem, assembly, need, row, plan);
  return true;
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

/// The steps of a Need and of its rows' parents, for the calls that it is of.
void add_steps_of_some_calls(const Problem& problem, const State& state, const Assembly& assembly,
                             std::size_t index, const Need& need, design::AccessPlan& plan) {
  const std::size_t begin = plan.steps.size();
  const std::size_t rows =
      add_need_steps(problem, state, assembly, index, std::nullopt, plan, &need);
  add_parent_steps(problem, assembly, need, rows, plan);
  for (std::size_t step = begin; step < plan.steps.size(); ++step) {
    plan.steps[step].only_if_given = need.given;
    plan.steps[step].only_if_left_out = need.left_out;
  }
  design::AccessPlan notes;
  notes.steps = plan.steps;
  set_client_notes(problem.workload, need, notes);
  for (const std::string& note : notes.client_notes) support::add_once(plan.client_notes, note);
}

/// Calls that give an optional value by one key, and those that leave it out by another; together where one serves all
/// of them alike, with filters. `first`: of the Needs that a read's calls share among them.
void add_narrowed_steps(const Problem& problem, const State& state, const Assembly& assembly,
                        std::size_t first, design::AccessPlan& plan) {
  plan.copied.insert(plan.copied.end(), problem.needs[first].copied.begin(),
                     problem.needs[first].copied.end());
  const std::vector<std::size_t> cases = needs_of_some_calls(problem, first);
  const std::size_t alike = first_served_alike(problem, state, cases);
  for (std::size_t i = 0; i < alike; ++i) {
    if (problem.option(state, cases[i]) == nullptr) {
      plan.served = design::Served::no;
    } else {
      add_steps_of_some_calls(problem, state, assembly, cases[i], problem.needs[cases[i]], plan);
    }
  }
  if (alike == cases.size()) return;
  const Need all = of_all_calls(problem, cases, alike);
  add_steps_of_some_calls(problem, state, assembly, cases.back(), all, plan);
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
    if (need.is_of_some_calls()) {
      if (need.left_out.empty()) add_narrowed_steps(problem, state, assembly, n, plan);
      continue;
    }
    plan.copied.insert(plan.copied.end(), need.copied.begin(), need.copied.end());
    plan.kept_in = need.kept_in;
    if (problem.option(state, n) == nullptr) {
      plan.served = design::Served::no;
      return plan;
    }
    if (const auto bringing = bringing_children(assembly, need)) {
      if (!add_row_with_children(problem, state, assembly, need, *bringing, plan)) {
        plan.served = design::Served::no;
        return plan;
      }
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
  if (counting != nullptr && !model::only_counts(*counting) && plan.kept_in.empty())
    plan.client_aggregates = counting->aggregates;
  if (read_is_merged(pattern)) {
    const auto& read = std::get<model::Read>(pattern.action);
    plan.client_order = read.order;
    plan.client_limit = read.limit_per.empty() ? read.limit : std::nullopt;
  }
  return plan;
}

}  // namespace ddbplan::plan
