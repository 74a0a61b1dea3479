#include "seed/stored_state.h"

#include <algorithm>
#include <tuple>

#include "engine/collections.h"
#include "support/text.h"
#include "support/units.h"

namespace ddbplan::seed {

using design::KeyRange;
using dynamo::AttributeValue;
using dynamo::HalfUnits;
using dynamo::Item;
using support::Bytes;

namespace {

void append_key(std::string& text, const std::vector<dynamo::KeyAttribute>& attributes,
                const Item& item) {
  for (const dynamo::KeyAttribute& attribute : attributes) {
    const auto* value = item.find(attribute.name);
    if (value != item.end()) text += text_of(value->second);
    text += '\0';
  }
}

/// False when the item lacks an attribute of the key: then it is not in that index.
bool has_key(const dynamo::KeySchema& key, const Item& item) {
  for (const auto* part : {&key.partition, &key.sort}) {
    for (const dynamo::KeyAttribute& attribute : *part) {
      if (!item.contains(attribute.name)) return false;
    }
  }
  return true;
}

std::strong_ordering compare_by(const std::vector<dynamo::KeyAttribute>& attributes, const Item& a,
                                const Item& b) {
  for (const dynamo::KeyAttribute& attribute : attributes) {
    const std::strong_ordering order =
        dynamo::compare_keys(a.at(attribute.name), b.at(attribute.name));
    if (order != 0) return order;
  }
  return std::strong_ordering::equal;
}

bool in_range(const dynamo::KeySchema& key, const KeyRange& range, const Item& item) {
  using Op = design::SortCondition::Op;
  for (std::size_t i = 0; i < range.sort_equal.size(); ++i) {
    if (!(item.at(key.sort[i].name) == range.sort_equal[i])) return false;
  }
  if (!range.op) return true;
  const AttributeValue& value = item.at(key.sort[range.sort_equal.size()].name);
  if (*range.op == Op::begins_with) {
    const std::string* text = value.as_string();
    const std::string* prefix = range.low.as_string();
    return text != nullptr && prefix != nullptr && text->compare(0, prefix->size(), *prefix) == 0;
  }
  const std::strong_ordering low = dynamo::compare_keys(value, range.low);
  switch (*range.op) {
    case Op::equal:
      return low == 0;
    case Op::less:
      return low < 0;
    case Op::less_equal:
      return low <= 0;
    case Op::greater:
      return low > 0;
    case Op::greater_equal:
      return low >= 0;
    case Op::between:
      return low >= 0 && dynamo::compare_keys(value, *range.high) <= 0;
    case Op::begins_with:
      break;
  }
  return false;
}

std::optional<Bytes> bytes_of(const std::optional<Item>& item) {
  if (!item) return std::nullopt;
  return dynamo::item_bytes(*item);
}

}  // namespace

StoredState::StoredState(const model::Workload& workload, const design::Design& design)
    : workload_(workload), design_(design), items_(design.tables.size()) {
  for (const design::Table& table : design.tables) descriptions_.push_back(describe(table));
}

void StoredState::load(std::size_t table, std::vector<SharedItem> items) {
  items_[table].reserve(items.size() * 2);
  for (SharedItem& item : items) {
    std::string key = place_of(table, *item).key;
    items_[table].insert_or_assign(std::move(key), std::move(item));
  }
}

const Item* StoredState::find(const ItemPlace& place) const {
  const auto found = items_[place.table].find(place.key);
  return found == items_[place.table].end() ? nullptr : found->second.get();
}

ItemPlace StoredState::place_of(std::size_t table, const Item& item) const {
  ItemPlace place{table, {}};
  append_key(place.key, descriptions_[table].key.partition, item);
  append_key(place.key, descriptions_[table].key.sort, item);
  return place;
}

std::optional<std::size_t> StoredState::table_named(const std::string& name) const {
  for (std::size_t i = 0; i < descriptions_.size(); ++i) {
    if (descriptions_[i].name == name) return i;
  }
  return std::nullopt;
}

std::map<ItemPlace, ItemChange> StoredState::effects(const std::vector<Change>& changes) const {
  std::map<ItemPlace, ItemChange> effects;
  for (const Change& change : changes) {
    for (const design::ItemLayout& layout : design_.items) {
      if (!(layout.entity == change.id.entity)) continue;
      const design::Table& table = design_.tables[layout.table];
      const auto item_of = [&](const std::optional<Item>& row) -> std::optional<Item> {
        if (!row) return std::nullopt;
        return materialise(layout, table, workload_.settings.type_attribute, *row);
      };
      if (const std::optional<Item> before = item_of(change.before)) {
        const ItemPlace place = place_of(layout.table, *before);
        effects.try_emplace(place, ItemChange{*before, std::nullopt});
      }
      if (std::optional<Item> after = item_of(change.after)) {
        const ItemPlace place = place_of(layout.table, *after);
        const Item* stored = find(place);
        const std::optional<Item> before =
            stored == nullptr ? std::nullopt : std::optional(*stored);
        effects.try_emplace(place, ItemChange{before, std::nullopt}).first->second.after =
            std::move(after);
      }
    }
  }
  return effects;
}

void StoredState::apply(const std::map<ItemPlace, ItemChange>& changes) {
  partitions_.clear();
  for (const auto& [place, change] : changes) {
    if (change.after) {
      items_[place.table].insert_or_assign(place.key, std::make_shared<const Item>(*change.after));
    } else {
      items_[place.table].erase(place.key);
    }
  }
}

const dynamo::IndexDescription* StoredState::index_named(std::size_t table,
                                                         const std::string& index) const {
  const dynamo::TableDescription& description = descriptions_[table];
  for (const auto* group : {&description.global_indexes, &description.local_indexes}) {
    for (const dynamo::IndexDescription& one : *group) {
      if (one.name == index) return &one;
    }
  }
  return nullptr;
}

const dynamo::KeySchema& StoredState::key_of(std::size_t table, const std::string& index) const {
  const dynamo::IndexDescription* found = index.empty() ? nullptr : index_named(table, index);
  return found == nullptr ? descriptions_[table].key : found->key;
}

StoredState::Partitions& StoredState::partitions(std::size_t table, const std::string& index) {
  const auto [place, is_new] = partitions_.try_emplace({table, index});
  if (!is_new) return place->second;
  const dynamo::KeySchema& key = key_of(table, index);
  const dynamo::KeySchema& own = descriptions_[table].key;
  Partitions& result = place->second;
  for (const auto& [text, item] : items_[table]) {
    if (!has_key(key, *item)) continue;
    std::string partition;
    append_key(partition, key.partition, *item);
    result.by_key[partition].push_back(item.get());
  }
  for (auto& [text, entries] : result.by_key) {
    std::sort(entries.begin(), entries.end(), [&](const Item* a, const Item* b) {
      std::strong_ordering order = compare_by(key.sort, *a, *b);
      if (order == 0) order = compare_by(own.partition, *a, *b);
      if (order == 0) order = compare_by(own.sort, *a, *b);
      return order < 0;
    });
  }
  // A Scan goes from partition to partition by the hash of their keys.
  struct Placed {
    std::uint64_t hash = 0;
    std::string partition;
    const Sorted* entries = nullptr;
  };
  std::vector<Placed> in_order;
  for (const auto& [text, entries] : result.by_key) {
    std::string encoded;
    for (const dynamo::KeyAttribute& attribute : key.partition)
      engine::append_key(encoded, entries.front()->at(attribute.name));
    const std::uint64_t hash = engine::partition_hash(encoded);
    in_order.push_back({hash, std::move(encoded), &entries});
  }
  std::sort(in_order.begin(), in_order.end(), [](const Placed& a, const Placed& b) {
    return std::tie(a.hash, a.partition) < std::tie(b.hash, b.partition);
  });
  for (const auto& [hash, partition, entries] : in_order) {
    result.all.insert(result.all.end(), entries->begin(), entries->end());
  }
  return result;
}

std::int64_t StoredState::entry_bytes(std::size_t table, const std::string& index,
                                      const Item& item) const {
  if (index.empty()) return dynamo::item_bytes(item).count;
  const auto entry = project_entry(item, descriptions_[table], *index_named(table, index));
  return entry ? dynamo::item_bytes(*entry).count : 0;
}

std::optional<UnitsByTable> StoredState::page_units(const PageRead& page, const Sorted& entries,
                                                    const KeyRange* range) const {
  const dynamo::KeySchema& key = key_of(page.table, page.index);
  Sorted selected;
  for (const Item* item : entries) {
    if (range == nullptr || in_range(key, *range, *item)) selected.push_back(item);
  }
  if (!page.forward) std::reverse(selected.begin(), selected.end());
  std::size_t at = 0;
  if (page.start != nullptr) {
    const std::string wanted = place_of(page.table, *page.start).key;
    while (at < selected.size() && place_of(page.table, *selected[at]).key != wanted) ++at;
    if (at == selected.size()) return std::nullopt;
    ++at;
  }
  std::int64_t bytes = 0;
  for (int count = 0; at < selected.size() && (!page.limit || count < *page.limit); ++at, ++count) {
    const std::int64_t size = entry_bytes(page.table, page.index, *selected[at]);
    if (count > 0 && bytes + size > page.page_bytes) break;
    bytes += size;
  }
  const auto consistency =
      page.strong ? dynamo::Consistency::strong : dynamo::Consistency::eventual;
  const HalfUnits units = dynamo::read_units({bytes}, consistency);
  return UnitsByTable{{descriptions_[page.table].name, {{page.index, units}}}};
}

template <class Request>
StoredState::PageRead StoredState::page_of(const Request& request, std::size_t table,
                                           std::int64_t page_bytes) {
  PageRead page;
  page.table = table;
  page.index = request.index.value_or("");
  page.strong = request.consistent_read;
  page.limit = request.limit;
  page.start = request.exclusive_start_key ? &*request.exclusive_start_key : nullptr;
  page.page_bytes = page_bytes;
  return page;
}

std::optional<UnitsByTable> StoredState::read_units(const design::Exchange& exchange,
                                                    std::int64_t page_bytes) {
  struct Visitor {
    StoredState& state;
    const design::Exchange& exchange;
    std::int64_t page_bytes;
    using Result = std::optional<UnitsByTable>;

    HalfUnits item_units(std::size_t table, const Item& key, dynamo::Consistency how) const {
      const Item* item = state.find(state.place_of(table, key));
      return dynamo::read_units(item == nullptr ? Bytes{} : dynamo::item_bytes(*item), how);
    }
    Result operator()(const dynamo::QueryRequest& request) const {
      const auto table = state.table_named(request.table);
      if (!table || !exchange.range) return std::nullopt;
      PageRead page = page_of(request, *table, page_bytes);
      page.forward = request.scan_index_forward;
      std::string partition;
      for (const AttributeValue& value : exchange.range->partition)
        partition += text_of(value) + '\0';
      const Partitions& partitions = state.partitions(*table, page.index);
      const auto entries = partitions.by_key.find(partition);
      static const Sorted kNone;
      return state.page_units(page, entries == partitions.by_key.end() ? kNone : entries->second,
                              &*exchange.range);
    }
    Result operator()(const dynamo::ScanRequest& request) const {
      const auto table = state.table_named(request.table);
      if (!table) return std::nullopt;
      const PageRead page = page_of(request, *table, page_bytes);
      return state.page_units(page, state.partitions(*table, page.index).all, nullptr);
    }
    Result operator()(const dynamo::GetItemRequest& request) const {
      const auto table = state.table_named(request.table);
      if (!table) return std::nullopt;
      const auto how =
          request.consistent_read ? dynamo::Consistency::strong : dynamo::Consistency::eventual;
      return UnitsByTable{{request.table, {{"", item_units(*table, request.key, how)}}}};
    }
    Result operator()(const dynamo::BatchGetItemRequest& request) const {
      UnitsByTable units;
      for (const auto& [name, keys] : request.tables) {
        const auto table = state.table_named(name);
        if (!table) return std::nullopt;
        const auto how =
            keys.consistent_read ? dynamo::Consistency::strong : dynamo::Consistency::eventual;
        for (const Item& key : keys.keys) units[name][""] += item_units(*table, key, how);
      }
      return units;
    }
    Result operator()(const dynamo::TransactGetItemsRequest& request) const {
      UnitsByTable units;
      for (const dynamo::GetItemRequest& get : request.gets) {
        const auto table = state.table_named(get.table);
        if (!table) return std::nullopt;
        units[get.table][""] += item_units(*table, get.key, dynamo::Consistency::transactional);
      }
      return units;
    }
    Result operator()(const dynamo::PutItemRequest&) const { return std::nullopt; }
    Result operator()(const dynamo::UpdateItemRequest&) const { return std::nullopt; }
    Result operator()(const dynamo::DeleteItemRequest&) const { return std::nullopt; }
    Result operator()(const dynamo::BatchWriteItemRequest&) const { return std::nullopt; }
    Result operator()(const dynamo::TransactWriteItemsRequest&) const { return std::nullopt; }
    // No plan uses PartiQL.
    Result operator()(const dynamo::ExecuteStatementRequest&) const { return std::nullopt; }
    Result operator()(const dynamo::BatchExecuteStatementRequest&) const { return std::nullopt; }
    Result operator()(const dynamo::ExecuteTransactionRequest&) const { return std::nullopt; }
  };
  return std::visit(Visitor{*this, exchange, page_bytes}, exchange.request);
}

void StoredState::add_item_write(std::size_t table, const std::optional<Item>& before,
                                 const std::optional<Item>& after, bool transactional,
                                 UnitsByTable& units) const {
  const dynamo::TableDescription& description = descriptions_[table];
  UnitsByIndex& of_table = units[description.name];
  of_table[""] += dynamo::table_write_units(bytes_of(before), bytes_of(after), transactional);
  for (const auto* group : {&description.global_indexes, &description.local_indexes}) {
    for (const dynamo::IndexDescription& index : *group) {
      const auto entry_of = [&](const std::optional<Item>& item) -> std::optional<Item> {
        return item ? project_entry(*item, description, index) : std::nullopt;
      };
      const std::optional<Item> old_entry = entry_of(before);
      const std::optional<Item> new_entry = entry_of(after);
      dynamo::IndexEntryChange change;
      change.before = bytes_of(old_entry);
      change.after = bytes_of(new_entry);
      if (old_entry && new_entry) {
        change.same_key = compare_by(index.key.partition, *old_entry, *new_entry) == 0 &&
                          compare_by(index.key.sort, *old_entry, *new_entry) == 0;
        change.same_content = *old_entry == *new_entry;
      }
      const HalfUnits entry_units = dynamo::index_write_units(change);
      if (entry_units.halves > 0) of_table[index.name] += entry_units;
    }
  }
}

namespace {

/// The single writes of a request: the table's name, the key or item, and what kind it is.
struct OneWrite {
  const std::string* table = nullptr;
  const Item* key = nullptr;
  bool is_check = false;
};

struct WritesOf {
  std::vector<OneWrite>& writes;

