#include "plan/write_plan.h"

#include <algorithm>

#include "model/evaluate.h"
#include "model/fan_out.h"
#include "model/upkeep.h"
#include "plan/counting.h"
#include "plan/expressions.h"
#include "plan/need_steps.h"
#include "plan/not_planned.h"
#include "plan/write_planner.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {
using design::Operation;
using design::WriteAction;
using support::contains;

/// `missing(x)` and `not x` hold where there is no row at all.
bool holds_of_nothing(const model::ExpressionPtr& condition) {
  const dynamo::Item nothing;
  model::Scope scope;
  scope.row = &nothing;
  scope.parameters = &nothing;
  return condition != nullptr && model::holds(condition, scope);
}
}  // namespace

WritePlan WritePlanner::build() {
  const model::Pattern& pattern = workload_.pattern(id_);
  if (const auto* write = std::get_if<model::Write>(&pattern.action)) {
    for (const model::EntityId entity : in_order(*write)) {
      model::Write one = *write;
      one.entities = {entity};
      going_ = write->kind == model::WriteKind::delete_rows ? write->entities
                                                            : std::vector<model::EntityId>{};
      add(one, 0);
      if (one.batch && actions_.size() != 1) refuse("a batch of writes that need a transaction");
      if (one.for_each && pattern.idempotent) refuse("a client token over the writes of for_each");
      finish(one.batch || batches(one) ? Operation::batch_write_item : single_operation(pattern));
    }
    return std::move(out_);
  }
  const auto& transaction = std::get<model::Transaction>(pattern.action);
  if (!transaction.reads.empty()) refuse("a transaction of reads");
  for (std::size_t i = 0; i < transaction.writes.size(); ++i) add(transaction.writes[i], i);
  finish(Operation::transact_write_items);
  return std::move(out_);
}

std::vector<model::EntityId> WritePlanner::in_order(const model::Write& write) const {
  std::vector<model::EntityId> out = write.entities;
  for (const std::size_t n : problem_.needs_of_pattern[id_.index]) {
    const Need& need = problem_.needs[n];
    if (need.purpose != Purpose::find_writes || !need.led_by) continue;
    const auto leader = std::find(out.begin(), out.end(), problem_.needs[need.led_by->need].entity);
    const auto led = std::find(out.begin(), out.end(), need.entity);
    if (leader < led && led != out.end()) std::rotate(leader, led, led + 1);
  }
  return out;
}

bool WritePlanner::batches(const model::Write& write) const {
  return write.for_each && actions_.size() == 1 && actions_.front().condition == nullptr &&
         actions_.front().operation != Operation::update_item;
}

Operation WritePlanner::single_operation(const model::Pattern& pattern) const {
  // A client token makes a repeated call harmless; only transactions take one.
  const bool token =
      pattern.idempotent && !actions_.empty() && actions_.front().operation != Operation::put_item;
  if (actions_.size() != 1 || token) return Operation::transact_write_items;
  return actions_.front().operation;
}

void WritePlanner::finish(Operation operation) {
  if (actions_.empty()) return;
  design::Step step;
  step.operation = operation;
  step.table = assembly_.design.items[actions_.front().layout].table;
  for (std::size_t i = first_step_; i < out_.plan.steps.size(); ++i) step.after.push_back(i);
  for (const WriteAction& action : actions_) {
    if (std::find(step.layouts.begin(), step.layouts.end(), action.layout) == step.layouts.end())
      step.layouts.push_back(action.layout);
  }
  if (operation == Operation::transact_write_items) mark_joined();
  step.actions = std::move(actions_);
  actions_.clear();
  out_.plan.steps.push_back(std::move(step));
  first_step_ = out_.plan.steps.size();
}

std::optional<std::size_t> WritePlanner::created_parent(std::size_t action,
                                                        const model::Relation& relation) const {
  const auto* transaction = std::get_if<model::Transaction>(&workload_.pattern(id_).action);
  if (transaction == nullptr) return std::nullopt;
  return model::created_parent(workload_, *transaction, action, relation);
}

void WritePlanner::refuse(const std::string& what, const std::string& instead) {
  if (out_.unplanned.empty()) out_.unplanned = {what, instead};
}

