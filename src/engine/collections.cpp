#include "engine/collections.h"

#include <utility>

namespace ddbplan::engine {

ItemRef Collections::find(const Position& position) const {
  const Collection* found = collection(position.partition);
  if (found == nullptr) return nullptr;
  const auto item = found->find(position.sort);
  return item == found->end() ? nullptr : item->second;
}

const Collections::Collection* Collections::collection(const std::string& partition) const {
  const auto found = partitions().find(partition);
  return found == partitions().end() ? nullptr : &found->second.read();
}

void Collections::put(const Position& position, ItemRef item) {
  partitions_.write()[position.partition].write().insert_or_assign(position.sort, std::move(item));
}

void Collections::erase(const Position& position) {
  Partitions& partitions = partitions_.write();
  const auto found = partitions.find(position.partition);
  if (found == partitions.end()) return;
  Collection& collection = found->second.write();
  collection.erase(position.sort);
  // An empty collection is none: Scan must not see it.
  if (collection.empty()) partitions.erase(found);
}

}  // namespace ddbplan::engine
