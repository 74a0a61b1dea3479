// The steps from a checked tree to a Workload, in their order. Each is one file; parse.cpp calls
// them.
#pragma once

#include "schema/context.h"

namespace ddbplan::schema {

/// `settings`, `limits`; sets the calendar.
void resolve_settings(Context& context, const Node& root);
/// Names, identities, declared attributes, `unique`, `retention`, `archive`.
void resolve_entities(Context& context, const Node& root);
/// `belongs_to`: brings the parents' identities along.
void resolve_relations(Context& context);
/// `copy_of` a row that is no rollup's.
void resolve_copies(Context& context);
/// `rollup`: what it groups by and keeps, as attributes.
void resolve_rollups(Context& context);
/// `count_of`, `sum_of`, `newest_of` and the other copies: from where to where.
void resolve_upkeep(Context& context);
/// Types that are another attribute's: parents' identities, copies, rollups. Once for what rollups group by, and once
/// for what they keep.
void resolve_inherited_types(Context& context);
/// What needs every attribute to be there: retention, uniqueness, `derive`, `where` of upkeep,
/// archives.
void resolve_entity_details(Context& context);
/// `unique` with `across`: every entity of a name space has it, whichever of them says it.
/// Rows of a single table expire by one attribute: entities with another one repeat it there.
void share_expiry_attribute(Context& context);
/// An upsert may make a row: it says when that expires.
void say_expiry_of_upserts(Context& context);
void resolve_name_spaces(Context& context);
/// Rows of every entity: given, from parents, or the default.
void resolve_counts(Context& context);
/// `access_patterns` without their load.
void resolve_patterns(Context& context, const Node& root);
/// Patterns that follow from others: creates of entities that nothing creates, and what a stream consumer
/// writes to keep counters, newest values, copies and rollups.
void add_implied_patterns(Context& context);
/// Rates, peaks, mixes.
void resolve_loads(Context& context, const Node& root);
/// `matches`: the share of the rows that `where` keeps, where frequencies do not tell.
void resolve_matches(Context& context);
/// Which times may lie after now: said, or asked for by comparing them with now.
void resolve_ahead(Context& context);
/// `where: ends_at > now` is a range where none is given.
void take_ranges_from_where(Context& context);
/// How many values an attribute has that an access pattern asks for one of: assumed where nothing tells.
void list_default_values(Context& context);
/// `events`, `shapes`, `physical`, `samples`.
void resolve_rest(Context& context, const Node& root);
/// Attribute::immutable from what the patterns write.
void resolve_immutability(Context& context);

}  // namespace ddbplan::schema
