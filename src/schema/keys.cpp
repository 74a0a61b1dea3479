#include "schema/keys.h"

#include <array>

#include "support/check.h"

namespace ddbplan::schema {
namespace {

using P = Place;
using S = ShapeId;

// One bit for each action.
constexpr Actions kGet = 1U << 0U;
constexpr Actions kList = 1U << 1U;
constexpr Actions kCount = 1U << 2U;
constexpr Actions kExport = 1U << 3U;
constexpr Actions kSearch = 1U << 4U;
constexpr Actions kSimilar = 1U << 5U;
constexpr Actions kAnalyse = 1U << 6U;
constexpr Actions kCreate = 1U << 7U;
constexpr Actions kPut = 1U << 8U;
constexpr Actions kUpdate = 1U << 9U;
constexpr Actions kUpsert = 1U << 10U;
constexpr Actions kDelete = 1U << 11U;
constexpr Actions kTransaction = 1U << 12U;
constexpr Actions kFeed = 1U << 13U;
constexpr Actions kCheck = 1U << 14U;

constexpr Actions kManyRows = kList | kCount | kExport | kSearch | kSimilar | kAnalyse;
constexpr Actions kReads = kGet | kManyRows;
constexpr Actions kChanges = kUpdate | kUpsert;
constexpr Actions kOneWrites = kCreate | kPut | kUpdate | kUpsert | kDelete;
constexpr Actions kWrites = kOneWrites | kTransaction;
constexpr Actions kCalls = kReads | kWrites;

struct ActionName {
  std::string_view key;
  Actions bit;
};
constexpr auto kActionNames = std::to_array<ActionName>({
    {"get", kGet},
    {"list", kList},
    {"count", kCount},
    {"export", kExport},
    {"search", kSearch},
    {"similar", kSimilar},
    {"analyse", kAnalyse},
    {"create", kCreate},
    {"put", kPut},
    {"update", kUpdate},
    {"upsert", kUpsert},
    {"delete", kDelete},
    {"transaction", kTransaction},
    {"feed", kFeed},
    {"check", kCheck},
});

KeyInfo key(P place, std::string_view name, S shape, std::string_view sentence,
            std::string_view usual = {}, std::string_view unit = {}) {
  return {place, name, shape, sentence, usual, unit};
}
KeyInfo required(P place, std::string_view name, S shape, std::string_view sentence) {
  KeyInfo info = key(place, name, shape, sentence);
  info.required = true;
  return info;
}
KeyInfo action(P place, std::string_view name, S shape, std::string_view sentence) {
  KeyInfo info = key(place, name, shape, sentence);
  info.is_action = true;
  info.actions = action_bit(name);
  return info;
}
KeyInfo beside(P place, Actions actions, std::string_view name, S shape, std::string_view sentence,
               std::string_view usual = {}, std::string_view unit = {}) {
  KeyInfo info = key(place, name, shape, sentence, usual, unit);
  info.actions = actions;
  return info;
}

void add_root(std::vector<KeyInfo>& table) {
  constexpr P p = P::root;
  table.push_back(required(p, "ddbplan", S::version, "The version of the language."));
  table.push_back(
      required(p, "service", S::service, "The service's name; tables are named after it."));
  table.push_back(key(p, "about", S::about, "What the service is for."));
  table.push_back(key(p, "settings", S::settings, "Where and how the tables run."));
  table.push_back(required(p, "entities", S::entities, "What the application stores."));
  table.push_back(
      required(p, "access_patterns", S::patterns, "What the application asks and changes."));
  table.push_back(key(p, "mixes", S::mixes,
                      "Named mixes of access patterns, by weight, instead of single rates."));
  table.push_back(key(p, "events", S::events, "Times of extraordinary load."));
  table.push_back(
      key(p, "shapes", S::shapes, "How the load changes over the day and the week.", "flat"));
  table.push_back(key(p, "limits", S::limits, "How many resources the plan may use."));
  table.push_back(key(p, "physical", S::physical,
                      "Hand-made keys, shards and projections that the plan must keep."));
  table.push_back(key(p, "samples", S::samples,
                      "Rows to check types, sizes, collisions and units of expiry times against."));
}

void add_settings(std::vector<KeyInfo>& table) {
  constexpr P p = P::settings;
  table.push_back(
      key(p, "regions", S::texts, "AWS regions; more than one makes a global table.", "us-east-1"));
  table.push_back(
      key(p, "replication", S::replication,
          "Of a global table: eventual (multi-active) or strong (multi-region strong consistency).",
          "eventual"));
  table.push_back(key(p, "home_region", S::text,
                      "The region in which conditional writes are made, so that conditions hold."));
  table.push_back(
      key(p, "billing", S::billing, "The capacity mode; auto takes the cheaper one.", "auto"));
  table.push_back(key(p, "table_class", S::table_class,
                      "The table class; auto takes the cheaper one.", "auto"));
  table.push_back(key(p, "horizon", S::duration,
                      "How far ahead counts, rates and cost are looked at.", "12 months"));
  table.push_back(
      key(p, "tenant", S::attribute_name,
          "The attribute that every entity has without saying so, and that leads every `by` and "
          "partition key, unless an entity is `shared` or a pattern `across_tenants`."));
  table.push_back(
      key(p, "layout", S::layout,
          "How many tables the plan makes: one, one for each entity, or as many as cost least.",
          "single-table"));
  table.push_back(key(p, "key_style", S::key_style,
                      "generic (PK, SK, GSI1PK), or natural (attributes are keys where they can "
                      "be; an index may have "
                      "up to four on either side).",
                      "generic"));
  table.push_back(key(p, "capacity_target", S::share,
                      "The part of a partition's ceiling that a plan may use.", "70%"));
  table.push_back(key(p, "complexity", S::complexity,
                      "What a table and an index are taken to cost besides money."));
  table.push_back(key(p, "backup", S::backup, "Point-in-time recovery and backup plans.", "false"));
  table.push_back(
      key(p, "streams", S::streams, "A change stream on every table.", "where the plan needs one"));
  table.push_back(
      key(p, "encryption", S::text, "`aws-owned`, `aws-managed` or a key's ARN.", "aws-owned"));
  table.push_back(key(p, "deletion_protection", S::flag, "Tables refuse to be deleted.", "false"));
  table.push_back(key(p, "tags", S::tags, "Tags of every table."));
  table.push_back(key(p, "prices", S::text, "A file of prices in place of those built in."));
  table.push_back(
      key(p, "hours_per_month", S::number, "Hours of a billing month.", "730", "hours"));
  table.push_back(key(p, "free_tier", S::flag, "Subtract the free tier from the cost.", "false"));
  table.push_back(key(p, "seed", S::seed, "How much test data is made."));
  table.push_back(key(p, "type_attribute", S::attribute_name,
                      "The attribute that tells the entities of a table apart.", "type"));

  table.push_back(key(P::backup, "pitr", S::recovery,
                      "Point-in-time recovery, and for how many days.", "true"));
  table.push_back(key(P::backup, "plans", S::texts, "Backup plans: daily, weekly, monthly."));

  table.push_back(
      key(P::complexity, "table", S::dollars, "Of each table.", "5 USD", "dollars a month"));
  table.push_back(
      key(P::complexity, "index", S::dollars, "Of each index.", "1 USD", "dollars a month"));

  table.push_back(key(P::seed, "rows", S::count, "At most so many rows in all.", "10000", "rows"));
  table.push_back(key(P::seed, "number", S::integer, "Another number makes other data.", "1"));

  table.push_back(key(P::limits, "tables", S::integer, "At most so many tables."));
  table.push_back(key(P::limits, "gsis", S::integer,
                      "At most so many global secondary indexes on a table.", "20"));
  table.push_back(key(P::limits, "lsis", S::integer,
                      "At most so many local secondary indexes on a table.", "5"));
}

void add_entities(std::vector<KeyInfo>& table) {
  constexpr P p = P::entity;
  table.push_back(key(p, "about", S::about, "What a row is."));
  table.push_back(key(p, "id", S::attribute_names, "The identity: one attribute, or a list."));
  table.push_back(key(p, "singleton", S::flag, "The entity has one row and no identity.", "false"));
  table.push_back(key(p, "shared", S::flag, "The entity is not the tenants' own.", "false"));
  table.push_back(
      key(p, "count", S::count, "Rows at the start.", "the parents' counts, else 10000", "rows"));
  table.push_back(key(p, "growth", S::growth,
                      "How the count grows; children grow with their parents.", "0%/month"));
  table.push_back(key(p, "size", S::size,
                      "The stored item as a whole, names and key attributes included; for rows "
                      "whose attributes are "
                      "not all known.",
                      "the sum of the attributes", "bytes"));
  table.push_back(key(p, "belongs_to", S::belongs_to,
                      "The parents, whose identity each row carries. See RELATIONS."));
  table.push_back(key(p, "unique", S::unique, "What no two rows share; each element by itself."));
  table.push_back(key(p, "retention", S::retention,
                      "How long rows live; expired rows are not answers.", "for ever"));
  table.push_back(key(p, "archive", S::archive, "Where expired rows go."));
  table.push_back(key(p, "rollup", S::rollup, "The rows are kept from another entity's rows."));
  table.push_back(key(p, "attributes", S::attributes, "What a row holds. See TYPES."));

  table.push_back(
      key(P::relation, "children", S::spread, "Children of one parent.", "10 .. 100", "rows"));
  table.push_back(key(P::relation, "present", S::share,
                      "The part of the rows that have this parent.", "100%; 50% if optional"));
  table.push_back(
      key(P::relation, "skew", S::skew, "How unequally the children are spread over the parents."));
  table.push_back(key(P::relation, "hottest", S::relation_hottest,
                      "The biggest parent's part of all children, or named parents'."));

  table.push_back(
      required(P::unique, "of", S::attribute_names, "The attribute, or the attributes together."));
  table.push_back(key(P::unique, "across", S::alternatives, "Entities that share the name space."));
  table.push_back(
      key(P::unique, "ignore_case", S::flag, "Upper and lower case are the same.", "false"));

  table.push_back(key(P::archive, "to", S::text, "The destination.", "s3"));
  table.push_back(key(P::archive, "where", S::condition, "Only these rows.", "all"));
  table.push_back(key(P::archive, "after", S::duration, "So long after the row was written.",
                      "when it expires"));

  table.push_back(
      required(P::rollup, "of", S::entity_name, "The entity whose rows are summed up."));
  table.push_back(
      required(P::rollup, "by", S::rollup_by, "What is grouped by: the rollup's identity."));
  table.push_back(required(P::rollup, "keep", S::rollup_keep, "What is kept of each group."));
  table.push_back(key(P::rollup, "kept", S::kept, "How it is kept up to date.", "stream"));
}

void add_attributes(std::vector<KeyInfo>& table) {
  constexpr P p = P::attribute;
  table.push_back(key(p, "about", S::about, "What the attribute means."));
  table.push_back(key(p, "type", S::type, "The type, in its short form.", "string"));
  table.push_back(key(p, "optional", S::flag, "Not every row has it.", "false"));
  table.push_back(
      key(p, "present", S::share, "The part of the rows that have it.", "100%; 50% if optional"));
  table.push_back(key(p, "ahead", S::share,
                      "Of a time: the part of the rows where it lies after now.",
                      "0%; 10% where a pattern compares it with now"));
  table.push_back(
      key(p, "one_of", S::one_of, "The values, with the part of the rows that have each."));
  table.push_back(key(p, "states", S::one_of,
                      "The same, for values that writes move between; the first is initial."));
  table.push_back(key(p, "moves", S::moves, "Which state may become which."));
  table.push_back(
      key(p, "rank", S::rank, "The order of the values, lowest first.", "as they are written"));
  table.push_back(
      key(p, "distinct", S::distinct,
          "How many different values there are; `all`: no two rows share one, without a guard.",
          "10 where a pattern asks for one; of a date the days that its rows' times span"));
  table.push_back(key(p, "absent", S::text, "What is stored in place of a missing value."));
  table.push_back(key(p, "derive", S::expression, "The value follows from others of the row."));
  table.push_back(key(p, "immutable", S::flag, "Never changed.", "true if no pattern changes it"));
  table.push_back(
      key(p, "lock", S::flag, "A version number, compared and raised by every update.", "false"));
  table.push_back(
      key(p, "sequence_per", S::attribute_name, "The next number within this attribute's value."));
  table.push_back(key(p, "count_of", S::source, "How many children the row has."));
  table.push_back(key(p, "sum_of", S::source, "The sum of an attribute of the row's children."));
  table.push_back(key(p, "newest_of", S::source, "An attribute of the row's newest child."));
  table.push_back(key(p, "copy_of", S::source, "A copy of a parent's attribute: `brand_id.name`."));
  table.push_back(key(p, "where", S::condition,
                      "Of count_of, sum_of and newest_of: only these children.", "all"));
  table.push_back(key(p, "kept", S::kept, "How it is kept up to date.", "transaction"));
}

void add_actions(std::vector<KeyInfo>& table, P p) {
  const bool in_transaction = p == P::action;
  table.push_back(action(p, "get", S::alternatives,
                         "Read at most one row, by an identity or a unique attribute."));
  if (!in_transaction) {
    table.push_back(
        action(p, "list", S::targets, "Read rows; several entities make one merged order."));
    table.push_back(action(p, "count", S::target, "Count rows, or sum them up (`returns`)."));
    table.push_back(
        action(p, "export", S::targets, "Read all rows that match; a scan is accepted."));
    table.push_back(action(p, "search", S::targets, "Full-text search, which keys cannot serve."));
    table.push_back(
        action(p, "similar", S::targets, "The nearest by a vector, which keys cannot serve."));
    table.push_back(action(p, "analyse", S::targets,
                           "Ad-hoc questions over all rows, which keys cannot serve."));
  }
  table.push_back(action(p, "create", S::target, "Write a row that must be new."));
  table.push_back(
      action(p, "put", S::target, "Write a row, in place of an older one if there is one."));
  table.push_back(action(p, "update", S::target, "Change a row that must exist."));
  table.push_back(action(p, "upsert", S::target, "Change a row, or create it."));
  table.push_back(action(p, "delete", S::targets,
                         in_transaction ? "Delete a row that must exist." : "Delete rows."));
  if (in_transaction) {
    table.push_back(
        action(p, "check", S::target, "Require that a row exists, or that `if` holds for it."));
  } else {
    table.push_back(action(p, "transaction", S::transaction,
                           "All of these writes or none; or reads, all at one time."));
    table.push_back(
        action(p, "feed", S::targets, "Someone outside consumes the changes of these entities."));
  }
}

void add_reads(std::vector<KeyInfo>& table) {
  constexpr P p = P::pattern;
  table.push_back(beside(p, kManyRows, "narrow_by", S::narrow_by,
                         "Equalities that only some requests give.", "50% of the requests"));
  table.push_back(beside(p, kManyRows, "range", S::range,
                         "One attribute and a comparison with a run-time value."));
  table.push_back(
      beside(p, kManyRows, "where", S::condition, "What rows must be like, in constants."));
  table.push_back(beside(p, kManyRows, "matches", S::share,
                         "The part of the rows that `where` keeps.", "from frequencies, else 10%"));
  table.push_back(beside(p, kList | kExport | kSearch | kSimilar, "order", S::order,
                         "The order of the answer.", "any"));
  table.push_back(beside(p, kList | kCount | kSearch | kSimilar, "limit", S::limit,
                         "One request's page.", "all", "rows"));
  table.push_back(
      beside(p, kList | kCount, "pages", S::spread, "How many pages are read.", "1", "pages"));
  table.push_back(beside(p, kReads, "returns", S::returns,
                         "Which attributes, or `count`, `sum ATTRIBUTE`.", "all"));
  table.push_back(beside(p, kReads, "exclude", S::attribute_names, "All attributes but these."));
  table.push_back(beside(p, kReads, "consistency", S::consistency,
                         "strong: sees every write before it.", "eventual"));
  table.push_back(beside(p, kGet | kPut | kDelete, "batch", S::spread,
                         "Rows of one call; neither creates nor updates batch.", "1", "rows"));
  table.push_back(
      beside(p, kGet | kList | kCount, "cache", S::cache, "What a cache in front answers."));
  table.push_back(beside(p, kReads, "include_expired", S::flag,
                         "Rows past their retention are answers too.", "false"));
  table.push_back(beside(p, kGet | kList, "with", S::with,
                         "Children by entity (`{Child: {order, limit}}`), parents by attribute "
                         "(`{room_id: [title]}`)."));
  table.push_back(beside(p, kSearch, "text", S::references, "The attributes that are searched."));
  table.push_back(beside(p, kSimilar, "to", S::attribute_name, "The vector attribute."));
}

void add_writes(std::vector<KeyInfo>& table, P p) {
  const Actions by = kReads | kOneWrites | kCheck;
  table.push_back(beside(
      p, by, "by", S::references,
      "Equalities with run-time values. Short of the identity, every matching row is meant."));
  table.push_back(beside(p, kChanges, "set", S::assignments, "Attributes that get a value.",
                         "any outside of the identity"));
  table.push_back(beside(p, kChanges, "add", S::additions,
                         "Numbers that are raised or lowered, sets that grow."));
  table.push_back(beside(p, kChanges, "append", S::assignments, "Lists that grow at the end."));
  table.push_back(beside(p, kChanges, "remove", S::attribute_names, "Attributes that go away."));
  table.push_back(
      beside(p, kChanges, "move", S::state_move, "A move of a state; implies its condition."));
  table.push_back(beside(p, kPut | kUpdate | kUpsert | kDelete | kCheck, "if", S::condition,
                         "Only when this holds."));
  table.push_back(
      beside(p, kPut, "replaces", S::share, "The part of the calls that find a row.", "50%"));
  table.push_back(
      beside(p, kWrites, "fails", S::share, "The part of the calls whose condition fails.", "0%"));
  table.push_back(beside(p, kOneWrites | kCheck, "times", S::spread,
                         "How often this repeats in one call.", "1"));
  table.push_back(beside(p, kOneWrites, "for_each", S::entity_name,
                         "One write for each row of this entity that `by` finds."));
}

void add_patterns(std::vector<KeyInfo>& table) {
  constexpr P p = P::pattern;
  table.push_back(key(p, "about", S::about, "What the pattern is for."));
  add_actions(table, p);
  add_writes(table, p);
  add_reads(table);
  table.push_back(
      beside(p, kWrites, "idempotent", S::duration, "Repeats within this time have no effect."));
  table.push_back(beside(p, kCalls, "after", S::pattern_name,
                         "Started by another pattern's change; its rate follows."));
  table.push_back(beside(p, kCalls, "across_tenants", S::flag, "Over all tenants.", "false"));
  table.push_back(beside(p, kCalls, "rate", S::rate, "Calls, the mean of the month.",
                         "1/s for reads, 1/day for export and analyse, 0.1/s for writes", "calls"));
  table.push_back(
      beside(p, kCalls, "peak", S::rate, "Calls at the busiest time.", "3 x the mean", "calls"));
  table.push_back(beside(p, kCalls, "hottest", S::hottest,
                         "The busiest value of `by`, or named ones, at the peak.",
                         "from the relation's skew"));
  add_actions(table, P::action);
  add_writes(table, P::action);

  table.push_back(key(P::with_children, "order", S::order, "The order of the children.", "any"));
  table.push_back(
      key(P::with_children, "limit", S::count, "How many children of each.", "all", "rows"));
  table.push_back(
      required(P::cache, "hits", S::share, "The part of the calls that the cache answers."));
}

void add_rest(std::vector<KeyInfo>& table) {
  table.push_back(
      key(P::mix, "share", S::share, "The part of the time that this mix holds.", "100%"));
  table.push_back(required(P::mix, "total", S::rate, "Calls of all its patterns together."));
  table.push_back(required(P::mix, "weights", S::weights, "The patterns, relative to each other."));

  table.push_back(key(P::event, "about", S::about, "What happens."));
  table.push_back(
      key(P::event, "from", S::instant, "When it begins, in UTC.", "not known in advance"));
  table.push_back(required(P::event, "for", S::duration, "How long it lasts."));
  table.push_back(
      required(P::event, "rates", S::event_rates, "The patterns' rates while it lasts."));

  table.push_back(key(P::shapes, "daily", S::numbers, "24 relative loads, from midnight UTC."));
  table.push_back(
      key(P::shapes, "weekly", S::numbers, "7 (days) or 168 (hours) relative loads, from Monday."));

  table.push_back(
      key(P::physical, "partition_key", S::text,
          "The partition key of the entity's rows: `DEVICE#{device_id}`; a # parts attributes."));
  table.push_back(key(P::physical, "sort_key", S::text, "The sort key of the entity's rows."));
  table.push_back(key(P::physical, "shards", S::shards,
                      "Shards of each partition key value, or of named ones."));
  table.push_back(key(P::physical, "projections", S::projections,
                      "What an index of the plan holds besides its keys, by the index's name."));
}

}  // namespace

Actions action_bit(std::string_view key) {
  for (const ActionName& one : kActionNames) {
    if (one.key == key) return one.bit;
  }
  return 0;
}

const std::vector<KeyInfo>& key_table() {
  static const std::vector<KeyInfo> table = [] {
    std::vector<KeyInfo> keys;
    add_root(keys);
    add_settings(keys);
    add_entities(keys);
    add_attributes(keys);
    add_patterns(keys);
    add_rest(keys);
    return keys;
  }();
  return table;
}

std::vector<const KeyInfo*> keys_of(Place place) {
  std::vector<const KeyInfo*> keys;
  for (const KeyInfo& key : key_table()) {
    if (key.place == place) keys.push_back(&key);
  }
  return keys;
}

const std::vector<PlaceInfo>& place_table() {
  static const std::vector<PlaceInfo> table = {
      {P::root, "schema", "a schema", "The keys of the file."},
      {P::settings, "settings", "the settings", "Under `settings`."},
      {P::backup, "backup", "`backup`", "Under `settings.backup`."},
      {P::complexity, "complexity", "`complexity`", "Under `settings.complexity`."},
      {P::seed, "seed", "`seed`", "Under `settings.seed`."},
      {P::limits, "limits", "`limits`", "Under `limits`."},
      {P::entity, "entity", "an entity", "Of each entity under `entities`."},
      {P::relation, "relation", "a relation",
       "Of each parent under `belongs_to`, in the long form."},
      {P::unique, "unique", "an element of `unique`",
       "Of an element of `unique`, in the long form."},
      {P::archive, "archive", "`archive`", "Under `archive`, in the long form."},
      {P::rollup, "rollup", "a rollup", "Under `rollup`."},
      {P::attribute, "attribute", "an attribute", "Of each attribute, in the long form."},
      {P::pattern, "access-pattern", "an access pattern",
       "Of each pattern under `access_patterns`: one action, and what goes with it."},
      {P::action, "transaction-action", "an action of a transaction",
       "Of each element of `transaction`."},
      {P::with_children, "with-children", "children in `with`",
       "Of each child entity under `with`."},
      {P::cache, "cache", "`cache`", "Under `cache`."},
      {P::mix, "mix", "a mix", "Of each mix under `mixes`."},
      {P::event, "event", "an event", "Of each event under `events`."},
      {P::shapes, "shapes", "`shapes`", "Under `shapes`."},
      {P::physical, "physical", "an entity under `physical`", "Of each entity under `physical`."},
  };
  return table;
}

const PlaceInfo& info(Place place) {
  const PlaceInfo& found = place_table()[static_cast<std::size_t>(place)];
  DDBPLAN_CHECK(found.place == place);
  return found;
}

}  // namespace ddbplan::schema
