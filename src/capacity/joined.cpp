#include "capacity/joined.h"

#include <algorithm>
#include <utility>

#include "capacity/sent.h"
#include "model/conjuncts.h"

namespace ddbplan::capacity {

using design::WriteAction;

namespace {

bool is_check_of(const WriteAction& check, const WriteAction& action) {
  return check.is_joined && check.layout == action.layout && check.condition != nullptr &&
         check.operation == design::Operation::condition_check;
}

}  // namespace

bool is_checked(const design::Step& step, const WriteAction& action) {
  return !action.is_joined && action.operation == design::Operation::update_item &&
         std::any_of(step.actions.begin(), step.actions.end(),
                     [&](const WriteAction& check) { return is_check_of(check, action); });
}

WriteAction with_condition_of(const WriteAction& other, WriteAction action) {
  action.condition = model::conjunction(action.condition, other.condition);
  return action;
}

WriteAction with_checks(const design::Step& step, const WriteAction& action) {
  WriteAction out = action;
  for (const WriteAction& check : step.actions) {
    if (is_check_of(check, action)) out = with_condition_of(check, std::move(out));
  }
  return out;
}

const WriteAction* joined_with(const design::Step& step, const WriteAction& part) {
  if (part.operation != design::Operation::update_item) return nullptr;
  const WriteAction* found = nullptr;
  for (const WriteAction& one : step.actions) {
    if (one.is_joined || one.layout != part.layout ||
        one.operation == design::Operation::condition_check)
      continue;
    if (found == nullptr || one.action == part.action) found = &one;
  }
  return found != nullptr && found->operation == design::Operation::update_item ? found : nullptr;
}

double share_left_to_check(const StepContext& context, const design::Step& step,
                           const WriteAction& check) {
  if (check.operation != design::Operation::condition_check) return 0;
  const auto main =
      std::find_if(step.actions.begin(), step.actions.end(), [&](const WriteAction& one) {
        return !one.is_joined && one.layout == check.layout && one.operation != check.operation;
      });
  return main == step.actions.end() ? 0 : 1 - share_sent(context, step, *main);
}

void keep_added(WriteEffect& effect, const WriteEffect& main) {
  effect.table_units = 0;
  for (EntryEffect& entry : effect.entries) {
    for (const EntryEffect& other : main.entries) {
      if (other.entry != entry.entry || entry.units() <= 0) continue;
      // Nothing is added to an entry that goes.
      const double stays = std::max(0.0, 1 - other.leaves);
      const double written = other.units() - other.leaves * other.old_units;
      const double left = stays * std::max(0.0, 1 - written / entry.units());
      for (double* part : {&entry.enters, &entry.leaves, &entry.moves, &entry.changes})
        *part *= left;
    }
  }
}

}  // namespace ddbplan::capacity