void WritePlanner::add(const model::Write& write, std::size_t action) {
  links_.clear();
  read_parents_.clear();
  present_ = action;
  if (write.for_each && !find_related(write, action)) return;
  switch (write.kind) {
    case model::WriteKind::create:
      return add_create(write, action);
    case model::WriteKind::put:
      return add_put(write, action);
    case model::WriteKind::update:
    case model::WriteKind::upsert:
      return add_update(write, action);
    case model::WriteKind::delete_rows:
      return add_delete(write, action);
    case model::WriteKind::check:
      return add_check(write, action);
  }
}

WriteAction WritePlanner::new_action(Operation operation, std::size_t layout,
                                     const model::Write& write, std::size_t action) const {
  WriteAction out;
  out.operation = operation;
  out.layout = layout;
  out.action = action;
  out.times = write.times;
  out.for_each_found = write.for_each.has_value();
  return out;
}

void WritePlanner::add_create(const model::Write& write, std::size_t action) {
  const model::EntityId entity = write.entities.front();
  WriteAction put = new_action(Operation::put_item, row_of(entity), write, action);
  put.known = links_;
  note_sequences(entity);
  if (!read_copies(write, action, put.known)) return;
  if (!write.batch) put.condition = conjunction(missing(key_name(put.layout)), write.condition);
  const Sources known = put.known;
  actions_.push_back(std::move(put));
  add_read_copies();
  add_facet(Operation::put_item, write, action, known);
  for (std::size_t u = 0; u < workload_.entity(entity).unique.size(); ++u)
    add_guard_put(write, action, u, links_);
  add_counters(write, action, false);
  check_originals(write, action, known);
  add_rollups(write, action);
}

void WritePlanner::note_sequences(model::EntityId entity) {
  for (const model::Attribute& attribute : workload_.entity(entity).attributes) {
    if (!attribute.sequence_per) continue;
    support::add_once(out_.plan.client_notes,
                      "take the next " + attribute.name + " within its " + *attribute.sequence_per +
                          " from a counter of your own (an UpdateItem that adds 1 and returns it); "
                          "that is not priced here");
  }
}

void WritePlanner::add_put(const model::Write& write, std::size_t action) {
  const model::EntityId entity = write.entities.front();
  if (const Unplanned found = unplanned_write(workload_, write); !found.empty())
    return refuse(found.what, found.instead);
  if (const Unplanned found = unrolled(write, {}); !found.empty())
    return refuse(found.what, found.instead);
  WriteAction put = new_action(Operation::put_item, row_of(entity), write, action);
  put.known = links_;
  put.condition = write.condition;
  if (!read_copies(write, action, put.known)) return;
  const Sources known = put.known;
  const std::vector<model::Unique>& unique = workload_.entity(entity).unique;
  const std::vector<Counter> counters = counters_of(entity);
  const bool is_rolled_up = !model::rollups_of(workload_, entity).empty() && write.replaces > 0;
  read_step_.reset();
  if (!unique.empty() || !counters.empty() || is_rolled_up) {
    std::vector<std::string> held = counted_by(entity, counters);
    if (is_rolled_up) {
      for (const std::string& name : read_for_rollups(entity)) support::add_once(held, name);
    }
    for (const model::Unique& one : unique) {
      for (const std::string& name : one.attributes) support::add_once(held, name);
    }
    look_at_replaced(write, held, put);
  }
  actions_.push_back(std::move(put));
  add_read_copies();
  add_facet(Operation::put_item, write, action, known);
  for (std::size_t u = 0; u < unique.size(); ++u) {
    Sources old;
    for (const std::string& name : unique[u].attributes)
      old[name] = design::FromStep{*read_step_, name};
    add_guard_delete(write, action, u, old);
    actions_.back().looks_back = true;
    const bool is_renewed = workload_.entity(entity).retention.has_value();
    add_guard_put(write, action, u, links_, is_renewed);
  }
  add_of_replaced(write, action, counters, [&](const std::string& name) { return said(name); });
  check_originals(write, action, known);
  replace_in_rollups(write, action);
}

