#include "engine/collections.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace ddbplan::engine {
namespace {

/// Small leaves make inserting cheap, large branches keep the tree low: 10 million items have some
/// 5,000 branches.
constexpr std::size_t kLeafEntriesMax = 32;
constexpr std::size_t kBranchLeavesMax = 128;

std::uint64_t mixed(std::uint64_t x) {
  x ^= x >> 32U;
  x *= 0xd6e8feb86659fd93ULL;
  x ^= x >> 32U;
  x *= 0xd6e8feb86659fd93ULL;
  x ^= x >> 32U;
  return x;
}

}  // namespace

std::uint64_t partition_hash(std::string_view partition) {
  std::uint64_t hash = partition.size() * 0x9e3779b97f4a7c15ULL;
  while (!partition.empty()) {
    std::uint64_t word = 0;
    const std::size_t taken = std::min<std::size_t>(partition.size(), 8);
    std::memcpy(&word, partition.data(), taken);
    hash = mixed(hash ^ word) + 0x9e3779b97f4a7c15ULL;
    partition.remove_prefix(taken);
  }
  return mixed(hash);
}

int segment_of(std::uint64_t hash, int segments) {
  return static_cast<int>(((hash >> 32U) * static_cast<std::uint64_t>(segments)) >> 32U);
}

Collections::Key Collections::key_of(const Position& position) {
  return {partition_hash(position.partition), position.partition, position.sort};
}

int Collections::compare(const Entry& entry, const Key& key) {
  if (entry.hash != key.hash) return entry.hash < key.hash ? -1 : 1;
  const std::string_view text = entry.key;
  const int order = text.substr(0, key.partition.size()).compare(key.partition);
  if (order != 0) return order;
  return text.substr(key.partition.size()).compare(key.sort);
}

const Collections::Entry& Collections::first_entry(const Slot<Leaf>& slot) {
  return slot.content.read().entries.front();
}

const Collections::Entry& Collections::first_entry(const Slot<Branch>& slot) {
  return first_entry(slot.content.read().leaves.front());
}

template <class T>
std::size_t Collections::child_for(const std::vector<Slot<T>>& children, const Key& key) {
  const auto behind =
      std::partition_point(children.begin(), children.end(), [&key](const Slot<T>& child) {
        if (child.first_hash != key.hash) return child.first_hash < key.hash;
        return compare(first_entry(child), key) <= 0;
      });
  return behind == children.begin() ? 0 : static_cast<std::size_t>(behind - children.begin()) - 1;
}

Collections::Cursor Collections::normalised(Cursor at) const {
  const Root& root = root_.read();
  if (at.branch >= root.size()) return at;
  const Branch& branch = root[at.branch].content.read();
  if (at.slot < branch.leaves[at.leaf].content.read().entries.size()) return at;
  at.slot = 0;
  if (++at.leaf < branch.leaves.size()) return at;
  at.leaf = 0;
  ++at.branch;
  return at;
}

Collections::Cursor Collections::bound(const Key& key, bool past) const {
  Cursor at;
  const Root& root = root_.read();
  if (root.empty()) return at;
  at.branch = child_for(root, key);
  const Branch& branch = root[at.branch].content.read();
  at.leaf = child_for(branch.leaves, key);
  const std::vector<Entry>& entries = branch.leaves[at.leaf].content.read().entries;
  const auto place =
      std::partition_point(entries.begin(), entries.end(), [&key, past](const Entry& entry) {
        const int order = compare(entry, key);
        return order < 0 || (past && order == 0);
      });
  at.slot = static_cast<std::size_t>(place - entries.begin());
  return normalised(at);
}

const ItemRef* Collections::find(const Position& position) const {
  const Root& root = root_.read();
  if (root.empty()) return nullptr;
  const Key key = key_of(position);
  const Branch& branch = root[child_for(root, key)].content.read();
  const std::vector<Entry>& entries =
      branch.leaves[child_for(branch.leaves, key)].content.read().entries;
  const auto place =
      std::partition_point(entries.begin(), entries.end(),
                           [&key](const Entry& entry) { return compare(entry, key) < 0; });
  if (place == entries.end() || compare(*place, key) != 0) return nullptr;
  return &place->item;
}

Collections::Span Collections::all() const {
  Span span;
  span.end.branch = root_.read().size();
  return span;
}

Collections::Span Collections::range(const std::string& partition, const ByteRange& sort) const {
  const std::uint64_t hash = partition_hash(partition);
  Span span;
  span.begin = bound({hash, partition, sort.lower}, false);
  if (sort.upper) {
    span.end = bound({hash, partition, *sort.upper}, false);
  } else if (const std::optional<std::string> end = prefix_end(partition)) {
    span.end = bound({hash, *end, {}}, false);
  } else {
    span.end = all().end;
  }
  return span;
}

Collections::Span Collections::segment(int segment, int segments) const {
  // Segments share 32 bits of the hash, which leaves room to multiply by a million of them.
  const auto border = [&](int number) {
    const std::uint64_t share =
        (static_cast<std::uint64_t>(number) << 32U) + static_cast<std::uint64_t>(segments) - 1;
    return (share / static_cast<std::uint64_t>(segments)) << 32U;
  };
  Span span = all();
  if (segment > 0) span.begin = bound({border(segment), {}, {}}, false);
  if (segment + 1 < segments) span.end = bound({border(segment + 1), {}, {}}, false);
  return span;
}

