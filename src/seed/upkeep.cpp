#include "seed/upkeep.h"

#include <algorithm>
#include <map>
#include <optional>

#include "model/evaluate.h"
#include "model/stream_upkeep.h"
#include "model/timestamp.h"
#include "seed/relations.h"

namespace ddbplan::seed {

using dynamo::AttributeValue;
using dynamo::Decimal;
using dynamo::Item;
using model::Attribute;
using model::Entity;
using model::EntityId;
using model::Relation;
using model::Upkeep;
using model::Workload;

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// How the source's rows name their owner: (attribute of the source, attribute of the owner).
std::optional<Pairs> link(const Workload& workload, EntityId owner, const Upkeep& upkeep) {
  for (const Relation& relation : workload.entity(upkeep.source).relations) {
    const bool is_parent = std::find(relation.parents.begin(), relation.parents.end(), owner) !=
                           relation.parents.end();
    const bool is_named = upkeep.through.empty() ||
                          workload.entity(upkeep.source).relation_by(upkeep.through) == &relation;
    if (is_parent && is_named) return identity_links(workload, upkeep.source, relation, owner);
  }
  return std::nullopt;
}

bool agree(const Pairs& pairs, const Item& child, const Item& parent) {
  return std::all_of(pairs.begin(), pairs.end(), [&](const auto& pair) {
    const auto mine = child.find(pair.first);
    const auto theirs = parent.find(pair.second);
    return mine != child.end() && theirs != parent.end() && mine->second == theirs->second;
  });
}

bool counts(const Upkeep& upkeep, const Item& source) {
  model::Scope scope;
  scope.row = &source;
  return model::holds(upkeep.where, scope);
}

/// Sums up rows one after another.
class Tally {
 public:
  /// `newest_by`: the attribute that says which row is the newest; empty: the greatest value is its.
  explicit Tally(std::string function, std::string newest_by = {})
      : function_(std::move(function)), newest_by_(std::move(newest_by)) {}

  void add(const Item& row, const std::string& attribute) {
    ++count_;
    const auto* found = row.find(attribute);
    if (found == row.end()) return;
    const AttributeValue& value = found->second;
    if (function_ == "sum") {
      if (const Decimal* number = value.as_number()) {
        const auto sum = Decimal::add(sum_, *number);
        if (sum) sum_ = *sum;
      }
      return;
    }
    const auto* by = newest_by_.empty() ? found : row.find(newest_by_);
    if (by == row.end()) return;
    if (best_) {
      const std::strong_ordering order = model::compare_in_order(nullptr, &by->second, &*best_by_);
      if (function_ == "min" ? order >= 0 : order <= 0) return;
    }
    best_ = value;
    best_by_ = by->second;
  }

  [[nodiscard]] std::optional<AttributeValue> value() const {
    if (function_ == "count") return AttributeValue::number(count_);
    if (function_ == "sum") return AttributeValue::number(sum_);
    return best_;
  }

 private:
  std::string function_;
  std::int64_t count_ = 0;
  Decimal sum_;
  std::string newest_by_;
  std::optional<AttributeValue> best_;
  std::optional<AttributeValue> best_by_;
};

/// The source's attribute that tells which of its rows is the newest; empty: the value itself, or nothing does.
std::string newest_by(const Workload& workload, EntityId owner, const Attribute& attribute) {
  if (attribute.upkeep->kind != Upkeep::Kind::newest_of) return {};
  const auto age = model::age_beside(workload, owner, attribute);
  if (age == attribute.name) return {};
  if (age) return workload.entity(owner).find(*age)->upkeep->source_attribute;
  const Entity& source = workload.entity(attribute.upkeep->source);
  for (const Attribute& one : source.attributes) {
    const bool is_expiry = source.retention && source.retention->attribute == one.name;
    if (is_time(one.type) && one.present >= 1 && !is_expiry) return one.name;
  }
  return {};
}

std::string function_of(const Upkeep& upkeep) {
  switch (upkeep.kind) {
    case Upkeep::Kind::count_of:
      return "count";
    case Upkeep::Kind::sum_of:
      return "sum";
    case Upkeep::Kind::newest_of:
    case Upkeep::Kind::copy_of:
      break;
  }
  return "newest";
}

std::string value_text(const AttributeValue& value) {
  if (const std::string* text = value.as_string()) return "S" + *text;
  if (const Decimal* number = value.as_number()) return "N" + number->to_string();
  return std::string(value.type_name());
}

std::optional<std::string> text_of(const Item& row, const Pairs& pairs, bool child) {
  std::string text;
  for (const auto& [mine, theirs] : pairs) {
    const auto* value = row.find(child ? mine : theirs);
    if (value == row.end()) return std::nullopt;
    text += value_text(value->second) + '\0';
  }
  return text;
}

void keep_copies(const Workload& workload, EntityId owner, const Attribute& attribute,
                 RowSets& rows) {
  for (Item& row : rows[owner.index]) {
    auto value = kept_value(workload, owner, attribute, row, rows);
    row.erase(attribute.name);
    if (value) row.insert_or_assign(attribute.name, *std::move(value));
  }
}

/// All owners at once: one pass over the sources.
void keep_tallies(const Workload& workload, EntityId owner, const Attribute& attribute,
                  std::int64_t now_ms, RowSets& rows) {
  const Upkeep& upkeep = *attribute.upkeep;
  const std::optional<Pairs> pairs = link(workload, owner, upkeep);
  if (!pairs) return;
  std::map<std::string, Tally> tallies;
  const std::string by = newest_by(workload, owner, attribute);
  for (const Item& source : rows[upkeep.source.index]) {
    if (!counts(upkeep, source)) continue;
    const std::optional<std::string> key = text_of(source, *pairs, true);
    if (!key) continue;
    tallies.try_emplace(*key, function_of(upkeep), by)
        .first->second.add(source, upkeep.source_attribute);
  }
  for (Item& row : rows[owner.index]) {
    const std::optional<std::string> key = text_of(row, *pairs, false);
    const auto tally = key ? tallies.find(*key) : tallies.end();
    std::optional<AttributeValue> value =
        tally == tallies.end() ? Tally(function_of(upkeep)).value() : tally->second.value();
    row.erase(attribute.name);
    if (!value) value = newest_without_children(workload.entity(owner), attribute, row, now_ms);
    if (value) row.insert_or_assign(attribute.name, *std::move(value));
  }
}

}  // namespace

