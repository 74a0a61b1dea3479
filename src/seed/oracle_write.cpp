// Writes over logical rows: what must hold, and which rows are others afterwards, upkeep included.
#include <algorithm>

#include "seed/oracle.h"
#include "seed/values.h"

namespace ddbplan::seed {

using dynamo::AttributeValue;
using dynamo::Decimal;
using dynamo::Item;
using model::Attribute;
using model::Entity;
using model::EntityId;
using model::Upkeep;
using model::Write;
using model::WriteKind;

namespace {

class WriteOracle {
 public:
  WriteOracle(const LogicalRows& rows, const Item& values, const Write& write)
      : rows_(rows), workload_(rows.workload()), values_(values), write_(write) {}

  /// nullopt: a condition fails.
  std::optional<std::vector<Change>> changes() {
    for (const EntityId entity : write_.entities) {
      const bool ok = write_.kind == WriteKind::create || write_.kind == WriteKind::put
                          ? insert(entity)
                          : change_rows(entity);
      if (!ok) return std::nullopt;
    }
    return std::move(changes_);
  }

 private:
  bool condition_holds(EntityId entity, const Item& row) const {
    return model::holds(write_.condition, rows_.scope(entity, row, values_));
  }

  bool insert(EntityId entity) {
    Item row;
    for (const Attribute& attribute : workload_.entity(entity).attributes) {
      const auto value = values_.find(attribute.name);
      if (value != values_.end()) row.insert(*value);
    }
    assign_constants(entity, row);
    const RowId id{entity, rows_.identity(entity, row)};
    const Item* before = rows_.find(id);
    if (write_.kind == WriteKind::create && before != nullptr) return false;
    static const Item kNone;
    if (!condition_holds(entity, before == nullptr ? kNone : *before)) return false;
    if (breaks_uniqueness(id, row)) return false;
    changes_.push_back(
        {id, before == nullptr ? std::nullopt : std::optional(*before), std::move(row)});
    return true;
  }

  void assign_constants(EntityId entity, Item& row) const {
    for (const model::Assignment& assignment : write_.set) {
      if (!assignment.value || *assignment.value == nullptr) continue;
      set(entity, assignment.attribute, **assignment.value, row, row);
    }
  }

  /// Every row that the write is about, or for an upsert a new one.
  bool change_rows(EntityId entity) {
    std::vector<const Item*> targets = targets_of(entity);
    if (targets.empty()) {
      if (write_.kind == WriteKind::delete_rows) return write_.condition == nullptr;
      if (write_.kind != WriteKind::upsert) return false;
      return create_by_upsert(entity);
    }
    for (const Item* target : targets) {
      if (!may_change(entity, *target)) return false;
      const RowId id{entity, rows_.identity(entity, *target)};
      if (write_.kind == WriteKind::check) continue;
      if (write_.kind == WriteKind::delete_rows) {
        changes_.push_back({id, *target, std::nullopt});
        continue;
      }
      Item after = updated(entity, *target);
      if (breaks_uniqueness(id, after)) return false;
      changes_.push_back({id, *target, std::move(after)});
    }
    return true;
  }

  bool create_by_upsert(EntityId entity) {
    Item row;
    for (const model::AttributeRef& by : write_.by) {
      const auto value = values_.find(by.name);
      if (value != values_.end()) row.insert_or_assign(by.name, value->second);
    }
    const std::string& tenant = workload_.entity(entity).tenant;
    if (const auto value = values_.find(tenant); value != values_.end()) row.insert(*value);
    if (!condition_holds(entity, row)) return false;
    Item after = updated(entity, row);
    const RowId id{entity, rows_.identity(entity, after)};
    changes_.push_back({id, std::nullopt, std::move(after)});
    return true;
  }

  [[nodiscard]] std::vector<const Item*> targets_of(EntityId entity) const {
    // By the whole identity there is one row or none; otherwise all that agree.
    const std::optional<std::string> identity = text_of(values_, workload_.entity(entity).id);
    if (identity && names_identity(entity)) {
      const Item* row = rows_.find({entity, *identity});
      return row == nullptr ? std::vector<const Item*>{} : std::vector<const Item*>{row};
    }
    std::vector<std::string> names;
    for (const model::AttributeRef& by : write_.by) names.push_back(by.name);
    const std::optional<std::string> text = text_of(values_, names);
    if (!text) return {};
    const bool through_others =
        std::any_of(write_.by.begin(), write_.by.end(),
                    [&](const auto& by) { return by.via && !(*by.via == entity); });
    // Expired rows are no answers, but until TTL deletes them they are there to be changed or deleted.
    return through_others ? agreeing(entity) : rows_.where_equal(entity, names, *text, false);
  }