void WritePlanner::look_at_replaced(const model::Write& write,
                                    const std::vector<std::string>& names, WriteAction& action) {
  const model::EntityId entity = write.entities.front();
  if (!read_step_) read_first(entity);
  out_.plan.steps[*read_step_].may_find_nothing = true;
  std::vector<std::string> same{workload_.entity(entity).id.front()};
  for (const std::string& name : names) support::add_once(same, name);
  for (const std::string& name : same) expect_as_read(action, name, *read_step_);
}

void WritePlanner::expect_as_read(WriteAction& action, const std::string& name, std::size_t step) {
  action.known[before(name)] = design::FromStep{step, name};
  action.condition =
      conjunction(action.condition,
                  compare(model::CompareOp::eq, attribute_operand(name), parameter(before(name))));
}

void WritePlanner::add_read_copies() {
  const WriteAction of_row = actions_.back();
  const model::EntityId entity = assembly_.design.items[of_row.layout].entity;
  const auto copies = assembly_.placement.copies.find(entity.index);
  if (copies == assembly_.placement.copies.end() || of_row.operation == Operation::condition_check)
    return;
  for (const std::size_t layout : copies->second) {
    // The row's condition speaks for all of them; copies are there exactly when the row is.
    WriteAction copy = of_row;
    copy.layout = layout;
    copy.maintains.clear();
    copy.condition = copy.operation == Operation::update_item ? exists(key_name(layout)) : nullptr;
    actions_.push_back(std::move(copy));
  }
}

void WritePlanner::add_facet(Operation operation, const model::Write& write, std::size_t action,
                             const Sources& known) {
  const auto facet = assembly_.placement.facet.find(write.entities.front().index);
  if (facet == assembly_.placement.facet.end()) return;
  WriteAction one = new_action(operation, facet->second, write, action);
  one.known = known;
  actions_.push_back(std::move(one));
}

void WritePlanner::push_update(const model::Write& write, WriteAction update) {
  const model::EntityId entity = write.entities.front();
  const auto is_apart = [&](const design::UpdateClause& clause) {
    const std::string& name =
        std::visit([](const auto& one) -> const std::string& { return one.attribute; }, clause);
    return workload_.entity(entity).is_in_facet(name);
  };
  std::vector<design::UpdateClause> apart;
  std::copy_if(update.update.begin(), update.update.end(), std::back_inserter(apart), is_apart);
  std::erase_if(update.update, is_apart);
  const std::size_t action = update.action;
  const Sources known = update.known;
  const bool is_all_apart = !apart.empty() && update.update.empty();
  if (is_all_apart) update.operation = Operation::condition_check;
  // A facet is there exactly when its row is: only a condition has to look at the row as well.
  if (!is_all_apart || write.condition != nullptr) {
    actions_.push_back(std::move(update));
    add_read_copies();
  }
  if (apart.empty()) return;
  add_facet(Operation::update_item, write, action, known);
  actions_.back().condition = exists(key_name(actions_.back().layout));
  actions_.back().update = std::move(apart);
}

design::Source WritePlanner::source_for_old(const std::string& attribute) const {
  if (read_step_ && !contains(bound_, attribute)) return design::FromStep{*read_step_, attribute};
  return said(attribute);
}

design::Source WritePlanner::said(const std::string& attribute) const {
  const auto link = links_.find(attribute);
  return link == links_.end() ? design::Source{design::FromParameter{attribute}} : link->second;
}

bool WritePlanner::find_related(const model::Write& write, std::size_t action) {
  for (const std::size_t n : problem_.needs_of_pattern[id_.index]) {
    const Need& need = problem_.needs[n];
    if (need.purpose != Purpose::lead || need.action != action || !(need.entity == *write.for_each))
      continue;
    if (problem_.option(state_, n) == nullptr) {
      out_.plan.served = design::Served::no;
      return false;
    }
    const std::size_t step =
        add_need_steps(problem_, state_, assembly_, n, std::nullopt, out_.plan);
    for (const auto& [own, theirs] : model::for_each_links(workload_, write))
      links_[own] = design::FromStep{step, theirs};
    return true;
  }
  return false;
}

