#include "seed/logical_rows.h"

#include <algorithm>

#include "model/references.h"
#include "seed/relations.h"
#include "support/check.h"
#include "support/text.h"

namespace ddbplan::seed {

using dynamo::AttributeValue;
using dynamo::Item;
using model::EntityId;
using model::Relation;

namespace {

/// Chains of parents longer than this are circles.
constexpr int kAncestorsMax = 16;

}  // namespace

std::string text_of(const AttributeValue& value) {
  if (const std::string* text = value.as_string()) return "S" + *text;
  if (const dynamo::Decimal* number = value.as_number()) return "N" + number->to_string();
  if (const dynamo::Binary* binary = value.as_binary()) return "B" + binary->bytes;
  if (const bool* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
  return std::string(value.type_name());
}

std::optional<std::string> text_of(const Item& row, const std::vector<std::string>& attributes) {
  std::string text;
  for (const std::string& name : attributes) {
    const auto* value = row.find(name);
    if (value == row.end()) return std::nullopt;
    text += text_of(value->second);
    text += '\0';
  }
  return text;
}

LogicalRows::LogicalRows(const model::Workload& workload, const Dataset& data)
    : workload_(workload), data_(data), indexes_(std::make_shared<Indexes>()) {
  indexes_->by_identity.resize(data.rows.size());
  for (std::size_t i = 0; i < data.rows.size(); ++i) {
    auto& index = indexes_->by_identity[i];
    for (std::size_t row = 0; row < data.rows[i].size(); ++row) {
      // Many identities come in their order.
      index.emplace_hint(index.end(), identity(EntityId{i}, data.rows[i][row]), row);
    }
  }
}

std::string LogicalRows::identity(EntityId entity, const Item& row) const {
  return text_of(row, workload_.entity(entity).id).value_or(std::string());
}

const Item* LogicalRows::find(const RowId& id) const {
  const auto changed = changed_.find(id);
  if (changed != changed_.end()) return changed->second ? &*changed->second : nullptr;
  return find_in_data_set(id);
}

const Item* LogicalRows::find_before_trial(const RowId& id) const {
  if (!trial_) return find(id);
  const auto first = std::find_if(trial_->begin(), trial_->end(),
                                  [&](const Displaced& displaced) { return displaced.id == id; });
  if (first == trial_->end()) return find(id);
  if (!first->change) return find_in_data_set(id);
  return *first->change ? &**first->change : nullptr;
}

const Item* LogicalRows::find_in_data_set(const RowId& id) const {
  const auto& index = indexes_->by_identity[id.entity.index];
  const auto found = index.find(id.identity);
  return found == index.end() ? nullptr : &data_.rows[id.entity.index][found->second];
}

std::vector<const Item*> LogicalRows::all(EntityId entity) const {
  std::vector<const Item*> rows;
  for (const auto& [text, position] : indexes_->by_identity[entity.index]) {
    if (!changed_.contains({entity, text})) rows.push_back(&data_.rows[entity.index][position]);
  }
  for (const auto& [id, row] : changed_) {
    if (id.entity == entity && row) rows.push_back(&*row);
  }
  return rows;
}

std::vector<const Item*> LogicalRows::where_equal(EntityId entity,
                                                  const std::vector<std::string>& attributes,
                                                  const std::string& text, bool ignore_case) const {
  const auto text_in = [&](const Item& row) {
    std::optional<std::string> found = text_of(row, attributes);
    if (found && ignore_case) found = support::to_lower_ascii(*found);
    return found;
  };
  const std::string name =
      std::to_string(entity.index) + (ignore_case ? "/i/" : "/") + support::join(attributes, "/");
  const auto [index, is_new] = indexes_->by_attributes.try_emplace(name);
  const std::vector<Item>& rows = data_.rows[entity.index];
  for (std::size_t i = 0; is_new && i < rows.size(); ++i) {
    if (auto found = text_in(rows[i])) index->second.emplace(*std::move(found), i);
  }
  const std::string wanted = ignore_case ? support::to_lower_ascii(text) : text;
  std::vector<const Item*> found;
  const auto [begin, end] = index->second.equal_range(wanted);
  for (auto position = begin; position != end; ++position) {
    const Item& row = rows[position->second];
    if (!changed_.contains({entity, identity(entity, row)})) found.push_back(&row);
  }
  for (const auto& [id, row] : changed_) {
    if (id.entity == entity && row && text_in(*row) == wanted) found.push_back(&*row);
  }
  return found;
}

void LogicalRows::apply(const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    const auto [place, is_new] = changed_.try_emplace(change.id);
    if (trial_) {
      Displaced& displaced = trial_->emplace_back();
      displaced.id = change.id;
      if (!is_new) displaced.change = std::move(place->second);
    }
    place->second = change.after;
  }
}

void LogicalRows::begin_trial() {
  DDBPLAN_CHECK(!trial_);
  trial_.emplace();
}

void LogicalRows::roll_back() {
  DDBPLAN_CHECK(trial_.has_value());
  for (auto displaced = trial_->rbegin(); displaced != trial_->rend(); ++displaced) {
    if (displaced->change) {
      changed_[displaced->id] = *std::move(displaced->change);
    } else {
      changed_.erase(displaced->id);
    }
  }
  trial_.reset();
}

bool LogicalRows::is_expired(EntityId entity, const Item& row) const {
  const std::optional<model::Retention>& retention = workload_.entity(entity).retention;
  if (!retention) return false;
  const auto* expires = row.find(retention->attribute);
  if (expires == row.end() || expires->second.as_number() == nullptr) return false;
  const std::optional<std::int64_t> seconds = expires->second.as_number()->to_int64();
  return seconds && *seconds <= data_.now_ms / 1000;
}

const Item* LogicalRows::parent(EntityId entity, const Item& row, const Relation& relation,
                                EntityId* parent_entity) const {
  for (const EntityId candidate : relation.parents) {
    std::map<std::string, std::string> mine;
    for (const auto& [own, theirs] : identity_links(workload_, entity, relation, candidate))
      mine[theirs] = own;
    std::vector<std::string> names;
    for (const std::string& part : workload_.entity(candidate).id) {
      const auto own = mine.find(part);
      if (own != mine.end()) names.push_back(own->second);
    }
    if (names.size() != workload_.entity(candidate).id.size()) continue;
    const std::optional<std::string> text = text_of(row, names);
    const Item* found = text ? find({candidate, *text}) : nullptr;
    if (found == nullptr) continue;
    if (parent_entity != nullptr) *parent_entity = candidate;
    return found;
  }
  return nullptr;
}

bool LogicalRows::misses_parent(EntityId entity, const Item& row, const Relation& relation) const {
  const auto& names = relation.attributes;
  const bool names_one =
      !names.empty() && std::all_of(names.begin(), names.end(),
                                    [&](const std::string& name) { return row.contains(name); });
  return names_one && parent(entity, row, relation, nullptr) == nullptr;
}

const AttributeValue* LogicalRows::value(EntityId entity, const Item& row,
                                         const model::AttributeRef& reference) const {
  if (!reference.via || *reference.via == entity) {
    const auto* own = row.find(reference.name);
    if (own != row.end()) return &own->second;
    const model::AttributeRef seen = model::seen_from(workload_, entity, reference);
    return seen.via && !(*seen.via == entity) ? value(entity, row, seen) : nullptr;
  }
  // Of several ways up the shortest counts, as it does for the plan.
  for (int steps = 1; steps <= kAncestorsMax; ++steps) {
    if (const AttributeValue* found = of_ancestor(entity, row, reference, steps)) return found;
  }
  return nullptr;
}

const AttributeValue* LogicalRows::of_ancestor(EntityId entity, const Item& row,
                                               const model::AttributeRef& reference, int steps,
                                               bool is_first) const {
  for (const Relation& relation : workload_.entity(entity).relations) {
    const auto& names = relation.attributes;
    const bool is_way = !is_first || reference.through.empty() ||
                        std::find(names.begin(), names.end(), reference.through) != names.end();
    if (!is_way) continue;
    EntityId above;
    const Item* ancestor = parent(entity, row, relation, &above);
    if (ancestor == nullptr || above == entity) continue;
    if (steps > 1) {
      const AttributeValue* further = of_ancestor(above, *ancestor, reference, steps - 1, false);
      if (further != nullptr) return further;
    } else if (above == *reference.via) {
      const auto* found = ancestor->find(reference.name);
      if (found != ancestor->end()) return &found->second;
    }
  }
  return nullptr;
}

bool LogicalRows::is_below(EntityId entity, const model::AttributeRef& by) const {
  if (!by.via || *by.via == entity) return false;
  const auto& relations = workload_.entity(*by.via).relations;
  return std::any_of(relations.begin(), relations.end(), [&](const Relation& relation) {
    return std::find(relation.parents.begin(), relation.parents.end(), entity) !=
           relation.parents.end();
  });
}

const Relation* LogicalRows::way_from_below(EntityId below, EntityId entity) const {
  const auto& relations = workload_.entity(below).relations;
  const auto way = std::find_if(relations.begin(), relations.end(), [&](const Relation& relation) {
    return relation.parents.size() == 1 && relation.parents.front() == entity;
  });
  return way == relations.end() ? nullptr : &*way;
}

const AttributeValue* LogicalRows::value_near(EntityId entity, const Item& row,
                                              const model::AttributeRef& by) const {
  if (!is_below(entity, by)) return value(entity, row, by);
  const Relation* way = way_from_below(*by.via, entity);
  if (way == nullptr) return nullptr;
  for (const Item* related : all(*by.via)) {
    const auto* own = related->find(by.name);
    if (own == related->end() || is_expired(*by.via, *related)) continue;
    const Item* above = parent(*by.via, *related, *way, nullptr);
    if (above != nullptr && identity(entity, *above) == identity(entity, row)) return &own->second;
  }
  return nullptr;
}

bool LogicalRows::agrees(EntityId entity, const Item& row, const model::AttributeRef& by,
                         const AttributeValue& wanted) const {
  if (!is_below(entity, by)) {
    const AttributeValue* own = value(entity, row, by);
    return own != nullptr && *own == wanted;
  }
  const Relation* way = way_from_below(*by.via, entity);
  if (way == nullptr) return false;
  for (const Item* related : all(*by.via)) {
    const auto* own = related->find(by.name);
    if (own == related->end() || !(own->second == wanted)) continue;
    if (is_expired(*by.via, *related)) continue;
    if (parent(*by.via, *related, *way, nullptr) == &row) return true;
  }
  return false;
}

model::Scope LogicalRows::scope(EntityId entity, const Item& row, const Item& parameters) const {
  model::Scope scope;
  scope.row = &row;
  scope.parameters = &parameters;
  scope.now_ms = data_.now_ms;
  scope.related = [this, entity, &row](const model::AttributeRef& reference) {
    const AttributeValue* found = value(entity, row, reference);
    return found == nullptr ? std::nullopt : std::optional(*found);
  };
  return scope;
}

}  // namespace ddbplan::seed
