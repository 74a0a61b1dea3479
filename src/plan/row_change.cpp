#include "plan/row_change.h"

#include <algorithm>

#include "model/conjuncts.h"
#include "model/upkeep.h"
#include "plan/expressions.h"
#include "plan/need.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using support::contains;

class ChangeBuilder {
 public:
  ChangeBuilder(const model::Workload& workload, const model::Write& write)
      : entity_(workload.entity(write.entities.front())), write_(write) {}

  RowChange build() {
    out_.condition = write_.condition;
    for (const model::Assignment& assignment : write_.set) {
      set(assignment);
      out_.given.push_back(assignment.attribute);
    }
    if (write_.set_is_default) {
      for (const std::string& name : ordinary_attributes(entity_)) set({name, std::nullopt});
    }
    for (const model::Addition& addition : write_.add) {
      change(addition.attribute);
      // An element taken from a set may have been the last.
      if (!addition.subtract) out_.given.push_back(addition.attribute);
      out_.clauses.emplace_back(
          design::AddNumber{addition.attribute, addition.subtract, addition.amount});
    }
    for (const model::Assignment& assignment : write_.append) {
      change(assignment.attribute);
      out_.given.push_back(assignment.attribute);
      out_.clauses.emplace_back(design::AppendTo{
          assignment.attribute, assignment.value.value_or(parameter(assignment.attribute))});
    }
    for (const std::string& name : write_.remove) {
      change(name);
      out_.removed.push_back(name);
      out_.clauses.emplace_back(design::RemoveAttribute{name});
    }
    if (write_.move) move(*write_.move);
    lock();
    const auto& retention = entity_.retention;
    // The caller works out the expiry from the time that it sets.
    if (retention && retention->follows_base() &&
        contains(out_.changed, retention->base_attribute) &&
        !contains(out_.changed, retention->attribute))
      set({retention->attribute, std::nullopt});
    return std::move(out_);
  }

 private:
  void change(const std::string& name) {
    if (!contains(out_.changed, name)) out_.changed.push_back(name);
  }

  void set(const model::Assignment& assignment) {
    const model::OperandPtr value = assignment.value.value_or(parameter(assignment.attribute));
    change(assignment.attribute);
    if (assignment.extreme != model::Assignment::Extreme::none) {
      out_.clauses.emplace_back(design::SetExtreme{
          assignment.attribute, assignment.extreme == model::Assignment::Extreme::greatest,
          before(assignment.attribute), value});
      return;
    }
    if (const auto source = key_source(value)) out_.known[assignment.attribute] = *source;
    out_.clauses.emplace_back(design::SetValue{assignment.attribute, value});
  }

  void move(const model::StateMove& move) {
    change(move.attribute);
    std::vector<dynamo::AttributeValue> from;
    for (const std::string& name : move.from) from.push_back(state_value(move.attribute, name));
    if (!from.empty())
      out_.condition = conjunction(out_.condition, equals_any(move.attribute, from));
    if (!move.to) {
      out_.known[move.attribute] = design::FromParameter{move.attribute};
      out_.clauses.emplace_back(design::SetValue{move.attribute, parameter(move.attribute)});
      return;
    }
    const dynamo::AttributeValue to = state_value(move.attribute, *move.to);
    out_.known[move.attribute] = design::FromConstant{to};
    out_.clauses.emplace_back(design::SetValue{move.attribute, constant(to)});
  }

  /// A state is text unless its attribute is declared a number.
  [[nodiscard]] dynamo::AttributeValue state_value(const std::string& attribute,
                                                   const std::string& name) const {
    const model::Attribute* state = entity_.find(attribute);
    return state == nullptr ? dynamo::AttributeValue::string(name)
                            : model::enum_value(*state, name);
  }

  /// Optimistic locking: the version the caller saw must still stand, and rises by one.
  void lock() {
    for (const model::Attribute& attribute : entity_.attributes) {
      if (!attribute.lock || write_.kind == model::WriteKind::upsert) continue;
      out_.condition =
          conjunction(out_.condition, equals_parameter(attribute.name, attribute.name));
      change(attribute.name);
      out_.clauses.emplace_back(design::AddNumber{
          attribute.name, false, constant(dynamo::AttributeValue::number(std::int64_t{1}))});
    }
  }

