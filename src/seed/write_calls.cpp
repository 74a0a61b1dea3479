#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include "capacity/membership.h"
#include "capacity/traffic.h"
#include "model/upkeep.h"
#include "seed/calls.h"
#include "seed/relations.h"
#include "seed/satisfy.h"
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
using support::Prng;

namespace {

/// Draws of a value until it is another one than the row has.
constexpr int kTriesForAnother = 16;

int whole_count(double mean, Prng& prng) {
  const double floor = std::floor(mean);
  return static_cast<int>(floor) + (prng.unit() < mean - floor ? 1 : 0);
}

std::vector<std::pair<std::size_t, const Write*>> actions_of(const model::Pattern& pattern) {
  std::vector<std::pair<std::size_t, const Write*>> actions;
  if (const auto* write = std::get_if<Write>(&pattern.action)) actions.emplace_back(0, write);
  if (const auto* transaction = std::get_if<model::Transaction>(&pattern.action)) {
    for (std::size_t i = 0; i < transaction->writes.size(); ++i) {
      actions.emplace_back(i, &transaction->writes[i]);
    }
  }
  return actions;
}

/// As they stand there, but that a row's parent is made before it.
std::vector<std::pair<std::size_t, const Write*>> in_order_of_parents(
    const model::Workload& workload, const model::Pattern& pattern) {
  auto actions = actions_of(pattern);
  const auto* transaction = std::get_if<model::Transaction>(&pattern.action);
  if (transaction == nullptr) return actions;
  std::vector<std::pair<std::size_t, const Write*>> out;
  std::vector<bool> is_taken(actions.size(), false);
  const std::function<void(std::size_t)> take = [&](std::size_t action) {
    if (is_taken[action]) return;
    is_taken[action] = true;
    const EntityId entity = actions[action].second->entities.front();
    for (const model::Relation& relation : workload.entity(entity).relations) {
      if (const auto by = model::created_parent(workload, *transaction, action, relation))
        take(*by);
    }
    out.push_back(actions[action]);
  };
  for (std::size_t action = 0; action < actions.size(); ++action) take(action);
  return out;
}

bool is_insert(const Write& write) {
  return write.kind == WriteKind::create || write.kind == WriteKind::put;
}

/// A row that such a write was about is mostly none for another like it.
bool uses_up_rows(const Write& write) {
  if (write.move || write.kind == WriteKind::delete_rows) return true;
  const std::set<std::string> asked = capacity::attributes_in(write.condition);
  return std::any_of(write.set.begin(), write.set.end(),
                     [&](const model::Assignment& one) { return asked.contains(one.attribute); }) ||
         std::any_of(write.remove.begin(), write.remove.end(),
                     [&](const std::string& name) { return asked.contains(name); });
}

}  // namespace

WriteCalls::WriteCalls(const LogicalRows& rows, const design::Design& design,
                       const model::Pattern& pattern, Columns& columns, std::uint64_t seed)
    : rows_(rows),
      design_(design),
      pattern_(pattern),
      columns_(columns),
      prng_(Prng(seed).fork(pattern.name)) {}

int WriteCalls::sparing(int wanted) const {
  constexpr std::size_t kAtLeast = 3;
  auto most = static_cast<std::size_t>(wanted);
  for (const Write* write : writes_of(pattern_)) {
    if (!uses_up_rows(*write) || write->for_each) continue;
    const EntityId entity = write->entities.front();
    const std::vector<const Item*> rows = rows_.all(entity);
    const auto fitting = static_cast<std::size_t>(std::count_if(
        rows.begin(), rows.end(), [&](const Item* row) { return fits(*write, entity, *row); }));
    most = std::min(most, std::max(kAtLeast, fitting / 2));
  }
  return static_cast<int>(most);
}

