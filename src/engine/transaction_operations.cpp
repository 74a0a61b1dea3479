// TransactWriteItems and TransactGetItems.

#include <algorithm>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "dynamo/json.h"
#include "dynamo/limits.h"
#include "engine/capacity.h"
#include "engine/item_collection.h"
#include "engine/key_paths.h"
#include "engine/legacy_parameters.h"
#include "engine/operations.h"
#include "engine/projecting.h"
#include "engine/transaction.h"
#include "support/text.h"

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::Item;
using dynamo::Response;
using support::Bytes;
namespace limits = dynamo::limits;

namespace {

std::optional<ApiError> check_action_count(std::size_t count) {
  if (count >= 1 && count <= limits::kTransactionActionsMax) return std::nullopt;
  return validation_error(fmt::format(
      "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member "
      "must have length {}",
      count == 0 ? "greater than or equal to 1" : "less than or equal to 100"));
}

/// REQUIRES: of the actions, at least one has a reason.
ApiError cancelled(std::vector<Action>& actions) {
  ApiError error;
  error.type = "TransactionCanceledException";
  CapacityByTable capacity;
  std::vector<std::string> codes;
  for (Action& action : actions) {
    codes.push_back(action.reason.code);
    error.cancellation_reasons.push_back(std::move(action.reason));
    // The units of a cancelled transaction are not published: every action that could be tried is
    // charged as a failed condition is, doubled.
    if (action.prepared) capacity.add(charge_without_writing(*action.prepared, true));
  }
  error.message = fmt::format(
      "Transaction cancelled, please refer cancellation reasons for specific reasons [{}]",
      support::join(codes, ", "));
  error.consumed = capacity.list();
  return error;
}

bool returns_item_on_failure(const dynamo::TransactWrite& action) {
  return std::visit([](const auto& write) { return write.return_item_on_failure; }, action);
}

/// Puts of a request that can spare them are moved.
template <class Request>
ApiResult<std::vector<Action>> bind_actions(EngineState& state, Request& request) {
  std::vector<Action> actions;
  actions.reserve(request.actions.size());
  for (auto& action : request.actions) {
    ApiResult<BoundWrite> bound =
        std::visit([&](const auto& write) { return bind_write(state, write); }, action);
    if (!bound) return bound.error();
    Action& made = actions.emplace_back();
    made.write = *std::move(bound);
    if constexpr (!std::is_const_v<Request>) {
      auto* put = std::get_if<dynamo::PutItemRequest>(&action);
      if (put != nullptr) made.write.spare_item = &put->item;
    }
    made.return_item_on_failure = returns_item_on_failure(action);
  }
  return actions;
}

dynamo::CancellationReason validation_reason(const ApiError& error) {
  return {"ValidationError", error.message};
}

/// Prepares every action; what is wrong with a single one becomes its reason.
std::optional<ApiError> prepare_actions(std::vector<Action>& actions) {
  DistinctItems distinct;
  for (Action& action : actions) {
    if (auto error = check_write(action.write, ItemSource::put)) {
      action.reason = validation_reason(*error);
      continue;
    }
    if (auto error = distinct.add(*action.write.table, *action.write.item)) return error;
    ApiResult<PreparedWrite> prepared = prepare(action.write);
    if (!prepared) {
      action.reason = validation_reason(prepared.error());
      continue;
    }
    if (!prepared->condition_holds) {
      action.reason = action.failure;
      if (action.return_item_on_failure && prepared->before != nullptr) {
        action.reason.item = prepared->before->item;
      }
    }
    action.prepared = *std::move(prepared);
  }
  return std::nullopt;
}

/// The larger of an item before and after.
Bytes involved_bytes(const PreparedWrite& write) {
  const Bytes before = write.before == nullptr ? Bytes{} : write.before->bytes;
  const Bytes after = write.after == nullptr ? Bytes{} : write.after->bytes;
  return std::max(before, after);
}

std::optional<ApiError> check_total_bytes(const std::vector<Action>& actions) {
  Bytes total;
  for (const Action& action : actions) {
    if (action.prepared) total += involved_bytes(*action.prepared);
  }
  if (total.count <= limits::kTransactionBytesMax) return std::nullopt;
  return validation_error(
      "Collection size of items exceeded, which can also be caused by the aggregate size of the "
      "items in the transaction exceeding the 4MB limit");
}

std::string request_text(const dynamo::TransactWriteItemsRequest& request) {
  dynamo::TransactWriteItemsRequest anonymous = request;
  anonymous.client_request_token.reset();
  return dynamo::request_to_json_text(anonymous);
}

/// The answer to a token that was used before: nothing is written again, and the items are read.
ApiResponse replay(const MadeTransaction& made, const std::string& request) {
  if (made.request != request) {
    return ApiError{"IdempotentParameterMismatchException",
                    "The request uses the same client token as a previous, but non-identical "
                    "request.",
                    {},
                    {}};
  }
  Response response;
  response.consumed = made.replay;
  return response;
}

std::vector<dynamo::ConsumedCapacity> replay_capacity(const std::vector<Action>& actions) {
  CapacityByTable capacity;
  for (const Action& action : actions) {
    const PreparedWrite& write = *action.prepared;
    capacity.add(table_read(write.table->description().name, involved_bytes(write),
                            dynamo::Consistency::transactional));
  }
  return capacity.list();
}

}  // namespace

