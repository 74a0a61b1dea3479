#include "seed/upkeep_oracle.h"

#include <algorithm>

#include "model/stream_upkeep.h"
#include "seed/values.h"

namespace ddbplan::seed {

using dynamo::AttributeValue;
using dynamo::Decimal;
using dynamo::Item;
using model::Attribute;
using model::EntityId;
using model::Upkeep;

namespace {

void add_to(Item& row, const std::string& name, const Decimal& amount, bool gains) {
  auto* found = row.find(name);
  const Decimal* number = found == row.end() ? nullptr : found->second.as_number();
  const Decimal start = number == nullptr ? Decimal() : *number;
  const auto sum = gains ? Decimal::add(start, amount) : Decimal::subtract(start, amount);
  if (sum) row.insert_or_assign(name, AttributeValue::number(*sum));
}

/// A kept value of a group with one more row, or with one less: then only counts and sums change.
void add_kept(const model::Rollup::Keep& keep, const Item& source, bool gains, Item& row) {
  if (keep.function == "count") return add_to(row, keep.name, Decimal::from_int(1), gains);
  const auto* value = source.find(keep.attribute);
  if (value == source.end()) return;
  if (keep.function == "sum") {
    if (const Decimal* number = value->second.as_number()) add_to(row, keep.name, *number, gains);
    return;
  }
  if (!gains) return;
  auto* held = row.find(keep.name);
  if (held != row.end()) {
    const auto order = model::compare_in_order(nullptr, &value->second, &held->second);
    if (keep.function == "min" ? order >= 0 : order <= 0) return;
  }
  row.insert_or_assign(keep.name, value->second);
}

}  // namespace

std::optional<std::vector<Change>> UpkeepOracle::follow(const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    if (!change.after) going_.push_back(change.id.entity);
  }
  for (std::size_t i = 0; i < workload_.entities.size(); ++i) {
    const model::Entity& entity = workload_.entities[i];
    for (const Attribute& attribute : entity.attributes) {
      if (attribute.upkeep && attribute.upkeep->kept == model::Kept::transaction)
        follow_attribute(EntityId{i}, attribute, changes);
    }
    if (!entity.rollup || entity.rollup->kept != model::Kept::transaction) continue;
    for (const Change& change : changes) {
      if (change.id.entity == entity.rollup->of) roll_up(EntityId{i}, change);
    }
  }
  if (is_refused_) return std::nullopt;
  return std::move(further_);
}

void UpkeepOracle::follow_attribute(EntityId owner, const Attribute& attribute,
                                    const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    if (attribute.upkeep->kind == Upkeep::Kind::copy_of) {
      copy(owner, attribute, change);
    } else if (attribute.upkeep->source == change.id.entity) {
      tally(owner, attribute, change);
    }
  }
}

void UpkeepOracle::change_row(Change change) {
  rows_.apply({change});
  further_.push_back(std::move(change));
}

std::vector<const model::Relation*> UpkeepOracle::ways_to(EntityId owner,
                                                          const Upkeep& upkeep) const {
  std::vector<const model::Relation*> ways;
  for (const model::Relation& relation : workload_.entity(upkeep.source).relations) {
    const bool is_named = upkeep.through.empty() ||
                          workload_.entity(upkeep.source).relation_by(upkeep.through) == &relation;
    const auto& parents = relation.parents;
    if (is_named && std::find(parents.begin(), parents.end(), owner) != parents.end())
      ways.push_back(&relation);
  }
  return ways;
}

std::optional<RowId> UpkeepOracle::owner_of(EntityId owner, const Upkeep& upkeep,
                                            const Item& source) const {
  for (const model::Relation* relation : ways_to(owner, upkeep)) {
    EntityId entity;
    const Item* row = rows_.parent(upkeep.source, source, *relation, &entity);
    if (row != nullptr && entity == owner) return RowId{owner, rows_.identity(owner, *row)};
  }
  return std::nullopt;
}

bool UpkeepOracle::misses_owner(EntityId owner, const Upkeep& upkeep, const Item& source) const {
  const std::vector<const model::Relation*> ways = ways_to(owner, upkeep);
  return std::any_of(ways.begin(), ways.end(), [&](const model::Relation* relation) {
    return rows_.misses_parent(upkeep.source, source, *relation);
  });
}

bool UpkeepOracle::keeps_tally(EntityId owner, const Upkeep& upkeep, const Change& change) const {
  if (!change.before || !change.after) return false;
  if (counts(upkeep, *change.before) != counts(upkeep, *change.after)) return false;
  std::vector<std::string> names;
  if (!upkeep.source_attribute.empty()) names.push_back(upkeep.source_attribute);
  for (const model::Relation* relation : ways_to(owner, upkeep))
    names.insert(names.end(), relation->attributes.begin(), relation->attributes.end());
  return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return same_value(*change.before, *change.after, name);
  });
}

bool UpkeepOracle::counts(const Upkeep& upkeep, const Item& source) const {
  static const Item kNone;
  return model::holds(upkeep.where, rows_.scope(upkeep.source, source, kNone));
}