std::optional<DrawnCall> WriteCalls::typical() {
  DrawnCall call;
  call.kind = "typical";
  call.is_typical = true;
  call.parameters.now_ms = rows_.now_ms();
  is_about_new_ = false;
  for (const auto& [action, write] : in_order_of_parents(rows_.workload(), pattern_)) {
    if (!add_calls(action, *write, call)) return std::nullopt;
  }
  call.is_typical = call.is_typical && !is_about_new_;
  if (pattern_.idempotent) call.parameters.token = pattern_.name + "-" + std::to_string(++serial_);
  return call;
}

bool WriteCalls::add_calls(std::size_t action, const Write& write, DrawnCall& call) {
  design::Parameters& parameters = call.parameters;
  if (write.for_each) {
    std::optional<FanOut> values = fan_out(write);
    if (!values) return false;
    call.is_typical = call.is_typical && values->is_typical;
    parameters.calls.push_back({action, std::move(values->values)});
    return true;
  }
  const double mean = write.batch ? write.batch->mean : write.times.mean;
  const int wanted = std::max(1, whole_count(mean, prng_));
  // Copied, as the calls move when more of them are added.
  std::vector<Item> parents;
  std::vector<CreatedParent> created = created_parents(action, parameters);
  if (write.kind == WriteKind::create && wanted == 1) {
    for (const CreatedParent& parent : fitting_parents(action, parameters))
      created.push_back(parent);
  }
  parents.reserve(created.size());
  for (CreatedParent& parent : created) {
    parents.push_back(*parent.row);
    parent.row = &parents.back();
  }
  int made = 0;
  brought_.clear();
  for (int i = 0; i < wanted; ++i) {
    std::optional<Item> values =
        is_insert(write) ? new_row(write, created) : change_values(write, parameters);
    if (!values) break;
    // A batch and a transaction take an item once.
    const bool is_twice = is_insert(write) &&
                          !brought_.insert(rows_.identity(write.entities.front(), *values)).second;
    if (is_twice) continue;
    parameters.calls.push_back({action, *std::move(values)});
    ++made;
  }
  return made > 0;
}

bool WriteCalls::fits(const Write& write, EntityId entity, const Item& row) const {
  // What leaves out most rows at the least cost comes first.
  if (write.move && !write.move->from.empty()) {
    const Attribute* attribute = rows_.workload().entity(entity).find(write.move->attribute);
    const auto* state = row.find(write.move->attribute);
    if (attribute == nullptr || state == row.end()) return false;
    const auto& from = write.move->from;
    const bool is_from = std::any_of(from.begin(), from.end(), [&](const std::string& name) {
      return state->second == enum_value(*attribute, name);
    });
    if (!is_from) return false;
  }
  for (const model::AttributeRef& by : write.by) {
    if (rows_.value_near(entity, row, by) == nullptr) return false;
  }
  if (rows_.is_expired(entity, row) || !is_wanted(entity, row)) return false;
  if (!write.condition) return true;
  Item values;
  satisfy(write.condition, row, values);
  return model::holds(write.condition, rows_.scope(entity, row, values));
}

bool WriteCalls::takes_something(const Write& write, const Item& row) const {
  Item values;
  satisfy(write.condition, row, values);
  return std::none_of(write.add.begin(), write.add.end(), [&](const model::Addition& addition) {
    const auto* parameter = std::get_if<model::ParameterRef>(&addition.amount->node);
    auto* amount = parameter == nullptr ? values.end() : values.find(parameter->name);
    return amount != values.end() && amount->second == AttributeValue::number(0);
  });
}

const Item* WriteCalls::choose_by_value(const Write& write, EntityId entity,
                                        const std::vector<std::size_t>& fitting) {
  if (write.by.size() != 1 || !write.by.front().is_of(entity)) return nullptr;
  const std::string& name = write.by.front().name;
  const Entity& described = rows_.workload().entity(entity);
  const Attribute* attribute = described.find(name);
  if (attribute == nullptr || attribute->values.empty() || described.is_identity(name))
    return nullptr;
  const AttributeValue value =
      enum_value(*attribute, attribute->values[prng_.below(attribute->values.size())].name);
  for (const std::size_t at : fitting) {
    const Item* row = rows_.find({entity, rows_.identity(entity, rows_.base(entity)[at])});
    if (row == nullptr || !fits(write, entity, *row)) continue;
    const auto* own = row->find(name);
    if (own != row->end() && own->second == value) return row;
  }
  return nullptr;
}

