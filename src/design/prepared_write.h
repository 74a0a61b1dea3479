// One item's write of a call, with everything in it, and the rule that a transaction takes an item once
// (API Reference, TransactWriteItems: "no two actions can target the same item"): writes of one item are joined.
// Internal to requests.h.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "design/access_plan.h"
#include "design/execution.h"
#include "dynamo/request.h"

namespace ddbplan::design {

struct PreparedWrite {
  Operation operation = Operation::put_item;
  std::string table;
  dynamo::Item key;
  dynamo::Item item;       ///< put
  std::size_t layout = 0;  ///< position in Design::items
  bool is_renewed = false;  ///< put: as the action's
  /// What other actions say of the item stands in `item`, and its index keys are to follow.
  bool is_added_to = false;
  std::vector<UpdateTerm> update;  ///< update
  std::optional<std::string> condition;
  dynamo::ExpressionNames expression;
  /// Of an update: the row as it will be, as far as the action knows it, what the action changes of it, and the entries
  /// whose keys it maintains, with those keys.
  dynamo::Item after;
  std::set<std::string> changed;
  std::vector<std::size_t> maintains;
  IndexKeys keys;
};

/// An update of `both`'s item that sets or removes the index keys which `both.after` has.
using KeyUpdate = std::function<PreparedWrite(PreparedWrite both)>;

/// Adds a write to those of one transaction, joined with that of the same item where there is one:
/// conditions hold together, what is added to one attribute adds up, the greatest and the smallest stay, and what is
/// taken and given back goes. Index keys of which each knows a part are what both make of the row. Where two writes
/// contradict each other both stay, and DynamoDB refuses the transaction.
void add_to_transaction(std::vector<PreparedWrite>& writes, PreparedWrite write,
                        const KeyUpdate& key_update);

}  // namespace ddbplan::design
