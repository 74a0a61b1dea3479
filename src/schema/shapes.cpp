// What values look like: the forms behind each key of keys.cpp.
#include "schema/keys.h"
#include "support/check.h"

namespace ddbplan::schema {
namespace {

using Kind = Form::Kind;

Form scalar(Grammar grammar) { return {Kind::scalar, grammar, {}, {}, {}, 0, 0}; }
Form choice(std::vector<std::string_view> choices) {
  return {Kind::choice, Grammar::text, std::move(choices), {}, {}, 0, 0};
}
Form flag() { return {Kind::flag, Grammar::text, {}, {}, {}, 0, 0}; }
Form nothing() { return {Kind::nothing, Grammar::text, {}, {}, {}, 0, 0}; }
Form anything() { return {Kind::anything, Grammar::text, {}, {}, {}, 0, 0}; }
Form list(ShapeId element, std::size_t min = 1, std::size_t max = 1000) {
  return {Kind::list, Grammar::text, {}, element, {}, min, max};
}
Form record(Place place) { return {Kind::record, Grammar::text, {}, {}, place, 0, 0}; }
Form dictionary(Grammar keys, ShapeId values, std::size_t max = 1000, std::size_t min = 0) {
  return {Kind::dictionary, keys, {}, values, {}, min, max};
}

/// More entities than AWS allows tables in a region would be a mistake.
constexpr std::size_t kPatternsMax = 5000;
constexpr std::size_t kSampleRowsMax = 10'000;

}  // namespace

const std::vector<ShapeInfo>& shape_table() {
  using G = Grammar;
  using S = ShapeId;
  static const std::vector<ShapeInfo> table = {
      {S::about, "about", "a sentence", {scalar(G::text)}},
      {S::amount, "amount", "a constant, `now`, or a run-time value such as `=:name`", {scalar(G::amount)}},
      {S::archive, "archive", "a destination such as `s3`, or `{to, where, after}`",
       {scalar(G::text), record(Place::archive)}},
      {S::attribute, "attribute", "a type such as `string 40 B .. 120 B`, or a map",
       {scalar(G::attribute_type), record(Place::attribute), nothing()}},
      {S::attribute_name, "attribute-name", "an attribute's name", {scalar(G::name)}},
      {S::attribute_names, "attribute-names", "an attribute, or a list of them",
       {scalar(G::name), list(S::attribute_name)}},
      {S::attributes, "attributes", "a map of attributes", {dictionary(G::name, S::attribute), list(S::attribute_name, 0)}},
      {S::backup, "backup", "true, false or `{pitr, plans}`", {flag(), record(Place::backup)}},
      {S::belongs_to, "belongs-to", "a parent entity, a list of them, or a map of parents to children",
       {dictionary(G::relation, S::relation_details, 100), list(S::relation, 1, 100), scalar(G::relation)}},
      {S::billing, "billing", "auto, on-demand or provisioned", {choice({"auto", "on-demand", "provisioned"})}},
      {S::cache, "cache", "`{hits: 80%}`", {record(Place::cache)}},
      {S::complexity, "complexity", "`{table: 5 USD, index: 1 USD}`", {record(Place::complexity)}},
      {S::condition, "condition", "a condition such as `status = OPEN`", {scalar(G::condition)}},
      {S::consistency, "consistency", "eventual or strong", {choice({"eventual", "strong"})}},
      {S::count, "count", "a number such as `2M`", {scalar(G::count)}},
      {S::assignments, "assignments", "attributes, or a map of attributes to values",
       {scalar(G::name), list(S::attribute_name), dictionary(G::name, S::assignment)}},
      {S::assignment, "assignment", "a value, or nothing for one that is known at run time",
       {scalar(G::amount), nothing()}},
      {S::additions, "additions", "a map of attributes to amounts such as `{stock: -:quantity}`",
       {dictionary(G::name, S::amount)}},
      {S::distinct, "distinct", "a number of values, or `all`", {scalar(G::count), choice({"all"})}},
      {S::dollars, "dollars", "an amount such as `5 USD`", {scalar(G::usd)}},
      {S::duration, "duration", "a duration such as `30 days`", {scalar(G::duration)}},
      {S::entities, "entities", "a map of entities", {dictionary(G::name, S::entity, 1000, 1)}},
      {S::entity, "entity", "a map that describes an entity", {record(Place::entity)}},
      {S::entity_name, "entity-name", "an entity's name", {scalar(G::name)}},
      {S::alternatives, "alternatives", "an entity, or several with `|`", {scalar(G::alternatives)}},
      {S::target, "target", "an entity", {scalar(G::name)}},
      {S::targets, "targets", "an entity, or a list of them", {scalar(G::name), list(S::entity_name, 1, 100)}},
      {S::event, "event", "`{from, for, rates}`", {record(Place::event)}},
      {S::event_rate, "event-rate", "a rate such as `400/s`, or a factor such as `x8`", {scalar(G::event_rate)}},
      {S::event_rates, "event-rates", "a map of access patterns to rates",
       {dictionary(G::pattern_name, S::event_rate, kPatternsMax)}},
      {S::events, "events", "a map of events", {dictionary(G::pattern_name, S::event)}},
      {S::expression, "expression", "an expression such as `total * 2`", {scalar(G::operand)}},
      {S::flag, "flag", "true or false", {flag()}},
      {S::growth, "growth", "a growth such as `3%/month`", {scalar(G::growth)}},
      {S::hottest, "hottest", "a share, a rate, or `{name: rate}`",
       {scalar(G::hottest), dictionary(G::value, S::hottest_value)}},
      {S::hottest_value, "hottest-value", "a share or a rate", {scalar(G::hottest)}},
      {S::instant, "instant", "a date and time such as `2026-11-27 18:00`", {scalar(G::instant)}},
      {S::integer, "integer", "a whole number", {scalar(G::integer)}},
      {S::kept, "kept", "transaction, stream or never", {choice({"transaction", "stream", "never"})}},
      {S::key_style, "key-style", "generic, natural or auto", {choice({"generic", "natural", "auto"})}},
      {S::layout, "layout", "single-table, table-per-entity or auto",
       {choice({"single-table", "table-per-entity", "auto"})}},
      {S::limit, "limit", "a number of rows, or `1 per ATTRIBUTE`", {scalar(G::limit)}},
      {S::limits, "limits", "`{tables, gsis, lsis}`", {record(Place::limits)}},
      {S::mix, "mix", "`{share, total, weights}`", {record(Place::mix)}},
      {S::mixes, "mixes", "a map of mixes", {dictionary(G::pattern_name, S::mix)}},
      {S::move, "move", "a move such as `OPEN -> PAID`", {scalar(G::move)}},
      {S::moves, "moves", "a list of moves such as `OPEN -> PAID`", {list(S::move), scalar(G::move)}},
      {S::narrow, "narrow", "an attribute and a share", {scalar(G::narrow)}},
      {S::narrow_by, "narrow-by", "an attribute, or a list such as `[a, b 30%]`", {scalar(G::narrow), list(S::narrow)}},
      {S::number, "number", "a number", {scalar(G::count)}},
      {S::numbers, "numbers", "a list of numbers", {list(S::number)}},
      {S::one_of, "one-of", "a list of values, or a map of values to frequencies",
       {dictionary(G::value, S::share_or_nothing), list(S::value)}},
      {S::order, "order", "an attribute and `asc` or `desc`, or a list of them", {scalar(G::order), list(S::order_part)}},
      {S::order_part, "order-part", "an attribute and `asc` or `desc`", {scalar(G::order)}},
      {S::pattern, "access-pattern", "a map that describes an access pattern", {record(Place::pattern)}},
      {S::patterns, "access-patterns", "a map of access patterns",
       {dictionary(G::pattern_name, S::pattern, kPatternsMax, 1)}},
      {S::pattern_name, "pattern-name", "an access pattern's name", {scalar(G::pattern_name)}},
      {S::physical, "physical", "a map of entities", {dictionary(G::name, S::physical_entity)}},
      {S::physical_entity, "physical-entity", "`{partition_key, sort_key, shards, projections}`",
       {record(Place::physical)}},
      {S::projections, "projections", "a map of indexes to attributes", {dictionary(G::pattern_name, S::attribute_names, 100)}},
      {S::range, "range", "an attribute, alone or with a comparison", {scalar(G::range)}},
      {S::rank, "rank", "a list of all values, lowest first", {list(S::value)}},
      {S::rate, "rate", "a rate such as `300/s`", {scalar(G::rate)}},
      {S::recovery, "recovery", "true, false or a number of days", {flag(), scalar(G::duration)}},
      {S::reference, "reference", "an attribute", {scalar(G::reference)}},
      {S::references, "references", "an attribute, or a list of them", {scalar(G::reference), list(S::reference)}},
      {S::relation, "relation", "a parent entity", {scalar(G::relation)}},
      {S::relation_details, "relation-details", "children such as `12 .. 5000`, or a map",
       {scalar(G::count_spread), record(Place::relation), nothing()}},
      {S::replication, "replication", "eventual or strong", {choice({"eventual", "strong"})}},
      {S::retention, "retention", "`2 years after ATTRIBUTE` or `until ATTRIBUTE`", {scalar(G::retention)}},
      {S::returned, "returned", "an attribute or an aggregate", {scalar(G::returned)}},
      {S::returns, "returns", "attributes, `count` or `sum ATTRIBUTE`", {scalar(G::returned), list(S::returned)}},
      {S::rollup, "rollup", "`{of, by, keep}`", {record(Place::rollup)}},
      {S::rollup_by, "rollup-by", "attributes, or a map of names to expressions",
       {dictionary(G::name, S::expression_or_nothing), list(S::attribute_name)}},
      {S::expression_or_nothing, "expression-or-nothing", "an expression, or nothing for the attribute itself",
       {scalar(G::operand), nothing()}},
      {S::rollup_keep, "rollup-keep", "a map of names to aggregates", {dictionary(G::name, S::returned)}},
      {S::sample_rows, "sample-rows", "a list of rows", {list(S::sample_row, 0, kSampleRowsMax)}},
      {S::sample_row, "sample-row", "a map of attributes to values", {dictionary(G::name, S::sample_value)}},
      {S::sample_value, "sample-value", "a value", {anything()}},
      {S::samples, "samples", "a map of entities to rows", {dictionary(G::name, S::sample_rows)}},
      {S::seed, "seed", "`{rows, number}`", {record(Place::seed)}},
      {S::service, "service", "the service's name", {scalar(G::service)}},
      {S::settings, "settings", "a map of settings", {record(Place::settings)}},
      {S::shapes, "shapes", "`{daily, weekly}`", {record(Place::shapes)}},
      {S::shards, "shards", "a number, or a map such as `{acme: 8, others: 1}`",
       {scalar(G::integer), dictionary(G::value, S::integer)}},
      {S::share, "share", "a percentage such as `5%`", {scalar(G::share)}},
      {S::share_or_nothing, "share-or-nothing", "a percentage, or nothing for the rest", {scalar(G::share), nothing()}},
      {S::size, "size", "a size such as `40 B .. 8 KB`", {scalar(G::size)}},
      {S::skew, "skew", "`zipf 1.05`, or a map such as `{acme: 12%}`",
       {scalar(G::zipf), dictionary(G::value, S::share)}},
      {S::source, "source", "an entity, or an attribute of one", {scalar(G::source)}},
      {S::spread, "spread", "a number, or `mean .. maximum`", {scalar(G::count_spread)}},
      {S::state_move, "state-move", "a move such as `status OPEN -> PAID`", {scalar(G::state_move)}},
      {S::streams, "streams", "true, false or what the stream holds",
       {flag(), choice({"keys-only", "new-image", "old-image", "new-and-old-images"})}},
      {S::table_class, "table-class", "standard, infrequent-access or auto",
       {choice({"standard", "infrequent-access", "auto"})}},
      {S::type, "type", "a type such as `string 40 B .. 120 B`", {scalar(G::attribute_type)}},
      {S::tags, "tags", "a map of texts", {dictionary(G::text, S::text, 50)}},
      {S::text, "text", "a text", {scalar(G::text)}},
      {S::texts, "texts", "a text, or a list of them", {scalar(G::text), list(S::text, 1, 100)}},
      {S::transaction, "transaction", "a list of actions", {list(S::transaction_action, 1, 100)}},
      {S::transaction_action, "transaction-action", "a map such as `{create: Order}`", {record(Place::action)}},
      {S::unique, "unique", "an attribute, or a list such as `[email, [tenant_id, number]]`",
       {scalar(G::name), list(S::unique_element)}},
      {S::unique_element, "unique-element", "an attribute, a list of them, or `{of, across, ignore_case}`",
       {scalar(G::name), list(S::attribute_name), record(Place::unique)}},
      {S::value, "value", "a value", {scalar(G::value)}},
      {S::version, "version", "the language's version", {scalar(G::version)}},
      {S::weights, "weights", "a map of access patterns to weights",
       {dictionary(G::pattern_name, S::number, kPatternsMax)}},
      {S::with, "with", "children and parents, as a list or a map",
       {scalar(G::name), list(S::attribute_name), dictionary(G::name, S::with_details, 100)}},
      {S::with_details, "with-details", "attributes of a parent, or `{order, limit}` of children",
       {record(Place::with_children), list(S::attribute_name), scalar(G::name), nothing()}},
  };
  return table;
}

const ShapeInfo& shape(ShapeId id) {
  for (const ShapeInfo& one : shape_table()) {
    if (one.id == id) return one;
  }
  DDBPLAN_CHECK(false);
  return shape_table().front();
}

}  // namespace ddbplan::schema