  /// Rows that agree through their ancestors.
  [[nodiscard]] std::vector<const Item*> agreeing(EntityId entity) const {
    std::vector<const Item*> found;
    for (const Item* row : rows_.all(entity)) {
      const bool agrees = std::all_of(write_.by.begin(), write_.by.end(), [&](const auto& by) {
        const auto value = rows_.value(entity, *row, by);
        return value && *value == values_.at(by.name);
      });
      if (agrees) found.push_back(row);
    }
    return found;
  }

  [[nodiscard]] bool names_identity(EntityId entity) const {
    const Entity& described = workload_.entity(entity);
    return std::all_of(described.id.begin(), described.id.end(), [&](const std::string& part) {
      return part == described.tenant ||
             std::any_of(write_.by.begin(), write_.by.end(),
                         [&](const model::AttributeRef& by) { return by.name == part; });
    });
  }

  [[nodiscard]] AttributeValue state_value(EntityId entity, const std::string& name) const {
    const Attribute* attribute = workload_.entity(entity).find(write_.move->attribute);
    return attribute == nullptr ? AttributeValue::string(name) : enum_value(*attribute, name);
  }

  bool may_change(EntityId entity, const Item& row) const {
    if (write_.move && !write_.move->from.empty()) {
      const auto state = row.find(write_.move->attribute);
      const auto& from = write_.move->from;
      const bool is_from =
          state != row.end() && std::any_of(from.begin(), from.end(), [&](const std::string& name) {
            return state->second == state_value(entity, name);
          });
      if (!is_from) return false;
    }
    if (write_.kind == WriteKind::update) {
      for (const Attribute& attribute : workload_.entity(entity).attributes) {
        if (!attribute.lock) continue;
        const auto mine = row.find(attribute.name);
        const auto given = values_.find(attribute.name);
        if (given == values_.end() || mine == row.end() || !(mine->second == given->second))
          return false;
      }
    }
    return condition_holds(entity, row);
  }

  void set(EntityId entity, const std::string& name, const model::Operand& operand,
           const Item& before, Item& row) const {
    const Attribute* attribute = workload_.entity(entity).find(name);
    const model::ValueType type =
        attribute == nullptr ? model::ValueType::timestamp : attribute->type;
    auto value = model::evaluate(operand, rows_.scope(entity, before, values_), type);
    if (value) row.insert_or_assign(name, *std::move(value));
  }

  [[nodiscard]] Item updated(EntityId entity, const Item& before) const {
    Item row = before;
    const Entity& described = workload_.entity(entity);
    for (const model::Assignment& assignment : write_.set) {
      if (assignment.value && *assignment.value != nullptr) {
        set(entity, assignment.attribute, **assignment.value, before, row);
      } else if (const auto value = values_.find(assignment.attribute); value != values_.end()) {
        row.insert_or_assign(assignment.attribute, value->second);
      }
    }
    if (write_.set_is_default) {
      for (const Attribute& attribute : described.attributes) {
        if (described.is_identity(attribute.name) || attribute.lock) continue;
        const auto value = values_.find(attribute.name);
        if (value != values_.end()) row.insert_or_assign(attribute.name, value->second);
      }
    }
    if (write_.move && write_.move->to) {
      row.insert_or_assign(write_.move->attribute, state_value(entity, *write_.move->to));
    } else if (write_.move) {
      const auto value = values_.find(write_.move->attribute);
      if (value != values_.end()) row.insert_or_assign(write_.move->attribute, value->second);
    }
    for (const model::Addition& addition : write_.add) add(entity, addition, before, row);
    for (const model::Assignment& append : write_.append) append_to(append, entity, before, row);
    for (const std::string& name : write_.remove) row.erase(name);
    for (const Attribute& attribute : described.attributes) {
      if (attribute.lock && write_.kind == WriteKind::update) increment(attribute.name, row);
    }
    move_expiry(described, before, row);
    return row;
  }

