// What `kept: transaction` adds to a write beside counters: copies that change with their original, new rows that
// hold one, and rollups of new rows.
#include <algorithm>

#include "model/upkeep.h"
#include "plan/expressions.h"
#include "plan/read_plan.h"
#include "plan/write_planner.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using design::Operation;
using design::WriteAction;
using support::contains;

/// The same change of another attribute; nullopt: what the value is made of is not the copy's to know.
std::optional<design::UpdateClause> renamed(const design::UpdateClause& clause,
                                            const std::string& attribute, const std::string& copy) {
  const auto reads_row = [](const model::OperandPtr& operand) {
    return operand != nullptr && !std::holds_alternative<model::ParameterRef>(operand->node) &&
           !std::holds_alternative<model::Constant>(operand->node) &&
           !std::holds_alternative<model::Now>(operand->node);
  };
  design::UpdateClause out = clause;
  if (auto* set = std::get_if<design::SetValue>(&out)) {
    if (set->attribute != attribute || reads_row(set->value)) return std::nullopt;
    set->attribute = copy;
  } else if (auto* add = std::get_if<design::AddNumber>(&out)) {
    if (add->attribute != attribute || reads_row(add->amount)) return std::nullopt;
    add->attribute = copy;
  } else if (auto* append = std::get_if<design::AppendTo>(&out)) {
    if (append->attribute != attribute || reads_row(append->value)) return std::nullopt;
    append->attribute = copy;
  } else if (auto* remove = std::get_if<design::RemoveAttribute>(&out)) {
    if (remove->attribute != attribute) return std::nullopt;
    remove->attribute = copy;
  } else {
    return std::nullopt;
  }
  return out;
}

/// The source's attributes that say which group a row is of.
std::vector<std::string> groupings(const model::Rollup& rollup) {
  std::vector<std::string> out;
  for (const model::Rollup::By& by : rollup.by) {
    if (by.from == nullptr) {
      support::add_once(out, by.name);
    } else {
      model::collect_attributes(*by.from, out);
    }
  }
  return out;
}

}  // namespace

void WritePlanner::add_copy_updates(const model::Write& write, std::size_t action,
                                    const RowChange& change) {
  for (const std::size_t n : problem_.needs_of_pattern[id_.index]) {
    const Need& need = problem_.needs[n];
    if (need.action != action || need.purpose != Purpose::find_copies) continue;
    if (problem_.option(state_, n) == nullptr) {
      out_.plan.served = design::Served::no;
      return;
    }
    const std::size_t step =
        add_need_steps(problem_, state_, assembly_, n, std::nullopt, out_.plan);
    out_.plan.steps[step].consistent_read = !out_.plan.steps[step].index;
    add_copy_update(write, action, change, need, step);
  }
}

void WritePlanner::add_copy_update(const model::Write& write, std::size_t action,
                                   const RowChange& change, const Need& need, std::size_t step) {
  const std::size_t holder = row_of(need.entity);
  WriteAction update = new_action(Operation::update_item, holder, write, action);
  update.for_each_found = true;
  RowChange copied;
  for (const model::KeptCopy& copy : model::copies_of(workload_, write.entities.front())) {
    if (!(copy.holder == need.entity) || !contains(change.changed, copy.original)) continue;
    const std::vector<std::string>& way = copy.relation->attributes;
    const bool is_found_by_it = std::all_of(way.begin(), way.end(), [&](const std::string& name) {
      return need.find_equality(name) != nullptr;
    });
    if (!is_found_by_it) continue;
    if (const std::string what = hangs_on(need.entity, copy.attribute); !what.empty())
      return refuse("a copy that " + what + ", kept in a transaction");
    copied.changed.push_back(copy.attribute);
    const auto known = change.known.find(copy.original);
    if (known != change.known.end()) copied.known[copy.attribute] = known->second;
    const std::size_t before_it = update.update.size();
    for (const design::UpdateClause& clause : change.clauses) {
      if (auto same = renamed(clause, copy.original, copy.attribute))
        update.update.push_back(*std::move(same));
    }
    if (update.update.size() == before_it)
      return refuse("a copy of " + copy.original + ", whose new value only its own row knows");
  }
  const KeySpec& base = problem_.base(state_, need.entity);
  for (const auto* key : {&base.partition, &base.sort}) {
    for (const std::string& name : *key) update.known[name] = design::FromStep{step, name};
  }
  const design::ItemLayout& layout = assembly_.design.items[holder];
  const Maintenance maintenance =
      maintained_entries(workload_, layout, assembly_.design.tables[layout.table], copied);
  if (!maintenance.unplanned.empty()) return refuse(maintenance.unplanned);
  for (const std::string& name : maintenance.unknown) {
    if (!update.known.contains(name) && !contains(need.attributes, name))
      return refuse("a copy in an index key beside " + name);
    update.known[name] = design::FromStep{step, name};
  }
  for (const std::string& id : workload_.entity(need.entity).id)
    update.known.try_emplace(id, design::FromStep{step, id});
  for (const auto& [name, source] : copied.known) update.known[name] = source;
  update.maintains = maintenance.entries;
  update.condition = exists(key_name(update.layout));
  actions_.push_back(std::move(update));
  out_.plan.client_notes.push_back(
      "a " + workload_.entity(need.entity).name +
      " that is created between the Query and the transaction is not among its actions; its own "
      "create has checked the value before, so query once more after the transaction");
}

