// The prose of ddbplan-schema(5).
#include "schema/manual.h"

namespace ddbplan::schema {
namespace {

ManualBlock text(std::string_view words) {
  return {ManualBlock::Kind::paragraph, {}, words};
}
ManualBlock example(std::string_view yaml) {
  return {ManualBlock::Kind::example, {}, yaml};
}
ManualBlock term(std::string_view name, std::string_view words) {
  return {ManualBlock::Kind::term, name, words};
}

ManualSection types() {
  return {
      "TYPES",
      {text("An attribute is a type with its size: `TYPE [of ATTRIBUTE] [SIZE] [optional | present "
            "SHARE]`; or a "
            "map whose `type` takes the same. Sizes are of the stored value, without the "
            "attribute's name. A size "
            "alone is mean and maximum."),
       term("ulid, ksuid, uuid",
            "Text of 26, 27 and 36 B. `ulid of placed_at` says that the identifier sorts as that "
            "time does, so that no second key is needed for the date; the time then never "
            "changes."),
       term("string, binary", "32 B unless a size is given."),
       term("integer, number",
            "4 B, at most 8 B, unless a size is given: a byte for each pair of digits, and one."),
       term("boolean", "1 B."),
       term("timestamp",
            "ISO 8601 in UTC with milliseconds, 24 B of text that sorts as time does: "
            "`2026-11-27T18:00:00.000Z`."),
       term("epoch_s, epoch_ms", "Seconds or milliseconds since 1970, numbers of 6 and 8 B."),
       term("date", "`2026-11-27`, 10 B."),
       term("set of TYPE",
            "Strings, numbers or binaries; 5 elements unless said: `set of string 3 .. 10 x 12 B` "
            "is "
            "the number of elements and the size of one."),
       term("list, map",
            "256 B unless a size is given, of the whole with its overhead. `list 12 .. 50 x 40 B` "
            "is "
            "the number of entries and the size of one; then 3 B for the list and 1 B for each "
            "entry "
            "are added."),
       text(
           "Times lie evenly in the time that rows are kept, else in a year, up to now. One that a "
           "pattern compares with `now` lies on both sides of it: a tenth of the rows ahead, "
           "unless `matches` or the attribute says another share: `starts_at: {type: timestamp, "
           "ahead: 30%}`."),
       text("`one_of` and `states` give the values with the part of the rows that have each (a "
            "stock); the size "
            "follows from them. Without frequencies the values are equally frequent; one without a "
            "frequency gets "
            "the rest. Writes that move between `states` say so with `move`. Attributes with "
            "`count_of` and "
            "`sequence_per` are integers, those with `sum_of` and `derive` numbers; `newest_of` "
            "and `copy_of` have "
            "the type of what they hold. A time that is `newest_of` children is in each row: until "
            "a "
            "row has one, its create says it. Declare the attribute `optional` where it does not. "
            "What a "
            "stream keeps as the newest is set only where it is newer: a time by itself, another "
            "value where a `newest_of` the time of the same rows stands beside it."),
       text("What is kept in a transaction (the default of `count_of`, `sum_of` and `newest_of`) "
            "stands in a row that "
            "must be there: a row whose parent is missing is neither created nor deleted. Nor is a "
            "row created that would copy from a missing parent."),
       text("Counts and sums of a `rollup` follow rows that come, change, move to another group or "
            "are deleted; its `max`, `min` and newest value only rows that come, and DDB604 says "
            "where an access pattern does something else. Rows that expire stay in them. "
            "What is kept from something that is kept "
            "(a copy of a copy, a rollup of a rollup) follows it."),
       text("An attribute that no access pattern writes never changes, and may stand in keys. The "
            "identity never "
            "changes, nor does the time that it sorts as.")}};
}

ManualSection relations() {
  return {"RELATIONS",
          {text("`belongs_to` brings the parent's identity along, with its names and types; "
                "attributes need not be declared "
                "again. `User as sender_id` renames it, `Repo as repo_owner + repo_name` names the "
                "parts of a compound one. "
                "The tenant is not part of it, unless it is all of the parent's identity."),
           text("`User | Organization as owner` belongs to one of several. Their identities must "
                "have as many parts, and "
                "must never be equal: give them a common `unique` with `across`, or identifiers "
                "that cannot collide."),
           text("An `optional` parent may be missing; half of the rows have it unless `present` "
                "says more. A self reference "
                "makes a tree; 90% of its rows have a parent unless said."),
           text("Rows follow from the parents: 2M customers with 12 orders each are 24M orders. "
                "With several parents the "
                "first whose children are given decides; the others are compared with it. A count "
                "that is given goes before "
                "the parents', and children that are not given follow from it. The maximum, unless "
                "given, is 10 times the "
                "mean. Children grow with their parents, the fastest of them; where creates have a "
                "given rate, rows stop "
                "growing at rate times retention."),
           text("Many-to-many is an entity that belongs to both."),
           example("Membership: {id: [user_id, room_id], belongs_to: {User: 4 .. 2000, Room: 25 .. "
                   "50k}}\n")}};
}

ManualSection lifetimes() {
  return {
      "LIFETIME",
      {text("`retention: 2 years after placed_at` keeps a row for two years. It implies the "
            "attribute `expires_at` "
            "in seconds since 1970, which DynamoDB's time to live uses; it is there where "
            "`placed_at` is. "
            "`retention: until expires_at` names the attribute itself, which is implied where "
            "it is not declared. A table has one TTL attribute: where entities of a single table "
            "expire by different ones, they repeat theirs in `expires_at`, or in that of the "
            "first. "
            "Expired rows are not answers, though DynamoDB may keep them for days: every read "
            "filters them, unless "
            "it says `include_expired: true`.")}};
}

ManualSection tenancy() {
  return {"TENANTS",
          {text("With `settings.tenant` every entity has that attribute and its identity begins "
                "with it, without "
                "saying so; so does every `by`. `shared: true` takes an entity out, "
                "`across_tenants: true` a pattern. "
                "Where an entity's whole identity is the tenant, its type is everyone's. `unique` "
                "is taken as written: "
                "`[email]` is unique over all tenants, `[tenant_id, email]` within each.")}};
}

ManualSection expressions() {
  return {
      "EXPRESSIONS",
      {text("Conditions stand in `where` and `if`, one comparison in `range`, values in `derive` "
            "and in a rollup's "
            "`by`. They need no quotes and have no commas, so that they can stand in `{}` and "
            "`[]`."),
       term("= != < <= > >=",
            "Compare an attribute with a value. After `=` and `!=` a bare word is one of the "
            "attribute's values."),
       term("a = X | Y", "One of several."), term("a between X and Y", "Both bounds included."),
       term("a begins_with X", "Of texts."),
       term("a contains X", "An element of a set or list, or a part of a text."),
       term("a last 24 hours", "Short for `a >= now - 24 hours`."),
       term("exists(a), missing(a)", "Does the row have the attribute?"),
       term("a, not a", "Of a boolean."),
       term("and, or, not, ( )", "Join conditions; `not` binds tightest, then `and`, then `or`."),
       term(":name", "A value known at run time."), term("now", "The time of the call."),
       term("'two words'", "A text that is not one word."),
       term("size(a)",
            "The stored size of a text or binary, the number of elements of a list, map or set."),
       term("+ - * /",
            "Arithmetic; durations such as `24 hours` are added to and taken from times."),
       term("a to day", "A time cut down to its second, minute, hour, day, week, month or year."),
       text("Names are attributes of the pattern's entity, else of its nearest ancestor that has "
            "them. `Bid.user_id` "
            "names a related entity, `room_id.last_at` follows a relation by its attribute. What "
            "is neither equal "
            "to a run-time value (`by`) nor the one range belongs in `where`.")}};
}

ManualSection load() {
  return {"LOAD",
          {text("`rate` is the mean of the month, `peak` the busiest moment: three times the mean "
                "unless given; a peak "
                "alone makes the mean a third of it. A rate `per` an entity is multiplied by its "
                "rows and grows with "
                "them. A bulk window is at its peak while it is open."),
           text("Without a rate, a create follows the rows and their lifetime (24M rows that live "
                "two years are 0.38 a "
                "second), or the growth of an entity that keeps its rows; a move of a state "
                "follows the creates; else "
                "reads are 1/s, `export` and `analyse` 1/day, writes 0.1/s. `after` takes the load "
                "of the pattern that "
                "it follows. An entity that nothing creates gets a pattern of its own, `create_` "
                "and its name."),
           text("`hottest` is the busiest value of `by` at the peak, as a share or a rate, or "
                "`{name: rate}`; all of it "
                "is part of the pattern's own rate. A mix shares its total by weight, for its "
                "share of the time."),
           text("Values that are given are compared with each other: rows with creates times "
                "retention, the parents' "
                "children with each other, moves into a state with moves out of it. A difference "
                "of more than 20% is "
                "a warning. Every default that was used is listed under `assumptions`.")}};
}

ManualSection patterns() {
  return {
      "ACCESS PATTERNS",
      {text("A pattern has one action: `get`, `list`, `count`, `export`, `search`, `similar` "
            "or `analyse`; `create`, "
            "`put`, `update`, `upsert` or `delete`; `transaction`; or `feed`. A `get` needs "
            "the identity, a unique "
            "attribute or one with `distinct: all`; any other equality is a `list`. An "
            "equality `by: a` has the "
            "run-time value `:a`, a range without a comparison `:a_from` and `:a_to`."),
       text("`where` holds constants and whatever is neither `by` nor `range`; it filters, or "
            "makes an index of the "
            "rows that it keeps. In a list without a `range` a comparison of a time with `now`, or "
            "of what the list is ordered by with a constant, is the range, so that a key can keep "
            "it. `narrow_by` are equalities that only some requests give. "
            "`order` and `limit` are "
            "of the answer: `limit: 20` is one page, `limit: 1 per device_id` one row of each. "
            "`list: [A, B]` is one "
            "merged order of both."),
       text("`with` reads children (`{Order: {order: placed_at desc, limit: 10}}`) and "
            "attributes of parents "
            "(`{room_id: [title]}`) along; a list means all of each."),
       text(
           "An `update` names what it changes with `set`, `add`, `append`, `remove` and "
           "`move`; one that names "
           "nothing may change any attribute outside of the identity. In a list the values "
           "are known at run time; "
           "in a map they are constants, `now`, or run-time values with an operator, since "
           "YAML parsers refuse a "
           "value that begins with a colon: `{stock: -:quantity}`, `{tags: +:tag}`, `{name: "
           "=:name}`. A `move` is "
           "only made from its states. With a `by` short of the identity every matching row "
           "is meant: a query, "
           "then writes. `for_each: Follow, by: author_id` writes once for each row that `by` "
           "finds: what names the written row, and whose it is, comes from the related row where "
           "that has an attribute of the same name or belongs to the same kind of parent; "
           "everything else is the call's. Outside of a transaction each of these writes, and each "
           "of "
           "those that an `update` or `delete` of all matching rows makes, stands by itself, and a "
           "row whose condition fails is passed over."),
       text("A row that a transaction creates beside a row of its parent's entity belongs to that "
            "one: `[{create: Order}, {create: Line, times: 1 .. 8}]` is an order and its lines. "
            "What "
            "the parent counts or sums of them is part of its own Put, and its copies are of what "
            "the call says."),
       text("All conditions of a transaction are about the rows as they were before it. "
            "`check` in a transaction requires that a row exists, or that `if` holds for it. "
            "`times` repeats an "
            "action within one call. `fails` is the part of the calls whose condition fails; "
            "they are paid as "
            "well."),
       example("place_order:\n"
               "  {transaction: [{create: Order}, {update: Product, by: sku, add: {stock: "
               "-:quantity},\n"
               "                 if: stock >= :quantity, times: 2.3 .. 40}],\n"
               "   idempotent: 10 min, rate: 6/year per Customer, peak: 60/s}\n")}};
}

}  // namespace

const std::vector<ManualSection>& manual_introduction() {
  static const std::vector<ManualSection> sections = {
      {"DESCRIPTION",
       {text("A schema is a YAML file that says what an application stores and asks, and never how "
             "DynamoDB should hold "
             "it: `ddbplan` derives the keys and indexes. Whatever can be derived may be left out "
             "and has a printed "
             "default."),
        example("ddbplan: 1\n"
                "service: sessions\n"
                "entities:\n"
                "  Session:\n"
                "    id: session_id\n"
                "    count: 1M\n"
                "    retention: until expires_at\n"
                "    attributes: {session_id: uuid, user_id: uuid, data: map 600 B}\n"
                "access_patterns:\n"
                "  log_in: {create: Session, rate: 40/s}\n"
                "  check:  {get: Session, by: session_id, rate: 900/s}\n"
                "  revoke: {delete: Session, by: user_id, rate: 0.1/s}\n"),
        text("There is one way to say each thing. A list is a map with every detail at its "
             "default: `belongs_to: [User, "
             "Room]`, `one_of: [a, b]`, `with: [OrderItem]`. Every quantity has a unit. An unknown "
             "key is an error. "
             "Nothing needs quotes, except text with a colon and a blank in it."),
        text("The file is UTF-8, at most 16 MB, with one document. Anchors and aliases may be "
             "used, merge keys (`<<`) "
             "may not. Keys of a map must differ.")}},
  };
  return sections;
}

const std::vector<ManualSection>& manual_reference() {
  static const std::vector<ManualSection> sections = {
      types(), relations(), lifetimes(), tenancy(), patterns(), expressions(), load(),
  };
  return sections;
}

const ManualSection& manual_examples() {
  static const ManualSection section = {
      "EXAMPLES",
      {text("Rows kept from other rows, for every hour:"),
       example("Hourly: {rollup: {of: Reading, by: {device_id, hour: at to hour},\n"
               "                  keep: {n: count, hottest: max temperature}, kept: stream}}\n"),
       text("Keys made by hand, which the plan keeps:"),
       example("physical:\n"
               "  Reading:\n"
               "    partition_key: DEVICE#{device_id}\n"
               "    sort_key: AT#{at}\n"
               "    shards: {press-17: 8, others: 1}\n"),
       text("A sale that is known in advance:"),
       example("events: {sale: {from: 2026-11-27 18:00, for: 4 hours, rates: {place_order: 400/s, "
               "page: x8}}}\n")}};
  return section;
}

}  // namespace ddbplan::schema
