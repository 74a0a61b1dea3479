#include "plan/write_plan.h"

#include <algorithm>

#include "plan/expressions.h"
#include "plan/key_condition.h"
#include "plan/read_plan.h"
#include "plan/row_change.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using support::contains;

using design::Operation;
using design::WriteAction;

/// Name under which a condition sees the value that was read before the write.
std::string before(const std::string& attribute) {
  return attribute + "_before";
}

/// Collects the actions of one pattern.
class WritePlanner {
 public:
  WritePlanner(const Problem& problem, const State& state, const Assembly& assembly,
               model::PatternId id)
      : problem_(problem),
        workload_(problem.workload),
        state_(state),
        assembly_(assembly),
        id_(id) {
    out_.plan.pattern = id;
  }

  WritePlan build() {
    const model::Pattern& pattern = workload_.pattern(id_);
    if (const auto* write = std::get_if<model::Write>(&pattern.action)) {
      for (const model::EntityId entity : write->entities) {
        model::Write one = *write;
        one.entities = {entity};
        going_ = write->kind == model::WriteKind::delete_rows ? write->entities
                                                              : std::vector<model::EntityId>{};
        add(one, 0);
        const bool batched = one.batch.has_value();
        if (batched && actions_.size() != 1) refuse("a batch of writes that need a transaction");
        finish(batched ? Operation::batch_write_item : single_operation(pattern));
      }
      return std::move(out_);
    }
    const auto& transaction = std::get<model::Transaction>(pattern.action);
    if (!transaction.reads.empty()) refuse("a transaction of reads");
    for (std::size_t i = 0; i < transaction.writes.size(); ++i) add(transaction.writes[i], i);
    finish(Operation::transact_write_items);
    return std::move(out_);
  }

 private:
  [[nodiscard]] Operation single_operation(const model::Pattern& pattern) const {
    // A client token makes a repeated call harmless; only transactions take one.
    const bool token = pattern.idempotent && !actions_.empty() &&
                       actions_.front().operation != Operation::put_item;
    if (actions_.size() != 1 || token) return Operation::transact_write_items;
    return actions_.front().operation;
  }

  void finish(Operation operation) {
    if (actions_.empty()) return;
    design::Step step;
    step.operation = operation;
    step.table = assembly_.design.items[actions_.front().layout].table;
    for (std::size_t i = first_step_; i < out_.plan.steps.size(); ++i) step.after.push_back(i);
    for (const WriteAction& action : actions_) {
      if (std::find(step.layouts.begin(), step.layouts.end(), action.layout) == step.layouts.end())
        step.layouts.push_back(action.layout);
    }
    step.actions = std::move(actions_);
    actions_.clear();
    out_.plan.steps.push_back(std::move(step));
    first_step_ = out_.plan.steps.size();
  }

  void refuse(const std::string& what) {
    if (out_.unplanned.empty()) out_.unplanned = what;
  }

  [[nodiscard]] std::size_t row_of(model::EntityId entity) const {
    return assembly_.placement.row[entity.index];
  }

  /// An attribute that every item of the layout's table has.
  [[nodiscard]] const std::string& key_name(std::size_t layout) const {
    const design::Table& table = assembly_.design.tables[assembly_.design.items[layout].table];
    return table.key.partition.front().name;
  }

