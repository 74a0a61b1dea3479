// The rows that calls create: below parents that are there, with values as the seed draws them.
#include <algorithm>

#include "capacity/traffic.h"
#include "model/upkeep.h"
#include "seed/calls.h"
#include "seed/relations.h"
#include "seed/upkeep.h"
#include "seed/values.h"
#include "support/text.h"

namespace ddbplan::seed {

using dynamo::AttributeValue;
using dynamo::Item;
using model::Attribute;
using model::Entity;
using model::EntityId;
using model::Write;
using model::WriteKind;

const Item* WriteCalls::row_created(const std::vector<CreatedParent>& created,
                                    const model::Relation& relation) {
  for (const CreatedParent& one : created) {
    if (one.relation == &relation) return one.row;
  }
  return nullptr;
}

std::vector<WriteCalls::CreatedParent> WriteCalls::created_parents(
    std::size_t action, const design::Parameters& so_far) const {
  std::vector<CreatedParent> out;
  const auto* transaction = std::get_if<model::Transaction>(&pattern_.action);
  if (transaction == nullptr) return out;
  const EntityId entity = transaction->writes[action].entities.front();
  for (const model::Relation& relation : rows_.workload().entity(entity).relations) {
    const auto by = model::created_parent(rows_.workload(), *transaction, action, relation);
    for (const design::Call& call : so_far.calls) {
      if (by && call.action == *by) out.push_back({&relation, &call.values});
    }
  }
  return out;
}

std::vector<WriteCalls::CreatedParent> WriteCalls::fitting_parents(
    std::size_t action, const design::Parameters& so_far) {
  std::vector<CreatedParent> out;
  const auto* transaction = std::get_if<model::Transaction>(&pattern_.action);
  if (transaction == nullptr) return out;
  const Write& write = transaction->writes[action];
  const Entity& rows = rows_.workload().entity(write.entities.front());
  for (const model::Relation& relation : rows.relations) {
    for (std::size_t o = 0; o < transaction->writes.size(); ++o) {
      const Write& other = transaction->writes[o];
      const bool asks = other.condition != nullptr || (other.move && !other.move->from.empty());
      const bool is_about_parent =
          relation.parents.size() == 1 && !other.for_each &&
          other.entities.front() == relation.parents.front() &&
          names_identity(rows_.workload().entity(other.entities.front()), other.by) &&
          follows(rows, write, other);
      if (!is_about_parent || other.kind == WriteKind::create) continue;
      // An action before this one has named the parent.
      const EntityId parent = relation.parents.front();
      const auto named = std::find_if(so_far.calls.begin(), so_far.calls.end(),
                                      [&](const design::Call& call) { return call.action == o; });
      if (named != so_far.calls.end()) {
        const Item* row = rows_.find({parent, rows_.identity(parent, named->values)});
        if (row != nullptr) out.push_back({&relation, row});
        break;
      }
      if (!asks) continue;
      if (const std::optional<Target> target = choose(other, so_far);
          target && target->row != nullptr)
        out.push_back({&relation, target->row});
      break;
    }
  }
  return out;
}

bool WriteCalls::is_child_of(EntityId entity, const Item& row, const model::Relation& relation,
                             const Item& parent) const {
  const auto links = identity_links(rows_.workload(), entity, relation, relation.parents.front());
  return std::all_of(links.begin(), links.end(), [&](const auto& link) {
    const auto* own = row.find(link.first);
    const auto* theirs = parent.find(link.second);
    return own != row.end() && theirs != parent.end() && own->second == theirs->second;
  });
}

void WriteCalls::fill_copies(EntityId entity, Item& row,
                             const std::vector<CreatedParent>& created) const {
  const Entity& described = rows_.workload().entity(entity);
  for (const Attribute& attribute : described.attributes) {
    if (!attribute.upkeep || attribute.upkeep->kind != model::Upkeep::Kind::copy_of) continue;
    row.erase(attribute.name);
    const model::Relation* relation = described.relation_by(attribute.upkeep->through);
    if (relation == nullptr) continue;
    EntityId owner;
    const Item* parent = row_created(created, *relation);
    // Another of the call's parents may have brought another identity of this one.
    if (parent != nullptr && !is_child_of(entity, row, *relation, *parent)) parent = nullptr;
    if (parent == nullptr) parent = rows_.parent(entity, row, *relation, &owner);
    if (parent == nullptr) continue;
    const auto* value = parent->find(attribute.upkeep->source_attribute);
    if (value != parent->end()) row.insert_or_assign(attribute.name, value->second);
  }
}

void WriteCalls::add_groupings(EntityId entity, Item& row) const {
  static const Item kNone;
  for (const EntityId id : model::rollups_of(rows_.workload(), entity)) {
    const Entity& rollup = rows_.workload().entity(id);
    for (const model::Rollup::By& by : rollup.rollup->by) {
      const Attribute* attribute = rollup.find(by.name);
      if (by.from == nullptr || attribute == nullptr) continue;
      auto value = model::evaluate(*by.from, rows_.scope(entity, row, kNone), attribute->type);
      if (value)
        row.insert_or_assign(model::grouping_parameter(rows_.workload(), id, by),
                             *std::move(value));
    }
  }
}

bool WriteCalls::is_orphan(EntityId entity, const Item& row,
                           const std::vector<CreatedParent>& created) const {
  const auto& relations = rows_.workload().entity(entity).relations;
  return std::any_of(relations.begin(), relations.end(), [&](const model::Relation& relation) {
    return row_created(created, relation) == nullptr && rows_.misses_parent(entity, row, relation);
  });
}

void WriteCalls::adopt(EntityId entity, Item& row, const std::vector<CreatedParent>& created) {
  const Entity& described = rows_.workload().entity(entity);
  // The tenant stays, and what parents bring that the call's other actions are about.
  std::vector<std::string> fixed{described.tenant};
  for (const CreatedParent& one : created) {
    for (const std::string& name : one.relation->attributes) fixed.push_back(name);
  }
  for (const model::Relation& relation : described.relations) {
    if (row_created(created, relation) != nullptr || !rows_.misses_parent(entity, row, relation))
      continue;
    const EntityId parent = relation.parents.front();
    const std::vector<Item>& parents = rows_.base(parent);
    for (std::size_t tries = 0; tries < parents.size(); ++tries) {
      const Item& candidate = parents[prng_.below(parents.size())];
      if (rows_.find({parent, rows_.identity(parent, candidate)}) == nullptr) continue;
      Item adopted = row;
      bool fits = true;
      for (const auto& [own, theirs] : identity_links(rows_.workload(), entity, relation, parent)) {
        auto* mine = row.find(own);
        fits = fits && (!support::contains(fixed, own) || mine == row.end() ||
                        mine->second == candidate.at(theirs));
        adopted.insert_or_assign(own, candidate.at(theirs));
      }
      if (!fits) continue;
      row = std::move(adopted);
      break;
    }
  }
}

void WriteCalls::differ_from(EntityId entity, const Item& old, Item& row) {
  for (const std::string& name : ordinary_attributes(rows_.workload().entity(entity))) {
    const Attribute* attribute = rows_.workload().entity(entity).find(name);
    if (attribute != nullptr && !attribute->immutable && row.contains(name) && old.contains(name))
      row.insert_or_assign(name, new_value({entity, &old}, *attribute));
  }
}

Item WriteCalls::parents_like_old_ones(EntityId entity) {
  const Entity& described = rows_.workload().entity(entity);
  const std::vector<Item>& base = rows_.base(entity);
  const bool mixes = std::any_of(described.unique.begin(), described.unique.end(),
                                 [&](const model::Unique& unique) {
                                   return are_brought_by_parents(described, unique.attributes);
                                 });
  const Item& like = base[prng_.below(base.size())];
  Item row;
  if (const auto* tenant = like.find(described.tenant); tenant != like.end()) row.insert(*tenant);
  for (const model::Relation& relation : described.relations) {
    const Item& other = mixes ? base[prng_.below(base.size())] : like;
    // Optional parents are there as often as they are, and what two relations bring must agree.
    const bool fits = std::all_of(
        relation.attributes.begin(), relation.attributes.end(), [&](const std::string& name) {
          const auto* brought = row.find(name);
          const auto* value = other.find(name);
          return like.contains(name) == other.contains(name) &&
                 (brought == row.end() || value == other.end() || brought->second == value->second);
        });
    const Item& from = fits ? other : like;
    for (const std::string& name : relation.attributes) {
      if (const auto* value = from.find(name); value != from.end()) row.insert(*value);
    }
  }
  return row;
}

bool WriteCalls::repeats_value(EntityId entity, const model::Unique& unique,
                               const Item& row) const {
  if (unique.attributes.size() < 2) return false;
  const std::optional<std::string> text = text_of(row, unique.attributes);
  return text && !rows_.where_equal(entity, unique.attributes, *text, false).empty();
}

bool WriteCalls::repeats_value(EntityId entity, const Item& row) const {
  const std::vector<model::Unique>& all = rows_.workload().entity(entity).unique;
  return std::any_of(all.begin(), all.end(), [&](const model::Unique& unique) {
    return repeats_value(entity, unique, row);
  });
}

std::optional<Item> WriteCalls::new_row(const Write& write,
                                        const std::vector<CreatedParent>& created) {
  const EntityId entity = write.entities.front();
  const Entity& described = rows_.workload().entity(entity);
  const std::vector<Item>& base = rows_.base(entity);
  const bool replaces =
      write.kind == WriteKind::put && !base.empty() && prng_.unit() < write.replaces;
  const auto is_taken = [&](const Item& row) {
    const std::string identity = rows_.identity(entity, row);
    return brought_.contains(identity) || rows_.find({entity, identity}) != nullptr ||
           repeats_value(entity, row);
  };
  constexpr int kTries = 100;
  for (int tries = 0; tries < kTries; ++tries) {
    Item row;
    if (!base.empty() && tries < kTries / 2) {
      row = parents_like_old_ones(entity);
    } else {
      choose_parents(rows_.workload(), entity, rows_.all_base(), prng_, row);
    }
    for (const CreatedParent& parent : created) {
      for (const auto& [own, theirs] : identity_links(rows_.workload(), entity, *parent.relation,
                                                      parent.relation->parents.front())) {
        if (const auto* value = parent.row->find(theirs); value != parent.row->end())
          row.insert_or_assign(own, value->second);
      }
    }
    // Parents that earlier patterns have deleted get no more children, while there are others.
    if (is_orphan(entity, row, created)) adopt(entity, row, created);
    if (tries < kTries - 1 && is_orphan(entity, row, created)) continue;
    columns_.fill_new(entity, row, prng_);
    if (replaces) {
      const Item& old = base[prng_.below(base.size())];
      for (const std::string& name : described.id) {
        row.insert_or_assign(name, old.at(name));
        // An id that sorts as a time fixes it.
        const Attribute* part = described.find(name);
        const auto* time =
            part != nullptr && part->sorts_as ? old.find(*part->sorts_as) : old.end();
        if (time != old.end()) row.insert_or_assign(time->first, time->second);
      }
      for (const model::Relation& relation : described.relations) {
        for (const std::string& name : relation.attributes) {
          row.erase(name);
          if (const auto* value = old.find(name); value != old.end()) row.insert(*value);
        }
      }
      if (rows_.find({entity, rows_.identity(entity, row)}) == nullptr) continue;
      differ_from(entity, old, row);
    } else if (is_taken(row) && !columns_.move_to_free_time(entity, row, is_taken)) {
      continue;
    }
    for (const Attribute& attribute : described.attributes) {
      if (attribute.upkeep && (attribute.upkeep->kind == model::Upkeep::Kind::count_of ||
                               attribute.upkeep->kind == model::Upkeep::Kind::sum_of)) {
        row.insert_or_assign(attribute.name, AttributeValue::number(0));
      } else if (auto first = newest_without_children(described, attribute, row, rows_.now_ms())) {
        row.insert_or_assign(attribute.name, *std::move(first));
      }
    }
    fill_copies(entity, row, created);
    add_groupings(entity, row);
    if (described.size) {
      fit_size(rows_.workload(), design_, entity,
               capacity::size_quantile(*described.size, prng_.unit()), row);
    }
    return row;
  }
  return std::nullopt;
}

}  // namespace ddbplan::seed