  const model::Entity& entity_;
  const model::Write& write_;
  RowChange out_;
};

/// The attributes that an entry's key attributes and membership are computed from, those left out that are key
/// attributes themselves: the index follows them. Whether the row has one decides about the others, though.
std::vector<std::string> entry_inputs(const model::Entity& entity, const design::KeyEntry& entry,
                                      const dynamo::KeySchema& key) {
  std::vector<std::string> out;
  std::vector<std::string> optional;
  const auto add_fields = [&](const std::vector<design::KeyTemplate>& templates,
                              const std::vector<dynamo::KeyAttribute>& attributes) {
    for (std::size_t i = 0; i < templates.size(); ++i) {
      for (const design::KeyPart& part : templates[i].parts) {
        const auto* field = std::get_if<design::Field>(&part);
        if (field == nullptr) continue;
        const model::Attribute* attribute = entity.find(field->attribute);
        const bool is_followed = field->attribute == attributes[i].name;
        if (is_followed && (attribute == nullptr || attribute->present >= 1)) continue;
        support::add_once(is_followed ? optional : out, field->attribute);
      }
    }
  };
  add_fields(entry.partition, key.partition);
  add_fields(entry.sort, key.sort);
  if (entry.when) collect_attributes(*entry.when, out);
  for (const std::string& by : entry.shards.by) {
    if (entry.shards.sharded() && !contains(out, by)) out.push_back(by);
  }
  if (!out.empty()) {
    for (const std::string& name : optional) support::add_once(out, name);
  }
  return out;
}

bool has_value(const Equality& equality, const dynamo::AttributeValue& value) {
  return std::find(equality.values.begin(), equality.values.end(), value) != equality.values.end();
}

/// The row surely leaves a sparse entry: the attribute it requires is removed, one it must lack is set, or the new
/// value is a constant outside the entry's values.
bool surely_leaves(const design::KeyEntry& entry, const RowChange& change) {
  if (!entry.when) return false;
  if (support::share_one(model::required_attributes(entry.when), change.removed) ||
      support::share_one(model::lacking_attributes(entry.when), change.given))
    return true;
  for (const Equality& fixed : split_where(entry.when).equal) {
    const auto known = change.known.find(fixed.attribute);
    if (known == change.known.end()) continue;
    const auto* value = std::get_if<design::FromConstant>(&known->second);
    if (value != nullptr && !has_value(fixed, value->value)) return true;
  }
  return false;
}

/// The condition of the write shows that the row is not in a sparse entry beforehand.
bool surely_outside(const design::KeyEntry& entry, const RowChange& change) {
  if (!entry.when || !change.condition) return false;
  if (support::share_one(model::required_attributes(entry.when),
                         model::lacking_attributes(change.condition)) ||
      support::share_one(model::lacking_attributes(entry.when),
                         model::required_attributes(change.condition)))
    return true;
  const std::vector<Equality> before = split_where(change.condition).equal;
  for (const Equality& fixed : split_where(entry.when).equal) {
    for (const Equality& required : before) {
      if (required.attribute != fixed.attribute || required.is_parameter()) continue;
      const bool disjoint =
          std::none_of(required.values.begin(), required.values.end(),
                       [&](const auto& value) { return has_value(fixed, value); });
      if (disjoint) return true;
    }
  }
  return false;
}

/// What decides only whether the row is in a sparse entry goes from one of the entry's values to another.
bool surely_stays(const design::KeyEntry& entry, const RowChange& change,
                  const std::string& attribute) {
  for (const auto* keys : {&entry.partition, &entry.sort}) {
    for (const design::KeyTemplate& key : *keys) {
      if (contains(attributes_of(key), attribute)) return false;
    }
  }
  if (!entry.when || !change.condition || contains(entry.shards.by, attribute)) return false;
  const auto known = change.known.find(attribute);
  const auto* after =
      known == change.known.end() ? nullptr : std::get_if<design::FromConstant>(&known->second);
  const std::vector<Equality> before = split_where(change.condition).equal;
  const std::vector<Equality> fixed = split_where(entry.when).equal;
  const auto is_of = [&](const Equality& one) { return one.attribute == attribute; };
  const auto held = std::find_if(fixed.begin(), fixed.end(), is_of);
  const auto was = std::find_if(before.begin(), before.end(), is_of);
  return after != nullptr && held != fixed.end() && was != before.end() &&
         has_value(*held, after->value) &&
         std::all_of(was->values.begin(), was->values.end(),
                     [&](const auto& value) { return has_value(*held, value); });
}

}  // namespace

