// Actions of a transaction on one item: DynamoDB takes an item once.
#include <algorithm>

#include "model/fan_out.h"
#include "plan/write_planner.h"
#include "support/text.h"

namespace ddbplan::plan {

namespace {
using design::Operation;
using design::WriteAction;

bool same(const model::ExpressionPtr& a, const model::ExpressionPtr& b) {
  if (a == nullptr || b == nullptr) return a == b;
  return model::to_string(*a) == model::to_string(*b);
}

/// Keys of one layout, from the same sources.
bool same(const std::vector<design::KeyExpr>& a, const std::vector<design::KeyExpr>& b) {
  const auto same_parts = [](const design::KeyExprPart& one, const design::KeyExprPart& other) {
    const auto* mine = std::get_if<design::FieldFrom>(&one);
    const auto* theirs = std::get_if<design::FieldFrom>(&other);
    return one.index() == other.index() && (mine == nullptr || mine->source == theirs->source);
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](const auto& one, const auto& other) {
                      return std::equal(one.parts.begin(), one.parts.end(), other.parts.begin(),
                                        other.parts.end(), same_parts);
                    });
}
}  // namespace

std::size_t WritePlanner::read_once(design::Step step) {
  const auto* transaction = std::get_if<model::Transaction>(&workload_.pattern(id_).action);
  std::vector<design::Step>& steps = out_.plan.steps;
  for (const auto& [position, action] : read_for_) {
    design::Step& before = steps[position];
    const bool is_of_one_item =
        transaction != nullptr && before.operation == Operation::get_item &&
        step.operation == Operation::get_item && before.layouts == step.layouts &&
        same(before.partition, step.partition) && same(before.sort, step.sort) &&
        named_like(transaction->writes[action], transaction->writes[present_]) != nullptr;
    if (!is_of_one_item) continue;
    before.consistent_read = before.consistent_read || step.consistent_read;
    if (before.only_if_given.empty()) before.only_if_given = step.only_if_given;
    return position;
  }
  steps.push_back(std::move(step));
  read_for_[steps.size() - 1] = present_;
  return steps.size() - 1;
}

void WritePlanner::mark_joined() {
  for (std::size_t i = 0; i < actions_.size(); ++i) {
    for (std::size_t j = i + 1; j < actions_.size(); ++j) {
      if (actions_[i].is_joined || actions_[j].is_joined) continue;
      if (are_of_one_parent(actions_[i], actions_[j])) {
        if (merge(actions_[i], actions_[j])) {
          actions_.erase(actions_.begin() + static_cast<std::ptrdiff_t>(j--));
          continue;
        }
        // What stays is done whatever the row is like.
        const bool is_first_rarer =
            actions_[i].only_if != nullptr || actions_[i].is_undone_by_replaced;
        join(actions_[is_first_rarer ? i : j]);
        continue;
      }
      if (!are_of_one_item(actions_[i], actions_[j])) continue;
      // What stays is the action that is always there: the parent of a row that is counted may be optional.
      const bool is_first = actions_[i].operation == Operation::condition_check ||
                            (!is_own(actions_[i]) && is_own(actions_[j]) &&
                             actions_[j].operation != Operation::condition_check);
      join(actions_[is_first ? i : j]);
    }
  }
}

bool WritePlanner::merge(WriteAction& action, const WriteAction& further) {
  const bool agree = std::all_of(further.known.begin(), further.known.end(), [&](const auto& one) {
    const auto own = action.known.find(one.first);
    return own == action.known.end() || own->second == one.second;
  });
  const bool are_done_together = same(action.only_if, further.only_if) &&
                                 !action.is_undone_by_replaced && !further.is_undone_by_replaced;
  if (!agree || !are_done_together || !same(action.condition, further.condition)) return false;
  action.known.insert(further.known.begin(), further.known.end());
  action.update.insert(action.update.end(), further.update.begin(), further.update.end());
  for (const std::size_t entry : further.maintains) {
    if (std::find(action.maintains.begin(), action.maintains.end(), entry) ==
        action.maintains.end())
      action.maintains.push_back(entry);
  }
  return true;
}

void WritePlanner::join(WriteAction& action) {
  action.is_joined = true;
  const design::ItemLayout& item = assembly_.design.items[action.layout];
  support::add_once(out_.plan.client_notes, "make the actions on one " +
                                                workload_.entity(item.entity).name +
                                                " one: a transaction takes an item once");
}

bool WritePlanner::are_of_one_parent(const WriteAction& a, const WriteAction& b) const {
  const auto counts = [&](const WriteAction& action) {
    return action.operation == Operation::update_item && !action.for_each_found && !is_own(action);
  };
  if (a.layout != b.layout || a.action != b.action || a.looks_back != b.looks_back || !counts(a) ||
      !counts(b) || (a.only_if != nullptr && b.only_if != nullptr && !same(a.only_if, b.only_if)) ||
      a.only_if_given != b.only_if_given)
    return false;
  const design::ItemLayout& item = assembly_.design.items[a.layout];
  if (item.role != design::ItemRole::row) return false;
  const std::vector<std::string>& id = workload_.entity(item.entity).id;
  return std::all_of(id.begin(), id.end(), [&](const std::string& name) {
    const auto one = a.known.find(name);
    const auto other = b.known.find(name);
    return one != a.known.end() && other != b.known.end() && one->second == other->second;
  });
}

bool WritePlanner::is_own(const WriteAction& action) const {
  const auto* transaction = std::get_if<model::Transaction>(&workload_.pattern(id_).action);
  return transaction != nullptr && transaction->writes[action.action].entities.front() ==
                                       assembly_.design.items[action.layout].entity;
}

bool WritePlanner::are_of_one_item(const WriteAction& a, const WriteAction& b) const {
  const auto* transaction = std::get_if<model::Transaction>(&workload_.pattern(id_).action);
  if (transaction == nullptr || a.layout != b.layout || a.action == b.action) return false;
  const auto joins = [](const WriteAction& action) {
    return action.operation == Operation::condition_check ||
           action.operation == Operation::update_item;
  };
  const model::Write* named =
      named_like(transaction->writes[a.action], transaction->writes[b.action]);
  if (!joins(a) || !joins(b) || named == nullptr) return false;
  const model::Entity& entity = workload_.entity(assembly_.design.items[a.layout].entity);
  return std::all_of(entity.id.begin(), entity.id.end(), [&](const std::string& id) {
    const design::Source from = parameter_of(a, id);
    const auto* parameter = std::get_if<design::FromParameter>(&from);
    return parameter != nullptr && from == parameter_of(b, id) &&
           std::any_of(named->by.begin(), named->by.end(),
                       [&](const auto& by) { return by.name == parameter->name; });
  });
}

const model::Write* WritePlanner::named_like(const model::Write& a, const model::Write& b) const {
  if (model::follows(workload_.entity(a.entities.front()), a, b)) return &b;
  if (model::follows(workload_.entity(b.entities.front()), b, a)) return &a;
  return nullptr;
}

design::Source WritePlanner::parameter_of(const WriteAction& action, const std::string& id) {
  const auto known = action.known.find(id);
  return known == action.known.end() ? design::FromParameter{id} : known->second;
}

}  // namespace ddbplan::plan