/// What else would have to change with an attribute of a row, in words; empty: nothing.
std::string WritePlanner::hangs_on(model::EntityId entity, const std::string& attribute) const {
  for (const model::Unique& unique : workload_.entity(entity).unique) {
    if (contains(unique.attributes, attribute)) return "a unique value holds";
  }
  for (const Counter& counter : counters_of(entity)) {
    if (counter.relation != nullptr && contains(counter.inputs(), attribute))
      return name_of(counter) + " depends on";
  }
  for (const model::EntityId id : model::rollups_of(workload_, entity)) {
    const model::Rollup& rollup = *workload_.entity(id).rollup;
    const bool is_kept =
        std::any_of(rollup.keep.begin(), rollup.keep.end(),
                    [&](const model::Rollup::Keep& keep) { return keep.attribute == attribute; });
    if (is_kept || contains(groupings(rollup), attribute))
      return "the rollup " + workload_.entity(id).name + " depends on";
  }
  for (const model::Entity& holder : workload_.entities) {
    for (const model::Attribute& other : holder.attributes) {
      const bool is_copy = other.upkeep && other.upkeep->kind == model::Upkeep::Kind::copy_of &&
                           other.upkeep->kept != model::Kept::never;
      if (is_copy && other.upkeep->source == entity && other.upkeep->source_attribute == attribute)
        return "is copied on, as " + holder.name + "." + other.name;
    }
  }
  return {};
}

void WritePlanner::check_originals(const model::Write& write, std::size_t action,
                                   const Sources& known) {
  for (const model::KeptCopy& copy : model::copies_in(workload_, write.entities.front())) {
    const auto read = known.find(copy.attribute);
    if (read == known.end() || created_parent(action, *copy.relation)) continue;
    const model::EntityId parent = copy.relation->parents.front();
    WriteAction check = new_action(Operation::condition_check, row_of(parent), write, action);
    for (const auto& [own, theirs] :
         identity_links(workload_, write.entities.front(), *copy.relation, parent))
      check.known[theirs] = said(own);
    check.known[before(copy.original)] = read->second;
    check.condition = compare(model::CompareOp::eq, attribute_operand(copy.original),
                              parameter(before(copy.original)));
    join_check(std::move(check));
  }
}

/// A transaction takes one action for an item.
void WritePlanner::join_check(WriteAction check) {
  for (WriteAction& other : actions_) {
    const bool same_item =
        other.layout == check.layout && other.action == check.action &&
        std::all_of(check.known.begin(), check.known.end(), [&](const auto& known) {
          const auto theirs = other.known.find(known.first);
          const bool is_key = workload_.entity(assembly_.design.items[check.layout].entity)
                                  .is_identity(known.first);
          return !is_key || (theirs != other.known.end() && theirs->second == known.second);
        });
    if (!same_item) continue;
    if (other.only_if != nullptr) refuse("a copy from a parent that counts some of its children");
    other.condition = conjunction(other.condition, check.condition);
    other.known.insert(check.known.begin(), check.known.end());
    return;
  }
  actions_.push_back(std::move(check));
}

