// The laws of the cost model: how sizes and counts are spread, and which rows calls are about. The
// formulas of this folder are expectations under these laws; the seed draws its rows and the proof
// draws its parameters by the same ones, so that measured means can be compared with planned ones.
//
// ASSUMPTIONS
//
// Calls
//  1. A call about rows that exist (a read, an update, a delete, a put that replaces) takes all the
//     values of its `by` and `narrow_by` from ONE row, drawn uniformly from the live rows of the
//     pattern's first entity that have those attributes. So a list by customer meets the customer
//     of a random order: a parent is drawn in proportion to its children ("by traffic"), and one
//     without children never. Values of an ancestor (`by: site_id` of a Reading's Device) are those
//     of the drawn row's ancestor. `where`, `range` and filters play no part in the draw.
//  2. Except attributes with declared values (`one_of`, `states`) and booleans: each of their
//     values is asked for equally often, whatever the row holds, because screens ask for OPEN more
//     than its share of the rows. An attribute that is the whole of `by` follows this too.
//  3. A write's row is drawn from the rows that satisfy its condition and the `from` of its move;
//     calls that fail (`fails`) find the item and do not satisfy it. An upsert finds its row; a put
//     finds one with probability `replaces`; a create finds none. A new row is in the first of its
//     `states`, unless the create sets another.
//  4. A range with two run-time bounds spans kTwoBoundsShare of the entity's rows by value: low and
//     high are the values at ranks r and r + share x rows of all rows sorted by the attribute, r
//     uniform, independent of the drawn row. One run-time bound is the value that leaves
//     kOneBoundShare of the rows. `begins_with :text` keeps kPrefixShare of them.
//  5. `narrow_by` values are given with their share, independently of each other. A call of a list
//     reads floor(pages.mean) pages, and one more with the remaining probability; a batch likewise
//     holds floor(batch.mean) keys or one more.
//
// Rows
//  6. Children per parent: the geometric distribution truncated at the maximum, with the mean as
//     declared (CountDistribution::children, its quantile); with `skew: zipf s` and with named
//     shares: ParentShares. Rows hold independent values otherwise.
//  7. Sizes: size_quantile. Values differ independently; optional attributes are there with
//     `present`, independently. An update draws its new value by the same law.
//  8. An attribute without declared values, without `distinct` and not an id takes
//     distinct_values() different values, all equally frequent: each has the same number of rows,
//     where rows that agree in several such attributes are as many as chance makes them.
//  9. Rows are created evenly over model::age_span(): the retention, else a year. All times of a
//     row lie evenly in that span before now. A time with `ahead` lies in a window of the same
//     length of which that share is after now, and so it does in a new row; an `until` attribute
//     lies in the same span after now.
// 10. Expired rows are a negligible share of what a read meets. They are stored for kExpiryLag.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "model/workload.h"

namespace ddbplan::capacity {

inline constexpr double kTwoBoundsShare = 0.1;
inline constexpr double kOneBoundShare = 0.1;
inline constexpr double kPrefixShare = 0.1;
/// TTL deletes "within a few days", another page says 48 hours (Developer Guide, "Time to Live").
inline constexpr support::Duration kExpiryLag{2 * support::kSecondsPerDay};

/// The size law: with probability mean / max uniform on [mean, max], else uniform on [0, mean]. Its
/// mean is `mean` for every 0 < mean <= max, it is uniform on [0, max] when max = 2 mean, and most
/// rows lie below the mean where the maximum is far away. All sizes equal when mean = max. `u` in
/// [0, 1]; the result is not rounded: the seed rounds to the nearest byte, and up to what a key or
/// a type needs.
double size_quantile(const model::Spread& spread, double u);

/// How many different, equally frequent values an attribute has where an equality on it is neither
/// a relation nor the identity nor unique: `distinct`; the number of declared values; for a date the
/// days of law 9's span; 2 for a boolean; for ids (ulid, ksuid, uuid) one for every 10 rows, as for a
/// relation without a number; else 10 (the language's default selectivity of 10 %). At least 1, at
/// most `rows`.
double distinct_values(const model::Attribute& attribute, double rows);

/// Which share of a relation's children belongs to which parent, where that is declared: named
/// parents first, by name, then the others by rank. With `skew: zipf s` the weight of rank i = 1,
/// 2, ... is (i + q)^-s, q >= 0 being 0 or what keeps the first rank at the declared maximum
/// (Zipf-Mandelbrot). Without zipf the unnamed parents share the rest by law 6, and only the mean
/// of that is told here.
class ParentShares {
 public:
  ParentShares(const model::Relation& relation, double parents);
  [[nodiscard]] const std::map<std::string, double>& named() const { return named_; }
  /// Share of all children of the unnamed parent of this rank, from 1. REQUIRES: 1 <= rank <=
  /// unnamed().
  [[nodiscard]] double of_rank(double rank) const;
  [[nodiscard]] double unnamed() const { return unnamed_; }
  /// Share of all children that belong to unnamed parents.
  [[nodiscard]] double unnamed_share() const { return unnamed_share_; }
  /// The busiest parent, named or not: of law 6 the declared maximum of children.
  [[nodiscard]] double hottest() const { return hottest_; }
  [[nodiscard]] bool zipf() const { return exponent_ > 0; }

 private:
  std::map<std::string, double> named_;
  double unnamed_ = 0;
  double unnamed_share_ = 1;
  double exponent_ = 0;
  double shift_ = 0;
  double norm_ = 1;
  double hottest_ = 0;
};

}  // namespace ddbplan::capacity
