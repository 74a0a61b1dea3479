// What `kept: transaction` adds to a write for the rollups of its rows: the group that a row comes to gains it, the one
// that it leaves loses it.
#include <algorithm>

#include "model/upkeep.h"
#include "plan/expressions.h"
#include "plan/write_planner.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using design::Operation;
using design::WriteAction;
using support::contains;

/// Counts and sums lose a row as they gained it. Which value is the least, the greatest or the newest without it, only
/// the other rows of its group know.
bool adds_up(const model::Rollup::Keep& keep) {
  return keep.function == "count" || keep.function == "sum";
}

/// The value that is set now, as a clause adds to what it was.
const design::AddNumber* added_to(const RowChange& change, const std::string& attribute) {
  for (const design::UpdateClause& clause : change.clauses) {
    const auto* added = std::get_if<design::AddNumber>(&clause);
    if (added != nullptr && added->attribute == attribute) return added;
  }
  return nullptr;
}

/// A row is of the same group whenever it is replaced: its identity says the group, or fixes the time that does.
bool keeps_group(const model::Entity& source, const model::Rollup& rollup) {
  const std::vector<std::string> names = model::grouped_by(rollup);
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return source.is_identity(name) ||
           std::any_of(source.id.begin(), source.id.end(), [&](const std::string& part) {
             const model::Attribute* identity = source.find(part);
             return identity != nullptr && identity->sorts_as == name;
           });
  });
}

}  // namespace

Unplanned WritePlanner::unrolled(const model::Write& write, const RowChange& change) const {
  for (const model::EntityId id : rollups_that_stay(write.entities.front())) {
    const model::Rollup& rollup = *workload_.entity(id).rollup;
    const std::string name = "the rollup " + workload_.entity(id).name;
    const std::string together = " in the same transaction";
    const std::string by_stream = "Say `kept: stream` at " + workload_.entity(id).name;
    if (write.kind == model::WriteKind::upsert)
      return {"an upsert of what " + name + " sums up" + together, by_stream + "."};
    const bool goes = write.kind == model::WriteKind::delete_rows;
    const bool moves = support::share_one(model::grouped_by(rollup), change.changed);
    const bool replaces = write.kind == model::WriteKind::put && write.replaces > 0;
    const std::string what = goes ? "a delete" : replaces ? "a put" : "a change";
    for (const model::Rollup::Keep& keep : rollup.keep) {
      const bool loses = goes || moves || replaces || contains(change.changed, keep.attribute);
      if (loses && !adds_up(keep))
        return {what + " of rows of which " + name + " keeps " + keep.name + ", the " +
                    keep.function + " of " + keep.attribute + "," + together,
                by_stream + ", whose " + keep.name +
                    " then follows only rows that come, or leave it out: only the rows of its "
                    "group know what it is without one of them."};
      if (moves && added_to(change, keep.attribute) != nullptr)
        return {"an addition to " + keep.attribute + " beside a change of the group, which " +
                    name + " sums up" + together,
                "Set " + keep.attribute + ", or make two access patterns of it."};
    }
    for (const model::Rollup::By& by : rollup.by) {
      std::vector<std::string> from;
      if (!model::is_plain(by)) collect_attributes(*by.from, from);
      if (support::share_one(from, change.changed))
        return {
            "a change of what " + by.name + " is made of, which " + name + " groups by" + together,
            by_stream + "."};
    }
  }
  return {};
}

std::vector<model::EntityId> WritePlanner::rollups_that_stay(model::EntityId entity) const {
  std::vector<model::EntityId> out = model::rollups_of(workload_, entity);
  std::erase_if(out, [&](const model::EntityId id) {
    return std::find(going_.begin(), going_.end(), id) != going_.end();
  });
  return out;
}

std::vector<std::string> WritePlanner::read_for_rollups(model::EntityId entity) const {
  std::vector<std::string> out;
  for (const model::EntityId id : rollups_that_stay(entity)) {
    const model::Rollup& rollup = *workload_.entity(id).rollup;
    for (const std::string& name : model::grouped_by(rollup)) support::add_once(out, name);
    for (const model::Rollup::Keep& keep : rollup.keep) {
      if (keep.function == "sum") support::add_once(out, keep.attribute);
    }
  }
  std::erase_if(
      out, [&](const std::string& name) { return workload_.entity(entity).is_identity(name); });
  return out;
}