RowChange row_change(const model::Workload& workload, const model::Write& write) {
  return ChangeBuilder(workload, write).build();
}

namespace {

/// What says whether, where and how much a row counts for a parent.
std::vector<std::string> inputs_of(const model::Entity& rows, const model::Upkeep& upkeep) {
  std::vector<std::string> out;
  if (upkeep.where) model::collect_attributes(*upkeep.where, out);
  if (!upkeep.source_attribute.empty()) support::add_once(out, upkeep.source_attribute);
  for (const model::Relation& relation : rows.relations) {
    for (const std::string& name : relation.attributes) support::add_once(out, name);
  }
  return out;
}

/// What says which group of a rollup a row is in, and what it adds to it.
std::vector<std::string> inputs_of(const model::Rollup& rollup) {
  std::vector<std::string> out = model::grouped_by(rollup);
  for (const model::Rollup::Keep& keep : rollup.keep) {
    if (!keep.attribute.empty()) support::add_once(out, keep.attribute);
  }
  return out;
}

}  // namespace

std::vector<std::string> attributes_of_helpers(const model::Workload& workload,
                                               const model::Write& write, model::EntityId rows) {
  const model::Entity& entity = workload.entity(rows);
  const bool is_delete = write.kind == model::WriteKind::delete_rows;
  const auto goes_too = [&](model::EntityId one) { return is_delete && is_about(write, one); };
  std::vector<std::string> out;
  const auto add = [&](const std::vector<std::string>& inputs) {
    const bool matters = is_delete || std::any_of(inputs.begin(), inputs.end(), [&](const auto& a) {
                           return model::may_change(entity, write, a);
                         });
    for (const std::string& name : inputs) {
      if (matters) support::add_once(out, name);
    }
  };
  for (const model::Unique& unique : entity.unique) add(unique.attributes);
  for (const model::KeptCount& count : model::counts_of(workload, rows)) {
    const bool loses = count.attribute->upkeep->kind != model::Upkeep::Kind::newest_of;
    if (loses && !goes_too(count.owner)) add(inputs_of(entity, *count.attribute->upkeep));
  }
  for (const model::EntityId id : model::rollups_of(workload, rows)) {
    if (!goes_too(id)) add(inputs_of(*workload.entity(id).rollup));
  }
  return out;
}

Maintenance maintained_entries(const model::Workload& workload, const design::ItemLayout& layout,
                               const design::Table& table, const RowChange& change) {
  Maintenance out;
  const model::Entity& entity = workload.entity(layout.entity);
  for (std::size_t i = 0; i < layout.entries.size(); ++i) {
    const design::KeyEntry& entry = layout.entries[i];
    const design::Index* index = table.find_index(*entry.index);
    const std::vector<std::string> inputs = entry_inputs(entity, entry, index->key);
    const bool touched = std::any_of(inputs.begin(), inputs.end(), [&](const std::string& name) {
      return contains(change.changed, name) && !surely_stays(entry, change, name);
    });
    if (!touched || (surely_outside(entry, change) && surely_leaves(entry, change))) continue;
    out.entries.push_back(i);
    if (surely_leaves(entry, change)) continue;
    for (const std::string& name : inputs) {
      const bool is_known =
          entity.is_identity(name) || change.known.contains(name) || contains(change.removed, name);
      if (is_known || contains(out.unknown, name)) continue;
      if (contains(change.changed, name)) {
        out.unplanned = "a change of " + name +
                        " to what only its row knows, in the composed key of " + index->name;
        continue;
      }
      out.unknown.push_back(name);
    }
  }
  return out;
}

}  // namespace ddbplan::plan
