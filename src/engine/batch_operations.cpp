// BatchGetItem and BatchWriteItem.

#include <set>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "engine/capacity.h"
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
namespace limits = dynamo::limits;

namespace {

/// The keys of one table's part of a batch, each once.
class DistinctKeys {
 public:
  std::optional<ApiError> add(Position position) {
    if (seen_.insert(std::move(position)).second) return std::nullopt;
    return validation_error("Provided list of item keys contains duplicates");
  }

 private:
  std::set<Position> seen_;
};

ApiError no_request_items() {
  return validation_error(
      "1 validation error detected: Value '{}' at 'requestItems' failed to satisfy constraint: "
      "Member must have length greater than or equal to 1");
}

/// One table's part of a BatchGetItem, checked.
struct BatchGet {
  const TableStore* table = nullptr;
  const dynamo::BatchGetKeys* request = nullptr;
  std::optional<BoundProjection> projection;
};

ApiResult<BatchGet> plan_get(EngineState& state, const std::string& name,
                             const dynamo::BatchGetKeys& keys) {
  RequestExpressions expressions(*state.expressions, keys.expression);
  auto projection =
      keys.projection ? expressions.projection(keys.projection) : legacy_projection(keys.legacy);
  if (!projection) return projection.error();
  if (auto error = expressions.check_unused()) return *std::move(error);
  const ApiResult<TableStore*> table = state.find_table(name);
  if (!table) return table.error();
  const dynamo::TableDescription& description = (*table)->description();
  if (*projection) {
    if (auto error = check_key_paths(**projection, description)) return *std::move(error);
  }
  DistinctKeys distinct;
  for (const Item& key : keys.keys) {
    if (auto error = check_key(description, key)) return *std::move(error);
    if (auto error = distinct.add(position_in_table(description, key))) return *std::move(error);
  }
  return BatchGet{*table, &keys, *std::move(projection)};
}

dynamo::BatchGetKeys without_keys(const dynamo::BatchGetKeys& request) {
  return {{}, request.consistent_read, request.projection, request.expression, request.legacy};
}

/// Answers keys until the response is full; the rest is handed back.
class BatchReader {
 public:
  void read(const std::string& name, const BatchGet& get) {
    const dynamo::Consistency consistency =
        get.request->consistent_read ? dynamo::Consistency::strong : dynamo::Consistency::eventual;
    for (const Item& key : get.request->keys) {
      const ItemRef item = get.table->find(position_in_table(get.table->description(), key));
      const support::Bytes bytes = item == nullptr ? support::Bytes{} : item->bytes;
      if (bytes_ + bytes.count > limits::kBatchBytesMax) {
        const auto [rest, is_new] = response_.unprocessed_keys.try_emplace(name);
        if (is_new) rest->second = without_keys(*get.request);
        rest->second.keys.push_back(key);
        continue;
      }
      bytes_ += bytes.count;
      capacity_.add(table_read(name, bytes, consistency));
      if (dynamo::ReadItem answer = projected(item, get.projection)) {
        response_.batch_items[name].push_back(std::move(answer));
      }
    }
  }

  Response finish() {
    response_.consumed = capacity_.list();
    return std::move(response_);
  }

 private:
  Response response_;
  CapacityByTable capacity_;
  std::int64_t bytes_ = 0;
};

/// One put or delete of a batch, bound to its table.
template <class Write>
BoundWrite bind_batch_write(TableStore& table, Write& write) {
  const bool is_put = write.data.index() == 0;
  BoundWrite bound;
  bound.kind = is_put ? WriteKind::put : WriteKind::erase;
  bound.table = &table;
  bound.item = is_put ? &std::get<0>(write.data) : &std::get<1>(write.data);
  if constexpr (!std::is_const_v<Write>) bound.spare_item = std::get_if<0>(&write.data);
  return bound;
}

/// Everything is checked before anything is written.
template <class Request>
ApiResult<std::vector<BoundWrite>> plan_writes(EngineState& state, Request& request) {
  std::vector<BoundWrite> writes;
  std::int64_t bytes = 0;
  for (auto& [name, table_writes] : request.tables) {
    const ApiResult<TableStore*> table = state.find_table(name);
    if (!table) return table.error();
    DistinctKeys distinct;
    for (auto& write : table_writes) {
      BoundWrite bound = bind_batch_write(**table, write);
      if (auto error = check_write(bound, ItemSource::batch)) return *std::move(error);
      Position position = position_in_table((*table)->description(), *bound.item);
      if (auto error = distinct.add(std::move(position))) return *std::move(error);
      bytes += dynamo::item_bytes(*bound.item).count;
      writes.push_back(std::move(bound));
    }
  }
  if (writes.empty()) return no_request_items();
  if (bytes > limits::kBatchBytesMax) {
    return validation_error("The size of the batch exceeds the limit of 16 MB");
  }
  return writes;
}

template <class Request>
ApiResponse write_batch(EngineState& state, Request& request) {
  std::size_t count = 0;
  for (const auto& [name, writes] : request.tables) count += writes.size();
  if (count > limits::kBatchWriteItemsMax) {
    return validation_error("Too many items requested for the BatchWriteItem call");
  }
  const ApiResult<std::vector<BoundWrite>> writes = plan_writes(state, request);
  if (!writes) return writes.error();
  CapacityByTable capacity;
  Response response;
  for (const BoundWrite& write : *writes) {
    const ApiResult<PreparedWrite> prepared = prepare(write);
    if (!prepared) return prepared.error();
    capacity.add(commit(*prepared, false));
    if (request.return_collection_metrics) add_collection_metrics(*prepared, response);
  }
  response.consumed = capacity.list();
  return response;
}

}  // namespace

ApiResponse execute(EngineState& state, const dynamo::BatchGetItemRequest& request) {
  std::size_t count = 0;
  for (const auto& [name, keys] : request.tables) count += keys.keys.size();
  if (count == 0) return no_request_items();
  if (count > limits::kBatchGetItemsMax) {
    return validation_error("Too many items requested for the BatchGetItem call");
  }
  std::map<std::string, BatchGet> gets;
  for (const auto& [name, keys] : request.tables) {
    ApiResult<BatchGet> get = plan_get(state, name, keys);
    if (!get) return get.error();
    gets.emplace(name, *std::move(get));
  }
  BatchReader reader;
  for (const auto& [name, get] : gets) reader.read(name, get);
  return reader.finish();
}

ApiResponse execute(EngineState& state, const dynamo::BatchWriteItemRequest& request) {
  return write_batch(state, request);
}

ApiResponse execute(EngineState& state, dynamo::BatchWriteItemRequest&& request) {
  return write_batch(state, request);
}

}  // namespace ddbplan::engine
