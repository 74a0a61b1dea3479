// What the upkeep of counters and copies adds to the write of a row.
#include <algorithm>

#include "model/upkeep.h"
#include "model/counting.h"
#include "plan/counting.h"
#include "plan/expressions.h"
#include "plan/write_planner.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {
using design::Operation;
using design::WriteAction;
using support::contains;
}  // namespace

std::vector<std::string> Counter::inputs() const {
  std::vector<std::string> out = relation->attributes;
  if (upkeep.where) collect_attributes(*upkeep.where, out);
  if (upkeep.kind != model::Upkeep::Kind::count_of) out.push_back(upkeep.source_attribute);
  return out;
}

std::vector<Counter> WritePlanner::counters_of(model::EntityId child) const {
  std::vector<Counter> out;
  for (const model::KeptCount& count : model::counts_of(workload_, child)) {
    // A tree counts children in rows of its own kind, which stay.
    const bool goes = !(count.owner == child) &&
                      std::find(going_.begin(), going_.end(), count.owner) != going_.end();
    if (goes) continue;
    Counter counter{count.owner, count.attribute->name, *count.attribute->upkeep, nullptr};
    for (const model::Relation& relation : workload_.entity(child).relations) {
      const bool is_way = counter.upkeep.through.empty() ||
                          workload_.entity(child).relation_by(counter.upkeep.through) == &relation;
      if (is_way && relation.parents.size() == 1 && relation.parents.front() == counter.parent)
        counter.relation = &relation;
    }
    out.push_back(counter);
  }
  return out;
}

std::vector<Counter> WritePlanner::counters_that_lose(model::EntityId child) const {
  std::vector<Counter> out = counters_of(child);
  // What the newest is without the row that goes, only the others could tell: it stays (DDB604 says so).
  std::erase_if(out, [](const Counter& counter) {
    return counter.upkeep.kind == model::Upkeep::Kind::newest_of;
  });
  return out;
}

std::string WritePlanner::name_of(const Counter& counter) const {
  return workload_.entity(counter.parent).name + "." + counter.attribute;
}

void WritePlanner::add_counters(const model::Write& write, std::size_t action, bool removing) {
  const model::Entity& rows = workload_.entity(write.entities.front());
  const model::EntityId entity = write.entities.front();
  for (Counter counter : removing ? counters_that_lose(entity) : counters_of(entity)) {
    if (counter.relation == nullptr)
      return refuse(name_of(counter) + " over a polymorphic relation");
    if (!removing) {
      const auto does = model::counts_when_created(rows, counter.upkeep.where);
      if (does == false) continue;
      if (does) counter.upkeep.where = nullptr;
    }
    const auto source = [&](const std::string& name) -> design::Source {
      return removing ? source_for_old(name) : said(name);
    };
    actions_.push_back(counter_update(counter, write, action, removing, source));
    // Part of the parent's own Put.
    if (!removing && created_parent(action, *counter.relation)) {
      join(actions_.back());
    } else {
      maintain_counted(write, counter, source(counter.upkeep.source_attribute), actions_.back());
    }
  }
}

std::vector<std::string> WritePlanner::counted_by(model::EntityId entity,
                                                  const std::vector<Counter>& counters) const {
  std::vector<std::string> out;
  const model::Entity& rows = workload_.entity(entity);
  const auto add = [&](const std::string& name) {
    if (!rows.is_identity(name)) support::add_once(out, name);
  };
  for (const Counter& counter : counters) {
    if (counter.relation == nullptr) continue;
    for (const std::string& name : counter.inputs()) add(name);
  }
  return out;
}

void WritePlanner::add_of_replaced(const model::Write& write, std::size_t action,
                                   const std::vector<Counter>& counters, const SourceOf& now) {
  for (const Counter& counter : counters) {
    if (counter.relation == nullptr)
      return refuse(name_of(counter) + " over a polymorphic relation");
    const SourceOf old = [&](const std::string& name) -> design::Source {
      return design::FromStep{*read_step_, name};
    };
    // Mostly of the same parent: one update, or none where a row is counted and stays so.
    const bool is_judged = counter.upkeep.where != nullptr;
    actions_.push_back(counter_update(counter, write, action, true, old));
    if (!is_judged) join(actions_.back());
    actions_.push_back(counter_update(counter, write, action, false, now));
    maintain_counted(write, counter, now(counter.upkeep.source_attribute), actions_.back());
    actions_.back().is_undone_by_replaced =
        !is_judged && counter.upkeep.kind == model::Upkeep::Kind::count_of;
  }
}

