// What `kept: transaction` adds to a write for copies: those that change with their original, and new rows that hold
// one.
#include <algorithm>

#include "model/fan_out.h"
#include "model/upkeep.h"
#include "plan/expressions.h"
#include "plan/need_steps.h"
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

/// A copy that somebody keeps up to date: whoever writes a row of it takes it along.
bool is_kept_copy(const model::Attribute& attribute) {
  return attribute.upkeep && attribute.upkeep->kind == model::Upkeep::Kind::copy_of &&
         attribute.upkeep->kept != model::Kept::never;
}

/// The row may have an earlier value of its parent's: that one never changes, or a stream's consumer sets it right.
bool is_settled(const model::Attribute& copy) {
  return copy.upkeep->kept != model::Kept::transaction || copy.immutable;
}

}  // namespace

std::vector<std::string> copied_of_related(const model::Workload& workload,
                                           const model::Write& write) {
  std::vector<std::string> out;
  if (!write.for_each || write.kind == model::WriteKind::delete_rows) return out;
  const model::Entity& rows = workload.entity(write.entities.front());
  for (const model::Attribute& attribute : rows.attributes) {
    const model::Relation* relation =
        is_kept_copy(attribute) ? rows.relation_by(attribute.upkeep->through) : nullptr;
    const bool is_the_parent = relation != nullptr && parent_of_each(workload, write, *relation) ==
                                                          model::ParentOfEach::related;
    if (is_the_parent) support::add_once(out, attribute.upkeep->source_attribute);
  }
  return out;
}

bool WritePlanner::read_copies(const model::Write& write, std::size_t action, Sources& known) {
  const model::EntityId entity = write.entities.front();
  for (const model::Attribute& attribute : workload_.entity(entity).attributes) {
    if (!is_kept_copy(attribute)) continue;
    const model::Relation* relation =
        workload_.entity(entity).relation_by(attribute.upkeep->through);
    if (const auto parent =
            relation == nullptr ? std::nullopt : created_parent(action, *relation)) {
      known[attribute.name] = design::FromAction{*parent, attribute.upkeep->source_attribute};
      continue;
    }
    if (!read_copy(write, attribute, relation, of_call, known)) return false;
  }
  return true;
}

bool WritePlanner::read_copy(const model::Write& write, const model::Attribute& copy,
                             const model::Relation* relation, const SourceOf& value_of,
                             Sources& known) {
  const bool each_its_own =
      relation != nullptr && std::any_of(relation->attributes.begin(), relation->attributes.end(),
                                         [&](const std::string& a) { return links_.contains(a); });
  const std::string& original = copy.upkeep->source_attribute;
  if (each_its_own && is_settled(copy) && contains(copied_of_related(workload_, write), original)) {
    // The related row that the new one is for is its parent, and was found with what is copied.
    known[copy.name] = design::FromStep{related_step(relation->attributes), original};
    return true;
  }
  if (relation == nullptr || relation->parents.size() != 1 || each_its_own) {
    refuse("a write that fills the copy " + copy.name +
           (each_its_own ? " of the parents of many rows" : " of parents of several kinds"));
    return false;
  }
  const bool must_hold = !is_settled(copy);
  if (must_hold && write.batch) {
    refuse("a batch that fills the copy " + copy.name + ", kept in a transaction");
    return false;
  }
  const std::size_t step = read_parent(write, *relation, value_of);
  if (must_hold) out_.plan.steps[step].consistent_read = true;
  known[copy.name] = design::FromStep{step, original};
  return true;
}

std::size_t WritePlanner::related_step(const std::vector<std::string>& way) const {
  const auto linked = std::find_if(way.begin(), way.end(),
                                   [&](const std::string& name) { return links_.contains(name); });
  return std::get<design::FromStep>(links_.at(*linked)).step;
}

