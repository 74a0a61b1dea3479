// The Workload: all that a schema says, resolved and checked. What the planner reads.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/pattern.h"

namespace ddbplan::model {

enum class Replication { eventual, strong };
enum class Billing { automatic, on_demand, provisioned };
enum class TableClass { automatic, standard, standard_infrequent_access };
enum class Layout { automatic, single_table, table_per_entity };
enum class KeyStyle { automatic, generic, natural };

struct Backup {
  bool point_in_time_recovery = false;
  std::optional<int> recovery_days;
  std::vector<std::string> plans;  ///< `daily`, `weekly`, kept for the template
};

struct Settings {
  std::vector<std::string> regions{"us-east-1"};
  Replication replication = Replication::eventual;
  std::optional<std::string> home_region;
  Billing billing = Billing::automatic;
  TableClass table_class = TableClass::automatic;
  double horizon_months = 12;
  std::optional<std::string> tenant;
  Layout layout = Layout::single_table;
  KeyStyle key_style = KeyStyle::generic;
  double capacity_target = 0.7;
  support::Money complexity_table = support::Money::from_usd(5);
  support::Money complexity_index = support::Money::from_usd(1);
  std::optional<Backup> backup;
  std::optional<std::string> streams;  ///< a view type, or "on"
  std::optional<std::string> encryption;
  std::map<std::string, std::string> tags;
  std::optional<std::string> prices;  ///< a price book file
  double hours_per_month = 730;
  bool free_tier = false;
  int seed_rows = 10000;
  std::uint64_t seed_number = 1;
  std::string type_attribute = "type";
  bool deletion_protection = false;
};

struct ResourceLimits {
  std::optional<int> tables;
  std::optional<int> global_indexes;
  std::optional<int> local_indexes;
};

/// `events: {black_friday: {from, for, rates: {place_order: 400/s, product_page: x8}}}`.
struct Event {
  std::string name;
  std::string from;  ///< ISO text; empty: not known in advance
  support::Duration length;
  std::map<std::string, support::Rate>
      rates;  ///< by pattern, factors already applied to the mean rate
  support::Span span;
};

/// `mixes`: already resolved into loads; kept for reports.
struct Mix {
  std::string name;
  double share = 1;
  support::Rate total;
  std::map<std::string, double> weights;
};

struct Shape {
  std::string name;
  std::vector<double> hours;  ///< relative load, 24 (daily) or 168 (weekly)
};

/// `physical: {Reading: {shards: {press-17: 8, others: 1}}}` and hand-made keys.
struct PhysicalOverride {
  EntityId entity;
  std::optional<std::string> partition_key;  ///< template text
  std::optional<std::string> sort_key;
  std::map<std::string, int> shards;                            ///< "others" is the default
  std::map<std::string, std::vector<std::string>> projections;  ///< by index name
  support::Span span;
};

struct SampleRow {
  EntityId entity;
  dynamo::Item row;
  support::Span span;
  std::map<std::string, support::Span> spans;  ///< of each value
};

/// A default that was used, for `assumptions`.
struct DefaultUsed {
  std::string path;    ///< "access_patterns.order.peak"
  std::string value;   ///< "360/s"
  std::string reason;  ///< "3 x the mean"
};

struct Workload {
  int language = 1;
  std::string service;
  Settings settings;
  std::vector<Entity> entities;
  std::vector<Pattern> patterns;
  std::vector<Event> events;
  std::vector<Mix> mixes;
  std::vector<Shape> shapes;
  ResourceLimits limits;
  std::vector<PhysicalOverride> physical;
  std::vector<SampleRow> samples;
  std::vector<EntityId> feeds;  ///< `feed: Order`: someone outside consumes its changes
  std::vector<DefaultUsed> defaults;

  [[nodiscard]] const Entity& entity(EntityId id) const { return entities[id.index]; }
  [[nodiscard]] const Pattern& pattern(PatternId id) const { return patterns[id.index]; }
  [[nodiscard]] std::optional<EntityId> find_entity(std::string_view name) const;
  [[nodiscard]] std::optional<PatternId> find_pattern(std::string_view name) const;
};

/// The entity whose whole identity is the tenant attribute: its rows are the tenants.
std::optional<EntityId> tenant_entity(const Workload& workload);
/// Rows of an entity after `months` of growth, its own and its parents'. Capped where retention ends growth.
double rows_after(const Workload& workload, EntityId entity, double months);
/// A pattern's mean rate after `months`: grows with `grows_with`, else constant.
support::Rate rate_after(const Workload& workload, const Load& load, double months);
/// Share of an entity's rows for which `where` holds, from frequencies, `distinct`, `present`, or 10 %.
/// Terms of an And are taken as independent. Of the rows that agree in what is `given`: one tenant's have fewer
/// parents than all.
double selectivity(const Workload& workload, EntityId entity, const ExpressionPtr& where,
                   const std::set<std::string>& given = {});
/// `where` with the declared share of all rows for which it holds spread over those of its terms whose own
/// share neither frequencies nor `distinct` nor `present` tell. REQUIRES: where != null.
ExpressionPtr with_share(const Workload& workload, EntityId entity, const ExpressionPtr& where,
                         double share);

/// (attribute of the child, attribute of the parent) for each part of the parent's identity that the relation
/// carries; a tenant that both have comes with it.
std::vector<std::pair<std::string, std::string>> identity_links(const Workload& workload,
                                                                EntityId child,
                                                                const Relation& relation,
                                                                EntityId parent);

/// Of a create in a transaction, the action that creates the parent which its rows have by this relation: they belong to
/// that row. nullopt: the parent is one that is there.
std::optional<std::size_t> created_parent(const Workload& workload, const Transaction& transaction,
                                          std::size_t action, const Relation& relation);

}  // namespace ddbplan::model