std::optional<WriteCalls::Target> WriteCalls::choose(const Write& write,
                                                     const design::Parameters& so_far) {
  const EntityId entity = write.entities.front();
  const std::vector<Item>& base = rows_.base(entity);
  const auto actions = actions_of(pattern_);
  for (const design::Call& call : so_far.calls) {
    const Write& earlier = *actions[call.action].second;
    const Entity& earlier_rows = rows_.workload().entity(earlier.entities.front());
    if (!model::follows(earlier_rows, earlier, write)) continue;
    std::vector<std::string> names;
    for (const model::AttributeRef& by : write.by) names.push_back(by.name);
    const auto text = text_of(call.values, names);
    if (!text) continue;
    for (const Item* row : rows_.where_equal(entity, names, *text, false)) {
      if (fits(write, entity, *row)) return Target{entity, row};
    }
  }
  const auto is_used = [&](const Item& row) {
    return std::any_of(so_far.calls.begin(), so_far.calls.end(), [&](const design::Call& call) {
      return rows_.identity(entity, call.values) == rows_.identity(entity, row);
    });
  };
  const auto [known, is_new] = fitting_.try_emplace(&write);
  std::vector<std::size_t>& fitting = known->second;
  for (std::size_t i = 0; is_new && i < base.size(); ++i) {
    if (fits(write, entity, base[i])) fitting.push_back(i);
  }
  // Who takes from a stock takes something, where there is something.
  const auto takes = [&](std::size_t i) { return takes_something(write, base[i]); };
  if (is_new && std::any_of(fitting.begin(), fitting.end(), takes))
    std::erase_if(fitting, [&](std::size_t i) { return !takes(i); });
  if (fitting.empty()) return choose_new(write, entity, is_used);
  if (const auto* row = choose_by_value(write, entity, fitting)) return Target{entity, row};
  const std::size_t start = prng_.below(fitting.size());
  const Item* second_best = nullptr;
  constexpr std::size_t kRandomTries = 20;
  for (std::size_t i = 0; i < kRandomTries + fitting.size(); ++i) {
    // At random, and if earlier writes have taken those, one after another.
    const std::size_t at =
        i < kRandomTries ? prng_.below(fitting.size()) : (start + i) % fitting.size();
    const Item* row = rows_.find({entity, rows_.identity(entity, base[fitting[at]])});
    if (row == nullptr || !fits(write, entity, *row) || is_used(*row)) continue;
    // What counts the row stands in its parent: a row whose parent is gone is taken if there is no other.
    const bool is_good =
        !finds_orphan(write, entity, *row) && suits_others(write, entity, *row, so_far);
    if (is_good) return Target{entity, row};
    if (second_best == nullptr) second_best = row;
  }
  if (second_best != nullptr) return Target{entity, second_best};
  return choose_new(write, entity, is_used);
}

bool WriteCalls::suits_others(const Write& write, EntityId entity, const Item& row,
                              const design::Parameters& so_far) const {
  const Entity& described = rows_.workload().entity(entity);
  const auto suits = [&](std::size_t action, const Write& other) {
    if (&other == &write || other.for_each || is_insert(other) ||
        !model::follows(described, write, other))
      return true;
    std::vector<std::string> names;
    for (const model::AttributeRef& by : other.by) names.push_back(by.name);
    const auto text = text_of(row, names);
    if (!text) return false;
    const auto named =
        std::find_if(so_far.calls.begin(), so_far.calls.end(),
                     [&](const design::Call& call) { return call.action == action; });
    if (named != so_far.calls.end()) return text_of(named->values, names) == text;
    const EntityId others = other.entities.front();
    const std::vector<const Item*> found = rows_.where_equal(others, names, *text, false);
    return std::any_of(found.begin(), found.end(),
                       [&](const Item* one) { return fits(other, others, *one); });
  };
  const auto actions = actions_of(pattern_);
  return std::all_of(actions.begin(), actions.end(),
                     [&](const auto& one) { return suits(one.first, *one.second); });
}

