// Actions of a transaction that are part of another one on the same item (WriteAction::is_joined): what they cost beside it.
#pragma once

#include "capacity/steps.h"
#include "capacity/writes.h"
#include "design/access_plan.h"

namespace ddbplan::capacity {

/// A check of the transaction is part of this update.
bool is_checked(const design::Step& step, const design::WriteAction& action);
/// What one action on an item wants of it holds for the other as well.
design::WriteAction with_condition_of(const design::WriteAction& other, design::WriteAction action);
/// The update with what those checks want of the item as well.
design::WriteAction with_checks(const design::Step& step, const design::WriteAction& action);

/// Of an update that is part of another action: that action, if it is an update too. What a Put holds it pays for, and a
/// check costs nothing where something is written.
const design::WriteAction* joined_with(const design::Step& step, const design::WriteAction& part);

/// Share of the calls that leave out the write that a check is part of, so that the check is sent by itself.
double share_left_to_check(const StepContext& context, const design::Step& step,
                           const design::WriteAction& check);

/// The item is written once, and each of its entries: what is left is what the other action does not write.
void keep_added(WriteEffect& effect, const WriteEffect& main);

}  // namespace ddbplan::capacity
