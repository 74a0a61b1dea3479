#include "schema/codes.h"

#include <utility>

#include "support/check.h"

namespace ddbplan::schema {
namespace {

using support::Severity;

void add(std::vector<CodeInfo>& table, Code code, std::string_view id, std::string_view rule,
         std::string_view explanation, std::string_view bad, std::string_view good) {
  Severity severity = Severity::error;
  if (id >= "DDB030") severity = Severity::warning;
  if (id >= "DDB040") severity = Severity::info;
  table.push_back({code, id, rule, severity, explanation, bad, good});
}

void add_structure(std::vector<CodeInfo>& table) {
  add(table, Code::not_yaml, "DDB001", "not-yaml",
      "The file is not YAML in UTF-8 that holds one map. Nothing else is checked before this is "
      "repaired. A value with "
      "a colon and a blank in it, or one that begins with a character that YAML uses itself (`*`, "
      "`&`, `@`, `%`), needs "
      "quotes.",
      "entities: {Order: {id: order_id}\n", "entities: {Order: {id: order_id}}\n");
  add(table, Code::unknown_key, "DDB002", "unknown-key",
      "The language has no such key at this place. Unknown keys are refused rather than ignored, "
      "because a misspelt "
      "`retention` would otherwise silently keep rows for ever. The message names the nearest key "
      "that exists.",
      "entities:\n  Order: {id: order_id, cuont: 2M}\n",
      "entities:\n  Order: {id: order_id, count: 2M}\n");
  add(table, Code::wrong_shape, "DDB003", "wrong-shape",
      "The value is a list, a map or a single value where the key takes another of these. "
      "ddbplan-schema(5) says what "
      "each key takes; most take a short form (one value, or a list) and a long one (a map).",
      "entities:\n  Order: order_id\n", "entities:\n  Order: {id: order_id}\n");
  add(table, Code::malformed_value, "DDB004", "malformed-value",
      "The value does not read as what the key takes: a quantity without its unit, a type that "
      "does not exist, a name "
      "with a character that names cannot have. Every quantity has a unit, so that 40 can be "
      "neither seconds nor "
      "requests by mistake.",
      "entities:\n  Order: {id: order_id, retention: 90 after placed_at, attributes: {placed_at: "
      "timestamp}}\n",
      "entities:\n  Order: {id: order_id, retention: 90 days after placed_at, attributes: "
      "{placed_at: timestamp}}\n");
  add(table, Code::missing_key, "DDB005", "missing-key",
      "Something that cannot be guessed was not said: the version of the language, what identifies "
      "a row, what an "
      "access pattern reads or writes. Whatever can be derived may be left out and gets a printed "
      "default.",
      "entities:\n  Order: {count: 2M}\n", "entities:\n  Order: {id: order_id, count: 2M}\n");
  add(table, Code::duplicate_key, "DDB006", "duplicate-key",
      "A map holds the same key twice. YAML forbids it, yet many parsers silently take the first "
      "or the last.",
      "entities:\n  Order: {id: order_id, count: 2M, count: 3M}\n",
      "entities:\n  Order: {id: order_id, count: 2M}\n");
  add(table, Code::not_a_choice, "DDB007", "not-a-choice",
      "The key takes one of a few words, or true or false, and this is none of them. `yes`, `no`, "
      "`on` and `off` are not "
      "taken for booleans, since YAML parsers disagree about them.",
      "settings: {billing: on_demand}\n", "settings: {billing: on-demand}\n");
  add(table, Code::too_large, "DDB008", "too-large",
      "The file, one of its values, or a list or map in it is larger than any schema needs: 16 MB, "
      "64 KB for one value, "
      "200,000 values with aliases filled in, 48 levels, 1,000 entities, 5,000 access patterns. "
      "The bounds keep a wrong "
      "or hostile file from taking minutes.",
      "samples: {Order: "
      "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
      "]]]]]]]]]}\n",
      "samples: {Order: [{order_id: o1}]}\n");
}

void add_references(std::vector<CodeInfo>& table) {
  add(table, Code::unknown_entity, "DDB010", "unknown-entity",
      "A pattern, a relation or a rate names an entity that is not under `entities`. Names are "
      "case-sensitive.",
      "access_patterns:\n  order: {get: Orders, by: order_id}\n",
      "access_patterns:\n  order: {get: Order, by: order_id}\n");
  add(table, Code::unknown_attribute, "DDB011", "unknown-attribute",
      "The entity has no such attribute, nor has one of its ancestors where ancestors are looked "
      "at (`by`, `where`, "
      "`order`). Identities of parents come along with `belongs_to` and need not be declared.",
      "access_patterns:\n  open: {list: Order, where: state = OPEN}\n",
      "entities:\n  Order: {id: order_id, attributes: {state: {one_of: [OPEN, DONE]}}}\n"
      "access_patterns:\n  open: {list: Order, where: state = OPEN}\n");
  add(table, Code::unknown_pattern, "DDB012", "unknown-pattern",
      "`after`, an event or a mix names an access pattern that is not under `access_patterns`.",
      "events: {sale: {for: 4 hours, rates: {palce_order: x8}}}\n",
      "events: {sale: {for: 4 hours, rates: {place_order: x8}}}\n");
  add(table, Code::unknown_value, "DDB013", "unknown-value",
      "An attribute with `one_of` or `states` is compared with, set to or moved to a value that it "
      "cannot have, or moved "
      "in a way that its `moves` do not allow.",
      "entities:\n  Order: {id: order_id, attributes: {state: {one_of: [OPEN, DONE]}}}\n"
      "access_patterns:\n  open: {list: Order, where: state = CLOSED}\n",
      "entities:\n  Order: {id: order_id, attributes: {state: {one_of: [OPEN, DONE]}}}\n"
      "access_patterns:\n  open: {list: Order, where: state = OPEN}\n");
  add(table, Code::no_relation, "DDB014", "no-relation",
      "Two entities are used together that no `belongs_to` connects, or that it connects in more "
      "than one way. Children "
      "say who their parents are; a parent does not list its children.",
      "entities:\n  Order: {id: order_id}\n  Line: {id: line_id}\n"
      "access_patterns:\n  order: {get: Order, by: order_id, with: [Line]}\n",
      "entities:\n  Order: {id: order_id}\n  Line: {id: line_id, belongs_to: [Order]}\n"
      "access_patterns:\n  order: {get: Order, by: order_id, with: [Line]}\n");
  add(table, Code::not_unique, "DDB015", "not-unique",
      "A `get` finds at most one row, and so do an `upsert` and a `check`; what this one gives "
      "does not identify a row. "
      "With a tenant, the tenant is given by itself.",
      "entities:\n  Order: {id: order_id, attributes: {email: string 20 B}}\n"
      "access_patterns:\n  order: {get: Order, by: email}\n",
      "entities:\n  Order: {id: order_id, unique: [email], attributes: {email: string 20 B}}\n"
      "access_patterns:\n  order: {get: Order, by: email}\n");
  add(table, Code::name_taken, "DDB016", "name-taken",
      "Two things would have the same name: two relations that bring the same attribute, a value "
      "listed twice, an "
      "attribute twice in a `by`. Relations are renamed with `as`.",
      "entities:\n  Order: {id: order_id}\n  Folder: {id: folder_id, belongs_to: [Folder]}\n",
      "entities:\n  Order: {id: order_id}\n  Folder: {id: folder_id, belongs_to: [Folder as "
      "parent_id]}\n");
  add(table, Code::cycle, "DDB017", "cycle",
      "Entities belong to each other round in a circle, or patterns follow each other in one. Only "
      "an entity may belong "
      "to itself, as a tree.",
      "entities:\n  Order: {id: order_id, belongs_to: [Bill]}\n  Bill: {id: bill_id, belongs_to: "
      "[Order]}\n",
      "entities:\n  Order: {id: order_id}\n  Bill: {id: bill_id, belongs_to: [Order]}\n");
  add(table, Code::type_mismatch, "DDB018", "type-mismatch",
      "An attribute's type does not allow what is done with it: adding to a text, a range over a "
      "list, comparing a number "
      "with a word, counting a lifetime from something that is not a time.",
      "entities:\n  Order: {id: order_id, attributes: {note: string 20 B}}\n"
      "access_patterns:\n  edit: {update: Order, by: order_id, add: {note: +:more}}\n",
      "entities:\n  Order: {id: order_id, attributes: {total: number}}\n"
      "access_patterns:\n  edit: {update: Order, by: order_id, add: {total: +:more}}\n");
  add(table, Code::does_not_apply, "DDB019", "does-not-apply",
      "Two things that were said exclude each other: changing an identity, a size on a type that "
      "has one size, a "
      "transaction that both reads and writes.",
      "entities:\n  Order: {id: order_id, attributes: {order_id: ulid 30 B}}\n",
      "entities:\n  Order: {id: order_id, attributes: {order_id: ulid}}\n");
}

void add_values(std::vector<CodeInfo>& table) {
  add(table, Code::out_of_range, "DDB020", "out-of-range",
      "The number is below what makes sense here: negative, zero where at least one is needed, a "
      "mean above its "
      "maximum.",
      "entities:\n  Order: {id: order_id, count: -5}\n",
      "entities:\n  Order: {id: order_id, count: 5}\n");
  add(table, Code::absurd, "DDB021", "absurd",
      "The number is larger than anything that DynamoDB could hold or serve: more than 1e15 rows, "
      "1e9 calls a second, "
      "400 KB in one item. Most often a unit or a zero slipped.",
      "entities:\n  Order: {id: order_id, attributes: {body: string 40 MB}}\n",
      "entities:\n  Order: {id: order_id, attributes: {body: string 40 KB}}\n");
  add(table, Code::shares_do_not_sum, "DDB022", "shares-do-not-sum",
      "The parts of one whole do not make the whole: frequencies of values that do not add up to "
      "100%, named parents "
      "that hold more than all children. A value without a frequency gets the rest.",
      "entities:\n  Order: {id: order_id, attributes: {state: {one_of: {OPEN: 10%, DONE: 60%}}}}\n",
      "entities:\n  Order: {id: order_id, attributes: {state: {one_of: {OPEN: 10%, DONE: "
      "90%}}}}\n");
  add(table, Code::malformed_expression, "DDB023", "malformed-expression",
      "An expression in `where`, `if`, `range`, `derive` or a rollup does not parse. Comparisons "
      "are = != < <= > >=, "
      "between … and …, begins_with and contains; they are joined with and, or and not; "
      "alternatives after = are "
      "written A | B.",
      "entities:\n  Order: {id: order_id, attributes: {total: number}}\n"
      "access_patterns:\n  big: {list: Order, where: total => 100}\n",
      "entities:\n  Order: {id: order_id, attributes: {total: number}}\n"
      "access_patterns:\n  big: {list: Order, where: total >= 100}\n");
  add(table, Code::unknown_path, "DDB024", "unknown-path",
      "`--set PATH=VALUE` names something that the schema does not have, or gives a value that is "
      "not YAML. A path is "
      "the keys from the top of the file with dots between them: access_patterns.place_order.rate.",
      "", "");
}

void add_consistency(std::vector<CodeInfo>& table) {
  add(table, Code::counts_disagree, "DDB030", "counts-disagree",
      "Two given numbers say how many rows there are, and they differ by more than 20%: the "
      "entity's own count and its "
      "parents' children, or the children of two parents. Leave one of them out and it follows "
      "from the other.",
      "entities:\n  Order: {id: order_id, count: 100}\n  Line: {id: line_id, count: 5000, "
      "belongs_to: {Order: 4 .. 90}}\n",
      "entities:\n  Order: {id: order_id, count: 100}\n  Line: {id: line_id, belongs_to: {Order: 4 "
      ".. 90}}\n");
  add(table, Code::rows_against_rate, "DDB031", "rows-against-rate",
      "In the long run an entity has as many rows as are created within its lifetime; rate times "
      "retention and the count "
      "differ by more than 20%. Both are used as given: storage from the count, writes from the "
      "rate.",
      "entities:\n  Order: {id: order_id, count: 1M, retention: 10 days after at, attributes: {at: "
      "timestamp}}\n"
      "access_patterns:\n  place_order: {create: Order, rate: 10/s}\n",
      "entities:\n  Order: {id: order_id, count: 8.6M, retention: 10 days after at, attributes: "
      "{at: timestamp}}\n"
      "access_patterns:\n  place_order: {create: Order, rate: 10/s}\n");
  add(table, Code::moves_against_stocks, "DDB032", "moves-against-stocks",
      "As many rows must leave a state as enter it, or its share cannot stay what it is said to "
      "be. Checked for states "
      "whose moves all have a pattern with a given rate; beyond 20% it is reported. Rows that "
      "expire or are "
      "deleted may leave without a move.",
      "entities:\n  Order: {id: order_id, attributes: {state: {states: {OPEN: 10%, DONE: 90%}, "
      "moves: [OPEN -> DONE]}}}\n"
      "access_patterns:\n  place_order: {create: Order, rate: 10/s}\n"
      "  finish: {update: Order, by: order_id, move: state OPEN -> DONE, rate: 4/s}\n",
      "entities:\n  Order: {id: order_id, attributes: {state: {states: {OPEN: 10%, DONE: 90%}, "
      "moves: [OPEN -> DONE]}}}\n"
      "access_patterns:\n  place_order: {create: Order, rate: 10/s}\n"
      "  finish: {update: Order, by: order_id, move: state OPEN -> DONE, rate: 10/s}\n");
  add(table, Code::load_disagrees, "DDB033", "load-disagrees",
      "A pattern's numbers contradict each other: a peak below the mean, a busiest value above the "
      "peak, a rate beside a "
      "weight in a mix.",
      "access_patterns:\n  place_order: {create: Order, rate: 10/s, peak: 2/s}\n",
      "access_patterns:\n  place_order: {create: Order, rate: 10/s, peak: 20/s}\n");
  add(table, Code::defaults_used, "DDB040", "defaults-used",
      "Values that were not given have their defaults, each of which is listed under `assumptions` "
      "with its reason. "
      "Rates and counts are worth giving: they decide the cost.",
      "access_patterns:\n  place_order: {create: Order}\n", "");
}

}  // namespace

const std::vector<CodeInfo>& code_table() {
  static const std::vector<CodeInfo> table = [] {
    std::vector<CodeInfo> codes;
    add_structure(codes);
    add_references(codes);
    add_values(codes);
    add_consistency(codes);
    return codes;
  }();
  return table;
}

const CodeInfo& info(Code code) {
  for (const CodeInfo& one : code_table()) {
    if (one.code == code) return one;
  }
  DDBPLAN_CHECK(false);
  return code_table().front();
}

support::Diagnostic finding(Code code, support::Span span, std::string message, std::string help) {
  const CodeInfo& known = info(code);
  support::Diagnostic diagnostic;
  diagnostic.code = known.id;
  diagnostic.rule = known.rule;
  diagnostic.severity = known.severity;
  diagnostic.message = std::move(message);
  diagnostic.span = span;
  diagnostic.help = std::move(help);
  return diagnostic;
}

}  // namespace ddbplan::schema