Collections::Cursor Collections::before(const Position& position) const {
  return bound(key_of(position), false);
}

Collections::Cursor Collections::after(const Position& position) const {
  return bound(key_of(position), true);
}

const Collections::Entry& Collections::entry(const Cursor& at) const {
  return root_.read()[at.branch].content.read().leaves[at.leaf].content.read().entries[at.slot];
}

Collections::Cursor Collections::next(Cursor at) const {
  ++at.slot;
  return normalised(at);
}

Collections::Cursor Collections::previous(Cursor at) const {
  if (at.slot > 0) {
    --at.slot;
    return at;
  }
  if (at.leaf == 0) {
    --at.branch;
    at.leaf = root_.read()[at.branch].content.read().leaves.size();
  }
  --at.leaf;
  at.slot =
      root_.read()[at.branch].content.read().leaves[at.leaf].content.read().entries.size() - 1;
  return at;
}

void Collections::put(const Position& position, ItemRef item) {
  const Key key = key_of(position);
  Root& root = root_.write();
  if (root.empty()) {
    Branch branch;
    branch.leaves.push_back({key.hash, CopyOnWrite<Leaf>()});
    root.push_back({key.hash, CopyOnWrite<Branch>(std::move(branch))});
  } else if (const auto& first = root.front(); key.hash < first.first_hash) {
    root.front().first_hash = key.hash;
    root.front().content.write().leaves.front().first_hash = key.hash;
  }
  const bool is_empty = size_ == 0;
  const std::size_t branch_at = is_empty ? 0 : child_for(root, key);
  Branch& branch = root[branch_at].content.write();
  const std::size_t leaf_at = is_empty ? 0 : child_for(branch.leaves, key);
  std::vector<Entry>& entries = branch.leaves[leaf_at].content.write().entries;
  if (entries.capacity() == entries.size()) entries.reserve(kLeafEntriesMax + 1);
  const auto place =
      std::partition_point(entries.begin(), entries.end(),
                           [&key](const Entry& entry) { return compare(entry, key) < 0; });
  if (place != entries.end() && compare(*place, key) == 0) {
    place->item = std::move(item);
    return;
  }
  Entry entry{key.hash, {}, std::move(item)};
  entry.key.reserve(key.partition.size() + key.sort.size());
  entry.key.append(key.partition).append(key.sort);
  entries.insert(place, std::move(entry));
  ++size_;
  if (entries.size() > kLeafEntriesMax) split_leaf(branch_at, leaf_at);
}

void Collections::split_leaf(std::size_t branch_at, std::size_t leaf_at) {
  Branch& branch = root_.write()[branch_at].content.write();
  std::vector<Entry>& entries = branch.leaves[leaf_at].content.write().entries;
  const auto middle = entries.begin() + static_cast<std::ptrdiff_t>(entries.size() / 2);
  Leaf upper;
  upper.entries.reserve(kLeafEntriesMax + 1);
  upper.entries.assign(std::make_move_iterator(middle), std::make_move_iterator(entries.end()));
  entries.erase(middle, entries.end());
  const std::uint64_t hash = upper.entries.front().hash;
  branch.leaves.insert(branch.leaves.begin() + static_cast<std::ptrdiff_t>(leaf_at) + 1,
                       {hash, CopyOnWrite<Leaf>(std::move(upper))});
  if (branch.leaves.size() > kBranchLeavesMax) split_branch(branch_at);
}

void Collections::split_branch(std::size_t branch_at) {
  Root& root = root_.write();
  std::vector<Slot<Leaf>>& leaves = root[branch_at].content.write().leaves;
  const auto middle = leaves.begin() + static_cast<std::ptrdiff_t>(leaves.size() / 2);
  Branch upper;
  upper.leaves.assign(std::make_move_iterator(middle), std::make_move_iterator(leaves.end()));
  leaves.erase(middle, leaves.end());
  const std::uint64_t hash = upper.leaves.front().first_hash;
  root.insert(root.begin() + static_cast<std::ptrdiff_t>(branch_at) + 1,
              {hash, CopyOnWrite<Branch>(std::move(upper))});
}

void Collections::erase(const Position& position) {
  if (find(position) == nullptr) return;
  const Key key = key_of(position);
  Root& root = root_.write();
  const std::size_t branch_at = child_for(root, key);
  Branch& branch = root[branch_at].content.write();
  const std::size_t leaf_at = child_for(branch.leaves, key);
  std::vector<Entry>& entries = branch.leaves[leaf_at].content.write().entries;
  const auto place =
      std::partition_point(entries.begin(), entries.end(),
                           [&key](const Entry& entry) { return compare(entry, key) < 0; });
  entries.erase(place);
  --size_;
  // No empty leaf or branch stays, so that every place but the end has an entry. Small ones stay:
  // what was deleted is often written again.
  if (!entries.empty()) return;
  branch.leaves.erase(branch.leaves.begin() + static_cast<std::ptrdiff_t>(leaf_at));
  if (branch.leaves.empty()) root.erase(root.begin() + static_cast<std::ptrdiff_t>(branch_at));
}

}  // namespace ddbplan::engine
