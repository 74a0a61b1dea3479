// The language's keys, described once: where each may stand, what it holds, its unit, default and
// one sentence.
//
// From this table come the structural checks (structure.h), the JSON Schema (json_schema.h), the
// manual page ddbplan-schema(5) and the editors' hover texts. Adding a key to the language begins
// here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "schema/grammar.h"

namespace ddbplan::schema {

/// The maps with a fixed set of keys.
enum class Place {
  root,
  settings,
  backup,
  complexity,
  seed,
  limits,
  entity,
  relation,
  unique,
  archive,
  rollup,
  attribute,
  pattern,
  action,
  with_children,
  cache,
  mix,
  event,
  shapes,
  physical,
};

/// What a value may look like, as a whole. Each has one or more forms (ShapeInfo).
enum class ShapeId {
  about,
  additions,
  alternatives,
  amount,
  archive,
  assignment,
  assignments,
  attribute,
  attribute_name,
  attribute_names,
  attributes,
  backup,
  belongs_to,
  billing,
  cache,
  complexity,
  condition,
  consistency,
  count,
  distinct,
  dollars,
  duration,
  entities,
  entity,
  entity_name,
  event,
  event_rate,
  event_rates,
  events,
  expression,
  expression_or_nothing,
  flag,
  growth,
  hottest,
  hottest_value,
  instant,
  integer,
  kept,
  key_style,
  layout,
  limit,
  limits,
  mix,
  mixes,
  move,
  moves,
  narrow,
  narrow_by,
  number,
  numbers,
  one_of,
  order,
  order_part,
  pattern,
  pattern_name,
  patterns,
  physical,
  physical_entity,
  projections,
  range,
  rank,
  rate,
  recovery,
  reference,
  references,
  relation,
  relation_details,
  relation_hottest,
  replication,
  retention,
  returned,
  returns,
  rollup,
  rollup_by,
  rollup_keep,
  sample_row,
  sample_rows,
  sample_value,
  samples,
  seed,
  service,
  settings,
  shapes,
  shards,
  share,
  share_or_nothing,
  size,
  skew,
  source,
  spread,
  state_move,
  streams,
  table_class,
  tags,
  target,
  targets,
  text,
  texts,
  transaction,
  transaction_action,
  type,
  unique,
  unique_element,
  value,
  version,
  weights,
  with,
  with_details,
};

struct Form {
  enum class Kind {
    scalar,      ///< of `grammar`
    choice,      ///< one of `choices`
    flag,        ///< true or false
    list,        ///< of `element`
    record,      ///< the keys of `place`
    dictionary,  ///< free keys of `grammar`, values of `element`
    nothing,     ///< no value: `{a, b: 1}`
    anything,    ///< whatever YAML can say (a sample's values)
  };
  Kind kind = Kind::scalar;
  Grammar grammar = Grammar::text;
  std::vector<std::string_view> choices;
  ShapeId element = ShapeId::text;
  Place place = Place::root;
  std::size_t items_min = 0;
  std::size_t items_max = 1000;
};

struct ShapeInfo {
  ShapeId id;
  std::string_view name;      ///< in $defs: "belongs-to"
  std::string_view expected;  ///< "a parent entity, a list of them, or a map …"
  std::vector<Form> forms;
};

const ShapeInfo& shape(ShapeId id);
const std::vector<ShapeInfo>& shape_table();

/// The actions of an access pattern, as bits: which of them a key may stand beside.
using Actions = std::uint32_t;

struct KeyInfo {
  Place place;
  std::string_view key;
  ShapeId shape;
  std::string_view sentence;
  std::string_view usual = {};  ///< the default; empty: none
  std::string_view unit = {};
  Actions actions = ~Actions{0};
  bool is_action = false;
  bool required = false;
  int since = 1;
};

const std::vector<KeyInfo>& key_table();
std::vector<const KeyInfo*> keys_of(Place place);

struct PlaceInfo {
  Place place;
  std::string_view name;   ///< in $defs: "entity"
  std::string_view title;  ///< "an entity"
  std::string_view sentence;
};
const PlaceInfo& info(Place place);
const std::vector<PlaceInfo>& place_table();

/// The bit of an action's key ("get"); 0 for none.
Actions action_bit(std::string_view key);

}  // namespace ddbplan::schema
