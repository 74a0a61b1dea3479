// Writes over logical rows: what must hold, and which rows are others afterwards, upkeep included.
#include <algorithm>

#include "model/fan_out.h"
#include "model/references.h"
#include "model/upkeep.h"
#include "seed/oracle.h"
#include "seed/upkeep_oracle.h"
#include "seed/values.h"
#include "support/text.h"

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
  WriteOracle(const LogicalRows& rows, const Item& values, const Write& write, bool all_or_nothing)
      : rows_(rows),
        workload_(rows.workload()),
        values_(values),
        write_(write),
        all_or_nothing_(all_or_nothing) {}

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
      const auto* value = values_.find(attribute.name);
      if (value != values_.end()) row.insert(*value);
    }
    assign_constants(entity, row);
    const RowId id{entity, rows_.identity(entity, row)};
    const Item* before = rows_.find(id);
    if (write_.kind == WriteKind::create && before != nullptr) return false;
    static const Item kNone;
    if (!condition_holds(entity, before == nullptr ? kNone : *before)) return false;
    if (breaks_uniqueness(id, row)) return false;
    if (misses_original(entity, row)) return false;
    changes_.push_back(
        {id, before == nullptr ? std::nullopt : std::optional(*before), std::move(row)});
    return true;
  }

  /// What a copy would be made of is not there: a parent that the row names.
  [[nodiscard]] bool misses_original(EntityId entity, const Item& row) const {
    const Entity& described = workload_.entity(entity);
    return std::any_of(described.attributes.begin(), described.attributes.end(),
                       [&](const Attribute& attribute) {
                         const model::Relation* relation = way_of_copy(described, attribute);
                         return relation != nullptr && rows_.misses_parent(entity, row, *relation);
                       });
  }

  /// The relation to what the attribute is kept a copy of; null: it is none.
  static const model::Relation* way_of_copy(const Entity& described, const Attribute& attribute) {
    const bool is_copy = attribute.upkeep && attribute.upkeep->kind == Upkeep::Kind::copy_of &&
                         attribute.upkeep->kept != model::Kept::never;
    return is_copy ? described.relation_by(attribute.upkeep->through) : nullptr;
  }

  /// A row that has changed its parent has that one's values. False: the parent that it names is not there.
  bool take_copies(EntityId entity, const Item& before, Item& after) const {
    const Entity& described = workload_.entity(entity);
    for (const Attribute& attribute : described.attributes) {
      const model::Relation* relation = way_of_copy(described, attribute);
      const bool moves =
          relation != nullptr &&
          std::any_of(relation->attributes.begin(), relation->attributes.end(),
                      [&](const std::string& name) { return !same_value(before, after, name); });
      if (!moves) continue;
      if (rows_.misses_parent(entity, after, *relation)) return false;
      after.erase(attribute.name);
      const Item* parent = rows_.parent(entity, after, *relation, nullptr);
      if (parent == nullptr) continue;
      const auto* value = parent->find(attribute.upkeep->source_attribute);
      if (value != parent->end()) after.insert_or_assign(attribute.name, value->second);
    }
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
      // Alone, a delete of what is gone is done already; a transaction that says it stands on the row.
      if (write_.kind == WriteKind::delete_rows)
        return write_.condition == nullptr && !all_or_nothing_;
      if (write_.kind != WriteKind::upsert) return false;
      return create_by_upsert(entity);
    }
    for (const Item* target : targets) {
      const RowId id{entity, rows_.identity(entity, *target)};
      if (!may_change(entity, as_judged(id, *target))) {
        if (model::is_about_many(workload_.entity(entity), write_)) continue;
        return false;
      }
      if (write_.kind == WriteKind::check) continue;
      if (write_.kind == WriteKind::delete_rows) {
        changes_.push_back({id, *target, std::nullopt});
        continue;
      }
      Item after = updated(entity, *target);
      if (breaks_uniqueness(id, after) || !take_copies(entity, *target, after)) return false;
      changes_.push_back({id, *target, std::move(after)});
    }
    return true;
  }

  bool create_by_upsert(EntityId entity) {
    Item row;
    for (const model::AttributeRef& by : write_.by) {
      const auto* value = values_.find(by.name);
      if (value != values_.end()) row.insert_or_assign(by.name, value->second);
    }
    const std::string& tenant = workload_.entity(entity).tenant;
    if (const auto* value = values_.find(tenant); value != values_.end()) row.insert(*value);
    if (!condition_holds(entity, row)) return false;
    Item after = updated(entity, row);
    const RowId id{entity, rows_.identity(entity, after)};
    if (breaks_uniqueness(id, after)) return false;
    changes_.push_back({id, std::nullopt, std::move(after)});
    return true;
  }

  [[nodiscard]] std::vector<const Item*> targets_of(EntityId entity) const {
    // By the whole identity there is one row or none; otherwise all that agree.
    const std::optional<std::string> identity = text_of(values_, workload_.entity(entity).id);
    if (identity && names_identity(workload_.entity(entity), write_.by)) {
      const Item* row = rows_.find({entity, *identity});
      return row == nullptr ? std::vector<const Item*>{} : std::vector<const Item*>{row};
    }
    std::vector<std::string> names;
    for (const model::AttributeRef& by : write_.by) names.push_back(by.name);
    // Rows of another tenant are none of its business.
    const std::string& tenant = workload_.entity(entity).tenant;
    if (!tenant.empty() && values_.find(tenant) != values_.end()) support::add_once(names, tenant);
    const std::optional<std::string> text = text_of(values_, names);
    if (!text) return {};
    const bool through_others =
        std::any_of(write_.by.begin(), write_.by.end(), [&](const model::AttributeRef& by) {
          return !model::seen_from(workload_, entity, by).is_of(entity);
        });
    // Expired rows are no answers, but until TTL deletes them they are there to be changed or deleted.
    return through_others ? agreeing(entity) : rows_.where_equal(entity, names, *text, false);
  }

  /// Rows that agree through their ancestors, or the rows that refer to them.
  [[nodiscard]] std::vector<const Item*> agreeing(EntityId entity) const {
    std::vector<const Item*> found;
    for (const Item* row : rows_.all(entity)) {
      const bool agrees = std::all_of(write_.by.begin(), write_.by.end(), [&](const auto& by) {
        return rows_.agrees(entity, *row, by, values_.at(by.name));
      });
      if (agrees) found.push_back(row);
    }
    return found;
  }

  [[nodiscard]] AttributeValue state_value(EntityId entity, const std::string& name) const {
    const Attribute* attribute = workload_.entity(entity).find(write_.move->attribute);
    return attribute == nullptr ? AttributeValue::string(name) : enum_value(*attribute, name);
  }

  /// DynamoDB judges all conditions of a transaction before it does anything of it.
  [[nodiscard]] const Item& as_judged(const RowId& id, const Item& row) const {
    const Item* before = all_or_nothing_ ? rows_.find_before_trial(id) : nullptr;
    return before == nullptr ? row : *before;
  }

  bool may_change(EntityId entity, const Item& row) const {
    if (write_.move && !write_.move->from.empty()) {
      const auto* state = row.find(write_.move->attribute);
      const auto& from = write_.move->from;
      const bool is_from =
          state != row.end() && std::any_of(from.begin(), from.end(), [&](const std::string& name) {
            return state->second == state_value(entity, name);
          });
      if (!is_from) return false;
    }
    // Rows that the write finds itself are changed as they were found.
    if (write_.kind == WriteKind::update &&
        (write_.for_each || names_identity(workload_.entity(entity), write_.by))) {
      for (const Attribute& attribute : workload_.entity(entity).attributes) {
        if (!attribute.lock) continue;
        const auto* mine = row.find(attribute.name);
        const auto* given = values_.find(attribute.name);
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

  /// Not a value that is less than the greatest so far.
  static bool is_taken(const model::Assignment& assignment, const Item& before,
                       const AttributeValue& value) {
    using Extreme = model::Assignment::Extreme;
    const auto* was = before.find(assignment.attribute);
    if (assignment.extreme == Extreme::none || was == before.end()) return true;
    const auto order = model::compare_in_order(nullptr, &value, &was->second);
    return assignment.extreme == Extreme::greatest ? order > 0 : order < 0;
  }

  [[nodiscard]] Item updated(EntityId entity, const Item& before) const {
    Item row = before;
    const Entity& described = workload_.entity(entity);
    for (const model::Assignment& assignment : write_.set) {
      if (assignment.value && *assignment.value != nullptr) {
        set(entity, assignment.attribute, **assignment.value, before, row);
      } else if (const auto* value = values_.find(assignment.attribute);
                 value != values_.end() && is_taken(assignment, before, value->second)) {
        row.insert_or_assign(assignment.attribute, value->second);
      }
    }
    if (write_.set_is_default) {
      for (const std::string& name : ordinary_attributes(described)) {
        const auto* value = values_.find(name);
        if (value != values_.end()) row.insert_or_assign(name, value->second);
      }
    }
    if (write_.move && write_.move->to) {
      row.insert_or_assign(write_.move->attribute, state_value(entity, *write_.move->to));
    } else if (write_.move) {
      const auto* value = values_.find(write_.move->attribute);
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
    if (!described.retention || !described.retention->follows_base()) return;
    const std::string& base = described.retention->base_attribute;
    const auto* old_time = before.find(base);
    auto* new_time = row.find(base);
    const bool is_same = old_time != before.end() && new_time != row.end()
                             ? old_time->second == new_time->second
                             : old_time == before.end() && new_time == row.end();
    if (is_same) return;
    const std::string& name = described.retention->attribute;
    // The call says the new expiry, as it does for a create.
    const auto* given = values_.find(name);
    if (given != values_.end()) row.insert_or_assign(name, given->second);
  }

  static void increment(const std::string& name, Item& row) {
    auto* found = row.find(name);
    const Decimal* number = found == row.end() ? nullptr : found->second.as_number();
    const auto next = Decimal::add(number == nullptr ? Decimal() : *number, Decimal::from_int(1));
    if (next) row.insert_or_assign(name, AttributeValue::number(*next));
  }

  void add(EntityId entity, const model::Addition& addition, const Item& before, Item& row) const {
    const auto amount = model::evaluate(*addition.amount, rows_.scope(entity, before, values_));
    if (!amount) return;
    auto* found = row.find(addition.attribute);
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
    } else if (const auto* given = values_.find(append.attribute); given != values_.end()) {
      value = given->second;
    }
    if (!value) return;
    dynamo::List list;
    if (auto* found = row.find(append.attribute); found != row.end()) {
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
  bool all_or_nothing_;
  std::vector<Change> changes_;
};

const Write& write_of(const model::Pattern& pattern, std::size_t action) {
  if (const auto* write = std::get_if<Write>(&pattern.action)) return *write;
  return std::get<model::Transaction>(pattern.action).writes.at(action);
}

/// One write as the call has it; for `for_each` one for each related row, with that row's values.
struct SingleWrite {
  Write write;
  Item values;
};
/// (copy, original): what the rows copy of the related ones that they are written for.
std::vector<std::pair<std::string, std::string>> copies_of_each(const model::Workload& workload,
                                                                const Write& write) {
  std::vector<std::pair<std::string, std::string>> out;
  const Entity& written = workload.entity(write.entities.front());
  for (const Attribute& attribute : written.attributes) {
    if (!attribute.upkeep || attribute.upkeep->kind != Upkeep::Kind::copy_of) continue;
    const model::Relation* relation = written.relation_by(attribute.upkeep->through);
    if (relation != nullptr &&
        model::parent_of_each(workload, write, *relation) == model::ParentOfEach::related)
      out.emplace_back(attribute.name, attribute.upkeep->source_attribute);
  }
  return out;
}
std::vector<SingleWrite> single_writes(const LogicalRows& rows, const Write& write,
                                       const Item& values) {
  if (!write.for_each) return {{write, values}};
  SingleWrite one{write, values};
  one.write.for_each.reset();
  const Entity& written = rows.workload().entity(write.entities.front());
  for (const std::string& name : written.id) {
    if (name == written.tenant || write.kind == WriteKind::create || write.kind == WriteKind::put)
      continue;
    model::AttributeRef by;
    by.name = name;
    one.write.by.push_back(std::move(by));
  }
  std::vector<SingleWrite> out;
  const auto links = model::for_each_links(rows.workload(), write);
  const auto copies = copies_of_each(rows.workload(), write);
  for (const Item* related : related_rows(rows, write, values)) {
    one.values = values;
    for (const auto& [own, theirs] : links) {
      one.values.erase(own);
      if (const auto* value = related->find(theirs); value != related->end())
        one.values.insert_or_assign(own, value->second);
    }
    for (const auto& [copy, original] : copies) {
      one.values.erase(copy);
      if (const auto* value = related->find(original); value != related->end())
        one.values.insert_or_assign(copy, value->second);
    }
    out.push_back(one);
  }
  return out;
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

std::vector<const Item*> related_rows(const LogicalRows& rows, const Write& write,
                                      const Item& values) {
  const EntityId related = *write.for_each;
  std::vector<const Item*> out;
  for (const Item* row : rows.all(related)) {
    if (rows.is_expired(related, *row)) continue;
    const auto agrees = [&](const std::string& name) {
      const auto* wanted = values.find(name);
      const auto* own = row->find(name);
      return wanted != values.end() && own != row->end() && own->second == wanted->second;
    };
    const std::string& tenant = rows.workload().entity(related).tenant;
    const bool is_one = (tenant.empty() || agrees(tenant)) &&
                        std::all_of(write.for_each_by.begin(), write.for_each_by.end(),
                                    [&](const model::AttributeRef& by) { return agrees(by.name); });
    if (is_one) out.push_back(row);
  }
  return out;
}

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
  const bool all_or_nothing = std::holds_alternative<model::Transaction>(pattern.action);
  for (const design::Call& call : parameters.calls) {
    const Write& write = write_of(pattern, call.action);
    for (const SingleWrite& one : single_writes(rows, write, call.values)) {
      auto changes = WriteOracle(rows, one.values, one.write, all_or_nothing).changes();
      // The writes of related rows stand each by themselves, unless they are one transaction.
      if (!changes && write.for_each && !all_or_nothing) continue;
      if (!changes) return std::nullopt;
      rows.apply(*changes);
      all.insert(all.end(), changes->begin(), changes->end());
      const bool deletes = write.kind == WriteKind::delete_rows;
      const auto further =
          UpkeepOracle(rows, deletes ? write.entities : std::vector<EntityId>()).follow(*changes);
      if (!further) return std::nullopt;
      all.insert(all.end(), further->begin(), further->end());
    }
  }
  return merged(all);
}

}  // namespace ddbplan::seed
