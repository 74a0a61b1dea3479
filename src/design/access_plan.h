// How a pattern is answered: steps, each one DynamoDB operation, with keys said as templates over named
// sources. Structure only: capacity computes a step's numbers, requests.h turns it into requests.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "design/layout.h"

namespace ddbplan::design {

/// Where a value comes from when the pattern runs.
struct FromParameter {
  std::string name;  ///< without the colon; an equality's parameter is its attribute's name
  bool operator==(const FromParameter&) const = default;
};
struct FromConstant {
  dynamo::AttributeValue value;
  bool operator==(const FromConstant&) const = default;
};
/// An attribute of each item that an earlier step of this plan found.
struct FromStep {
  std::size_t step = 0;
  std::string attribute;
  /// What the caller works out of the item (`at to hour`) for an attribute that it does not have; null: it has it.
  model::OperandPtr worked_out = nullptr;
  bool operator==(const FromStep&) const = default;
};
/// What the call says for another action of the transaction, which creates the row that this one's belongs to.
struct FromAction {
  std::size_t action = 0;
  std::string attribute;
  bool operator==(const FromAction&) const = default;
};
/// The time of the call (epoch seconds or ISO text, as the field's attribute is), minus `ago`.
struct FromNow {
  double ago_seconds = 0;
  bool operator==(const FromNow&) const = default;
};
using Source = std::variant<FromParameter, FromConstant, FromStep, FromNow, FromAction>;

struct FieldFrom {
  Field field;
  Source source;
};
/// Sorts after every key that starts with what stands before it.
struct HighSentinel {};
using KeyExprPart = std::variant<Literal, FieldFrom, ShardField, HighSentinel>;
/// A key value, or a bound of one, computed at run time.
struct KeyExpr {
  std::vector<KeyExprPart> parts;
  dynamo::ScalarType type = dynamo::ScalarType::S;
};

/// The one condition a Query may put on its sort key.
struct SortCondition {
  enum class Op {
    equal,
    begins_with,
    between,
    less,
    less_equal,
    greater,
    greater_equal
  } op = Op::equal;
  KeyExpr low;                  ///< the only operand, except for between
  std::optional<KeyExpr> high;  ///< between
};

enum class Operation {
  get_item,
  batch_get_item,
  query,
  scan,
  put_item,
  update_item,
  delete_item,
  batch_write_item,
  transact_write_items,
  transact_get_items,
  condition_check
};
std::string_view operation_name(Operation operation);

/// Parts of an update expression, over stored attributes.
struct SetValue {
  std::string attribute;
  model::OperandPtr value;  ///< parameters, constants, arithmetic over attributes
};
struct AddNumber {
  std::string attribute;
  bool subtract = false;
  model::OperandPtr amount;
};
struct AppendTo {
  std::string attribute;
  model::OperandPtr value;
};
struct RemoveAttribute {
  std::string attribute;
};
/// The greater or the smaller of what the attribute was, which the action knows as `was`, and a value: the caller
/// compares, since an update expression cannot.
struct SetExtreme {
  std::string attribute;
  bool greatest = true;
  std::string was;
  model::OperandPtr value;
};
using UpdateClause = std::variant<SetValue, AddNumber, AppendTo, RemoveAttribute, SetExtreme>;

/// A write of one item, alone or as an action of a transaction.
struct WriteAction {
  Operation operation =
      Operation::put_item;  ///< put_item, update_item, delete_item or condition_check
  std::size_t layout = 0;   ///< position in Design::items
  /// Position of the pattern's action this comes from (0 unless the pattern is a transaction).
  std::size_t action = 0;
  /// Sources of the attributes of the layout's base key, and of whatever else of the row the write knows.
  /// An attribute without a source comes from the call's parameter of the same name.
  std::map<std::string, Source> known;
  /// Over stored attributes, key attributes included (`attribute_not_exists(PK)` is Missing{PK}).
  model::ExpressionPtr condition;
  std::vector<UpdateClause> update;
  /// The caller leaves the action out where this does not hold for the row that the pattern's action is about:
  /// as it was when `looks_back`, else as it will be. Attributes are those of `known`, then the call's values.
  model::ExpressionPtr only_if;
  bool looks_back = false;
  /// Of a put or an upsert: where it replaces a row, this and what takes the old row out of the count are nothing
  /// together, and the caller sends neither.
  bool is_undone_by_replaced = false;
  /// Of a put in place of an item that goes: what it puts is new also where that item has the same key, and then
  /// the delete is left out; without it both are.
  bool is_renewed = false;
  /// Values of the call without which the caller leaves the action out.
  std::vector<std::string> only_if_given;
  /// Done once for each item that an earlier step found; where that found none, the other actions are done without
  /// it.
  bool for_each_found = false;
  /// Index entries of the layout whose key attributes this write may change, by position in
  /// ItemLayout::entries: from `known` the recipe sets or removes their key attributes.
  std::vector<std::size_t> maintains;
  model::Spread times{1, 1};
  /// Part of another action of the transaction, on the same item, where the pattern's actions agree in what they
  /// name, as they are expected to: it costs nothing of its own.
  bool is_joined = false;
};

/// Fan-out over time buckets: the partition key holds `attribute` cut to `unit`, and a request goes to every
/// bucket between the bounds, in the direction of the step; newest-N stops as soon as the limit is met.
struct BucketWalk {
  std::string attribute;
  model::TimeUnit unit = model::TimeUnit::day;
  /// nullopt: the oldest row there can be (now minus the retention), or now.
  std::optional<Source> low;
  std::optional<Source> high;
};

/// One DynamoDB operation, perhaps many requests of it: one per shard, per alternative, per page, per batch.
struct Step {
  Operation operation = Operation::get_item;
  std::size_t table = 0;
  std::optional<std::string> index;
  bool consistent_read = false;
  /// Which items the step is about (positions in Design::items): Query may return several kinds.
  std::vector<std::size_t> layouts;
  std::vector<KeyExpr> partition;
  std::vector<KeyExpr>
      sort;  ///< get: the whole sort key. Query: equalities of a multi-attribute key
  std::optional<SortCondition> sort_condition;
  /// Fan-out over shards: the rule of the entry that is read; a request for each shard.
  ShardRule shards;
  /// Fan-out over values (`status = OPEN | PAID`, time buckets): one request for each set of bindings, which
  /// replace the parameters of the same names.
  std::vector<std::map<std::string, dynamo::AttributeValue>> alternatives;
  std::optional<BucketWalk> buckets;
  model::ExpressionPtr filter;  ///< FilterExpression, over stored attributes
  bool scan_index_forward = true;
  std::optional<int> limit;  ///< items wanted from this step after filter and merge
  bool count_only = false;
  /// How answers of several requests merge: attribute and direction, first decides. Where an index does not
  /// project the attribute, its sort key decides, which begins with it.
  std::vector<model::OrderBy> merge_order;
  std::vector<std::size_t> after;  ///< steps whose items feed this one
  std::vector<WriteAction>
      actions;  ///< writes: one; transactions: all. transact_get: empty, see gets
  /// What a read finds besides rows of the pattern's own entities, which may be of their kind: a row's parent in a tree.
  /// A Query of a row beside its children says rows, and their kinds tell them apart.
  enum class Finds { rows, children, parents } finds = Finds::rows;
  /// A read whose answer only leads to later steps: to a write (read-modify-write), or to rows of another
  /// entity.
  bool leads_on = false;
  /// What follows is done also where this finds no item, and then knows nothing from it.
  bool may_find_nothing = false;
  /// Values of the call without which a read is left out; what follows is done then, and knows nothing from it.
  std::vector<std::string> only_if_given;
  /// Optional values of the call with any of which a read is left out.
  std::vector<std::string> only_if_left_out;
  /// A read of facets: what it finds are further attributes of the rows that this earlier step found, not answers.
  std::optional<std::size_t> completes;
  /// A read for each of so many rows that a call brings, by what the call says of that row.
  model::Spread times{1, 1};
  /// A get of a row that has so many read copies (the layouts after the first): each request asks one of them or the
  /// row, and any will do. The keys are the row's; a copy's has its literal before it.
  int copies = 0;
};

enum class Served { keys, filter, scan, offload, no };
std::string_view served_name(Served served);

/// An attribute of a parent that the answer's rows hold themselves, so that the parent is not fetched.
struct CopiedAttribute {
  std::string relation_attribute;  ///< as in model::WithParent
  std::string attribute;           ///< the parent's
  std::string copy;                ///< the row's own
};

/// The children of one kind, ordered by the client.
struct ChildOrder {
  model::EntityId child;
  std::vector<model::OrderBy> order;
};

/// A number that the row found holds itself, kept there with every change of what it is made of.
struct KeptAggregate {
  model::Aggregate what;
  std::string attribute;
};

struct AccessPlan {
  model::PatternId pattern;
  Served served = Served::keys;
  /// For offload: the integration and what it needs on the table, in one sentence.
  std::string offload;
  std::vector<Step> steps;
  /// Answer order and limit that the client applies after all steps ("sort on the range and order a bounded
  /// result in the client"). Empty: as the last read step returns.
  std::vector<model::OrderBy> client_order;
  /// For a get with children: those that a step does not find in the wanted order. The client orders them, and keeps
  /// as many as the pattern's limit says.
  std::vector<ChildOrder> client_children;
  /// Steps beside those of the answer: the client keeps the rows that belong to an item of each of them.
  std::vector<std::size_t> client_keeps;
  /// Rows that the client keeps after client_order; nullopt: all.
  std::optional<int> client_limit;
  /// Made by the client of all rows of the answer, which it does not return; empty: the rows, or their number.
  std::vector<model::Aggregate> client_aggregates;
  /// Numbers that the row found holds, which is no answer itself: the count, then others. Where it counts none, a sum is
  /// no number. Empty: rows are counted.
  std::vector<KeptAggregate> kept_in;
  std::vector<CopiedAttribute> copied;
  /// What the client still has to do, in words, for the report ("drop expired sessions").
  std::vector<std::string> client_notes;
};

}  // namespace ddbplan::design