bool WriteCalls::finds_orphan(const Write& write, EntityId entity, const Item& row) const {
  if (is_orphan(entity, row)) return true;
  std::vector<std::string> names;
  for (const model::AttributeRef& by : write.by) {
    if (!by.is_of(entity)) return false;
    names.push_back(by.name);
  }
  const auto text = text_of(row, names);
  if (!text || names_identity(rows_.workload().entity(entity), write.by)) return false;
  const std::vector<const Item*> found = rows_.where_equal(entity, names, *text, false);
  return std::any_of(found.begin(), found.end(),
                     [&](const Item* other) { return is_orphan(entity, *other); });
}

std::optional<WriteCalls::Target> WriteCalls::choose_new(
    const Write& write, EntityId entity, const std::function<bool(const Item&)>& is_used) {
  for (const Item* row : rows_.all(entity)) {
    if (!fits(write, entity, *row) || is_used(*row)) continue;
    is_about_new_ = true;
    return Target{entity, row};
  }
  return std::nullopt;
}

std::optional<Item> WriteCalls::change_values(const Write& write,
                                              const design::Parameters& so_far) {
  const std::optional<Target> target = choose(write, so_far);
  if (!target) return std::nullopt;
  Item values;
  for (const model::AttributeRef& by : write.by) {
    values.insert_or_assign(by.name, *rows_.value_near(target->entity, *target->row, by));
  }
  const std::string& tenant = rows_.workload().entity(target->entity).tenant;
  if (const auto* value = target->row->find(tenant); value != target->row->end())
    values.insert(*value);
  add_asked_values(write, *target->row, values);
  add_new_values(write, *target, values);
  return values;
}

AttributeValue WriteCalls::new_value(const Target& target, const Attribute& attribute) {
  const auto* old = target.row->find(attribute.name);
  const bool has_few = !attribute.values.empty() || attribute.type == model::ValueType::boolean;
  // Who sets a value changes it, where there are others.
  const int tries = has_few ? 1 : kTriesForAnother;
  AttributeValue value;
  for (int i = 0; i < tries; ++i) {
    value = columns_.redraw(target.entity, attribute, *target.row, prng_);
    const bool is_another = old == target.row->end() || !(old->second == value);
    if (!is_another) continue;
    Item changed = *target.row;
    changed.insert_or_assign(attribute.name, value);
    const std::vector<model::Unique>& all = rows_.workload().entity(target.entity).unique;
    if (std::none_of(all.begin(), all.end(), [&](const model::Unique& unique) {
          return support::contains(unique.attributes, attribute.name) &&
                 repeats_value(target.entity, unique, changed);
        }))
      break;
  }
  return value;
}

std::optional<AttributeValue> WriteCalls::new_value_of(const Target& target,
                                                       const Attribute& attribute) {
  if (attribute.origin != model::Origin::relation) return new_value(target, attribute);
  // Another parent, one that there is.
  const Entity& described = rows_.workload().entity(target.entity);
  const auto* old = target.row->find(attribute.name);
  std::optional<AttributeValue> value;
  for (int tries = 0; tries < kTriesForAnother; ++tries) {
    Item child;
    if (const auto* tenant = target.row->find(described.tenant); tenant != target.row->end())
      child.insert(*tenant);
    choose_parents(rows_.workload(), target.entity, rows_.all_base(), prng_, child);
    auto* parent = child.find(attribute.name);
    if (parent == child.end()) continue;
    value = parent->second;
    if (old == target.row->end() || !(old->second == *value)) break;
  }
  return value;
}

void WriteCalls::add_asked_values(const Write& write, const Item& row, Item& values) {
  std::set<std::string> set;
  for (const model::Assignment& assignment : write.set) {
    const bool is_given = !assignment.value || *assignment.value == nullptr;
    const auto* parameter =
        is_given ? nullptr : std::get_if<model::ParameterRef>(&(*assignment.value)->node);
    if (is_given) set.insert(assignment.attribute);
    if (parameter != nullptr) set.insert(parameter->name);
  }
  satisfy(write.condition, row, values, set);
}

