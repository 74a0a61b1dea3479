// GetItem, PutItem, UpdateItem, DeleteItem.

#include <optional>
#include <utility>

#include "engine/capacity.h"
#include "engine/expression/projection.h"
#include "engine/item_collection.h"
#include "engine/key_paths.h"
#include "engine/legacy_parameters.h"
#include "engine/operations.h"
#include "engine/projecting.h"
#include "engine/write.h"

namespace ddbplan::engine {

using dynamo::ApiError;
using dynamo::Item;
using dynamo::Response;
using dynamo::ReturnValues;

namespace {

/// PutItem and DeleteItem have no other return values than the old item.
std::optional<dynamo::ApiError> check_return_values(ReturnValues value) {
  if (value == ReturnValues::none || value == ReturnValues::all_old) return std::nullopt;
  return validation_error("Return values set to invalid value");
}

/// Bind, prepare, commit; what a single write does beside its return values.
template <class R>
ApiResult<PreparedWrite> write_one(EngineState& state, const R& request,
                                   std::optional<BoundWrite>& bound, Response& response,
                                   Item* spare_item = nullptr) {
  ApiResult<BoundWrite> write = bind_write(state, request);
  if (!write) return write.error();
  write->spare_item = spare_item;
  if (auto error = check_write(*write, ItemSource::put)) return *std::move(error);
  ApiResult<PreparedWrite> prepared = prepare(*write);
  if (!prepared) return prepared;
  if (!prepared->condition_holds) {
    ApiError error = condition_failed(charge_without_writing(*prepared, false));
    if (request.return_item_on_failure && prepared->before != nullptr) {
      error.item = prepared->before->item;
    }
    return error;
  }
  response.consumed.push_back(commit(*prepared, false));
  if (request.return_collection_metrics) add_collection_metrics(*prepared, response);
  bound = *std::move(write);
  return prepared;
}

template <class R>
ApiResponse put_or_delete(EngineState& state, const R& request, Item* spare_item = nullptr) {
  if (auto error = check_return_values(request.return_values)) return *std::move(error);
  Response response;
  std::optional<BoundWrite> bound;
  const ApiResult<PreparedWrite> written = write_one(state, request, bound, response, spare_item);
  if (!written) return written.error();
  if (request.return_values == ReturnValues::all_old) response.attributes = whole(written->before);
  return response;
}

}  // namespace

ApiResponse execute(EngineState& state, const dynamo::GetItemRequest& request) {
  RequestExpressions expressions(*state.expressions, request.expression);
  auto projection = request.projection ? expressions.projection(request.projection)
                                       : legacy_projection(request.legacy);
  if (!projection) return projection.error();
  if (auto error = expressions.check_unused()) return *std::move(error);
  const ApiResult<TableStore*> table = state.find_table(request.table);
  if (!table) return table.error();
  const dynamo::TableDescription& description = (*table)->description();
  if (*projection) {
    if (auto error = check_key_paths(**projection, description)) return *std::move(error);
  }
  if (auto error = check_key(description, request.key)) return *std::move(error);

  const ItemRef item = (*table)->find(position_in_table(description, request.key));
  Response response;
  response.items.push_back(projected(item, *projection));
  response.consumed.push_back(table_read(
      request.table, item == nullptr ? support::Bytes{} : item->bytes,
      request.consistent_read ? dynamo::Consistency::strong : dynamo::Consistency::eventual));
  return response;
}

ApiResponse execute(EngineState& state, const dynamo::PutItemRequest& request) {
  return put_or_delete(state, request);
}

ApiResponse execute(EngineState& state, dynamo::PutItemRequest&& request) {
  return put_or_delete(state, request, &request.item);
}

ApiResponse execute(EngineState& state, const dynamo::DeleteItemRequest& request) {
  return put_or_delete(state, request);
}

ApiResponse execute(EngineState& state, const dynamo::UpdateItemRequest& request) {
  Response response;
  std::optional<BoundWrite> bound;
  const ApiResult<PreparedWrite> written = write_one(state, request, bound, response);
  if (!written) return written.error();
  switch (request.return_values) {
    case ReturnValues::none:
      break;
    case ReturnValues::all_old:
      response.attributes = whole(written->before);
      break;
    case ReturnValues::all_new:
      response.attributes = whole(written->after);
      break;
    case ReturnValues::updated_old:
      response.attributes = updated_parts(*bound, written->before);
      break;
    case ReturnValues::updated_new:
      response.attributes = updated_parts(*bound, written->after);
      break;
  }
  return response;
}

}  // namespace ddbplan::engine
