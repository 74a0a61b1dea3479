// What the guards of unique values add to the write of a row. A guard holds the value, the row's identity and, where
// rows expire, when this one does: it is written anew whenever one of these changes.
#include <algorithm>

#include "plan/expressions.h"
#include "plan/write_planner.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {

using design::Operation;
using design::WriteAction;
using support::contains;

/// The guard is this row's own.
model::ExpressionPtr is_of_row(const model::Entity& entity) {
  model::ExpressionPtr own;
  for (const std::string& id : entity.id) own = conjunction(own, equals_parameter(id, id));
  return own;
}

bool expires_anew(const model::Entity& entity, const RowChange& change) {
  return entity.retention && contains(change.changed, entity.retention->attribute);
}

bool holds_another_value(const model::Unique& unique, const RowChange& change) {
  return std::any_of(unique.attributes.begin(), unique.attributes.end(),
                     [&](const std::string& name) { return contains(change.changed, name); });
}

}  // namespace

void WritePlanner::add_guard_put(const model::Write& write, std::size_t action, std::size_t unique,
                                 const Sources& known, bool is_renewed) {
  const model::EntityId entity = write.entities.front();
  const std::size_t layout = assembly_.placement.guard.at({entity.index, unique});
  WriteAction put = new_action(Operation::put_item, layout, write, action);
  put.known = known;
  std::vector<model::ExpressionPtr> is_free{missing(key_name(layout))};
  // Whoever of the name space holds the value; a table has one TTL attribute.
  for (const model::EntityId holder :
       model::name_space(entity, workload_.entity(entity).unique[unique])) {
    const auto& retention = workload_.entity(holder).retention;
    if (!retention) continue;
    is_free.push_back(
        compare(model::CompareOp::le, attribute_operand(retention->attribute), now()));
    break;
  }
  if (is_renewed) is_free.push_back(is_of_row(workload_.entity(entity)));
  put.condition = is_free.size() == 1 ? is_free.front() : disjunction(std::move(is_free));
  put.is_renewed = is_renewed;
  actions_.push_back(std::move(put));
}

void WritePlanner::add_guard_delete(const model::Write& write, std::size_t action,
                                    std::size_t unique, const Sources& known) {
  const std::size_t layout = assembly_.placement.guard.at({write.entities.front().index, unique});
  WriteAction remove = new_action(Operation::delete_item, layout, write, action);
  remove.known = known;
  actions_.push_back(std::move(remove));
}

void WritePlanner::replace_guard(const model::Write& write, std::size_t action, std::size_t unique,
                                 const Sources& known, const RowChange& change) {
  const model::Entity& entity = workload_.entity(write.entities.front());
  const std::vector<std::string>& names = entity.unique[unique].attributes;
  Sources old_values;
  for (const std::string& name : names) {
    const auto was = known.find(before(name));
    if (was != known.end()) old_values[name] = was->second;
  }
  Sources new_values = known;
  for (const std::string& name : names) {
    const bool set_now =
        std::any_of(write.set.begin(), write.set.end(),
                    [&](const model::Assignment& a) { return a.attribute == name; });
    if (set_now && std::holds_alternative<design::FromStep>(new_values[name]))
      new_values[name] = design::FromParameter{name};
  }
  if (entity.retention && contains(write.remove, entity.retention->attribute))
    new_values.erase(entity.retention->attribute);
  if (holds_another_value(entity.unique[unique], change))
    add_guard_delete(write, action, unique, old_values);
  // A row that has no value any more holds none.
  const bool is_given_up =
      std::any_of(new_values.begin(), new_values.end(), [&](const auto& value) {
        return contains(write.remove, value.first) && old_values.contains(value.first);
      });
  if (!is_given_up) add_guard_put(write, action, unique, new_values, expires_anew(entity, change));
}

std::vector<std::size_t> WritePlanner::changed_guards(model::EntityId entity,
                                                      const RowChange& change,
                                                      std::vector<std::string>& unknown) const {
  std::vector<std::size_t> out;
  const model::Entity& rows = workload_.entity(entity);
  for (std::size_t u = 0; u < rows.unique.size(); ++u) {
    const bool has_another_value = holds_another_value(rows.unique[u], change);
    if (!has_another_value && !expires_anew(rows, change)) continue;
    out.push_back(u);
    for (const std::string& name : rows.unique[u].attributes) {
      if (!rows.is_identity(name)) support::add_once(unknown, name);
    }
    if (has_another_value && rows.retention) support::add_once(unknown, rows.retention->attribute);
  }
  return out;
}

std::string WritePlanner::unknown_expiry(model::EntityId entity, const RowChange& change) const {
  const model::Entity& rows = workload_.entity(entity);
  if (rows.unique.empty() || !expires_anew(rows, change)) return {};
  const std::string& expiry = rows.retention->attribute;
  return change.known.contains(expiry) || contains(change.removed, expiry) ? std::string() : expiry;
}

}  // namespace ddbplan::plan