std::optional<ApiError> DistinctItems::add(const TableStore& table, const Item& key) {
  Position position = position_in_table(table.description(), key);
  if (seen_.emplace(&table, std::move(position)).second) return std::nullopt;
  return validation_error("Transaction request cannot include multiple operations on one item");
}

std::optional<ApiResponse> replay_transaction(EngineState& state,
                                              const std::optional<std::string>& token,
                                              const std::string& request) {
  if (!token) return std::nullopt;
  const MadeTransaction* made = state.transactions.find(*token, state.now_ms());
  if (made == nullptr) return std::nullopt;
  return replay(*made, request);
}

ApiResponse run_transaction(EngineState& state, std::vector<Action>& actions,
                            const std::optional<std::string>& token, const std::string& request,
                            bool return_collection_metrics) {
  if (auto error = prepare_actions(actions)) return *std::move(error);
  if (auto error = check_total_bytes(actions)) return *std::move(error);
  const bool all_good = std::all_of(actions.begin(), actions.end(),
                                    [](const Action& action) { return action.is_good(); });
  if (!all_good) return cancelled(actions);
  CapacityByTable capacity;
  Response response;
  for (const Action& action : actions) {
    capacity.add(commit(*action.prepared, true));
    if (return_collection_metrics) add_collection_metrics(*action.prepared, response);
  }
  if (token) {
    MadeTransaction made{request, replay_capacity(actions), state.now_ms()};
    if (state.listener != nullptr) state.listener->on_transaction(*token, made);
    state.transactions.add(*token, std::move(made));
  }
  response.consumed = capacity.list();
  return response;
}

namespace {

template <class Request>
ApiResponse transact_write(EngineState& state, Request& request) {
  if (auto error = check_action_count(request.actions.size())) return *std::move(error);
  const std::optional<std::string>& token = request.client_request_token;
  const std::string text = token ? request_text(request) : std::string();
  if (std::optional<ApiResponse> replayed = replay_transaction(state, token, text)) {
    return *std::move(replayed);
  }
  ApiResult<std::vector<Action>> actions = bind_actions(state, request);
  if (!actions) return actions.error();
  return run_transaction(state, *actions, token, text, request.return_collection_metrics);
}

}  // namespace

ApiResponse execute(EngineState& state, const dynamo::TransactWriteItemsRequest& request) {
  return transact_write(state, request);
}

ApiResponse execute(EngineState& state, dynamo::TransactWriteItemsRequest&& request) {
  return transact_write(state, request);
}

ApiResponse execute(EngineState& state, const dynamo::TransactGetItemsRequest& request) {
  if (auto error = check_action_count(request.gets.size())) return *std::move(error);
  Response response;
  CapacityByTable capacity;
  DistinctItems distinct;
  Bytes total;
  for (const dynamo::GetItemRequest& get : request.gets) {
    RequestExpressions expressions(*state.expressions, get.expression);
    auto projection =
        get.projection ? expressions.projection(get.projection) : legacy_projection(get.legacy);
    if (!projection) return projection.error();
    if (auto error = expressions.check_unused()) return *std::move(error);
    const ApiResult<TableStore*> table = state.find_table(get.table);
    if (!table) return table.error();
    const dynamo::TableDescription& description = (*table)->description();
    if (*projection) {
      if (auto error = check_key_paths(**projection, description)) return *std::move(error);
    }
    if (auto error = check_key(description, get.key)) return *std::move(error);
    if (auto error = distinct.add(**table, get.key)) return *std::move(error);
    const ItemRef item = (*table)->find(position_in_table(description, get.key));
    const Bytes bytes = item == nullptr ? Bytes{} : item->bytes;
    total += bytes;
    capacity.add(table_read(get.table, bytes, dynamo::Consistency::transactional));
    response.items.push_back(projected(item, *projection));
  }
  if (total.count > limits::kTransactionBytesMax) {
    return validation_error(
        "Collection size of items exceeded, which can also be caused by the aggregate size of the "
        "items in the transaction exceeding the 4MB limit");
  }
  response.consumed = capacity.list();
  return response;
}

}  // namespace ddbplan::engine
