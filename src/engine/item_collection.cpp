#include "engine/item_collection.h"

#include <algorithm>
#include <cmath>

namespace ddbplan::engine {

using support::Bytes;

namespace {

Bytes collection_bytes(const Collections& entries, const std::string& partition) {
  Bytes total;
  const Collections::Span span = entries.range(partition, {});
  for (Collections::Cursor at = span.begin; at != span.end; at = entries.next(at)) {
    total += entries.entry(at).item->bytes;
  }
  return total;
}

}  // namespace

void add_collection_metrics(const PreparedWrite& write, dynamo::Response& response) {
  const dynamo::TableDescription& table = write.table->description();
  if (table.local_indexes.empty() || write.kind == WriteKind::check) return;
  const ItemRef& item = write.after != nullptr ? write.after : write.before;
  // A delete that found nothing touched no collection that is known to exist.
  if (item == nullptr) return;
  dynamo::ItemCollectionMetrics metrics;
  metrics.table = table.name;
  const std::string& name = table.key.partition.front().name;
  metrics.partition_key.emplace(name, item->item.at(name));
  const bool known =
      std::any_of(response.collection_metrics.begin(), response.collection_metrics.end(),
                  [&](const dynamo::ItemCollectionMetrics& one) {
                    return one.table == metrics.table && one.partition_key == metrics.partition_key;
                  });
  if (known) return;
  Bytes bytes = collection_bytes(write.table->items(), write.position.partition);
  for (const IndexStore& index : write.table->indexes()) {
    if (!index.is_global) bytes += collection_bytes(index.entries, write.position.partition);
  }
  constexpr double kGigabyte = 1024.0 * 1024.0 * 1024.0;
  metrics.gigabytes_min = std::floor(static_cast<double>(bytes.count) / kGigabyte);
  metrics.gigabytes_max = metrics.gigabytes_min + 1;
  response.collection_metrics.push_back(std::move(metrics));
}

}  // namespace ddbplan::engine