namespace {

/// The call says the new value, so a call may leave it out.
bool is_set_by_call(const model::Write& write, const std::string& name) {
  return std::any_of(write.set.begin(), write.set.end(), [&](const model::Assignment& one) {
    return one.attribute == name && (!one.value || *one.value == nullptr);
  });
}

}  // namespace

const design::AddNumber* WritePlanner::added_to_summed(const Counter& counter,
                                                       const RowChange& change) {
  if (counter.upkeep.kind != model::Upkeep::Kind::sum_of) return nullptr;
  for (const design::UpdateClause& clause : change.clauses) {
    const auto* added = std::get_if<design::AddNumber>(&clause);
    if (added != nullptr && added->attribute == counter.upkeep.source_attribute) return added;
  }
  return nullptr;
}

bool WritePlanner::add_to_sum(const model::Write& write, std::size_t action, const Counter& counter,
                              const design::AddNumber& added, const RowChange& change) {
  const std::vector<std::string> inputs = counter.inputs();
  const bool decides = std::any_of(inputs.begin(), inputs.end(), [&](const std::string& name) {
    return name != counter.upkeep.source_attribute && contains(change.changed, name);
  });
  if (decides || write.kind == model::WriteKind::upsert) {
    refuse("an addition to " + counter.upkeep.source_attribute + ", which " + name_of(counter) +
           " sums up, by an upsert or beside a change of where it counts");
    return false;
  }
  const SourceOf old_value = [&](const std::string& name) { return source_for_old(name); };
  WriteAction update = counter_update(counter, write, action, false, old_value);
  update.known.erase(before(counter.upkeep.source_attribute));
  update.update = {design::AddNumber{counter.attribute, added.subtract, added.amount}};
  update.looks_back = true;
  actions_.push_back(std::move(update));
  maintain_counted(write, counter, source_for_old(counter.upkeep.source_attribute),
                   actions_.back());
  return true;
}

design::Source WritePlanner::new_source(const RowChange& change,
                                        const std::string& attribute) const {
  const auto known = change.known.find(attribute);
  if (known != change.known.end()) return known->second;
  for (const design::UpdateClause& clause : change.clauses) {
    const auto* added = std::get_if<design::AddNumber>(&clause);
    if (added == nullptr || added->attribute != attribute || !read_step_) continue;
    // What the row will have is worked out of what it has.
    return design::FromStep{*read_step_, attribute,
                            std::make_shared<const model::Operand>(model::Operand{
                                model::Arithmetic{added->subtract ? '-' : '+',
                                                  attribute_operand(attribute), added->amount},
                                {}})};
  }
  return source_for_old(attribute);
}

void WritePlanner::move_counters(const model::Write& write, std::size_t action,
                                 const std::vector<Counter>& counters, const RowChange& change) {
  const model::EntityId entity = write.entities.front();
  for (Counter counter : counters) {
    const Counting counting = counting_of(workload_, entity, counter, change);
    const SourceOf old_value = [&](const std::string& name) { return source_for_old(name); };
    const SourceOf new_value = [&](const std::string& name) { return new_source(change, name); };
    const auto& links = counter.relation->attributes;
    const bool stays = std::none_of(links.begin(), links.end(), [&](const std::string& name) {
      return contains(change.changed, name);
    });
    if (const design::AddNumber* added = added_to_summed(counter, change)) {
      if (!add_to_sum(write, action, counter, *added, change)) return;
      continue;
    }
    if (!counting.is_judged) counter.upkeep.where = nullptr;
    const bool is_given_up = counter.upkeep.kind == model::Upkeep::Kind::sum_of &&
                             contains(change.removed, counter.upkeep.source_attribute);
    const bool may_enter = counting.may_enter && !is_given_up;
    if (counting.may_leave) {
      actions_.push_back(counter_update(counter, write, action, true, old_value));
      // A call that names no new parent leaves the old one.
      for (const std::string& name : links) {
        if (is_set_by_call(write, name)) actions_.back().only_if_given.push_back(name);
      }
      if (!may_enter && stays)
        maintain_counted(write, counter, old_value(counter.upkeep.source_attribute),
                         actions_.back());
    }
    if (!may_enter) continue;
    actions_.push_back(counter_update(counter, write, action, false, new_value));
    maintain_counted(write, counter, new_value(counter.upkeep.source_attribute), actions_.back());
    // The old value goes from the row to which the new one comes.
    if (stays && !counter.upkeep.where && counting.may_leave) join(actions_.back());
  }
}

