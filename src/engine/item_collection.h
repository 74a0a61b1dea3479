// ItemCollectionMetrics: how large the item collections are that writes touched. Only tables with
// local indexes have them. (API Reference, ItemCollectionMetrics.)
#pragma once

#include "dynamo/request.h"
#include "engine/write.h"

namespace ddbplan::engine {

/// Adds those of a write's collection, unless the response has them. After the write.
void add_collection_metrics(const PreparedWrite& write, dynamo::Response& response);

}  // namespace ddbplan::engine