/// Several rows of a call may be of one group, whose row a transaction takes once.
bool WritePlanner::refuses_several(const model::Write& write, model::EntityId id) {
  if (write.times.max <= 1 && !write.batch && !write.for_each) return false;
  refuse("the rollup " + workload_.entity(id).name + " of several rows of a call",
         "Say `kept: stream` at " + workload_.entity(id).name +
             ", which a consumer of the table's stream then keeps.");
  return true;
}

void WritePlanner::add_rollups(const model::Write& write, std::size_t action) {
  for (const model::EntityId id : model::rollups_of(workload_, write.entities.front())) {
    if (refuses_several(write, id)) return;
    add_rollup(write, action, {id, false, of_call});
  }
}

void WritePlanner::take_from_rollups(const model::Write& write, std::size_t action) {
  for (const model::EntityId id : rollups_that_stay(write.entities.front())) {
    add_rollup(write, action,
               {id, true, [this](const std::string& name) { return source_for_old(name); }});
  }
}

void WritePlanner::replace_in_rollups(const model::Write& write, std::size_t action) {
  const model::EntityId entity = write.entities.front();
  for (const model::EntityId id : model::rollups_of(workload_, entity)) {
    if (refuses_several(write, id)) return;
    const model::Rollup& rollup = *workload_.entity(id).rollup;
    const bool stays = keeps_group(workload_.entity(entity), rollup);
    if (write.replaces > 0) {
      add_rollup(write, action, {id, true, [this](const std::string& name) -> design::Source {
                                   return design::FromStep{*read_step_, name};
                                 }});
      if (stays) join(actions_.back());
    }
    add_rollup(write, action, {id, false, [this](const std::string& name) { return said(name); }});
    actions_.back().is_undone_by_replaced =
        write.replaces > 0 && stays &&
        std::all_of(rollup.keep.begin(), rollup.keep.end(),
                    [](const model::Rollup::Keep& keep) { return keep.function == "count"; });
  }
}

std::vector<model::EntityId> WritePlanner::changed_rollups(model::EntityId entity,
                                                           const RowChange& change) const {
  std::vector<model::EntityId> out = model::rollups_of(workload_, entity);
  std::erase_if(out, [&](const model::EntityId id) {
    const model::Rollup& rollup = *workload_.entity(id).rollup;
    return !support::share_one(model::grouped_by(rollup), change.changed) &&
           std::none_of(rollup.keep.begin(), rollup.keep.end(),
                        [&](const auto& keep) { return contains(change.changed, keep.attribute); });
  });
  return out;
}

void WritePlanner::move_in_rollups(const model::Write& write, std::size_t action,
                                   const RowChange& change) {
  const auto old_value = [this](const std::string& name) { return source_for_old(name); };
  const auto new_value = [&](const std::string& name) { return new_source(change, name); };
  for (const model::EntityId id : changed_rollups(write.entities.front(), change)) {
    const model::Rollup& rollup = *workload_.entity(id).rollup;
    if (support::share_one(model::grouped_by(rollup), change.changed)) {
      add_rollup(write, action, {id, true, old_value});
      add_rollup(write, action, {id, false, new_value, &change});
      continue;
    }
    // Of the same group: what its sums gain is the difference.
    add_rollup(write, action, {id, true, old_value, &change, true});
    const bool takes = !actions_.back().update.empty();
    if (!takes) actions_.pop_back();
    add_rollup(write, action, {id, false, new_value, &change, true});
    if (actions_.back().update.empty()) {
      actions_.pop_back();
    } else if (takes) {
      join(actions_.back());
    }
  }
}