std::optional<AttributeValue> kept_value(const Workload& workload, EntityId owner,
                                         const Attribute& attribute, const Item& row,
                                         const RowSets& rows) {
  const Upkeep& upkeep = *attribute.upkeep;
  if (upkeep.kind == Upkeep::Kind::copy_of) {
    const Relation* relation = workload.entity(owner).relation_by(upkeep.through);
    if (relation == nullptr) return std::nullopt;
    for (const EntityId parent : relation->parents) {
      const Pairs pairs = identity_links(workload, owner, *relation, parent);
      for (const Item& candidate : rows[parent.index]) {
        if (!agree(pairs, row, candidate)) continue;
        const auto* value = candidate.find(upkeep.source_attribute);
        if (value != candidate.end()) return value->second;
        return std::nullopt;
      }
    }
    return std::nullopt;
  }
  const std::optional<Pairs> pairs = link(workload, owner, upkeep);
  if (!pairs) return std::nullopt;
  Tally tally(function_of(upkeep), newest_by(workload, owner, attribute));
  for (const Item& source : rows[upkeep.source.index]) {
    if (agree(*pairs, source, row) && counts(upkeep, source))
      tally.add(source, upkeep.source_attribute);
  }
  return tally.value();
}

std::optional<AttributeValue> newest_without_children(const model::Entity& owner,
                                                      const Attribute& attribute, const Item& row,
                                                      std::int64_t now_ms) {
  if (!attribute.upkeep || attribute.upkeep->kind != Upkeep::Kind::newest_of ||
      attribute.present < 1 || !is_time(attribute.type))
    return std::nullopt;
  for (const Attribute& other : owner.attributes) {
    const auto* found = row.find(other.name);
    if (other.upkeep || found == row.end() || !is_time(other.type)) continue;
    if (owner.retention && owner.retention->attribute == other.name) continue;
    if (const auto ms = model::instant_of(found->second))
      return model::time_value(attribute.type, *ms);
  }
  return model::time_value(attribute.type, now_ms);
}

void keep_all(const Workload& workload, std::int64_t now_ms, RowSets& rows) {
  for (std::size_t i = 0; i < workload.entities.size(); ++i) {
    for (const Attribute& attribute : workload.entities[i].attributes) {
      if (!attribute.upkeep || attribute.upkeep->kept == model::Kept::never) continue;
      if (attribute.upkeep->kind == Upkeep::Kind::copy_of) {
        keep_copies(workload, EntityId{i}, attribute, rows);
      } else {
        keep_tallies(workload, EntityId{i}, attribute, now_ms, rows);
      }
    }
  }
}

std::vector<Item> rollup_rows(const Workload& workload, EntityId rollup, const RowSets& rows) {
  const Entity& entity = workload.entity(rollup);
  const model::Rollup& definition = *entity.rollup;
  struct Group {
    Item row;
    std::vector<Tally> tallies;
  };
  std::map<std::string, Group> groups;
  for (const Item& source : rows[definition.of.index]) {
    model::Scope scope;
    scope.row = &source;
    Item key;
    std::string text;
    // Groups are of one tenant, whether or not the rollup says so.
    if (const auto* tenant = source.find(entity.tenant); tenant != source.end()) {
      text += value_text(tenant->second) + '\0';
      key.insert(*tenant);
    }
    bool is_whole = true;
    for (const model::Rollup::By& by : definition.by) {
      const Attribute* attribute = entity.find(by.name);
      const model::ValueType type =
          attribute == nullptr ? model::ValueType::timestamp : attribute->type;
      const auto* plain = source.find(by.name);
      std::optional<AttributeValue> value;
      if (by.from != nullptr) {
        value = model::evaluate(*by.from, scope, type);
      } else if (plain != source.end()) {
        value = plain->second;
      }
      is_whole = is_whole && value.has_value();
      if (!value) break;
      text += value_text(*value) + '\0';
      key.insert_or_assign(by.name, *std::move(value));
    }
    if (!is_whole) continue;
    Group& group = groups[text];
    if (group.tallies.empty()) {
      group.row = std::move(key);
      for (const model::Rollup::Keep& keep : definition.keep)
        group.tallies.emplace_back(keep.function);
    }
    for (std::size_t i = 0; i < definition.keep.size(); ++i) {
      group.tallies[i].add(source, definition.keep[i].attribute);
    }
  }
  std::vector<Item> result;
  for (auto& [text, group] : groups) {
    for (std::size_t i = 0; i < definition.keep.size(); ++i) {
      std::optional<AttributeValue> value = group.tallies[i].value();
      if (value) group.row.insert_or_assign(definition.keep[i].name, *std::move(value));
    }
    result.push_back(std::move(group.row));
  }
  return result;
}

}  // namespace ddbplan::seed