bool WritePlanner::address(const model::Write& write, std::size_t action,
                           const std::vector<std::string>& unknown,
                           std::map<std::string, design::Source>& known) {
  const model::EntityId entity = write.entities.front();
  bound_.clear();
  read_step_.reset();
  if (workload_.settings.tenant && !workload_.entity(entity).shared)
    bound_.push_back(*workload_.settings.tenant);
  for (const model::AttributeRef& by : write.by) {
    if (by.is_of(entity)) bound_.push_back(by.name);
  }
  if (write.for_each) {
    // The related row and the call name the whole identity.
    known = links_;
    const std::vector<std::string>& id = workload_.entity(entity).id;
    bound_.insert(bound_.end(), id.begin(), id.end());
  }
  for (const std::size_t n : problem_.needs_of_pattern[id_.index]) {
    const Need& need = problem_.needs[n];
    if (write.for_each) break;
    if (need.action == action && need.purpose == Purpose::find_writes && need.entity == entity)
      return address_found(n, unknown, known);
  }
  if (unknown.empty()) return true;
  if (write.times.max > 1) {
    refuse("a repeated write that must read first");
    return false;
  }
  read_first(entity);
  for (const std::string& name : unknown) known[name] = design::FromStep{*read_step_, name};
  return true;
}

bool WritePlanner::address_found(std::size_t need, const std::vector<std::string>& unknown,
                                 std::map<std::string, design::Source>& known) {
  const Need& wanted = problem_.needs[need];
  for (const std::string& name : unknown) {
    if (wanted.tells(name)) continue;
    refuse("a write of all rows that a query finds, whose index keys need " + name);
    return false;
  }
  if (problem_.option(state_, need) == nullptr) {
    out_.plan.served = design::Served::no;
    return false;
  }
  std::optional<std::size_t> lead;
  if (wanted.led_by) {
    if (problem_.option(state_, wanted.led_by->need) == nullptr) {
      out_.plan.served = design::Served::no;
      return false;
    }
    lead =
        add_need_steps(problem_, state_, assembly_, wanted.led_by->need, std::nullopt, out_.plan);
  }
  const std::size_t step = add_need_steps(problem_, state_, assembly_, need, lead, out_.plan);
  const KeySpec& base = problem_.base(state_, problem_.needs[need].entity);
  for (const std::string& name : base.partition) known[name] = design::FromStep{step, name};
  for (const std::string& name : base.sort) known[name] = design::FromStep{step, name};
  for (const std::string& name : unknown) known[name] = design::FromStep{step, name};
  // The version to compare is that of each row that was found.
  for (const model::Attribute& attribute : workload_.entity(wanted.entity).attributes) {
    if (attribute.lock && contains(wanted.attributes, attribute.name))
      known[attribute.name] = design::FromStep{step, attribute.name};
  }
  read_step_ = step;
  return true;
}

void WritePlanner::read_first(model::EntityId entity) {
  design::Step step;
  step.operation = links_.empty() ? Operation::get_item : Operation::batch_get_item;
  step.layouts = {row_of(entity)};
  step.consistent_read = true;
  step.leads_on = true;
  const design::ItemLayout& layout = assembly_.design.items[row_of(entity)];
  const SourceOf from_call = [this](const std::string& attribute) { return said(attribute); };
  step.table = layout.table;
  step.partition = bind_keys(layout.base.partition, from_call);
  step.sort = bind_keys(layout.base.sort, from_call);
  step.shards = layout.base.shards;
  read_step_ = read_once(std::move(step));
}

