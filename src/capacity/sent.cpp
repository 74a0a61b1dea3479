#include "capacity/sent.h"

#include <algorithm>
#include <set>
#include <string>

#include "capacity/membership.h"
#include "model/conjuncts.h"
#include "model/upkeep.h"

namespace ddbplan::capacity {

namespace {

using design::WriteAction;
using model::Attribute;

/// Share of the calls that find the row that they write.
double share_replaced(const model::Write& write) {
  return write.kind == model::WriteKind::put ? std::clamp(write.replaces, 0.0, 1.0) : 1;
}

/// The action that takes back on the same item what this one does, where the row stays counted there.
const WriteAction* counterpart(const StepContext& context, const design::Step& step,
                               const model::Write& write, const WriteAction& action) {
  const std::set<std::string> key = key_attributes(context.design.items[action.layout].base);
  const auto same_source = [&](const WriteAction& other, const std::string& name) {
    const auto mine = action.known.find(name);
    const auto theirs = other.known.find(name);
    if (mine == action.known.end() || theirs == other.known.end())
      return mine == action.known.end() && theirs == other.known.end();
    // What a put says, or an upsert leaves, of its row's parents is what the row that it replaces had.
    const bool replaces =
        write.kind == model::WriteKind::put || write.kind == model::WriteKind::upsert;
    const auto attribute_of = [](const design::Source& source) {
      const auto* said = std::get_if<design::FromParameter>(&source);
      const auto* read = std::get_if<design::FromStep>(&source);
      return said != nullptr ? said->name : read != nullptr ? read->attribute : std::string();
    };
    return mine->second == theirs->second ||
           (replaces && attribute_of(mine->second) == attribute_of(theirs->second));
  };
  for (const WriteAction& other : step.actions) {
    const bool is_opposite = other.layout == action.layout && other.action == action.action &&
                             other.looks_back != action.looks_back &&
                             other.only_if == action.only_if && !other.is_joined;
    if (is_opposite && std::all_of(key.begin(), key.end(), [&](const std::string& name) {
          return same_source(other, name);
        }))
      return &other;
  }
  return nullptr;
}

/// Both add a constant, so that they come to nothing together; else one update adds what differs.
bool cancels(const WriteAction& action, const WriteAction& other) {
  const auto is_constant = [](const WriteAction& one) {
    const auto* add =
        one.update.size() == 1 ? std::get_if<design::AddNumber>(&one.update.front()) : nullptr;
    return add != nullptr && std::holds_alternative<model::Constant>(add->amount->node);
  };
  return is_constant(action) && is_constant(other);
}

std::set<std::string> changed_by(const WriteAction& row) {
  std::set<std::string> out;
  for (const design::UpdateClause& clause : row.update)
    out.insert(std::visit([](const auto& one) { return one.attribute; }, clause));
  return out;
}

bool is_any_changed(const std::vector<std::string>& names, const WriteAction& row) {
  const std::set<std::string> changed = changed_by(row);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return row.operation == design::Operation::put_item || changed.contains(name);
  });
}

/// Share of the rows that come out in the group of a rollup in which they were: then one update does what two would.
double share_of_same_group(const StepContext& context, const design::Step& step,
                           const WriteAction& action, const WriteAction& row,
                           const WriteEffect& effect) {
  const model::Entity& group = context.workload.entity(context.design.items[action.layout].entity);
  const bool has_other =
      std::any_of(step.actions.begin(), step.actions.end(), [&](const WriteAction& other) {
        return other.layout == action.layout && other.action == action.action &&
               other.looks_back != action.looks_back && !other.is_joined;
      });
  if (!group.rollup || !has_other || row.operation != design::Operation::update_item) return 0;
  const std::vector<std::string> names = model::grouped_by(*group.rollup);
  return share_unchanged(context.workload.entity(group.rollup->of), {names.begin(), names.end()},
                         changed_by(row), effect.before, effect.after);
}

/// Share of the rows for which a test holds before and after the row's own write. What that leaves alone is the same both
/// times; what it draws anew may come out as it was.
double share_of_both(const model::Workload& workload, model::EntityId entity,
                     const model::ExpressionPtr& test, const WriteAction& row,
                     const WriteEffect& effect) {
  double share = 1;
  for (const model::ExpressionPtr& term : model::conjuncts(test)) {
    std::vector<std::string> names;
    model::collect_attributes(*term, names);
    const double before = share_of(workload, entity, term, effect.before);
    const double after = share_of(workload, entity, term, effect.after);
    share *= is_any_changed(names, row) ? before * after : before;
  }
  return share;
}

}  // namespace

double share_sent(const StepContext& context, const design::Step& step, const WriteAction& action) {
  const model::Write* write = write_of(context.pattern(), action.action);
  if (write == nullptr || write->entities.empty()) return 1;
  const auto is_row = [&](const WriteAction& one) {
    return one.action == action.action && is_own_row(context.workload, context.design, *write, one);
  };
  const auto row = std::find_if(step.actions.begin(), step.actions.end(), is_row);
  if (row == step.actions.end() || is_row(action)) return 1;
  const double replaced = share_replaced(*write);
  if (action.is_undone_by_replaced) return 1 - replaced;
  const WriteEffect effect = views_of(context, *row);
  const RowView& view = action.looks_back ? effect.before : effect.after;
  // A delete of several entities is a step for each.
  const model::EntityId entity = context.design.items[row->layout].entity;
  double present = 1;
  const std::set<std::string> key = key_attributes(context.design.items[action.layout].base);
  for (const std::string& name : key) {
    const auto known = action.known.find(name);
    // What nothing else says the call does.
    const design::Source said_by =
        known == action.known.end() ? design::FromParameter{name} : known->second;
    const auto* parameter = std::get_if<design::FromParameter>(&said_by);
    const auto* found = std::get_if<design::FromStep>(&said_by);
    if (parameter == nullptr && found == nullptr) continue;
    const std::string& source = parameter != nullptr ? parameter->name : found->attribute;
    const Attribute* attribute = context.workload.entity(entity).find(source);
    if (attribute == nullptr) continue;
    // What was read is the row's as it was: of a value that goes the guard does too.
    present = std::min(present, presence(*attribute, found != nullptr ? effect.before : view));
  }
  if (action.looks_back)
    present *= replaced * (1 - share_of_same_group(context, step, action, *row, effect));
  if (action.only_if == nullptr) return present;
  double share = share_of(context.workload, entity, action.only_if, view);
  const WriteAction* other = counterpart(context, step, *write, action);
  const bool is_merged = other != nullptr && (!action.looks_back || cancels(action, *other));
  // Only what is replaced has been counted; what looks back is about that alone.
  if (is_merged)
    share -= share_of_both(context.workload, entity, action.only_if, *row, effect) *
             (action.looks_back ? 1 : replaced);
  return present * std::max(0.0, share);
}

}  // namespace ddbplan::capacity
