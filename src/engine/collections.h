// Items in item collections: every table and index is one ordered sequence, first by a hash of the
// partition key, as the service's partitions are, then by the key's bytes. A Query is a range of
// it, a Scan all of it, and each segment of a parallel Scan a range of hashes.
//
// A tree of three levels: entries in leaves, leaves in branches, branches in a root. A copy shares
// everything until one side writes; then only the path to what is written is copied, never items.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dynamo/request.h"
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

inline bool same_content(const ItemRef& a, const ItemRef& b) {
  if (a == b) return true;
  return a != nullptr && b != nullptr && a->bytes == b->bytes && a->item == b->item;
}

/// The item for a response, which shares it.
inline dynamo::ReadItem whole(const ItemRef& item) {
  if (item == nullptr) return std::nullopt;
  return std::shared_ptr<const dynamo::Item>(item, &item->item);
}

/// A shared value that is copied before it is changed while someone else has it too.
template <class T>
class CopyOnWrite {
 public:
  CopyOnWrite() : shared_(std::make_shared<T>()) {}
  explicit CopyOnWrite(T value) : shared_(std::make_shared<T>(std::move(value))) {}
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

/// Encoded sort keys from `lower` up to but not including `upper`; nullopt is no bound.
struct ByteRange {
  std::string lower;
  std::optional<std::string> upper;
  [[nodiscard]] bool contains(const std::string& key) const {
    return key >= lower && (!upper || key < *upper);
  }
};

/// Where a partition key stands among all.
std::uint64_t partition_hash(std::string_view partition);
/// Which of so many equal parts of the hashes it is in.
int segment_of(std::uint64_t hash, int segments);

class Collections {
 public:
  /// Valid until the next write.
  struct Entry {
    std::string_view key;  ///< partition and sort part
    const ItemRef& item;
  };

  /// A place between two entries. Writing invalidates it.
  class Cursor {
   public:
    bool operator==(const Cursor&) const = default;

   private:
    friend class Collections;
    std::size_t branch_ = 0;
    std::size_t leaf_ = 0;
    std::size_t slot_ = 0;
  };
  struct Span {
    Cursor begin;
    Cursor end;
  };

  /// nullptr when there is none. The pointer is valid until the next write.
  [[nodiscard]] const ItemRef* find(const Position& position) const;
  [[nodiscard]] std::size_t size() const { return size_; }

  [[nodiscard]] Span all() const;
  /// The entries of one item collection with sort keys in a range.
  [[nodiscard]] Span range(const std::string& partition, const ByteRange& sort) const;
  /// Part `segment`, from 0, of `segments` equal parts of the hashes.
  [[nodiscard]] Span segment(int segment, int segments) const;
  /// The place before, and after, an entry at this position, whether or not there is one.
  [[nodiscard]] Cursor before(const Position& position) const;
  [[nodiscard]] Cursor after(const Position& position) const;

  /// The entry behind a place, or before it. REQUIRES: there is one.
  [[nodiscard]] Entry entry(const Cursor& at) const;
  [[nodiscard]] Cursor next(Cursor at) const;
  [[nodiscard]] Cursor previous(Cursor at) const;

  void put(const Position& position, ItemRef item);
  void erase(const Position& position);

 private:
  /// A child and the place that divides it from the one before: all its entries are at or behind
  /// it, those of earlier children before it. An empty key divides whole hashes.
  template <class T>
  struct Slot {
    std::uint64_t first_hash = 0;
    std::string first_key;
    CopyOnWrite<T> content;
  };
  /// Small leaves make inserting cheap, large branches keep the tree low: 10 million items have some
  /// 5,000 branches.
  static constexpr std::size_t kLeafEntriesMax = 32;
  static constexpr std::size_t kBranchLeavesMax = 128;
  /// What is looked for: an encoded key in two parts.
  struct Key {
    std::uint64_t hash = 0;
    std::string_view partition;
    std::string_view sort;
  };
  /// Entries in order. Their keys stand together in one block, in any order, so that no key asks for
  /// memory of its own. What a search touches decides its speed: a key that is there is found by its
  /// mark, which looks at one key and not at five.
  class Leaf {
   public:
    struct Row {
      std::uint64_t hash = 0;
      ItemRef item;
      std::uint32_t key_at = 0;
      std::uint32_t key_size = 0;
    };
    [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
    [[nodiscard]] std::string_view key(const Row& row) const {
      return std::string_view(keys_).substr(row.key_at, row.key_size);
    }
    [[nodiscard]] int compare(const Row& row, const Key& sought) const;
    /// The first row that is not less than the key, or, `past` equal ones, that is greater.
    [[nodiscard]] std::size_t bound(const Key& key, bool past) const;
    /// The row of exactly this key.
    [[nodiscard]] std::optional<std::size_t> find(const Key& key) const;
    void set_item(std::size_t slot, ItemRef item) { rows_[slot].item = std::move(item); }
    void insert(std::size_t slot, const Key& key, ItemRef item);
    void erase(std::size_t slot);
    /// Moves the upper half to the leaf that is returned.
    Leaf split();

   private:
    static std::uint32_t mark_of(const Key& key);
    void insert(std::size_t slot, const Key& key, std::uint32_t mark, ItemRef item);
    [[nodiscard]] std::size_t middle() const;
    /// A hash of all of a key, of the row in the same place.
    std::array<std::uint32_t, kLeafEntriesMax + 1> marks_ = {};
    std::vector<Row> rows_;
    std::string keys_;
  };
  struct Branch {
    std::vector<Slot<Leaf>> leaves;
  };
  using Root = std::vector<Slot<Branch>>;

  static Key key_of(const Position& position);
  static int compare(std::string_view text, const Key& key);
  /// The child that holds the key, or would.
  template <class T>
  static std::size_t child_for(const std::vector<Slot<T>>& children, const Key& key);
  /// The place before the first entry that is not less than the key (or, `past` equal ones, that is
  /// greater).
  [[nodiscard]] Cursor bound(const Key& key, bool past) const;
  [[nodiscard]] Cursor normalised(Cursor at) const;
  void split_leaf(std::size_t branch, std::size_t leaf);
  void split_branch(std::size_t branch);

  CopyOnWrite<Root> root_;
  std::size_t size_ = 0;
};

}  // namespace ddbplan::engine
