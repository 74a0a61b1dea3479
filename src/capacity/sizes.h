// Sizes of stored items and index entries as random quantities, and the request units of one of
// them: E[ceil(bytes / block)] under the size law of capacity/traffic.h, not ceil(E[bytes] /
// block), which is wrong by up to a unit where sizes are spread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "design/design.h"
#include "model/workload.h"

namespace ddbplan::capacity {

/// The sum of fixed bytes and independent random parts.
class SizeLaw {
 public:
  void add_fixed(double bytes) { fixed_ += bytes; }
  /// `bytes` with the probability, else nothing.
  void add_optional(double probability, double bytes);
  /// `fixed + copies x value` with the probability, else nothing; the value follows size_quantile.
  /// `changed`: the write that is looked at draws it anew.
  void add_spread(const model::Spread& value, double probability, double fixed, double copies,
                  bool changed);

  /// Bytes by which the largest size exceeds what the parts say: differences too small to follow.
  void add_slack(double bytes) { slack_ += bytes; }

  [[nodiscard]] double mean() const;
  [[nodiscard]] double min() const;
  [[nodiscard]] double max() const;
  [[nodiscard]] double variance() const;
  /// E[max(1, ceil(size / block))]: exact for one spread part, to about 1 % for several.
  [[nodiscard]] double expected_blocks(double block) const;
  /// The same of the larger of two sizes that share all but the changed parts.
  [[nodiscard]] double expected_blocks_of_larger(double block) const;

 private:
  struct Part {
    model::Spread value;
    double probability = 1;
    double fixed = 0;
    double copies = 1;
    bool changed = false;
    [[nodiscard]] double mean() const;
    [[nodiscard]] double max() const { return fixed + copies * value.max; }
    [[nodiscard]] double variance() const;
    [[nodiscard]] bool is_fixed() const { return probability >= 1 && value.max <= value.mean; }
  };
  struct Mass {
    double bytes = 0;
    double probability = 0;
  };
  /// Bytes spread evenly over [low, high].
  struct Cell {
    double low = 0;
    double high = 0;
    double probability = 0;
  };
  using Parts = std::vector<const Part*>;
  static std::vector<Cell> cells_of(const Part& part, int per_segment);
  static std::vector<Mass> sum_of(const Parts& parts, int grid);
  static std::vector<Cell> larger_of_two(const Parts& parts);
  [[nodiscard]] double blocks_of(const std::vector<Mass>& rest, const std::vector<Cell>& main,
                                 double block) const;

  double fixed_ = 0;
  double slack_ = 0;
  std::vector<Part> parts_;
};

/// What is known about the rows whose items are measured.
struct SizeContext {
  /// Share of the rows that have the entry at this position of ItemLayout::entries; empty: by
  /// stock.
  std::vector<double> in_entry;
  /// Logical attributes that the write draws anew.
  std::vector<std::string> changed;
  /// Logical attributes that all of the rows have, or lack, whatever their `present` says.
  std::vector<std::string> present;
  std::vector<std::string> absent;
};

SizeLaw item_law(const model::Workload& workload, const design::Design& design,
                 const design::ItemLayout& layout, const SizeContext& context = {});
/// What of the item stands in the index. REQUIRES: `entry` is one of `layout.entries`.
SizeLaw entry_law(const model::Workload& workload, const design::Design& design,
                  const design::ItemLayout& layout, const design::KeyEntry& entry,
                  const SizeContext& context = {});

/// True when an entry of the index holds the stored attribute: it is of the table's key, of the
/// index's, or projected.
bool projects(const design::Table& table, const design::Index& index, std::string_view stored_name);

/// Bytes of one key attribute made by this template, its name not counted: of rows that have it.
model::Spread key_bytes(const model::Workload& workload, const design::ItemLayout& layout,
                        const design::KeyTemplate& key, const design::ShardRule& shards);

}  // namespace ddbplan::capacity