  /// A changed time takes the expiry that follows from it along.
  void move_expiry(const Entity& described, const Item& before, Item& row) const {
    if (!described.retention || !described.retention->after) return;
    const std::string& base = described.retention->base_attribute;
    const auto old_time = before.find(base);
    const auto new_time = row.find(base);
    const bool is_same = old_time != before.end() && new_time != row.end()
                             ? old_time->second == new_time->second
                             : old_time == before.end() && new_time == row.end();
    if (is_same) return;
    const std::string& name = described.retention->attribute;
    // The call says the new expiry, as it does for a create.
    const auto given = values_.find(name);
    if (given != values_.end()) row.insert_or_assign(name, given->second);
  }

  static void increment(const std::string& name, Item& row) {
    const auto found = row.find(name);
    const Decimal* number = found == row.end() ? nullptr : found->second.as_number();
    const auto next = Decimal::add(number == nullptr ? Decimal() : *number, Decimal::from_int(1));
    if (next) row.insert_or_assign(name, AttributeValue::number(*next));
  }

  void add(EntityId entity, const model::Addition& addition, const Item& before, Item& row) const {
    const auto amount = model::evaluate(*addition.amount, rows_.scope(entity, before, values_));
    if (!amount) return;
    const auto found = row.find(addition.attribute);
    const Attribute* attribute = workload_.entity(entity).find(addition.attribute);
    if (attribute != nullptr && attribute->type == model::ValueType::set) {
      const AttributeValue* set = found == row.end() ? nullptr : &found->second;
      auto changed = changed_set(set, *amount, addition.subtract);
      row.erase(addition.attribute);
      if (changed) row.insert_or_assign(addition.attribute, *std::move(changed));
      return;
    }
    const Decimal* change = amount->as_number();
    const Decimal* number = found == row.end() ? nullptr : found->second.as_number();
    if (change == nullptr) return;
    const Decimal start = number == nullptr ? Decimal() : *number;
    const auto sum =
        addition.subtract ? Decimal::subtract(start, *change) : Decimal::add(start, *change);
    if (sum) row.insert_or_assign(addition.attribute, AttributeValue::number(*sum));
  }

  /// A set with elements added or taken away; nullopt: it is empty, and so it is gone.
  static std::optional<AttributeValue> changed_set(const AttributeValue* set,
                                                   const AttributeValue& amount, bool subtract) {
    std::vector<std::string> elements;
    if (set != nullptr) {
      if (const auto* strings = std::get_if<dynamo::StringSet>(&set->data))
        elements = strings->elements;
    }
    std::vector<std::string> changed;
    if (const std::string* text = amount.as_string()) changed.push_back(*text);
    if (const auto* strings = std::get_if<dynamo::StringSet>(&amount.data))
      changed = strings->elements;
    for (const std::string& element : changed) {
      if (subtract) {
        std::erase(elements, element);
      } else {
        elements.push_back(element);
      }
    }
    if (elements.empty()) return std::nullopt;
    return AttributeValue(AttributeValue::Variant(dynamo::make_string_set(std::move(elements))));
  }

  void append_to(const model::Assignment& append, EntityId entity, const Item& before,
                 Item& row) const {
    std::optional<AttributeValue> value;
    if (append.value && *append.value != nullptr) {
      value = model::evaluate(**append.value, rows_.scope(entity, before, values_));
    } else if (const auto given = values_.find(append.attribute); given != values_.end()) {
      value = given->second;
    }
    if (!value) return;
    dynamo::List list;
    if (const auto found = row.find(append.attribute); found != row.end()) {
      if (const auto* old = std::get_if<dynamo::List>(&found->second.data)) list = *old;
    }
    if (const auto* more = std::get_if<dynamo::List>(&value->data)) {
      list.insert(list.end(), more->begin(), more->end());
    } else {
      list.push_back(*value);
    }
    row.insert_or_assign(append.attribute,
                         AttributeValue(AttributeValue::Variant(std::move(list))));
  }

  [[nodiscard]] bool breaks_uniqueness(const RowId& id, const Item& row) const {
    for (const model::Unique& unique : workload_.entity(id.entity).unique) {
      const std::optional<std::string> text = text_of(row, unique.attributes);
      if (!text) continue;
      std::vector<EntityId> entities{id.entity};
      entities.insert(entities.end(), unique.across.begin(), unique.across.end());
      for (const EntityId entity : entities) {
        for (const Item* other :
             rows_.where_equal(entity, unique.attributes, *text, unique.ignore_case)) {
          const bool is_itself =
              entity == id.entity && rows_.identity(entity, *other) == id.identity;
          // A row past its expiry does not hold its values any more.
          if (!is_itself && !rows_.is_expired(entity, *other)) return true;
        }
      }
    }
    return false;
  }

