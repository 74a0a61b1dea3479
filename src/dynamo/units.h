// Request units from bytes. Counted in halves, because an eventually consistent read of up to 4 KB
// is half a unit and sums must be exact. (Developer Guide, "DynamoDB read and write operations".)
#pragma once

#include <compare>
#include <cstdint>
#include <optional>

#include "support/units.h"

namespace ddbplan::dynamo {

/// Request units in halves: 1 write unit = 2, one eventual 4 KB read = 1.
struct HalfUnits {
  std::int64_t halves = 0;
  auto operator<=>(const HalfUnits&) const = default;
  static constexpr HalfUnits units(std::int64_t whole) { return {whole * 2}; }
  [[nodiscard]] double units() const { return static_cast<double>(halves) / 2.0; }
  HalfUnits& operator+=(HalfUnits other) {
    halves += other.halves;
    return *this;
  }
  friend HalfUnits operator+(HalfUnits a, HalfUnits b) { return {a.halves + b.halves}; }
  friend HalfUnits operator*(HalfUnits a, std::int64_t n) { return {a.halves * n}; }
};

enum class Consistency { eventual, strong, transactional };

inline constexpr std::int64_t kReadBlockBytes = 4096;
inline constexpr std::int64_t kWriteBlockBytes = 1024;

/// One read of `bytes` (an item, or the sum of a Query page): at least one 4 KB block, halved when
/// eventual, doubled when transactional. A missing item is 0 bytes and still one block.
HalfUnits read_units(support::Bytes bytes, Consistency consistency);
/// max(1, ceil(bytes / 1 KB)) whole units.
HalfUnits write_units(support::Bytes bytes);

/// Table part of a write: max of the sizes before and after; nullopt is "no item". A write that
/// finds and leaves nothing costs 1. Transactional: rounded, then doubled.
HalfUnits table_write_units(std::optional<support::Bytes> before,
                            std::optional<support::Bytes> after, bool transactional);
/// ConditionCheck: 2 x unit(item read); a missing item 2.
HalfUnits condition_check_units(std::optional<support::Bytes> item);

/// One index's part of a write, never doubled by a transaction. `same_key`: the index key
/// attributes (and the table key) are equal before and after; `same_content`: the projected entries
/// are equal.
struct IndexEntryChange {
  std::optional<support::Bytes> before;
  std::optional<support::Bytes> after;
  bool same_key = true;
  bool same_content = false;
};
HalfUnits index_write_units(const IndexEntryChange& change);

}  // namespace ddbplan::dynamo
