// When items may stand beside a row (plan/beside_row.h): every write must be able to follow, nothing may notice.
#pragma once

#include "model/workload.h"

namespace ddbplan::plan {

/// Keys are made, rows are written one by one by writes that say what they change, a transaction may hold several of
/// their items, and no integration reads the table's items as if each were a row.
bool may_stand_beside(const model::Workload& workload, model::EntityId entity);

/// Whether every transaction takes its actions and its bytes when each row of the entity is `items` items of at most
/// `bytes` together (TransactWriteItems: 100 actions, 4 MB).
bool fit_transactions(const model::Workload& workload, model::EntityId entity, int items,
                      double bytes);

}  // namespace ddbplan::plan