  void operator()(const dynamo::PutItemRequest& put) const { add(put.table, put.item); }
  void operator()(const dynamo::UpdateItemRequest& update) const { add(update.table, update.key); }
  void operator()(const dynamo::DeleteItemRequest& remove) const { add(remove.table, remove.key); }
  void operator()(const dynamo::ConditionCheck& check) const {
    writes.push_back({&check.table, &check.key, true});
  }
  void operator()(const dynamo::BatchWriteItemRequest& batch) const {
    for (const auto& [table, items] : batch.tables) {
      for (const dynamo::BatchWrite& write : items) {
        add(table, write.data.index() == 0 ? std::get<0>(write.data) : std::get<1>(write.data));
      }
    }
  }
  void operator()(const dynamo::TransactWriteItemsRequest& transaction) const {
    for (const dynamo::TransactWrite& action : transaction.actions) std::visit(*this, action);
  }
  template <class Read>
  void operator()(const Read&) const {}

  void add(const std::string& table, const Item& key) const {
    writes.push_back({&table, &key, false});
  }
};

std::vector<OneWrite> writes_of(const dynamo::Request& request) {
  std::vector<OneWrite> writes;
  std::visit(WritesOf{writes}, request);
  return writes;
}

}  // namespace

std::vector<ItemPlace> StoredState::places_written(const dynamo::Request& request) const {
  std::vector<ItemPlace> places;
  for (const OneWrite& write : writes_of(request)) {
    if (const auto table = table_named(*write.table))
      places.push_back(place_of(*table, *write.key));
  }
  return places;
}

std::optional<UnitsByTable> StoredState::write_units(
    const dynamo::Request& request, const std::map<ItemPlace, ItemChange>& changes) const {
  const std::vector<OneWrite> writes = writes_of(request);
  if (writes.empty()) return std::nullopt;
  const bool transactional = std::holds_alternative<dynamo::TransactWriteItemsRequest>(request);
  UnitsByTable units;
  for (const OneWrite& write : writes) {
    const auto table = table_named(*write.table);
    if (!table) return std::nullopt;
    const ItemPlace place = place_of(*table, *write.key);
    const auto changed = changes.find(place);
    const Item* stored = find(place);
    std::optional<Item> before = stored == nullptr ? std::nullopt : std::optional(*stored);
    if (write.is_check) {
      units[*write.table][""] += dynamo::condition_check_units(bytes_of(before));
    } else if (changed != changes.end()) {
      add_item_write(*table, changed->second.before, changed->second.after, transactional, units);
    } else {
      add_item_write(*table, before, before, transactional, units);
    }
  }
  return units;
}

UnitsByTable metered(const std::vector<dynamo::ConsumedCapacity>& consumed) {
  UnitsByTable units;
  for (const dynamo::ConsumedCapacity& one : consumed) {
    UnitsByIndex& of_table = units[one.table];
    if (one.table_units.halves > 0) of_table[""] += one.table_units;
    for (const auto& [index, count] : one.global_indexes) of_table[index] += count;
    for (const auto& [index, count] : one.local_indexes) of_table[index] += count;
  }
  return units;
}

std::string to_string(const UnitsByTable& units) {
  std::vector<std::string> parts;
  for (const auto& [table, by_index] : units) {
    for (const auto& [index, count] : by_index) {
      std::string part = table;
      if (!index.empty()) part.append("/").append(index);
      part.append(" ").append(support::format_number(count.units()));
      parts.push_back(std::move(part));
    }
  }
  return parts.empty() ? "nothing" : support::join(parts, ", ");
}

}  // namespace ddbplan::seed
