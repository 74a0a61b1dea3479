// Calls about rows that are in a sparse index, and about rows that are not: few rows may be, and what is drawn by traffic
// may miss them all.
#include <algorithm>

#include "design/expression_text.h"
#include "model/evaluate.h"
#include "model/upkeep.h"
#include "seed/calls.h"

namespace ddbplan::seed {

std::vector<WriteCalls::Membership> WriteCalls::memberships() const {
  std::vector<Membership> out;
  for (const model::Write* write : writes_of(pattern_)) {
    const model::EntityId id = write->entities.front();
    const model::Entity& entity = rows_.workload().entity(id);
    if (write->for_each) continue;
    for (const design::KeyEntry& entry : design_.items[design_.row_layout(id)].entries) {
      if (entry.when == nullptr) continue;
      const std::vector<std::string> names = design::attributes_of(*entry.when);
      const bool is_touched = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
        return model::may_change(entity, *write, name);
      });
      if (!is_touched) continue;
      out.push_back({id, entry.when, true});
      out.push_back({id, entry.when, false});
    }
  }
  return out;
}

std::optional<DrawnCall> WriteCalls::about(const Membership& membership) {
  std::map<const model::Write*, std::vector<std::size_t>> by_traffic;
  std::swap(by_traffic, fitting_);
  wanted_ = membership;
  std::optional<DrawnCall> call = typical();
  wanted_.reset();
  std::swap(by_traffic, fitting_);
  if (!call) return std::nullopt;
  call->is_typical = false;
  call->kind = membership.inside ? "in the index" : "not in the index";
  return call;
}

bool WriteCalls::is_wanted(model::EntityId entity, const dynamo::Item& row) const {
  if (!wanted_ || !(wanted_->entity == entity)) return true;
  static const dynamo::Item kNone;
  return model::holds(wanted_->when, rows_.scope(entity, row, kNone)) == wanted_->inside;
}

}  // namespace ddbplan::seed