void WriteCalls::add_new_values(const Write& write, const Target& target, Item& values) {
  const Entity& described = rows_.workload().entity(target.entity);
  const auto redraw = [&](const std::string& name) {
    const Attribute* attribute = described.find(name);
    if (attribute == nullptr || values.contains(name)) return;
    const auto& retention = described.retention;
    const bool follows_time =
        retention && retention->follows_base() && retention->attribute == name;
    if (follows_time && values.contains(retention->base_attribute)) return;  // set below
    if (auto value = new_value_of(target, *attribute))
      values.insert_or_assign(name, *std::move(value));
  };
  for (const model::Assignment& assignment : write.set) {
    if (!assignment.value || *assignment.value == nullptr) {
      redraw(assignment.attribute);
      continue;
    }
    const auto* parameter = std::get_if<model::ParameterRef>(&(*assignment.value)->node);
    const Attribute* attribute = described.find(assignment.attribute);
    if (parameter != nullptr && attribute != nullptr && !values.contains(parameter->name)) {
      if (auto value = new_value_of(target, *attribute))
        values.insert_or_assign(parameter->name, *std::move(value));
    }
  }
  if (write.set_is_default) {
    for (const std::string& name : ordinary_attributes(described)) redraw(name);
  }
  for (const model::Addition& addition : write.add) {
    const auto* parameter = std::get_if<model::ParameterRef>(&addition.amount->node);
    if (parameter == nullptr || values.contains(parameter->name)) continue;
    const Attribute* attribute = described.find(addition.attribute);
    const bool is_set = attribute != nullptr && attribute->type == model::ValueType::set;
    values.insert_or_assign(parameter->name, is_set ? AttributeValue::string(random_text(prng_, 12))
                                                    : AttributeValue::number(prng_.between(1, 9)));
  }
  for (const model::Assignment& append : write.append) {
    const std::string name =
        append.value && *append.value != nullptr &&
                std::holds_alternative<model::ParameterRef>((*append.value)->node)
            ? std::get<model::ParameterRef>((*append.value)->node).name
            : append.attribute;
    values.try_emplace(name, AttributeValue::string(random_text(prng_, 20)));
  }
  if (write.move && !write.move->to) redraw(write.move->attribute);
  if (const auto& retention = described.retention; retention && retention->follows_base()) {
    if (const auto* base = values.find(retention->base_attribute); base != values.end()) {
      Item after = *target.row;
      after.insert_or_assign(base->first, base->second);
      after.erase(retention->attribute);
      columns_.complete(target.entity, after);
      if (auto* expiry = after.find(retention->attribute); expiry != after.end())
        values.insert(*expiry);
    }
  }
  const bool names_row = write.for_each || names_identity(described, write.by);
  for (const Attribute& attribute : described.attributes) {
    // Of rows that the write finds itself nobody has seen a version before.
    if (!attribute.lock || write.kind != WriteKind::update || !names_row) continue;
    if (const auto* value = target.row->find(attribute.name); value != target.row->end()) {
      values.insert_or_assign(attribute.name, value->second);
    }
  }
}

std::vector<std::string> WriteCalls::key_attributes(EntityId entity) const {
  std::vector<std::string> names = rows_.workload().entity(entity).id;
  const design::KeyEntry& base = design_.items[design_.row_layout(entity)].base;
  for (const auto* keys : {&base.partition, &base.sort}) {
    for (const design::KeyTemplate& key : *keys) {
      for (const std::string& name : attributes_of(key)) names.push_back(name);
    }
  }
  return names;
}

const Item* WriteCalls::live_row(EntityId entity) {
  std::vector<const Item*> live = rows_.all(entity);
  std::erase_if(live, [&](const Item* row) { return rows_.is_expired(entity, *row); });
  return live.empty() ? nullptr : live[prng_.below(live.size())];
}