void UpkeepOracle::tally(EntityId owner, const Attribute& attribute, const Change& change) {
  const Upkeep& upkeep = *attribute.upkeep;
  if (keeps_tally(owner, upkeep, change)) return;
  for (const bool gains : {false, true}) {
    const std::optional<Item>& source = gains ? change.after : change.before;
    // What the newest is without a row that goes, only the others could tell: it stays.
    const bool stays = !gains && upkeep.kind == Upkeep::Kind::newest_of;
    if (stays || !source || !counts(upkeep, *source)) continue;
    const std::optional<RowId> id = owner_of(owner, upkeep, *source);
    if (!id) {
      const bool goes = std::find(going_.begin(), going_.end(), owner) != going_.end();
      if (!goes && misses_owner(owner, upkeep, *source)) is_refused_ = true;
      continue;
    }
    const Item before = *rows_.find(*id);
    Item after = before;
    if (upkeep.kind == Upkeep::Kind::newest_of) {
      keep_newest(owner, attribute, *source, after);
    } else if (upkeep.kind == Upkeep::Kind::count_of) {
      add_to(after, attribute.name, Decimal::from_int(1), gains);
    } else if (const auto* value = source->find(upkeep.source_attribute);
               value != source->end() && value->second.as_number() != nullptr) {
      add_to(after, attribute.name, *value->second.as_number(), gains);
    }
    change_row({*id, before, after});
  }
}

void UpkeepOracle::keep_newest(EntityId owner, const Attribute& attribute, const Item& source,
                               Item& row) {
  const auto* value = source.find(attribute.upkeep->source_attribute);
  std::optional<AttributeValue> newest;
  if (value != source.end()) newest = value->second;
  // A transaction takes the row that it brings for the newest; a stream's consumer compares times, and what is none is
  // that of the new row.
  const bool is_compared = attribute.upkeep->kept != model::Kept::transaction &&
                           model::age_beside(workload_, owner, attribute) == attribute.name;
  const auto* old = row.find(attribute.name);
  if (is_compared && old != row.end() &&
      (!newest || model::compare_in_order(nullptr, &*newest, &old->second) <= 0))
    newest = old->second;
  row.erase(attribute.name);
  if (newest) row.insert_or_assign(attribute.name, *std::move(newest));
}

void UpkeepOracle::copy(EntityId holder, const Attribute& attribute, const Change& change) {
  const Upkeep& upkeep = *attribute.upkeep;
  for (const model::Relation& relation : workload_.entity(holder).relations) {
    if (workload_.entity(holder).relation_by(upkeep.through) != &relation) continue;
    const bool is_holder = change.id.entity == holder && change.after.has_value();
    const auto& parents = relation.parents;
    const bool is_original = change.after && std::find(parents.begin(), parents.end(),
                                                       change.id.entity) != parents.end();
    // A row that stays with its parent has the copy already, also where that parent is gone.
    const bool is_elsewhere =
        is_holder &&
        (!change.before || std::any_of(relation.attributes.begin(), relation.attributes.end(),
                                       [&](const std::string& name) {
                                         return !same_value(*change.before, *change.after, name);
                                       }));
    if (is_elsewhere) take(holder, attribute, relation, change.id);
    if (!is_original) continue;
    for (const Item* row : rows_.all(holder)) {
      EntityId entity;
      const Item* parent = rows_.parent(holder, *row, relation, &entity);
      if (parent == nullptr || rows_.identity(entity, *parent) != change.id.identity) continue;
      take(holder, attribute, relation, {holder, rows_.identity(holder, *row)});
    }
  }
}

void UpkeepOracle::take(EntityId holder, const Attribute& attribute,
                        const model::Relation& relation, const RowId& id) {
  const Item before = *rows_.find(id);
  Item after = before;
  after.erase(attribute.name);
  if (const Item* parent = rows_.parent(holder, before, relation, nullptr)) {
    const auto* value = parent->find(attribute.upkeep->source_attribute);
    if (value != parent->end()) after.insert_or_assign(attribute.name, value->second);
  }
  if (after == before) return;
  change_row({id, before, after});
}

std::optional<Item> UpkeepOracle::group_of(EntityId rollup, const Item& source) const {
  const model::Entity& entity = workload_.entity(rollup);
  static const Item kNone;
  const model::Scope scope = rows_.scope(entity.rollup->of, source, kNone);
  Item group;
  if (const auto* tenant = source.find(entity.tenant); tenant != source.end())
    group.insert(*tenant);
  for (const model::Rollup::By& by : entity.rollup->by) {
    const Attribute* attribute = entity.find(by.name);
    const auto* plain = source.find(by.name);
    std::optional<AttributeValue> value;
    if (by.from != nullptr) {
      value = model::evaluate(*by.from, scope,
                              attribute == nullptr ? model::ValueType::timestamp : attribute->type);
    } else if (plain != source.end()) {
      value = plain->second;
    }
    if (!value) return std::nullopt;
    group.insert_or_assign(by.name, *std::move(value));
  }
  return group;
}

void UpkeepOracle::roll_up(EntityId rollup, const Change& change) {
  const std::vector<model::Rollup::Keep>& kept = workload_.entity(rollup).rollup->keep;
  const auto before = change.before ? group_of(rollup, *change.before) : std::nullopt;
  const auto after = change.after ? group_of(rollup, *change.after) : std::nullopt;
  const bool stays =
      before && after && *before == *after &&
      std::all_of(kept.begin(), kept.end(), [&](const model::Rollup::Keep& keep) {
        return keep.attribute.empty() || same_value(*change.before, *change.after, keep.attribute);
      });
  if (stays) return;
  for (const bool gains : {false, true}) {
    const std::optional<Item>& group = gains ? after : before;
    if (!group) continue;
    const bool goes_too = std::find(going_.begin(), going_.end(), rollup) != going_.end();
    if (!gains && goes_too) continue;
    const RowId id{rollup, rows_.identity(rollup, *group)};
    const Item* held = rows_.find(id);
    if (!gains && held == nullptr) {
      is_refused_ = true;
      return;
    }
    const std::optional<Item> was = held == nullptr ? std::nullopt : std::optional(*held);
    Item now = was ? *was : *group;
    for (const model::Rollup::Keep& keep : kept)
      add_kept(keep, gains ? *change.after : *change.before, gains, now);
    change_row({id, was, std::move(now)});
  }
}

}  // namespace ddbplan::seed
