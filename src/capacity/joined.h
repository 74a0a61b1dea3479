// Actions of a transaction that are part of another one on the same item (WriteAction::is_joined): what they cost beside it.
#pragma once

#include "capacity/writes.h"
#include "design/access_plan.h"

namespace ddbplan::capacity {

/// A check of the transaction is part of this update.
bool is_checked(const design::Step& step, const design::WriteAction& action);
/// The update with what those checks want of the item as well.
design::WriteAction with_checks(const design::Step& step, const design::WriteAction& action);

/// Of an update that is part of another action: that action, if it is an update too. What a Put holds it pays for, and a
/// check costs nothing where something is written.
const design::WriteAction* joined_with(const design::Step& step, const design::WriteAction& part);

/// The item is written once, and each of its entries: what is left is what the other action does not write.
void keep_added(WriteEffect& effect, const WriteEffect& main);

}  // namespace ddbplan::capacity
