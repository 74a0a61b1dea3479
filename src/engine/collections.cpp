#include "engine/collections.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "support/fetch.h"

namespace ddbplan::engine {
namespace {

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

int Collections::compare(std::string_view text, const Key& key) {
  const int order = text.substr(0, key.partition.size()).compare(key.partition);
  if (order != 0) return order;
  return text.substr(key.partition.size()).compare(key.sort);
}

int Collections::Leaf::compare(const Row& row, const Key& sought) const {
  if (row.hash != sought.hash) return row.hash < sought.hash ? -1 : 1;
  return Collections::compare(key(row), sought);
}

std::size_t Collections::Leaf::bound(const Key& key, bool past) const {
  const auto is_before = [&](const Row& row) {
    const int order = compare(row, key);
    return order < 0 || (past && order == 0);
  };
  // The probes of a search would wait for one row after the other.
  for (std::size_t i = 0; i < rows_.size(); i += 64 / sizeof(Row)) support::fetch(&rows_[i]);
  // Most often the bound is an end of the item collection, which is told without looking at keys in its midst.
  auto first = std::partition_point(rows_.begin(), rows_.end(),
                                    [&](const Row& row) { return row.hash < key.hash; });
  auto last = std::partition_point(first, rows_.end(),
                                   [&](const Row& row) { return row.hash == key.hash; });
  if (first == last) return static_cast<std::size_t>(first - rows_.begin());
  support::fetch(this->key(*first).data());
  if (is_before(*std::prev(last))) {
    first = last;
  } else if (is_before(*first)) {
    first = std::partition_point(std::next(first), std::prev(last), is_before);
  }
  return static_cast<std::size_t>(first - rows_.begin());
}

std::uint32_t Collections::Leaf::mark_of(const Key& key) {
  return static_cast<std::uint32_t>((key.hash ^ partition_hash(key.sort)) >> 32U);
}

std::optional<std::size_t> Collections::Leaf::find(const Key& key) const {
  support::fetch(&rows_);
  for (std::size_t i = 0; i < marks_.size(); i += 64 / sizeof marks_[0]) support::fetch(&marks_[i]);
  const std::uint32_t mark = mark_of(key);
  for (std::size_t slot = 0; slot < rows_.size(); ++slot) {
    if (marks_[slot] != mark) continue;
    // The caller's next step.
    support::fetch(rows_[slot].item.get());
    if (compare(rows_[slot], key) == 0) return slot;
  }
  return std::nullopt;
}

void Collections::Leaf::insert(std::size_t slot, const Key& key, ItemRef item) {
  insert(slot, key, mark_of(key), std::move(item));
}

void Collections::Leaf::insert(std::size_t slot, const Key& key, std::uint32_t mark, ItemRef item) {
  if (rows_.capacity() == rows_.size()) rows_.reserve(kLeafEntriesMax + 1);
  std::move_backward(marks_.begin() + slot, marks_.begin() + rows_.size(),
                     marks_.begin() + rows_.size() + 1);
  marks_[slot] = mark;
  Row row{key.hash, std::move(item), static_cast<std::uint32_t>(keys_.size()),
          static_cast<std::uint32_t>(key.partition.size() + key.sort.size())};
  keys_.append(key.partition).append(key.sort);
  rows_.insert(rows_.begin() + static_cast<std::ptrdiff_t>(slot), std::move(row));
}

void Collections::Leaf::erase(std::size_t slot) {
  const std::uint32_t at = rows_[slot].key_at;
  const std::uint32_t size = rows_[slot].key_size;
  keys_.erase(at, size);
  std::move(marks_.begin() + slot + 1, marks_.begin() + rows_.size(), marks_.begin() + slot);
  rows_.erase(rows_.begin() + static_cast<std::ptrdiff_t>(slot));
  for (Row& row : rows_) {
    if (row.key_at > at) row.key_at -= size;
  }
}

/// Where to split: between two hashes if there is such a place in the middle half, which keeps item
/// collections together and makes what divides them short.
std::size_t Collections::Leaf::middle() const {
  const std::size_t half = rows_.size() / 2;
  for (std::size_t off = 0; off <= half / 2; ++off) {
    for (const std::size_t at : {half - off, half + off}) {
      if (rows_[at].hash != rows_[at - 1].hash) return at;
    }
  }
  return half;
}

Collections::Leaf Collections::Leaf::split() {
  Leaf whole = std::move(*this);
  *this = Leaf();
  Leaf upper;
  const std::size_t middle = whole.middle();
  // As many keys as a leaf may hold: it will not ask again.
  keys_.reserve(whole.keys_.size());
  upper.keys_.reserve(whole.keys_.size());
  for (std::size_t i = 0; i < whole.rows_.size(); ++i) {
    Row& row = whole.rows_[i];
    Leaf& half = i < middle ? *this : upper;
    half.insert(half.rows_.size(), {row.hash, whole.key(row), {}}, whole.marks_[i],
                std::move(row.item));
  }
  return upper;
}

template <class T>
std::size_t Collections::child_for(const std::vector<Slot<T>>& children, const Key& key) {
  const auto behind =
      std::partition_point(children.begin(), children.end(), [&key](const Slot<T>& child) {
        if (child.first_hash != key.hash) return child.first_hash < key.hash;
        return child.first_key.empty() || compare(child.first_key, key) <= 0;
      });
  return behind == children.begin() ? 0 : static_cast<std::size_t>(behind - children.begin()) - 1;
}

Collections::Cursor Collections::normalised(Cursor at) const {
  const Root& root = root_.read();
  if (at.branch_ >= root.size()) return at;
  const Branch& branch = root[at.branch_].content.read();
  if (at.slot_ < branch.leaves[at.leaf_].content.read().rows().size()) return at;
  at.slot_ = 0;
  if (++at.leaf_ < branch.leaves.size()) return at;
  at.leaf_ = 0;
  ++at.branch_;
  return at;
}

Collections::Cursor Collections::bound(const Key& key, bool past) const {
  Cursor at;
  const Root& root = root_.read();
  if (root.empty()) return at;
  at.branch_ = child_for(root, key);
  const Branch& branch = root[at.branch_].content.read();
  at.leaf_ = child_for(branch.leaves, key);
  at.slot_ = branch.leaves[at.leaf_].content.read().bound(key, past);
  return normalised(at);
}

const ItemRef* Collections::find(const Position& position) const {
  const Root& root = root_.read();
  if (root.empty()) return nullptr;
  const Key key = key_of(position);
  const Branch& branch = root[child_for(root, key)].content.read();
  const Leaf& leaf = branch.leaves[child_for(branch.leaves, key)].content.read();
  const std::optional<std::size_t> slot = leaf.find(key);
  return slot ? &leaf.rows()[*slot].item : nullptr;
}

Collections::Span Collections::all() const {
  Span span;
  span.end.branch_ = root_.read().size();
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

Collections::Entry Collections::entry(const Cursor& at) const {
  const Leaf& leaf = root_.read()[at.branch_].content.read().leaves[at.leaf_].content.read();
  const Leaf::Row& row = leaf.rows()[at.slot_];
  return {leaf.key(row), row.item};
}

Collections::Cursor Collections::next(Cursor at) const {
  ++at.slot_;
  return normalised(at);
}

Collections::Cursor Collections::previous(Cursor at) const {
  if (at.slot_ > 0) {
    --at.slot_;
    return at;
  }
  if (at.leaf_ == 0) {
    --at.branch_;
    at.leaf_ = root_.read()[at.branch_].content.read().leaves.size();
  }
  --at.leaf_;
  const Branch& branch = root_.read()[at.branch_].content.read();
  at.slot_ = branch.leaves[at.leaf_].content.read().rows().size() - 1;
  return at;
}

void Collections::put(const Position& position, ItemRef item) {
  const Key key = key_of(position);
  Root& root = root_.write();
  if (root.empty()) {
    Branch branch;
    branch.leaves.push_back({0, {}, CopyOnWrite<Leaf>()});
    root.push_back({0, {}, CopyOnWrite<Branch>(std::move(branch))});
  }
  const std::size_t branch_at = child_for(root, key);
  Branch& branch = root[branch_at].content.write();
  const std::size_t leaf_at = child_for(branch.leaves, key);
  Leaf& leaf = branch.leaves[leaf_at].content.write();
  if (const std::optional<std::size_t> slot = leaf.find(key)) {
    leaf.set_item(*slot, std::move(item));
    return;
  }
  leaf.insert(leaf.bound(key, false), key, std::move(item));
  ++size_;
  if (leaf.rows().size() > kLeafEntriesMax) split_leaf(branch_at, leaf_at);
}

void Collections::split_leaf(std::size_t branch_at, std::size_t leaf_at) {
  Branch& branch = root_.write()[branch_at].content.write();
  Leaf& lower = branch.leaves[leaf_at].content.write();
  Leaf upper = lower.split();
  const Leaf::Row& first = upper.rows().front();
  const bool divides_hashes = lower.rows().back().hash != first.hash;
  const std::uint64_t hash = first.hash;
  std::string key(divides_hashes ? std::string_view() : upper.key(first));
  branch.leaves.insert(branch.leaves.begin() + static_cast<std::ptrdiff_t>(leaf_at) + 1,
                       {hash, std::move(key), CopyOnWrite<Leaf>(std::move(upper))});
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
  std::string key = upper.leaves.front().first_key;
  root.insert(root.begin() + static_cast<std::ptrdiff_t>(branch_at) + 1,
              {hash, std::move(key), CopyOnWrite<Branch>(std::move(upper))});
}

void Collections::erase(const Position& position) {
  if (find(position) == nullptr) return;
  const Key key = key_of(position);
  Root& root = root_.write();
  const std::size_t branch_at = child_for(root, key);
  Branch& branch = root[branch_at].content.write();
  const std::size_t leaf_at = child_for(branch.leaves, key);
  Leaf& leaf = branch.leaves[leaf_at].content.write();
  leaf.erase(*leaf.find(key));
  --size_;
  // No empty leaf or branch stays, so that every place but the end has an entry. Small ones stay:
  // what was deleted is often written again.
  if (!leaf.rows().empty()) return;
  branch.leaves.erase(branch.leaves.begin() + static_cast<std::ptrdiff_t>(leaf_at));
  if (branch.leaves.empty()) root.erase(root.begin() + static_cast<std::ptrdiff_t>(branch_at));
}

}  // namespace ddbplan::engine