  void add(const model::Write& write, std::size_t action) {
    if (write.for_each) return refuse("one write per related row (for_each)");
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

  [[nodiscard]] WriteAction new_action(Operation operation, std::size_t layout,
                                       const model::Write& write, std::size_t action) const {
    WriteAction out;
    out.operation = operation;
    out.layout = layout;
    out.action = action;
    out.times = write.times;
    return out;
  }

  void add_create(const model::Write& write, std::size_t action) {
    const model::EntityId entity = write.entities.front();
    WriteAction put = new_action(Operation::put_item, row_of(entity), write, action);
    if (!read_copies(write, entity, put.known)) return;
    if (!write.batch) put.condition = conjunction(missing(key_name(put.layout)), write.condition);
    actions_.push_back(std::move(put));
    for (std::size_t u = 0; u < workload_.entity(entity).unique.size(); ++u)
      add_guard_put(write, action, u, {});
    add_counters(write, action, false);
  }

  /// The copies that a new row holds are read from its parents first. false: not planned yet.
  bool read_copies(const model::Write& write, model::EntityId entity,
                   std::map<std::string, design::Source>& known) {
    std::map<std::string, std::size_t> steps;  // by the relation's first attribute
    for (const model::Attribute& attribute : workload_.entity(entity).attributes) {
      if (!attribute.upkeep || attribute.upkeep->kind != model::Upkeep::Kind::copy_of ||
          attribute.upkeep->kept == model::Kept::never)
        continue;
      const model::Relation* relation = nullptr;
      for (const model::Relation& one : workload_.entity(entity).relations) {
        if (contains(one.attributes, attribute.upkeep->through)) relation = &one;
      }
      if (relation == nullptr || relation->parents.size() != 1 || relation->present < 1 ||
          write.times.max > 1 || write.batch) {
        refuse("a create that fills the copy " + attribute.name + " of many or optional parents");
        return false;
      }
      const auto [place, is_new] = steps.try_emplace(relation->attributes.front(), 0);
      if (is_new) place->second = read_parent(entity, *relation);
      known[attribute.name] = design::FromStep{place->second, attribute.upkeep->source_attribute};
    }
    return true;
  }

  std::size_t read_parent(model::EntityId child, const model::Relation& relation) {
    const model::EntityId parent = relation.parents.front();
    const auto links = identity_links(workload_, child, relation, parent);
    const SourceOf from_call = [&](const std::string& name) -> design::Source {
      for (const auto& [own, theirs] : links) {
        if (theirs == name) return design::FromParameter{own};
      }
      return design::FromParameter{name};
    };
    design::Step step;
    step.operation = Operation::get_item;
    step.layouts = {row_of(parent)};
    step.leads_on = true;
    const design::ItemLayout& layout = assembly_.design.items[row_of(parent)];
    step.table = layout.table;
    step.partition = bind_keys(layout.base.partition, from_call);
    step.sort = bind_keys(layout.base.sort, from_call);
    step.shards = layout.base.shards;
    out_.plan.steps.push_back(std::move(step));
    return out_.plan.steps.size() - 1;
  }

  void add_put(const model::Write& write, std::size_t action) {
    const model::EntityId entity = write.entities.front();
    if (!workload_.entity(entity).unique.empty())
      return refuse("a put of an entity with unique attributes");
    if (!counters_of(entity).empty()) return refuse("a put of an entity that another one counts");
    WriteAction put = new_action(Operation::put_item, row_of(entity), write, action);
    put.condition = write.condition;
    actions_.push_back(std::move(put));
  }

  /// A guard holds a unique value. One that expired may still stand: TTL deletes days later.
  void add_guard_put(const model::Write& write, std::size_t action, std::size_t unique,
                     const std::map<std::string, design::Source>& known) {
    const model::EntityId entity = write.entities.front();
    const std::size_t layout = assembly_.placement.guard.at({entity.index, unique});
    WriteAction put = new_action(Operation::put_item, layout, write, action);
    put.known = known;
    put.condition = missing(key_name(layout));
    if (const auto& retention = workload_.entity(entity).retention) {
      put.condition =
          disjunction({put.condition, compare(model::CompareOp::le,
                                              attribute_operand(retention->attribute), now())});
    }
    actions_.push_back(std::move(put));
  }

  void add_guard_delete(const model::Write& write, std::size_t action, std::size_t unique,
                        const std::map<std::string, design::Source>& known) {
    const std::size_t layout = assembly_.placement.guard.at({write.entities.front().index, unique});
    WriteAction remove = new_action(Operation::delete_item, layout, write, action);
    remove.known = known;
    actions_.push_back(std::move(remove));
  }

  struct Counter {
    model::EntityId parent;
    std::string attribute;
    model::Upkeep upkeep;
    const model::Relation* relation = nullptr;

    /// Attributes of the child that decide whether, where and how much it counts.
    [[nodiscard]] std::vector<std::string> inputs() const {
      std::vector<std::string> out = relation->attributes;
      if (upkeep.where) collect_attributes(*upkeep.where, out);
      if (upkeep.kind != model::Upkeep::Kind::count_of) out.push_back(upkeep.source_attribute);
      return out;
    }
  };

  /// Attributes of parents that this entity's rows are counted or summed in, in the same transaction.
  [[nodiscard]] std::vector<Counter> counters_of(model::EntityId child) const {
    std::vector<Counter> out;
    for (std::size_t p = 0; p < workload_.entities.size(); ++p) {
      for (const model::Attribute& attribute : workload_.entities[p].attributes) {
        if (!attribute.upkeep || !(attribute.upkeep->source == child)) continue;
        if (std::find(going_.begin(), going_.end(), model::EntityId{p}) != going_.end()) continue;
        if (attribute.upkeep->kind == model::Upkeep::Kind::copy_of ||
            attribute.upkeep->kept != model::Kept::transaction)
          continue;
        Counter counter{model::EntityId{p}, attribute.name, *attribute.upkeep, nullptr};
        for (const model::Relation& relation : workload_.entity(child).relations) {
          const bool is_way = counter.upkeep.through.empty() ||
                              contains(relation.attributes, counter.upkeep.through);
          if (is_way && relation.parents.size() == 1 && relation.parents.front() == counter.parent)
            counter.relation = &relation;
        }
        out.push_back(counter);
      }
    }
    return out;
  }

  [[nodiscard]] std::string name_of(const Counter& counter) const {
    return workload_.entity(counter.parent).name + "." + counter.attribute;
  }

  /// The counters of a row that comes or goes.
  void add_counters(const model::Write& write, std::size_t action, bool removing) {
    for (const Counter& counter : counters_of(write.entities.front())) {
      if (counter.relation == nullptr)
        return refuse(name_of(counter) + " over a polymorphic relation");
      const bool newest = counter.upkeep.kind == model::Upkeep::Kind::newest_of;
      if (newest && removing) return refuse(name_of(counter) + " when the newest row goes");
      const auto source = [&](const std::string& name) -> design::Source {
        return removing ? source_for_old(name) : design::Source{design::FromParameter{name}};
      };
      actions_.push_back(counter_update(counter, write, action, removing, source));
    }
  }

  /// The counters of a row that changes: what it was counted in loses it, what it is counted in gains it.
  void move_counters(const model::Write& write, std::size_t action,
                     const std::vector<Counter>& counters, const RowChange& change) {
    for (const Counter& counter : counters) {
      const SourceOf old_value = [&](const std::string& name) { return source_for_old(name); };
      const SourceOf new_value = [&](const std::string& name) -> design::Source {
        const auto known = change.known.find(name);
        return known == change.known.end() ? source_for_old(name) : known->second;
      };
      actions_.push_back(counter_update(counter, write, action, true, old_value));
      actions_.push_back(counter_update(counter, write, action, false, new_value));
    }
  }

  [[nodiscard]] WriteAction counter_update(const Counter& counter, const model::Write& write,
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
    if (sum && removing) update.known[before(summed)] = source(summed);
    const model::OperandPtr amount = !sum
                                         ? constant(dynamo::AttributeValue::number(std::int64_t{1}))
                                         : parameter(removing ? before(summed) : summed);
    update.update.emplace_back(design::AddNumber{counter.attribute, removing, amount});
    return update;
  }

  /// An attribute of the row as it was: known from the call, or read first.
  [[nodiscard]] design::Source source_for_old(const std::string& attribute) const {
    if (read_step_ && !contains(bound_, attribute)) return design::FromStep{*read_step_, attribute};
    return design::FromParameter{attribute};
  }

  /// Binds the row: by key, by key after a read of `unknown`, or every row that a query finds.
  /// Returns the sources of the base key's attributes; false when it is not planned yet.
  bool address(const model::Write& write, std::size_t action,
               const std::vector<std::string>& unknown,
               std::map<std::string, design::Source>& known) {
    const model::EntityId entity = write.entities.front();
    bound_.clear();
    read_step_.reset();
    if (workload_.settings.tenant && !workload_.entity(entity).shared)
      bound_.push_back(*workload_.settings.tenant);
    for (const model::AttributeRef& by : write.by) bound_.push_back(by.name);
    for (const std::size_t n : problem_.needs_of_pattern[id_.index]) {
      const Need& need = problem_.needs[n];
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

  bool address_found(std::size_t need, const std::vector<std::string>& unknown,
                     std::map<std::string, design::Source>& known) {
    const Need& wanted = problem_.needs[need];
    for (const std::string& name : unknown) {
      if (contains(wanted.attributes, name)) continue;
      refuse("a write of all rows that a query finds, whose index keys need " + name);
      return false;
    }
    if (problem_.option(state_, need) == nullptr) {
      out_.plan.served = design::Served::no;
      return false;
    }
    const std::size_t step =
        add_need_steps(problem_, state_, assembly_, need, std::nullopt, out_.plan);
    const KeySpec& base = problem_.base(state_, problem_.needs[need].entity);
    for (const std::string& name : base.partition) known[name] = design::FromStep{step, name};
    for (const std::string& name : base.sort) known[name] = design::FromStep{step, name};
    for (const std::string& name : unknown) known[name] = design::FromStep{step, name};
    read_step_ = step;
    return true;
  }

  void read_first(model::EntityId entity) {
    design::Step step;
    step.operation = Operation::get_item;
    step.layouts = {row_of(entity)};
    step.consistent_read = true;
    step.leads_on = true;
    const design::ItemLayout& layout = assembly_.design.items[row_of(entity)];
    step.table = layout.table;
    const SourceOf from_call = [](const std::string& attribute) -> design::Source {
      return design::FromParameter{attribute};
    };
    step.partition = bind_keys(layout.base.partition, from_call);
    step.sort = bind_keys(layout.base.sort, from_call);
    step.shards = layout.base.shards;
    out_.plan.steps.push_back(std::move(step));
    read_step_ = out_.plan.steps.size() - 1;
  }

  void add_update(const model::Write& write, std::size_t action) {
    const model::EntityId entity = write.entities.front();
    const model::Entity& rows = workload_.entity(entity);
    const design::ItemLayout& layout = assembly_.design.items[row_of(entity)];
    RowChange change = row_change(workload_, write);
    if (!change.unplanned.empty()) return refuse(change.unplanned);
    const bool upsert = write.kind == model::WriteKind::upsert;
    if (upsert) {
      // The row may be new, and then it enters every index that its identity alone puts it in.
      for (const std::string& id : workload_.entity(entity).id) {
        change.changed.push_back(id);
        change.known.try_emplace(id, design::FromParameter{id});
      }
    }
    const Maintenance maintenance =
        maintained_entries(workload_, layout, assembly_.design.tables[layout.table], change);
    if (!maintenance.unplanned.empty()) return refuse(maintenance.unplanned);
    std::vector<std::string> unknown = maintenance.unknown;
    const std::vector<std::size_t> guards = changed_guards(entity, change, unknown);
    if (upsert && (!guards.empty() || !unknown.empty() ||
                   !workload_.entity(entity).unique.empty() || !counters_of(entity).empty()))
      return refuse(
          "an upsert of an entity with guards, counters or composed "
          "index keys");
    const std::vector<Counter> counters = changed_counters(entity, change);
    for (const Counter& counter : counters) {
      if (counter.upkeep.kind == model::Upkeep::Kind::newest_of)
        return refuse("a change of what " + name_of(counter) + " is the newest of");
      for (const std::string& name : counter.inputs()) {
        if (!rows.is_identity(name) && !contains(unknown, name)) unknown.push_back(name);
      }
    }

    WriteAction update = new_action(Operation::update_item, row_of(entity), write, action);
    if (!address(write, action, unknown, update.known)) return;
    for (const auto& [name, source] : change.known) update.known[name] = source;
    update.update = change.clauses;
    if (upsert) add_identity(entity, update);
    update.maintains = maintenance.entries;
    update.condition =
        upsert ? change.condition : conjunction(exists(key_name(update.layout)), change.condition);
    for (const std::string& name : unknown) {
      update.known[before(name)] = design::FromStep{*read_step_, name};
      update.condition = conjunction(
          update.condition,
          compare(model::CompareOp::eq, attribute_operand(name), parameter(before(name))));
    }
    actions_.push_back(update);
    for (const std::size_t guard : guards) replace_guard(write, action, guard, update.known);
    move_counters(write, action, counters, change);
  }

  /// The new row of an upsert must hold its identity and type beside what is set.
  void add_identity(model::EntityId entity, WriteAction& update) const {
    const design::ItemLayout& layout = assembly_.design.items[row_of(entity)];
    const dynamo::KeySchema& key = assembly_.design.tables[layout.table].key;
    for (const std::string& id : workload_.entity(entity).id) {
      const auto is_id = [&](const dynamo::KeyAttribute& attribute) {
        return attribute.name == id;
      };
      const bool is_key = std::any_of(key.partition.begin(), key.partition.end(), is_id) ||
                          std::any_of(key.sort.begin(), key.sort.end(), is_id);
      if (!is_key) update.update.emplace_back(design::SetValue{id, parameter(id)});
    }
    if (layout.type_value) {
      update.update.emplace_back(
          design::SetValue{workload_.settings.type_attribute,
                           constant(dynamo::AttributeValue::string(*layout.type_value))});
    }
  }

  [[nodiscard]] std::vector<std::size_t> changed_guards(model::EntityId entity,
                                                        const RowChange& change,
                                                        std::vector<std::string>& unknown) const {
    std::vector<std::size_t> out;
    const std::vector<model::Unique>& unique = workload_.entity(entity).unique;
    for (std::size_t u = 0; u < unique.size(); ++u) {
      const bool touched =
          std::any_of(unique[u].attributes.begin(), unique[u].attributes.end(),
                      [&](const std::string& a) { return contains(change.changed, a); });
      if (!touched) continue;
      out.push_back(u);
      for (const std::string& name : unique[u].attributes) {
        if (!workload_.entity(entity).is_identity(name) && !contains(unknown, name))
          unknown.push_back(name);
      }
      if (const auto& retention = workload_.entity(entity).retention;
          retention && !contains(unknown, retention->attribute))
        unknown.push_back(retention->attribute);
    }
    return out;
  }

  /// Counters of parents that depend on an attribute that this write changes.
  [[nodiscard]] std::vector<Counter> changed_counters(model::EntityId entity,
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

  void replace_guard(const model::Write& write, std::size_t action, std::size_t unique,
                     const std::map<std::string, design::Source>& known) {
    std::map<std::string, design::Source> old_values;
    std::map<std::string, design::Source> new_values;
    for (const std::string& name :
         workload_.entity(write.entities.front()).unique[unique].attributes) {
      const auto was = known.find(before(name));
      if (was != known.end()) old_values[name] = was->second;
    }
    for (const auto& [name, source] : known) new_values[name] = source;
    for (const std::string& name :
         workload_.entity(write.entities.front()).unique[unique].attributes) {
      const bool set_now =
          std::any_of(write.set.begin(), write.set.end(),
                      [&](const model::Assignment& a) { return a.attribute == name; });
      if (set_now && std::holds_alternative<design::FromStep>(new_values[name]))
        new_values[name] = design::FromParameter{name};
    }
    add_guard_delete(write, action, unique, old_values);
    add_guard_put(write, action, unique, new_values);
  }

  void add_delete(const model::Write& write, std::size_t action) {
    const model::EntityId entity = write.entities.front();
    const model::Entity& rows = workload_.entity(entity);
    std::vector<std::string> unknown;
    const auto need = [&](const std::string& name) {
      const bool by = std::any_of(write.by.begin(), write.by.end(),
                                  [&](const model::AttributeRef& r) { return r.name == name; });
      if (!by && !rows.is_identity(name) && !contains(unknown, name)) unknown.push_back(name);
    };
    for (const model::Unique& unique : rows.unique) {
      for (const std::string& name : unique.attributes) need(name);
    }
    for (const Counter& counter : counters_of(entity)) {
      if (counter.relation == nullptr) continue;
      for (const std::string& name : counter.inputs()) need(name);
    }
    WriteAction remove = new_action(Operation::delete_item, row_of(entity), write, action);
    if (!address(write, action, unknown, remove.known)) return;
    remove.condition = write.condition;
    const bool helpers = !rows.unique.empty() || !counters_of(entity).empty();
    if (helpers) remove.condition = conjunction(exists(key_name(remove.layout)), remove.condition);
    for (const std::string& name : unknown) {
      remove.known[before(name)] = design::FromStep{*read_step_, name};
      remove.condition = conjunction(
          remove.condition,
          compare(model::CompareOp::eq, attribute_operand(name), parameter(before(name))));
    }
    const std::map<std::string, design::Source> known = remove.known;
    actions_.push_back(std::move(remove));
    for (std::size_t u = 0; u < rows.unique.size(); ++u) add_guard_delete(write, action, u, known);
    add_counters(write, action, true);
  }

  void add_check(const model::Write& write, std::size_t action) {
    WriteAction check =
        new_action(Operation::condition_check, row_of(write.entities.front()), write, action);
    check.condition = write.condition ? write.condition : exists(key_name(check.layout));
    actions_.push_back(std::move(check));
  }

  const Problem& problem_;
  const model::Workload& workload_;
  const State& state_;
  const Assembly& assembly_;
  model::PatternId id_;
  WritePlan out_;
  std::vector<WriteAction> actions_;
  /// Entities whose rows the pattern deletes: their counters go with them.
  std::vector<model::EntityId> going_;
  /// Where the steps of the present write begin.
  std::size_t first_step_ = 0;
  std::vector<std::string> bound_;
  std::optional<std::size_t> read_step_;
};

}  // namespace

WritePlan plan_write(const Problem& problem, const State& state, const Assembly& assembly,
                     model::PatternId pattern) {
  return WritePlanner(problem, state, assembly, pattern).build();
}

}  // namespace ddbplan::plan
