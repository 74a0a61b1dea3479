// One table: its items, and the entries of every index kept in step with them.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dynamo/request.h"
#include "dynamo/table.h"
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
  [[nodiscard]] ItemRef find(const Position& position) const { return items_.find(position); }
  [[nodiscard]] const std::vector<IndexStore>& indexes() const { return indexes_; }
  /// nullptr when there is no index of this name.
  [[nodiscard]] const IndexStore* find_index(std::string_view name) const;

  /// Makes `after` (nullptr: nothing) the item at `position` and changes every index with it.
  /// Returns what the indexes are charged; the table's own units are left at zero.
  dynamo::ConsumedCapacity replace(const Position& position, const ItemRef& after);

 private:
  [[nodiscard]] ItemRef entry(const ItemRef& item, const dynamo::IndexDescription& index) const;
  dynamo::HalfUnits replace_entry(IndexStore& index, const ItemRef& before, const ItemRef& after);

  dynamo::TableDescription description_;
  Collections items_;
  std::vector<IndexStore> indexes_;
};

}  // namespace ddbplan::engine
