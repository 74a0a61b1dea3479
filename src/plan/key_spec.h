// A key before it has a text: which attributes of an entity partition and sort its rows, in the base table or
// in an index. Candidates are KeySpecs; templates, literals and encodings are made from them at the end.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "design/layout.h"
#include "plan/need.h"

namespace ddbplan::plan {

struct KeySpec {
  model::EntityId entity;
  std::vector<std::string> partition;  ///< the tenant first; empty: one constant value
  std::vector<std::string> sort;
  /// Of the sort attributes those that stand in descending order, for a list that mixes directions.
  std::vector<std::string> inverted;
  /// Sparse: only rows where each of these attributes has one of these values. An attribute with a single
  /// value stands in a key as a literal.
  std::vector<Equality> fixed;
  /// Sparse: only rows that have these optional attributes, whose values need not stand in the key.
  std::vector<std::string> required;
  /// Sparse: only rows without these optional attributes.
  std::vector<std::string> lacking;
  /// A time bucket in the partition key: the attribute and its width.
  std::string bucket_attribute;
  model::TimeUnit bucket = model::TimeUnit::day;
  bool is_base = false;
  bool local = false;  ///< an LSI: the partition is the base's
  bool is_apart =
      false;  ///< base: not in the partition of the parent whose identity it is by (see apart_keys.h)
  /// An entry of this held index (position in Held::indexes), with its projection as it is.
  std::optional<std::size_t> held;
  /// Of an entry of an earlier design that was written beside its parent's: what leads its sort key.
  std::string sort_literal;
  /// Its attributes are the key attributes, as they are (see natural_keys.h). A sharded partition is not.
  bool natural_partition = false;
  bool natural_sort = false;
  /// A base key made by hand (physical), of these very attributes.
  std::optional<design::KeyTemplate> made_partition;
  std::optional<design::KeyTemplate> made_sort;
  [[nodiscard]] bool is_hand_made() const {
    return made_partition.has_value() || made_sort.has_value();
  }
};

bool same_key(const KeySpec& a, const KeySpec& b);
/// Adds a key that is not there yet.
void add_key(std::vector<KeySpec>& keys, KeySpec key);
/// "customer_id, status | placed_at where status = OPEN": for reasons and tests.
std::string to_string(const KeySpec& spec);

/// Whether the attribute may stand in a key beside other parts, alone, or not at all.
enum class KeyUse { anywhere, alone, never };
KeyUse key_use(const model::Entity& entity, std::string_view name);

/// The sort key of this index is the attribute itself whatever the style: a number keeps its type, and ADD keeps
/// the index.
bool sorts_by_number(const model::Workload& workload, const KeySpec& spec);

/// How a KeySpec serves a Need.
struct Match {
  std::size_t sort_equal = 0;  ///< leading sort attributes bound by equalities
  bool range_in_key = false;
  bool forward = true;
  bool client_order = false;                ///< all matches are read, then ordered
  bool complete = false;                    ///< every key attribute is bound to one value
  std::vector<std::string> filtered_equal;  ///< equalities that only a filter can apply
  bool filters_range = false;
  /// What a filter must still apply of the Need's residual: membership in a sparse index says some of it.
  model::ExpressionPtr residual;
  [[nodiscard]] bool filters(const Need& need) const {
    return !filtered_equal.empty() || filters_range || residual != nullptr ||
           !need.optional_equal.empty();
  }
};
/// nullopt when the key cannot serve the need; `why_not` then says why in words.
std::optional<Match> match(const model::Workload& workload, const KeySpec& spec, const Need& need,
                           std::string* why_not = nullptr);

/// After what the equalities bind, the key sorts rows by the time that their expiry follows.
bool sorts_by_expiry(const model::Entity& entity, const KeySpec& spec, const Need& need,
                     const Match& found);

/// A whole number, or an enum, which has its ranks reversed then.
bool can_be_inverted(const model::Entity& entity, std::string_view name);

/// A field of a key template for an attribute. `last`: nothing follows it in its key attribute.
design::Field key_field(const model::Entity& entity, const std::string& name, bool last);
/// As the only part of a sort key, in which an enum orders by its ranks; `inverted`: by the reversed ones.
design::Field key_field_in_order(const model::Entity& entity, const std::string& attribute,
                                 bool inverted = false);
/// OrderItem -> ORDER_ITEM.
std::string literal_of(std::string_view name);

/// The templates of a key, one for each key attribute; no sort: the key has no attribute to sort by.
struct KeyTemplates {
  std::vector<design::KeyTemplate> partition;
  std::vector<design::KeyTemplate> sort;
};
KeyTemplates templates_of(const model::Workload& workload, const KeySpec& spec, bool sharded,
                          const std::string& sort_literal);
/// The literal that leads the sort key of an index entry, where its collection holds others or nothing follows.
std::string entry_literal(const model::Workload& workload, const KeySpec& spec);
/// The rows that have the entry; null: all that have its attributes.
model::ExpressionPtr membership(const KeySpec& spec);
/// The entity whose identity the partition is: the spec's own, a parent, or none.
std::optional<model::EntityId> partition_owner(const model::Workload& workload,
                                               const KeySpec& spec);

}  // namespace ddbplan::plan