std::vector<DrawnCall> WriteCalls::failing() {
  std::vector<DrawnCall> calls;
  // Before calls that may do something after all: what those create, these would fail to create.
  std::size_t nowhere = 0;
  const auto add = [&](design::Parameters parameters, bool is_nowhere = false) {
    DrawnCall call;
    call.kind = "must fail";
    call.parameters = std::move(parameters);
    if (call.parameters.token) *call.parameters.token += "-failing-" + std::to_string(calls.size());
    const std::size_t place = is_nowhere ? nowhere++ : calls.size();
    calls.insert(calls.begin() + static_cast<std::ptrdiff_t>(place), std::move(call));
  };
  const std::optional<DrawnCall> good = typical();
  if (!good) return calls;
  for (const auto& [action, write] : actions_of(pattern_)) {
    for (std::size_t c = 0; c < good->parameters.calls.size(); ++c) {
      const design::Call& call = good->parameters.calls[c];
      if (call.action != action) continue;
      const EntityId entity = write->entities.front();
      const std::vector<Item>& base = rows_.base(entity);
      if (base.empty()) continue;
      const Entity& described = rows_.workload().entity(entity);
      const Item& other = base[prng_.below(base.size())];
      const auto variant = [&](const Item& like, const std::vector<std::string>& names) {
        design::Parameters parameters = good->parameters;
        for (const std::string& name : names) {
          const auto* value = like.find(name);
          if (value != like.end()) parameters.calls[c].values.insert_or_assign(name, value->second);
        }
        add(std::move(parameters));
      };
      // A create of what is there (the same call once more), or with a value that is taken; an
      // update of another row, in another state.
      if (write->kind == WriteKind::create) variant(other, key_attributes(entity));
      if (is_insert(*write) || write->kind == WriteKind::update) {
        const Write* const changing = write;  // clang 14 captures no structured binding
        for (const model::Unique& unique : described.unique) {
          const auto& names = unique.attributes;
          const bool is_given =
              is_insert(*write) ||
              std::any_of(names.begin(), names.end(), [&](const std::string& name) {
                return may_change(described, *changing, name);
              });
          if (!is_given) continue;
          variant(other, unique.attributes);
          // A value that a row of another entity of the name space holds.
          for (const EntityId holder : unique.across) {
            if (const Item* taken = live_row(holder)) variant(*taken, unique.attributes);
          }
        }
      }
      if (write->for_each) {
        // Nobody follows.
        design::Parameters parameters = good->parameters;
        for (const model::AttributeRef& by : write->for_each_by) {
          AttributeValue& value = parameters.calls[c].values.at(by.name);
          if (const std::string* text = value.as_string())
            value =
                AttributeValue::string(random_word(prng_, static_cast<std::int64_t>(text->size())));
        }
        add(std::move(parameters));
      } else if (!is_insert(*write)) {
        design::Parameters parameters = good->parameters;
        for (const model::AttributeRef& by : write->by) {
          if (const AttributeValue* value = rows_.value_near(entity, other, by))
            parameters.calls[c].values.insert_or_assign(by.name, *value);
        }
        add(parameters);
        // A row that is nowhere.
        for (const model::AttributeRef& by : write->by) {
          AttributeValue& value = parameters.calls[c].values.at(by.name);
          if (const std::string* text = value.as_string()) {
            value =
                AttributeValue::string(random_word(prng_, static_cast<std::int64_t>(text->size())));
          }
        }
        add(std::move(parameters), true);
      }
      // Parameters of the condition far beyond every row's values.
      design::Parameters parameters = good->parameters;
      Item asked;
      satisfy(write->condition, other, asked);
      for (const auto& [name, value] : asked) {
        if (described.find(name) != nullptr) continue;
        const bool is_number = value.as_number() != nullptr;
        parameters.calls[c].values.insert_or_assign(
            name,
            is_number ? AttributeValue::number(999'999'999'999) : AttributeValue::string("nobody"));
      }
      if (!asked.empty()) add(std::move(parameters));
      break;
    }
  }
  return calls;
}

}  // namespace ddbplan::seed
