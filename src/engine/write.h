// One write, in the three steps that single operations and transactions share:
//
//   bind     the request's expressions; errors are the request's own
//   prepare  the item after the write, from the item before; errors depend on what is stored
//   commit   nothing fails any more
//
// Nothing changes before commit, so a transaction prepares all of its actions and then commits all
// or none.
#pragma once

#include <optional>

#include "dynamo/request.h"
#include "engine/errors.h"
#include "engine/state.h"
#include "engine/validation.h"

namespace ddbplan::engine {

enum class WriteKind { put, update, erase, check };

/// Points into the request, which must outlive it.
struct BoundWrite {
  WriteKind kind = WriteKind::put;
  TableStore* table = nullptr;
  const dynamo::Item* item = nullptr;  ///< the item to put, else the key
  /// The same item, where the request can spare it.
  dynamo::Item* spare_item = nullptr;
  std::optional<BoundCondition> condition;
  std::optional<BoundUpdate> update;
  /// AttributeUpdates, whose operands of a wrong type have a message of their own.
  bool is_legacy_update = false;
};
ApiResult<BoundWrite> bind_write(EngineState& state, const dynamo::PutItemRequest& request);
ApiResult<BoundWrite> bind_write(EngineState& state, const dynamo::UpdateItemRequest& request);
ApiResult<BoundWrite> bind_write(EngineState& state, const dynamo::DeleteItemRequest& request);
ApiResult<BoundWrite> bind_write(EngineState& state, const dynamo::ConditionCheck& request);

/// Whether the write's key is a key of its table; for a put also the rest of its item.
std::optional<dynamo::ApiError> check_write(const BoundWrite& write, ItemSource source);

struct PreparedWrite {
  WriteKind kind = WriteKind::put;
  TableStore* table = nullptr;
  Position position;
  ItemRef before;
  /// What the write makes, or, when its condition failed, would have made.
  ItemRef after;
  bool condition_holds = true;
};
/// REQUIRES: check_write found nothing.
ApiResult<PreparedWrite> prepare(const BoundWrite& write);

/// Of an item, what an update wrote to; nullopt when it has nothing of that.
std::optional<dynamo::Item> updated_parts(const BoundWrite& bound, const ItemRef& item);

/// Writes (a check writes nothing) and returns what is charged. REQUIRES: the condition holds.
dynamo::ConsumedCapacity commit(const PreparedWrite& write, bool transactional);
/// What a write is charged that does not write, because it was refused or is a check: by the larger
/// of the stored and the attempted item. (Developer Guide, "DynamoDB read and write operations",
/// 2026-04-13.)
dynamo::ConsumedCapacity charge_without_writing(const PreparedWrite& write, bool transactional);

}  // namespace ddbplan::engine
