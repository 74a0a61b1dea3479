// What a pattern asks of the layout: one Need per entity that it must find, freed of the language's surface.
// A Need knows nothing of keys; candidates are judged by which Needs they serve.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "design/access_plan.h"
#include "model/conjuncts.h"
#include "model/workload.h"
#include "support/diagnostics.h"

namespace ddbplan::plan {

/// An equality: with a run-time value when `values` is empty, else with any of these constants.
struct Equality {
  std::string attribute;
  std::vector<dynamo::AttributeValue> values;
  [[nodiscard]] bool is_parameter() const { return values.empty(); }
};

/// `placed_at` between two run-time bounds when `condition` is null, else the comparison.
struct RangeNeed {
  std::string attribute;
  model::ExpressionPtr condition;
  /// The attribute is the name of a time bucket of a rollup ("2026-11-27T18"): a time is cut before it is compared.
  std::optional<model::TimeUnit> bucket = std::nullopt;
};

enum class Purpose {
  answer,       ///< its rows are the pattern's answer
  child,        ///< rows that belong to an answer (`with: {Order: ...}`)
  lead,         ///< rows of a related entity that lead to the answer (`by: site_id` of a Device)
  find_writes,  ///< only the keys matter: an update or delete of every matching row
  find_copies   ///< likewise: rows that hold a copy of what an update changes
};

/// What may stand in a key beside attributes that a write of the found rows changes. Where it does, the key is written
/// anew with both, and each row has to tell it.
struct Companion {
  std::string attribute;
  std::vector<std::string> changed;
};

/// The rows of another Need lead to those of this one: its attributes take their values from theirs.
struct Lead {
  std::size_t need = 0;
  /// (own attribute, attribute of the leading row).
  std::vector<std::pair<std::string, std::string>> links;
};

struct Need {
  model::PatternId pattern;
  /// The action of a transaction; 0 otherwise.
  std::size_t action = 0;
  model::EntityId entity;
  Purpose purpose = Purpose::answer;
  bool at_most_one = false;
  bool count_only = false;
  bool whole_entity = false;  ///< export: a Scan is accepted
  std::vector<Equality> equal;
  std::optional<RangeNeed> range;
  std::vector<model::OrderBy> order;
  /// What is left of `where`; always a filter.
  model::ExpressionPtr residual;
  bool strong = false;
  std::optional<int> limit;
  /// `limit: 1 per device_id`: each value of the attribute has its own; empty: none.
  std::string limit_per;
  /// Equalities that a call may leave out; only filters apply them.
  std::vector<std::string> optional_equal;
  /// Only the calls that give this one, as an equality, and leave those out; of calls that differ in nothing all.
  std::vector<std::string> given;
  std::vector<std::string> left_out;
  std::optional<Lead> led_by;
  /// The rows that are counted are another entity's; this one's holds their number.
  std::vector<design::KeptAggregate> kept_in;
  /// Needs whose rows a row of this one must belong to as well (equalities over a second relation): the client keeps
  /// those that do.
  std::vector<std::size_t> kept_by;
  /// (own attribute, parameter): equalities whose value a call gives under another name.
  std::vector<std::pair<std::string, std::string>> renamed;
  bool drops_expired = false;
  /// Attributes that the answer or the filter needs; everything when `returns_all`.
  std::vector<std::string> attributes;
  std::vector<Companion> companions;
  bool returns_all = false;
  /// The answer shows what stands in the entity's facet: it is read after the rows.
  bool wants_facet = false;
  bool batch = false;
  /// For Purpose::answer: the Needs of its children, by position.
  std::vector<std::size_t> children;
  /// For Purpose::child: the Need of the row that they belong to.
  std::optional<std::size_t> child_of;
  /// The parents whose rows are fetched. What the answer's rows hold of a parent themselves is in `copied`.
  std::vector<model::WithParent> parents;
  std::vector<design::CopiedAttribute> copied;
  support::Span span;

  [[nodiscard]] bool is_of_some_calls() const { return !given.empty() || !left_out.empty(); }
  [[nodiscard]] const Equality* find_equality(std::string_view attribute) const;
  /// The parameter under which a call gives the attribute's value.
  [[nodiscard]] const std::string& given_as(const std::string& attribute) const;
  /// The rows that are found for a write tell the attribute, wherever it is needed.
  [[nodiscard]] bool tells(const std::string& attribute) const;
  /// All attributes of these names by equalities: of an identity, the call says which row it is.
  [[nodiscard]] bool binds(const std::vector<std::string>& names) const;
  /// The attribute of the leading row that the own attribute's value comes from; null: another source.
  [[nodiscard]] const std::string* led_from(std::string_view attribute) const;
};

/// The terms of a condition that say which values a row has, or that it has one at all; null: none does.
model::ExpressionPtr told_by_rows(const model::ExpressionPtr& condition);

/// Every Need of the Workload, in pattern order. What cannot be said as a Need yet becomes a
/// "not planned yet" diagnostic (DDB119) and the pattern's index is added to `unplanned`.
std::vector<Need> needs_of(const model::Workload& workload, support::Diagnostics& diagnostics,
                           std::vector<model::PatternId>& unplanned);

/// `key` sorts rows as `attribute` does: it is the attribute, or an id declared `ulid of attribute`.
bool sorts_as(const model::Entity& entity, std::string_view key, std::string_view attribute);

/// Rows without the attribute are wanted: an index that holds it in its key would leave them out.
bool wants_rows_without(const model::Entity& entity, const Need& need, std::string_view name);

/// `limit: 1 per ATTRIBUTE` of groups that no equality tells: the Need asks for all rows, of which the client keeps the
/// first of each group. False: no order says which those are.
bool limits_known_groups(Need& need, const model::Read& read);

/// Every attribute of `needed` for which the entity knows no change after creation.
bool is_immutable(const model::Entity& entity, std::string_view attribute);

/// Splits `where` into equalities with constants and a residual filter.
struct SplitWhere {
  std::vector<Equality> equal;
  model::ExpressionPtr residual;
};
SplitWhere split_where(const model::ExpressionPtr& where);

/// The condition under which a row is not expired; null for entities without retention.
model::ExpressionPtr not_expired(const model::Entity& entity);

using model::conjunction;

}  // namespace ddbplan::plan
