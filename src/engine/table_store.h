// One table: its items, and the entries of every index kept in step with them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dynamo/request.h"
#include "dynamo/table.h"
#include "engine/change_listener.h"
#include "engine/collections.h"

namespace ddbplan::engine {

struct IndexStore {
  dynamo::IndexDescription description;
  bool is_global = true;
  Collections entries;
};

class TableStore {
 public:
  explicit TableStore(dynamo::TableDescription description);

  [[nodiscard]] const dynamo::TableDescription& description() const { return description_; }
  [[nodiscard]] const Collections& items() const { return items_; }
  [[nodiscard]] ItemRef find(const Position& position) const {
    const ItemRef* found = items_.find(position);
    return found == nullptr ? nullptr : *found;
  }
  [[nodiscard]] const std::vector<IndexStore>& indexes() const { return indexes_; }
  /// nullptr when there is no index of this name.
  [[nodiscard]] const IndexStore* find_index(std::string_view name) const;

  /// Makes `after` (nullptr: nothing) the item at `position` and changes every index with it.
  /// Returns what the indexes are charged; the table's own units are left at zero.
  dynamo::ConsumedCapacity replace(const Position& position, const ItemRef& after) {
    return replace(position, find(position), after);
  }
  /// The same, by who knows what is there.
  dynamo::ConsumedCapacity replace(const Position& position, const ItemRef& before,
                                   const ItemRef& after);

  /// Tells `listener` of every change from now on. It must outlive the store, which must then not be
  /// copied.
  void listen(ChangeListener* listener) { listener_ = listener; }
  /// An index that is filled from the items that are there. REQUIRES: the description is good.
  void add_global_index(dynamo::IndexDescription index);
  void remove_global_index(const std::string& name);
  [[nodiscard]] std::vector<std::pair<Position, ItemRef>> all_items() const;

 private:
  [[nodiscard]] ItemRef entry(const ItemRef& item, const dynamo::IndexDescription& index) const;
  dynamo::HalfUnits replace_entry(IndexStore& index, const ItemRef& before, const ItemRef& after);

  dynamo::TableDescription description_;
  Collections items_;
  std::vector<IndexStore> indexes_;
  ChangeListener* listener_ = nullptr;
};

}  // namespace ddbplan::engine
