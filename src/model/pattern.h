// What an application asks: access patterns with their parameters and their load.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/entity.h"

namespace ddbplan::model {

/// How often. Everything is resolved: a rate "per Customer" is the rate at the start of the horizon.
struct Load {
  support::Rate mean;
  support::Rate peak;
  bool mean_is_default = false;
  bool peak_is_default = false;
  /// Grows with this entity's rows (`6/year per Customer`).
  std::optional<EntityId> grows_with;
  /// Relative uncertainty, 0.4 for +- 40%.
  double uncertainty = 0;
  /// The busiest `by` value's calls at the peak; nullopt: derived from the relation's skew.
  std::optional<support::Rate> hottest;
  /// Named busy values with their rate at the peak, part of `peak` (`hottest: {acme: 4/s}`).
  std::map<std::string, support::Rate> hottest_named;
  /// `100% of scheduled_date`: the attribute whose value concentrates; empty: the whole `by`.
  std::string hottest_attribute;
  /// `16k in 1 hour daily`.
  struct Window {
    double calls = 0;
    support::Duration length;
    support::Duration every;
  };
  std::optional<Window> window;
  support::Span span;
};

enum class Direction { ascending, descending };
struct OrderBy {
  AttributeRef attribute;
  Direction direction = Direction::ascending;
};

struct NarrowBy {
  AttributeRef attribute;
  double share = 0.5;  ///< of the requests that give it
};

/// One attribute and a comparison.
struct Range {
  AttributeRef attribute;
  /// nullopt: between two run-time bounds (`:placed_at_from`, `:placed_at_to`), both included.
  /// Otherwise the resolved comparison (Compare, Between or BeginsWith over `attribute`).
  ExpressionPtr condition;
};

/// `with: {Order: {order: placed_at desc, limit: 10}}` or `with: {room_id: [title]}`.
struct WithChildren {
  EntityId child;
  std::vector<OrderBy> order;
  std::optional<int> limit;
  support::Span span;
};
struct WithParent {
  std::string relation_attribute;  ///< the attribute that holds the parent's identity
  EntityId parent;
  std::vector<std::string> attributes;  ///< empty: all
  support::Span span;
};

/// `count`, or a number made of an attribute of all rows: `sum total`, `min`, `max`, `average`.
struct Aggregate {
  enum class Function { count, sum, min, max, average } function = Function::count;
  std::string attribute;  ///< of what is not count
  bool operator==(const Aggregate&) const = default;
};
std::string to_string(const Aggregate& aggregate);

enum class ReadKind { get, list, count, export_all, search, similar, analyse };

struct Read {
  ReadKind kind = ReadKind::get;
  std::vector<EntityId> entities;
  bool alternatives = false;     ///< `get: User | Organization`: one of several
  std::vector<AttributeRef> by;  ///< equalities with run-time values (parameter = attribute's name)
  std::vector<NarrowBy> narrow_by;
  /// Calls that give an optional equality may go by another key than those that leave it out: a variant of the
  /// planner's, not of the language.
  bool tells_calls_apart = false;
  std::optional<Range> range;
  ExpressionPtr where;
  std::optional<double> matches;  ///< share of rows that `where` keeps, when given
  std::vector<OrderBy> order;
  std::optional<int> limit;
  std::string limit_per;  ///< `limit: 1 per device_id`
  Spread pages{1, 1};
  std::vector<std::string> returns;  ///< empty: everything, except for a count
  std::vector<Aggregate> aggregates;
  bool strong = false;
  std::optional<Spread> batch;
  std::optional<double> cache_hits;
  std::vector<std::string> exclude;  ///< `returns` is without them already
  bool include_expired = false;
  std::vector<WithChildren> with_children;
  std::vector<WithParent> with_parents;
  std::vector<std::string> text;  ///< search: attributes
  std::string similar_to;
};

/// Nothing but the number of rows is asked for.
inline bool only_counts(const Read& read) {
  for (const Aggregate& one : read.aggregates) {
    if (one.function != Aggregate::Function::count) return false;
  }
  return true;
}

enum class WriteKind { create, put, update, upsert, delete_rows, check };

/// `set: {unread: false}`: a constant; without a value: a run-time value (parameter = attribute's name).
struct Assignment {
  std::string attribute;
  std::optional<OperandPtr> value;
  /// Of a stream consumer: the greatest or the least of what the attribute was and of the value.
  enum class Extreme { none, greatest, least } extreme = Extreme::none;
};
/// `add: {stock: -:quantity}`: `amount` is a signed parameter or constant.
struct Addition {
  std::string attribute;
  bool subtract = false;
  OperandPtr amount;
};

struct StateMove {
  std::string attribute;
  std::vector<std::string> from;  ///< empty: any
  std::optional<std::string> to;  ///< nullopt: any
};

struct Write {
  WriteKind kind = WriteKind::create;
  std::vector<EntityId> entities;  ///< one, except `delete: [Ticket, Comment]`
  std::vector<AttributeRef> by;
  std::vector<Assignment> set;
  bool set_is_default = false;  ///< nothing said: any non-identity attribute
  std::vector<Addition> add;
  std::vector<Assignment> append;
  std::vector<std::string> remove;
  std::optional<StateMove> move;
  ExpressionPtr condition;  ///< `if`
  double replaces = 0.5;    ///< put: share of calls that find a row
  double fails = 0;         ///< share of calls whose condition fails
  Spread times{1, 1};       ///< inside a transaction: how often this action repeats
  std::optional<EntityId> for_each;
  std::vector<AttributeRef> for_each_by;
  std::optional<Spread> batch;
  support::Span span;
};

struct Transaction {
  std::vector<Write> writes;  ///< all writes ...
  std::vector<Read> reads;    ///< ... or all reads (a consistent snapshot)
  double fails = 0;           ///< share of calls in which some action's condition fails
};

struct Pattern {
  std::string name;
  support::Span span;  ///< of the name
  std::string about;
  std::variant<Read, Write, Transaction> action;
  Load load;
  std::optional<support::Duration> idempotent;
  std::optional<PatternId> after;  ///< started by another pattern's change (a stream consumer)
  double per_cause = 1;            ///< of that: calls for each call of the other pattern
  bool across_tenants = false;
  bool implied = false;  ///< not in the YAML: creates of an entity that nothing creates

  [[nodiscard]] bool is_read() const;
};

/// The writes of a pattern: its own, or a transaction's, checks included.
std::vector<const Write*> writes_of(const Pattern& pattern);
/// The reads of a pattern: its own, or a transaction's.
std::vector<const Read*> reads_of(const Pattern& pattern);
/// Of the calls those that do what they say: of a transaction no action is done unless all are.
double share_done(const Pattern& pattern);
bool is_about(const Write& write, EntityId entity);
/// Whether a later action of a transaction is found by what an earlier one, on another kind of rows, names: calls are
/// expected to agree there. Two actions on one kind are about two rows, as DynamoDB takes an item once.
bool follows(const Entity& earlier_rows, const Write& earlier, const Write& later);
/// Whether these equalities say which row it is; the tenant is known anyway.
bool names_identity(const Entity& entity, const std::vector<AttributeRef>& by);
/// An update or a delete of all rows that its equalities find, each by itself: a row whose condition fails is passed over.
bool is_about_many(const Entity& entity, const Write& write);
/// Whether a write may bring a row: create, put, upsert.
bool may_insert(const Write& write);

}  // namespace ddbplan::model
