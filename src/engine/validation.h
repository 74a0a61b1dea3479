// What the service refuses about tables, keys and items, in its words. Each check returns the first
// problem or nullopt.
#pragma once

#include <optional>
#include <string>

#include "dynamo/request.h"
#include "dynamo/table.h"

namespace ddbplan::engine {

std::optional<dynamo::ApiError> check_table(const dynamo::TableDescription& table);

/// A Key parameter: exactly the table's key attributes, of their types.
std::optional<dynamo::ApiError> check_key(const dynamo::TableDescription& table,
                                          const dynamo::Item& key);

/// How the wrong types of key attributes are told: PutItem names them, BatchWriteItem does not.
enum class ItemSource { put, batch };
/// An item to be put: its keys and what could be index keys, its values, its size.
std::optional<dynamo::ApiError> check_item(const dynamo::TableDescription& table,
                                           const dynamo::Item& item, ItemSource source);

/// Counts of an update expression's actions, which its size limit depends on.
struct UpdateActions {
  int writing = 0;   ///< SET and ADD
  int clearing = 0;  ///< REMOVE and DELETE
};
/// The item that an update makes. `before` is empty when there was none.
std::optional<dynamo::ApiError> check_updated_item(const dynamo::TableDescription& table,
                                                   const dynamo::Item& before,
                                                   const dynamo::Item& after,
                                                   UpdateActions actions);

}  // namespace ddbplan::engine