WriteAction WritePlanner::counter_update(const Counter& counter, const model::Write& write,
                                         std::size_t action, bool removing,
                                         const SourceOf& source) const {
  WriteAction update = new_action(Operation::update_item, row_of(counter.parent), write, action);
  const model::EntityId child = write.entities.front();
  for (const auto& [own, theirs] :
       identity_links(workload_, child, *counter.relation, counter.parent))
    update.known[theirs] = source(own);
  update.condition = exists(key_name(update.layout));
  update.looks_back = removing;
  if (counter.upkeep.where) {
    update.only_if = counter.upkeep.where;
    std::vector<std::string> read;
    collect_attributes(*counter.upkeep.where, read);
    for (const std::string& name : read) update.known.try_emplace(name, source(name));
  }
  const std::string& summed = counter.upkeep.source_attribute;
  if (counter.upkeep.kind == model::Upkeep::Kind::newest_of) {
    // Rows come in the order of their times, so the new one is the newest.
    update.known[summed] = source(summed);
    update.update.emplace_back(design::SetValue{counter.attribute, parameter(summed)});
    return update;
  }
  const bool sum = counter.upkeep.kind == model::Upkeep::Kind::sum_of;
  // A row that moves takes along what it has: the call does not say it.
  const bool is_read =
      sum && (removing || std::holds_alternative<design::FromStep>(source(summed)));
  if (is_read) update.known[before(summed)] = source(summed);
  const model::OperandPtr amount = !sum ? constant(dynamo::AttributeValue::number(std::int64_t{1}))
                                        : parameter(is_read ? before(summed) : summed);
  update.update.emplace_back(design::AddNumber{counter.attribute, removing, amount});
  return update;
}

void WritePlanner::note_times_ahead(model::EntityId rows, const Counter& counter) {
  const std::string& followed = counter.upkeep.source_attribute;
  const model::Attribute* attribute = workload_.entity(rows).find(followed);
  if (attribute == nullptr || attribute->ahead.value_or(0) <= 0) return;
  support::add_once(out_.plan.client_notes,
                    "know that " + name_of(counter) + " becomes the " + followed + " of the " +
                        workload_.entity(rows).name +
                        " that is written last, though times may lie ahead of now; with `kept: "
                        "stream` it follows only what is later");
}

void WritePlanner::maintain_counted(const model::Write& write, const Counter& counter,
                                    const design::Source& now, WriteAction& update) {
  const design::ItemLayout& layout = assembly_.design.items[update.layout];
  RowChange change;
  change.changed = {counter.attribute};
  if (counter.upkeep.kind == model::Upkeep::Kind::newest_of) {
    change.known[counter.attribute] = now;
    note_times_ahead(write.entities.front(), counter);
  }
  const Maintenance maintenance =
      maintained_entries(workload_, layout, assembly_.design.tables[layout.table], change);
  if (!maintenance.unplanned.empty()) return refuse(maintenance.unplanned);
  update.maintains = maintenance.entries;
  if (maintenance.unknown.empty()) return;
  if (write.times.max > 1 || write.batch || write.for_each)
    return refuse("an index by " + name_of(counter) + " of rows that a call brings several of");
  const std::size_t step = read_parent(write, *counter.relation, of_call);
  for (const std::string& name : maintenance.unknown) {
    update.known[name] = design::FromStep{step, name};
    expect_as_read(update, name, step);
  }
}

std::vector<Counter> WritePlanner::changed_counters(model::EntityId entity,
                                                    const RowChange& change) const {
  std::vector<Counter> out;
  for (const Counter& counter : counters_of(entity)) {
    if (counter.relation == nullptr) continue;
    const std::vector<std::string> inputs = counter.inputs();
    const bool touched = std::any_of(inputs.begin(), inputs.end(), [&](const std::string& name) {
      return contains(change.changed, name);
    });
    if (touched) out.push_back(counter);
  }
  return out;
}

}  // namespace ddbplan::plan