design::Source WritePlanner::group_of(const Passage& passage, const model::Rollup::By& by) const {
  if (model::is_plain(by)) return passage.value_of(by.name);
  std::vector<std::string> names;
  collect_attributes(*by.from, names);
  for (const std::string& name : names) {
    const design::Source source = passage.value_of(name);
    const auto* read = std::get_if<design::FromStep>(&source);
    if (read != nullptr) return design::FromStep{read->step, by.name, by.from};
  }
  return design::FromParameter{model::grouping_parameter(workload_, passage.rollup, by)};
}

std::vector<design::UpdateClause> WritePlanner::kept_of(const Passage& passage,
                                                        WriteAction& upsert) const {
  std::vector<design::UpdateClause> clauses;
  for (const model::Rollup::Keep& keep : workload_.entity(passage.rollup).rollup->keep) {
    if (passage.is_within && !contains(passage.change->changed, keep.attribute)) continue;
    if (keep.function == "count") {
      clauses.emplace_back(design::AddNumber{
          keep.name, passage.leaves, constant(dynamo::AttributeValue::number(std::int64_t{1}))});
      continue;
    }
    const bool is_given_up = !passage.leaves && passage.change != nullptr &&
                             contains(passage.change->removed, keep.attribute);
    if (is_given_up) continue;
    const auto* added =
        passage.change == nullptr ? nullptr : added_to(*passage.change, keep.attribute);
    if (added != nullptr) {
      if (!passage.leaves)
        clauses.emplace_back(design::AddNumber{keep.name, added->subtract, added->amount});
      continue;
    }
    const design::Source source = passage.value_of(keep.attribute);
    if (keep.function == "sum") {
      // A change knows the old value and the new one apart.
      const std::string name = passage.leaves ? before(keep.attribute) : keep.attribute;
      if (source != design::Source{design::FromParameter{name}}) upsert.known[name] = source;
      clauses.emplace_back(design::AddNumber{keep.name, passage.leaves, parameter(name)});
    } else if (keep.function == "newest") {
      // Rows come in the order of their times.
      clauses.emplace_back(design::SetValue{keep.name, parameter(keep.attribute)});
    } else {
      clauses.emplace_back(design::SetExtreme{keep.name, keep.function == "max", before(keep.name),
                                              parameter(keep.attribute)});
    }
  }
  return clauses;
}

void WritePlanner::add_rollup(const model::Write& write, std::size_t action,
                              const Passage& passage) {
  const model::Entity& entity = workload_.entity(passage.rollup);
  if (entity.retention)
    return refuse("the rollup " + entity.name + ", kept in a transaction, of rows that expire");
  const std::size_t row = row_of(passage.rollup);
  WriteAction upsert = new_action(Operation::update_item, row, write, action);
  RowChange change;
  for (const model::Rollup::By& by : entity.rollup->by) {
    upsert.known[by.name] = group_of(passage, by);
    if (!passage.leaves && !passage.is_within) change.changed.push_back(by.name);
  }
  const Sources group = upsert.known;
  upsert.update = kept_of(passage, upsert);
  std::vector<std::string> extremes;
  for (const model::Rollup::Keep& keep : entity.rollup->keep) {
    change.changed.push_back(keep.name);
    if (keep.function == "newest") change.known[keep.name] = design::FromParameter{keep.attribute};
    if (!adds_up(keep) && keep.function != "newest") extremes.push_back(keep.name);
  }
  const design::ItemLayout& layout = assembly_.design.items[row];
  for (const auto& [name, source] : group) change.known.emplace(name, source);
  const Maintenance maintenance =
      maintained_entries(workload_, layout, assembly_.design.tables[layout.table], change);
  if (!maintenance.unplanned.empty() || !maintenance.unknown.empty())
    return refuse("an index over the rollup " + entity.name + " by a value that it keeps");
  upsert.maintains = maintenance.entries;
  upsert.looks_back = passage.leaves;
  if (passage.leaves || passage.is_within) {
    // The group has the row, so it is there.
    upsert.condition = exists(key_name(row));
  } else {
    add_identity(upsert);
    if (!extremes.empty()) watch_extremes(extremes, upsert);
  }
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
  for (const std::string& name : extremes) expect_as_read(upsert, name, read);
}

}  // namespace ddbplan::plan