  const LogicalRows& rows_;
  const model::Workload& workload_;
  const Item& values_;
  const Write& write_;
  std::vector<Change> changes_;
};

/// What an owner's kept attribute gains or loses with one row of its source.
class UpkeepOracle {
 public:
  explicit UpkeepOracle(LogicalRows& rows) : rows_(rows), workload_(rows.workload()) {}

  /// The further changes that these bring about. REQUIRES: `changes` are applied to the rows.
  std::vector<Change> follow(const std::vector<Change>& changes) {
    std::vector<Change> further;
    for (std::size_t i = 0; i < workload_.entities.size(); ++i) {
      for (const Attribute& attribute : workload_.entities[i].attributes) {
        if (!attribute.upkeep || attribute.upkeep->kept != model::Kept::transaction) continue;
        for (const Change& change : changes) {
          if (attribute.upkeep->kind == Upkeep::Kind::copy_of) {
            copy(EntityId{i}, attribute, change, further);
          } else if (attribute.upkeep->source == change.id.entity) {
            tally(EntityId{i}, attribute, change, further);
          }
        }
      }
    }
    return further;
  }

 private:
  [[nodiscard]] std::optional<RowId> owner_of(EntityId owner, const Upkeep& upkeep,
                                              const Item& source) const {
    for (const model::Relation& relation : workload_.entity(upkeep.source).relations) {
      const auto& names = relation.attributes;
      const bool is_named = upkeep.through.empty() ||
                            std::find(names.begin(), names.end(), upkeep.through) != names.end();
      const auto& parents = relation.parents;
      if (!is_named || std::find(parents.begin(), parents.end(), owner) == parents.end()) continue;
      EntityId entity;
      const Item* row = rows_.parent(upkeep.source, source, relation, &entity);
      if (row != nullptr && entity == owner) return RowId{owner, rows_.identity(owner, *row)};
    }
    return std::nullopt;
  }

  [[nodiscard]] bool counts(const Upkeep& upkeep, const Item& source) const {
    static const Item kNone;
    return model::holds(upkeep.where, rows_.scope(upkeep.source, source, kNone));
  }

  void tally(EntityId owner, const Attribute& attribute, const Change& change,
             std::vector<Change>& further) {
    const Upkeep& upkeep = *attribute.upkeep;
    for (const bool gains : {false, true}) {
      const std::optional<Item>& source = gains ? change.after : change.before;
      if (!source || !counts(upkeep, *source)) continue;
      const std::optional<RowId> id = owner_of(owner, upkeep, *source);
      if (!id) continue;
      const Item before = *rows_.find(*id);
      Item after = before;
      if (upkeep.kind == Upkeep::Kind::newest_of) {
        keep_newest(owner, attribute, *source, gains, after);
      } else {
        add(upkeep, attribute.name, *source, gains, after);
      }
      Change next{*id, before, after};
      rows_.apply({next});
      further.push_back(std::move(next));
    }
  }

  static void add(const Upkeep& upkeep, const std::string& name, const Item& source, bool gains,
                  Item& row) {
    Decimal amount = Decimal::from_int(1);
    if (upkeep.kind == Upkeep::Kind::sum_of) {
      const auto value = source.find(upkeep.source_attribute);
      if (value == source.end() || value->second.as_number() == nullptr) return;
      amount = *value->second.as_number();
    }
    const auto found = row.find(name);
    const Decimal* number = found == row.end() ? nullptr : found->second.as_number();
    const Decimal start = number == nullptr ? Decimal() : *number;
    const auto sum = gains ? Decimal::add(start, amount) : Decimal::subtract(start, amount);
    if (sum) row.insert_or_assign(name, AttributeValue::number(*sum));
  }