void WritePlanner::add_update(const model::Write& write, std::size_t action) {
  const model::EntityId entity = write.entities.front();
  const model::Entity& rows = workload_.entity(entity);
  const design::ItemLayout& layout = assembly_.design.items[row_of(entity)];
  RowChange change = row_change(workload_, write);
  if (!change.unplanned.empty()) return refuse(change.unplanned);
  if (const Unplanned found = unrolled(write, change); !found.empty())
    return refuse(found.what, found.instead);
  Sources taken;
  if (!take_new_copies(write, change, taken)) return;
  const bool upsert = write.kind == model::WriteKind::upsert;
  if (upsert) {
    // The row may be new, and then it enters every index that its identity alone puts it in.
    for (const std::string& id : workload_.entity(entity).id) {
      change.changed.push_back(id);
      change.known.try_emplace(id, said(id));
    }
  }
  const Maintenance maintenance =
      maintained_entries(workload_, layout, assembly_.design.tables[layout.table], change);
  if (!maintenance.unplanned.empty()) return refuse(maintenance.unplanned);
  std::vector<std::string> unknown = maintenance.unknown;
  for (const model::Assignment& one : write.set) {
    const bool is_compared = one.extreme != model::Assignment::Extreme::none;
    if (is_compared && !contains(unknown, one.attribute)) unknown.push_back(one.attribute);
  }
  const std::vector<std::size_t> guards = changed_guards(entity, change, unknown);
  if (const std::string expiry = unknown_expiry(entity, change); !expiry.empty())
    return refuse("an update that adds to " + expiry + " of rows with unique values",
                  "`set` " + expiry + " to the new time, which the values' guards then have too.");
  if (const Unplanned found = unplanned_write(workload_, write); !found.empty())
    return refuse(found.what, found.instead);
  if (upsert) {
    // An index key that is an attribute as it is holds nothing for a new row without it.
    for (const std::size_t entry : maintenance.entries) {
      for (const std::string& name : design::inputs_of(layout.entries[entry])) {
        if (!rows.is_identity(name) && !contains(change.changed, name) && !contains(unknown, name))
          return refuse("an upsert of rows in an index by " + name + ", which it does not set");
      }
    }
  }
  if (upsert && (!rows.facet.empty() || rows.read_copies > 0))
    return refuse("an upsert of a row with a facet or copies");
  if (!rows.facet.empty() && write.set_is_default)
    return refuse("an update of whatever a call names, of a row with a facet");
  if (!rows.facet.empty() && rows.retention && contains(change.changed, rows.retention->attribute))
    return refuse("a change of the expiry of a row with a facet");
  const std::vector<Counter> counters =
      upsert ? std::vector<Counter>() : changed_counters(entity, change);
  const std::vector<Counter> replaced = upsert ? counters_of(entity) : std::vector<Counter>();
  for (const Counter& counter : counters) {
    if (counter.upkeep.kind == model::Upkeep::Kind::newest_of)
      return refuse("a change of what " + name_of(counter) + " is the newest of",
                    "Say `kept: stream` at " + name_of(counter) +
                        ", which then follows a value that is newer.");
    for (const std::string& name : counting_of(workload_, entity, counter, change).read)
      support::add_once(unknown, name);
  }
  if (!changed_rollups(entity, change).empty()) {
    for (const std::string& name : read_for_rollups(entity)) support::add_once(unknown, name);
  }

  WriteAction update = new_action(Operation::update_item, row_of(entity), write, action);
  if (!address(write, action, unknown, update.known)) return;
  for (const auto& [name, source] : change.known) update.known[name] = source;
  update.update = change.clauses;
  if (upsert) add_identity(update);
  update.maintains = maintenance.entries;
  if (upsert) add_entries_of_identity(update);
  update.condition =
      upsert ? change.condition : conjunction(exists(key_name(update.layout)), change.condition);
  if (upsert && read_step_) out_.plan.steps[*read_step_].may_find_nothing = true;
  for (const std::string& name : unknown) expect_as_read(update, name, *read_step_);
  if (!replaced.empty()) look_at_replaced(write, counted_by(entity, replaced), update);
  const Sources known = update.known;
  push_update(write, std::move(update));
  for (const std::size_t guard : guards) replace_guard(write, action, guard, known, change);
  move_counters(write, action, counters, change);
  move_in_rollups(write, action, change);
  add_of_replaced(write, action, replaced, [&](const std::string& name) -> design::Source {
    const auto set_now = change.known.find(name);
    if (set_now != change.known.end()) return set_now->second;
    if (rows.is_identity(name)) return said(name);
    return design::FromStep{*read_step_, name};  // what is not set stays
  });
  check_originals(write, action, taken);
  add_copy_updates(write, action, change);
}

