// The items that the design makes of the logical rows, kept beside the engine: what the engine must
// hold after every write, and what it must have read and written to charge as it did. Units here
// come from layouts and dynamo's arithmetic alone; the engine's meter is what they are compared
// with.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "design/requests.h"
#include "seed/logical_rows.h"

namespace ddbplan::seed {

/// Half units of one table in one request, by index; "" is the table.
using UnitsByIndex = std::map<std::string, dynamo::HalfUnits>;
/// By table.
using UnitsByTable = std::map<std::string, UnitsByIndex>;

/// An item's place: table and its key as text.
struct ItemPlace {
  std::size_t table = 0;
  std::string key;
  auto operator<=>(const ItemPlace&) const = default;
};
/// An item before and after a write.
struct ItemChange {
  std::optional<dynamo::Item> before;
  std::optional<dynamo::Item> after;
};

/// Copies share the items, so that proofs side by side can each start from the same.
class StoredState {
 public:
  using SharedItem = std::shared_ptr<const dynamo::Item>;
  StoredState(const model::Workload& workload, const design::Design& design);

  /// REQUIRES: before anything else.
  void load(std::size_t table, std::vector<SharedItem> items);

  [[nodiscard]] const dynamo::Item* find(const ItemPlace& place) const;
  [[nodiscard]] ItemPlace place_of(std::size_t table, const dynamo::Item& item) const;
  [[nodiscard]] std::optional<std::size_t> table_named(const std::string& name) const;
  /// By the text of their keys.
  [[nodiscard]] const std::unordered_map<std::string, SharedItem>& items(std::size_t table) const {
    return items_[table];
  }
  [[nodiscard]] const dynamo::TableDescription& description(std::size_t table) const {
    return descriptions_[table];
  }

  /// What these changes of rows do to items.
  [[nodiscard]] std::map<ItemPlace, ItemChange> effects(const std::vector<Change>& changes) const;
  void apply(const std::map<ItemPlace, ItemChange>& changes);

  /// What reads must have been charged. nullopt: not a read, or one that cannot be told (an unknown
  /// place to start from).
  [[nodiscard]] std::optional<UnitsByTable> read_units(const design::Exchange& exchange,
                                                       std::int64_t page_bytes);
  /// What a successful write must have been charged, given all items that changed.
  [[nodiscard]] std::optional<UnitsByTable> write_units(
      const dynamo::Request& request, const std::map<ItemPlace, ItemChange>& changes) const;
  /// The items that a write is about.
  [[nodiscard]] std::vector<ItemPlace> places_written(const dynamo::Request& request) const;

 private:
  using Sorted = std::vector<const dynamo::Item*>;
  struct Partitions {
    std::unordered_map<std::string, Sorted> by_key;
    Sorted all;
  };
  [[nodiscard]] const dynamo::KeySchema& key_of(std::size_t table, const std::string& index) const;
  Partitions& partitions(std::size_t table, const std::string& index);
  [[nodiscard]] std::int64_t entry_bytes(std::size_t table, const std::string& index,
                                         const dynamo::Item& item) const;
  [[nodiscard]] const dynamo::IndexDescription* index_named(std::size_t table,
                                                            const std::string& index) const;

  struct PageRead {
    std::size_t table = 0;
    std::string index;
    bool strong = false;
    bool forward = true;
    std::optional<int> limit;
    const dynamo::Item* start = nullptr;
    std::int64_t page_bytes = 0;
  };
  template <class Request>
  static PageRead page_of(const Request& request, std::size_t table, std::int64_t page_bytes);
  [[nodiscard]] std::optional<UnitsByTable> page_units(const PageRead& page, const Sorted& entries,
                                                       const design::KeyRange* range) const;
  void add_item_write(std::size_t table, const std::optional<dynamo::Item>& before,
                      const std::optional<dynamo::Item>& after, bool transactional,
                      UnitsByTable& units) const;

  const model::Workload& workload_;
  const design::Design& design_;
  std::vector<dynamo::TableDescription> descriptions_;
  std::vector<std::unordered_map<std::string, SharedItem>> items_;
  std::map<std::pair<std::size_t, std::string>, Partitions> partitions_;
};

/// Units as the response says them, in the same form.
UnitsByTable metered(const std::vector<dynamo::ConsumedCapacity>& consumed);
/// "shop 2.5, shop/GSI1 1".
std::string to_string(const UnitsByTable& units);

}  // namespace ddbplan::seed
