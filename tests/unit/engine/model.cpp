#include "tests/unit/engine/model.h"

#include <algorithm>

namespace ddbplan::engine::testing {

using dynamo::IndexDescription;
using dynamo::Item;
using dynamo::KeyAttribute;

namespace {

std::int64_t bytes(const Item& item) {
  return dynamo::item_bytes(item).count;
}

std::int64_t blocks(std::int64_t count, std::int64_t block) {
  std::int64_t n = count / block;
  if (count % block != 0) ++n;
  return n == 0 ? 1 : n;
}
std::int64_t write_halves(std::int64_t count) {
  return 2 * blocks(count, 1024);
}
std::int64_t read_halves(std::int64_t count, bool strong) {
  return blocks(count, 4096) * (strong ? 2 : 1);
}

std::vector<std::string> names(const dynamo::KeySchema& key) {
  std::vector<std::string> all;
  for (const KeyAttribute& attribute : key.partition) all.push_back(attribute.name);
  for (const KeyAttribute& attribute : key.sort) all.push_back(attribute.name);
  return all;
}

/// Of an item, these attributes.
Item only(const Item& item, const std::vector<std::string>& wanted) {
  Item part;
  for (const std::string& name : wanted) {
    if (item.count(name) > 0) part[name] = item.at(name);
  }
  return part;
}

bool has_all(const Item& item, const std::vector<std::string>& wanted) {
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](const std::string& name) { return item.count(name) > 0; });
}

std::optional<Item> entry_of(const Item& item, const dynamo::TableDescription& table,
                             const IndexDescription& index) {
  if (!has_all(item, names(index.key))) return std::nullopt;
  if (index.projection.type == dynamo::ProjectionType::all) return item;
  std::vector<std::string> wanted = names(index.key);
  for (const std::string& name : names(table.key)) wanted.push_back(name);
  for (const std::string& name : index.projection.attributes) wanted.push_back(name);
  return only(item, wanted);
}

}  // namespace

const IndexDescription* Model::index(const std::string& name) const {
  for (const auto* indexes : {&table_.global_indexes, &table_.local_indexes}) {
    for (const IndexDescription& one : *indexes) {
      if (one.name == name) return &one;
    }
  }
  return nullptr;
}

Model::Stored Model::find(const Item& key) const {
  for (const Item& item : items_) {
    if (only(item, names(table_.key)) == key) return item;
  }
  return std::nullopt;
}

void Model::store(const Item& key, const Stored& after) {
  std::erase_if(items_, [&](const Item& item) { return only(item, names(table_.key)) == key; });
  if (after) items_.push_back(*after);
}

void Model::charge_indexes(const Stored& before, const Stored& after, Units& units) const {
  for (const auto* indexes : {&table_.global_indexes, &table_.local_indexes}) {
    for (const IndexDescription& one : *indexes) {
      const Stored old_entry = before ? entry_of(*before, table_, one) : std::nullopt;
      const Stored new_entry = after ? entry_of(*after, table_, one) : std::nullopt;
      std::int64_t halves = 0;
      if (old_entry && new_entry) {
        const bool moved = only(*old_entry, names(one.key)) != only(*new_entry, names(one.key));
        if (moved) {
          halves = write_halves(bytes(*old_entry)) + write_halves(bytes(*new_entry));
        } else if (*old_entry != *new_entry) {
          halves = std::max(write_halves(bytes(*old_entry)), write_halves(bytes(*new_entry)));
        }
      } else if (old_entry || new_entry) {
        halves = write_halves(bytes(old_entry ? *old_entry : *new_entry));
      }
      if (halves > 0) units[one.name] += halves;
    }
  }
}

bool Model::write(const std::vector<Write>& writes, bool transactional, Units& units) {
  bool good = true;
  std::vector<std::pair<Stored, Stored>> changes;
  for (const Write& write : writes) {
    const Stored before = find(write.key);
    good = good && write.condition(before);
    changes.emplace_back(before, write.is_check ? before : write.change(before));
    const auto& [old_item, new_item] = changes.back();
    const std::int64_t larger =
        std::max(old_item ? bytes(*old_item) : 0, new_item ? bytes(*new_item) : 0);
    units[""] += write_halves(larger) * (transactional ? 2 : 1);
  }
  if (!good) return false;
  for (std::size_t i = 0; i < writes.size(); ++i) {
    if (writes[i].is_check) continue;
    charge_indexes(changes[i].first, changes[i].second, units);
    store(writes[i].key, changes[i].second);
  }
  return true;
}

bool Model::is_before(const IndexDescription* by, const Item& a, const Item& b) const {
  std::vector<std::string> order;
  if (by != nullptr) order = names(by->key);
  for (const std::string& name : names(table_.key)) order.push_back(name);
  for (const std::string& name : order) {
    const auto compared = dynamo::compare_keys(a.at(name), b.at(name));
    if (compared != 0) return compared < 0;
  }
  return false;
}

std::vector<Item> Model::entries(const std::string& name) const {
  const IndexDescription* by = index(name);
  std::vector<Item> all;
  for (const Item& item : items_) {
    if (by == nullptr) {
      all.push_back(item);
    } else if (const auto entry = entry_of(item, table_, *by)) {
      all.push_back(*entry);
    }
  }
  std::sort(all.begin(), all.end(),
            [&](const Item& a, const Item& b) { return is_before(by, a, b); });
  return all;
}

Model::Page Model::read(const Read& read) const {
  const IndexDescription* by = index(read.index);
  std::vector<Item> candidates = entries(read.index);
  if (!read.forward) std::reverse(candidates.begin(), candidates.end());
  Page page;
  std::int64_t entry_bytes = 0;
  std::int64_t page_bytes = 0;
  std::int64_t fetched = 0;
  std::optional<Item> last;
  bool full = false;
  for (const Item& entry : candidates) {
    if (!read.key_matches(entry)) continue;
    if (read.start) {
      const bool after =
          read.forward ? is_before(by, *read.start, entry) : is_before(by, entry, *read.start);
      if (!after) continue;
    }
    const Item whole = read.fetch ? *find(only(entry, names(table_.key))) : entry;
    const std::int64_t more = bytes(entry) + (read.fetch ? blocks(bytes(whole), 4096) * 4096 : 0);
    if (last && page_bytes + more > page_bytes_) {
      full = true;
      break;
    }
    page_bytes += more;
    entry_bytes += bytes(entry);
    if (read.fetch) fetched += read_halves(bytes(whole), read.strong);
    ++page.scanned;
    last = entry;
    if (read.passes(whole)) page.items.push_back(whole);
    if (page.scanned == read.limit) {
      full = true;
      break;
    }
  }
  page.units[read.index] = read_halves(entry_bytes, read.strong);
  if (read.fetch) page.units[""] = fetched;
  if (full) {
    std::vector<std::string> key = names(table_.key);
    if (by != nullptr) {
      for (const std::string& name : names(by->key)) key.push_back(name);
    }
    page.last_key = only(*last, key);
  }
  return page;
}

}  // namespace ddbplan::engine::testing