  void keep_newest(EntityId owner, const Attribute& attribute, const Item& source, bool gains,
                   Item& row) {
    const Upkeep& upkeep = *attribute.upkeep;
    std::optional<AttributeValue> newest;
    const auto offer = [&newest, &upkeep](const Item& candidate) {
      const auto value = candidate.find(upkeep.source_attribute);
      if (value == candidate.end()) return;
      if (!newest || model::compare_in_order(nullptr, &value->second, &*newest) > 0)
        newest = value->second;
    };
    if (gains) {
      if (const auto old = row.find(attribute.name); old != row.end()) newest = old->second;
      offer(source);
    } else {
      const std::string identity = rows_.identity(owner, row);
      for (const Item* other : rows_.all(upkeep.source)) {
        const std::optional<RowId> id = owner_of(owner, upkeep, *other);
        if (id && id->identity == identity && counts(upkeep, *other)) offer(*other);
      }
    }
    row.erase(attribute.name);
    if (newest) row.insert_or_assign(attribute.name, *std::move(newest));
  }

  /// A copy follows its original, and a new row takes the copy along.
  void copy(EntityId holder, const Attribute& attribute, const Change& change,
            std::vector<Change>& further) {
    const Upkeep& upkeep = *attribute.upkeep;
    for (const model::Relation& relation : workload_.entity(holder).relations) {
      const auto& names = relation.attributes;
      if (std::find(names.begin(), names.end(), upkeep.through) == names.end()) continue;
      const bool is_holder = change.id.entity == holder && change.after.has_value();
      const auto& parents = relation.parents;
      const bool is_original = change.after && std::find(parents.begin(), parents.end(),
                                                         change.id.entity) != parents.end();
      if (is_holder) take(holder, attribute, relation, change.id, further);
      if (!is_original) continue;
      for (const Item* row : rows_.all(holder)) {
        EntityId entity;
        const Item* parent = rows_.parent(holder, *row, relation, &entity);
        if (parent == nullptr || rows_.identity(entity, *parent) != change.id.identity) continue;
        take(holder, attribute, relation, {holder, rows_.identity(holder, *row)}, further);
      }
    }
  }

  void take(EntityId holder, const Attribute& attribute, const model::Relation& relation,
            const RowId& id, std::vector<Change>& further) {
    const Item before = *rows_.find(id);
    Item after = before;
    after.erase(attribute.name);
    if (const Item* parent = rows_.parent(holder, before, relation, nullptr)) {
      const auto value = parent->find(attribute.upkeep->source_attribute);
      if (value != parent->end()) after.insert_or_assign(attribute.name, value->second);
    }
    if (after == before) return;
    Change next{id, before, after};
    rows_.apply({next});
    further.push_back(std::move(next));
  }

  LogicalRows& rows_;
  const model::Workload& workload_;
};

const Write& write_of(const model::Pattern& pattern, std::size_t action) {
  if (const auto* write = std::get_if<Write>(&pattern.action)) return *write;
  return std::get<model::Transaction>(pattern.action).writes.at(action);
}

/// One change per row: from what it was before the pattern to what it is after.
std::vector<Change> merged(const std::vector<Change>& changes) {
  std::map<RowId, Change> by_row;
  for (const Change& change : changes) {
    const auto [place, is_new] = by_row.try_emplace(change.id, change);
    if (!is_new) place->second.after = change.after;
  }
  std::vector<Change> result;
  for (auto& [id, change] : by_row) result.push_back(std::move(change));
  return result;
}

}  // namespace

std::optional<std::vector<Change>> write_effect(LogicalRows& rows, const model::Pattern& pattern,
                                                const design::Parameters& parameters) {
  // Each action sees what those before it have done. The rows are not copied for that: by the end of a proof
  // most of them have changed.
  struct Trial {
    explicit Trial(LogicalRows& made_rows) : rows(made_rows) { rows.begin_trial(); }
    Trial(const Trial&) = delete;
    Trial& operator=(const Trial&) = delete;
    ~Trial() { rows.roll_back(); }
    LogicalRows& rows;
  };
  const Trial trial(rows);
  std::vector<Change> all;
  for (const design::Call& call : parameters.calls) {
    auto changes = WriteOracle(rows, call.values, write_of(pattern, call.action)).changes();
    if (!changes) return std::nullopt;
    rows.apply(*changes);
    all.insert(all.end(), changes->begin(), changes->end());
    std::vector<Change> further = UpkeepOracle(rows).follow(*changes);
    all.insert(all.end(), further.begin(), further.end());
  }
  return merged(all);
}

}  // namespace ddbplan::seed