void WritePlanner::add_identity(WriteAction& update) const {
  const design::ItemLayout& layout = assembly_.design.items[update.layout];
  const dynamo::KeySchema& key = assembly_.design.tables[layout.table].key;
  for (const std::string& id : workload_.entity(layout.entity).id) {
    // No update expression names a key attribute: the item's key has it.
    if (key.has(id)) continue;
    const auto known = update.known.find(id);
    const auto* said =
        known == update.known.end() ? nullptr : std::get_if<design::FromParameter>(&known->second);
    update.update.emplace_back(design::SetValue{id, parameter(said == nullptr ? id : said->name)});
  }
  if (layout.type_value) {
    update.update.emplace_back(
        design::SetValue{workload_.settings.type_attribute,
                         constant(dynamo::AttributeValue::string(*layout.type_value))});
  }
}

void WritePlanner::add_entries_of_identity(WriteAction& update) const {
  const design::ItemLayout& layout = assembly_.design.items[update.layout];
  const model::Entity& entity = workload_.entity(layout.entity);
  const auto is_set = [&](const std::string& name) {
    return std::any_of(update.update.begin(), update.update.end(), [&](const auto& clause) {
      const auto* set = std::get_if<design::SetValue>(&clause);
      return set != nullptr && set->attribute == name;
    });
  };
  for (std::size_t i = 0; i < layout.entries.size(); ++i) {
    const std::vector<std::string> inputs = design::inputs_of(layout.entries[i]);
    const bool is_known = std::all_of(inputs.begin(), inputs.end(), [&](const std::string& name) {
      return entity.is_identity(name) || is_set(name);
    });
    const auto& known = update.maintains;
    if (is_known && std::find(known.begin(), known.end(), i) == known.end())
      update.maintains.push_back(i);
  }
}

void WritePlanner::add_delete(const model::Write& write, std::size_t action) {
  const model::EntityId entity = write.entities.front();
  const model::Entity& rows = workload_.entity(entity);
  if (const Unplanned found = unrolled(write, {}); !found.empty())
    return refuse(found.what, found.instead);
  std::vector<std::string> unknown;
  const auto need = [&](const std::string& name) {
    const bool by = std::any_of(
        write.by.begin(), write.by.end(),
        [&](const model::AttributeRef& r) { return r.is_of(entity) && r.name == name; });
    if (!by && !rows.is_identity(name) && !contains(unknown, name)) unknown.push_back(name);
  };
  for (const model::Unique& unique : rows.unique) {
    for (const std::string& name : unique.attributes) need(name);
  }
  const std::vector<Counter> counters = counters_that_lose(entity);
  for (const Counter& counter : counters) {
    if (counter.relation == nullptr) continue;
    for (const std::string& name : counter.inputs()) need(name);
  }
  for (const std::string& name : read_for_rollups(entity)) need(name);
  WriteAction remove = new_action(Operation::delete_item, row_of(entity), write, action);
  if (!address(write, action, unknown, remove.known)) return;
  remove.condition = write.condition;
  const bool is_kept_elsewhere =
      !rows.unique.empty() || !counters_of(entity).empty() || !rollups_that_stay(entity).empty();
  const bool must_exist = is_kept_elsewhere || in_transaction_ || holds_of_nothing(write.condition);
  if (must_exist) remove.condition = conjunction(exists(key_name(remove.layout)), remove.condition);
  for (const std::string& name : unknown) expect_as_read(remove, name, *read_step_);
  const std::map<std::string, design::Source> known = remove.known;
  actions_.push_back(std::move(remove));
  add_read_copies();
  add_facet(Operation::delete_item, write, action, known);
  for (std::size_t u = 0; u < rows.unique.size(); ++u) add_guard_delete(write, action, u, known);
  add_counters(write, action, true);
  take_from_rollups(write, action);
}

void WritePlanner::add_check(const model::Write& write, std::size_t action) {
  WriteAction check =
      new_action(Operation::condition_check, row_of(write.entities.front()), write, action);
  check.condition = write.condition;
  if (check.condition == nullptr || holds_of_nothing(check.condition))
    check.condition = conjunction(exists(key_name(check.layout)), check.condition);
  actions_.push_back(std::move(check));
}

WritePlan plan_write(const Problem& problem, const State& state, const Assembly& assembly,
                     model::PatternId pattern) {
  return WritePlanner(problem, state, assembly, pattern).build();
}

}  // namespace ddbplan::plan