std::size_t WritePlanner::read_parent(const model::Write& write, const model::Relation& relation,
                                      const SourceOf& value_of) {
  const auto read = read_parents_.find(&relation);
  if (read != read_parents_.end()) return read->second;
  const model::EntityId parent = relation.parents.front();
  const auto links = identity_links(workload_, write.entities.front(), relation, parent);
  const SourceOf from_call = [&](const std::string& name) -> design::Source {
    for (const auto& [own, theirs] : links) {
      if (theirs == name) return value_of(own);
    }
    return design::FromParameter{name};
  };
  design::Step step;
  step.times = write.batch ? *write.batch : write.times;
  step.operation = step.times.max > 1 ? Operation::batch_get_item : Operation::get_item;
  step.layouts = {row_of(parent)};
  step.leads_on = true;
  const design::ItemLayout& layout = assembly_.design.items[row_of(parent)];
  step.table = layout.table;
  step.partition = bind_keys(layout.base.partition, from_call);
  step.sort = bind_keys(layout.base.sort, from_call);
  step.shards = layout.base.shards;
  for (const std::string& own : relation.attributes) {
    const design::Source said = value_of(own);
    const auto* given = std::get_if<design::FromParameter>(&said);
    if (relation.present < 1 && given != nullptr) step.only_if_given.push_back(given->name);
  }
  return read_parents_[&relation] = read_once(std::move(step));
}

bool WritePlanner::take_new_copies(const model::Write& write, RowChange& change, Sources& taken) {
  const model::Entity& rows = workload_.entity(write.entities.front());
  for (const model::Attribute& attribute : rows.attributes) {
    const model::Relation* relation =
        is_kept_copy(attribute) ? rows.relation_by(attribute.upkeep->through) : nullptr;
    const bool moves =
        relation != nullptr &&
        std::any_of(relation->attributes.begin(), relation->attributes.end(),
                    [&](const std::string& a) { return contains(change.changed, a); });
    if (!moves) continue;
    const std::string& name = attribute.name;
    if (const std::string what = hangs_on(write.entities.front(), name); !what.empty()) {
      refuse("a change of the parent that the copy " + name + " comes from, which " + what);
      return false;
    }
    change.changed.push_back(name);
    const bool is_given_up =
        std::any_of(relation->attributes.begin(), relation->attributes.end(),
                    [&](const std::string& a) { return contains(change.removed, a); });
    if (is_given_up) {
      change.removed.push_back(name);
      change.clauses.emplace_back(design::RemoveAttribute{name});
      continue;
    }
    const SourceOf new_value = [&](const std::string& own) -> design::Source {
      const auto known = change.known.find(own);
      return known == change.known.end() ? design::Source{design::FromParameter{own}}
                                         : known->second;
    };
    for (const std::string& own : relation->attributes) taken[own] = new_value(own);
    if (!read_copy(write, attribute, relation, new_value, taken)) return false;
    change.known[name] = taken.at(name);
    change.clauses.emplace_back(design::SetValue{name, parameter(name)});
  }
  return true;
}

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
  std::vector<std::string> as_read;
  for (const std::string& name : maintenance.unknown) {
    if (update.known.contains(name)) continue;
    if (!need.tells(name)) return refuse("a copy in an index key beside " + name);
    update.known[name] = design::FromStep{step, name};
    if (workload_.entity(need.entity).is_identity(name)) continue;
    as_read.push_back(name);
  }
  for (const std::string& id : workload_.entity(need.entity).id)
    update.known.try_emplace(id, design::FromStep{step, id});
  for (const auto& [name, source] : copied.known) update.known[name] = source;
  update.maintains = maintenance.entries;
  update.condition = exists(key_name(update.layout));
  for (const std::string& name : as_read) expect_as_read(update, name, step);
  actions_.push_back(std::move(update));
  out_.plan.client_notes.push_back(
      workload_.entity(need.entity).name +
      " rows that are created between the Query and the transaction are not among its actions; "
      "their own create has checked the value before, so query once more after the transaction");
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
    if (is_kept || contains(model::grouped_by(rollup), attribute))
      return "the rollup " + workload_.entity(id).name + " depends on";
  }
  for (const model::Entity& holder : workload_.entities) {
    for (const model::Attribute& other : holder.attributes) {
      if (is_kept_copy(other) && other.upkeep->source == entity &&
          other.upkeep->source_attribute == attribute)
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
         identity_links(workload_, write.entities.front(), *copy.relation, parent)) {
      const auto told = known.find(own);
      check.known[theirs] = told == known.end() ? said(own) : told->second;
    }
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

}  // namespace ddbplan::plan
