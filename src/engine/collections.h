// Items in item collections, ordered by sort key. A copy shares everything until one side writes:
// then only the list of collections and the one collection written to are copied, never items.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>

#include "dynamo/value.h"
#include "engine/key_encoding.h"
#include "support/units.h"

namespace ddbplan::engine {

/// An item or index entry and its size, which is asked for more often than it changes.
struct StoredItem {
  explicit StoredItem(dynamo::Item content)
      : item(std::move(content)), bytes(dynamo::item_bytes(item)) {}
  dynamo::Item item;
  support::Bytes bytes;
};
/// nullptr means "no item".
using ItemRef = std::shared_ptr<const StoredItem>;

/// A shared value that is copied before it is changed while someone else has it too.
template <class T>
class CopyOnWrite {
 public:
  CopyOnWrite() : shared_(std::make_shared<T>()) {}
  [[nodiscard]] const T& read() const { return *shared_; }
  T& write() {
    if (shared_.use_count() > 1) {
      shared_ = std::make_shared<T>(*shared_);
    } else {
      // use_count is read relaxed: another thread's last read of the value must happen before.
      std::atomic_thread_fence(std::memory_order_acquire);
    }
    return *shared_;
  }

 private:
  std::shared_ptr<T> shared_;
};

class Collections {
 public:
  /// Entries of one partition key, by the encoded sort key.
  using Collection = std::map<std::string, ItemRef>;
  using Partitions = std::map<std::string, CopyOnWrite<Collection>>;

  [[nodiscard]] ItemRef find(const Position& position) const;
  /// nullptr when no item has this partition key.
  [[nodiscard]] const Collection* collection(const std::string& partition) const;
  [[nodiscard]] const Partitions& partitions() const { return partitions_.read(); }

  void put(const Position& position, ItemRef item);
  void erase(const Position& position);

 private:
  CopyOnWrite<Partitions> partitions_;
};

}  // namespace ddbplan::engine