std::string WritePlanner::unkept(const model::Write& write, const RowChange& change) const {
  const model::EntityId entity = write.entities.front();
  for (const model::EntityId id : model::rollups_of(workload_, entity)) {
    const std::string rollup = "the rollup " + workload_.entity(id).name;
    if (write.kind != model::WriteKind::update)
      return "a " + std::string(write.kind == model::WriteKind::delete_rows ? "delete" : "put") +
             " of what " + rollup + " sums up in the same transaction";
    for (const std::string& name : groupings(*workload_.entity(id).rollup)) {
      if (contains(change.changed, name))
        return "a change of " + name + ", which " + rollup + " groups by in the same transaction";
    }
    for (const model::Rollup::Keep& keep : workload_.entity(id).rollup->keep) {
      if (contains(change.changed, keep.attribute))
        return "a change of " + keep.attribute + ", which " + rollup +
               " sums up in the same transaction";
    }
  }
  for (const model::KeptCopy& copy : model::copies_in(workload_, entity)) {
    if (write.kind == model::WriteKind::put || write.kind == model::WriteKind::upsert)
      return "a put of rows that hold the copy " + copy.attribute + " kept in a transaction";
    if (copy.relation == nullptr) continue;
    for (const std::string& name : copy.relation->attributes) {
      if (contains(change.changed, name))
        return "a change of " + name + ", which the copy " + copy.attribute + " comes by";
    }
  }
  return {};
}

void WritePlanner::add_rollups(const model::Write& write, std::size_t action) {
  for (const model::EntityId id : model::rollups_of(workload_, write.entities.front())) {
    if (write.times.max > 1 || write.batch || write.for_each)
      return refuse("the rollup " + workload_.entity(id).name + " of several rows of a call");
    add_rollup(write, action, id);
  }
}

void WritePlanner::add_rollup(const model::Write& write, std::size_t action, model::EntityId id) {
  const model::Entity& entity = workload_.entity(id);
  if (entity.retention)
    return refuse("the rollup " + entity.name + ", kept in a transaction, of rows that expire");
  const std::size_t row = row_of(id);
  WriteAction upsert = new_action(Operation::update_item, row, write, action);
  RowChange change;
  for (const model::Rollup::By& by : entity.rollup->by) {
    upsert.known[by.name] = design::FromParameter{model::grouping_parameter(workload_, id, by)};
    change.changed.push_back(by.name);
  }
  std::vector<std::string> extremes;
  for (const model::Rollup::Keep& keep : entity.rollup->keep) {
    change.changed.push_back(keep.name);
    if (keep.function == "count") {
      change.clauses.emplace_back(design::AddNumber{
          keep.name, false, constant(dynamo::AttributeValue::number(std::int64_t{1}))});
    } else if (keep.function == "sum") {
      change.clauses.emplace_back(design::AddNumber{keep.name, false, parameter(keep.attribute)});
    } else if (keep.function == "newest") {
      // Rows come in the order of their times.
      change.clauses.emplace_back(design::SetValue{keep.name, parameter(keep.attribute)});
      change.known[keep.name] = design::FromParameter{keep.attribute};
    } else {
      change.clauses.emplace_back(design::SetExtreme{keep.name, keep.function == "max",
                                                     before(keep.name), parameter(keep.attribute)});
      extremes.push_back(keep.name);
    }
  }
  const design::ItemLayout& layout = assembly_.design.items[row];
  RowChange indexed = change;
  for (const auto& [name, source] : upsert.known) indexed.known.emplace(name, source);
  const Maintenance maintenance =
      maintained_entries(workload_, layout, assembly_.design.tables[layout.table], indexed);
  if (!maintenance.unplanned.empty() || !maintenance.unknown.empty())
    return refuse("an index over the rollup " + entity.name + " by a value that it keeps");
  upsert.maintains = maintenance.entries;
  upsert.update = std::move(change.clauses);
  add_identity(upsert);
  if (!extremes.empty()) watch_extremes(extremes, upsert);
  actions_.push_back(std::move(upsert));
}

/// The smallest and the greatest are compared by the caller, and must still stand when they are written.
void WritePlanner::watch_extremes(const std::vector<std::string>& extremes, WriteAction& upsert) {
  const design::ItemLayout& layout = assembly_.design.items[upsert.layout];
  const SourceOf grouping = [&](const std::string& name) -> design::Source {
    const auto known = upsert.known.find(name);
    return known == upsert.known.end() ? design::Source{design::FromParameter{name}}
                                       : known->second;
  };
  design::Step step;
  step.operation = Operation::get_item;
  step.layouts = {upsert.layout};
  step.consistent_read = true;
  step.leads_on = true;
  step.may_find_nothing = true;
  step.table = layout.table;
  step.partition = bind_keys(layout.base.partition, grouping);
  step.sort = bind_keys(layout.base.sort, grouping);
  step.shards = layout.base.shards;
  out_.plan.steps.push_back(std::move(step));
  const std::size_t read = out_.plan.steps.size() - 1;
  for (const std::string& name : extremes) {
    upsert.known[before(name)] = design::FromStep{read, name};
    upsert.condition = conjunction(
        upsert.condition,
        compare(model::CompareOp::eq, attribute_operand(name), parameter(before(name))));
  }
}

}  // namespace ddbplan::plan
