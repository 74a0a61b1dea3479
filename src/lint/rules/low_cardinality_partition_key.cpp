#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "capacity/traffic.h"
#include "dynamo/limits.h"
#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

namespace limits = dynamo::limits;

/// "Aim at 100 or more distinct partition key values" is common advice; below it, spread is luck.
constexpr double kEnoughValues = 100;
/// Of one key value's ceiling: below this there is room for a fourfold growth.
constexpr double kNoticeable = 0.25;

double distinct_values(const model::Workload& workload, const model::Entity& entity,
                       const std::string& name) {
  if (entity.is_identity(name)) return entity.count;
  for (const model::Relation& relation : entity.relations) {
    if (std::find(relation.attributes.begin(), relation.attributes.end(), name) ==
        relation.attributes.end()) {
      continue;
    }
    double parents = 0;
    for (const model::EntityId parent : relation.parents) parents += workload.entity(parent).count;
    return parents;
  }
  const model::Attribute* attribute = entity.find(name);
  return attribute == nullptr ? 1 : capacity::distinct_values(*attribute, entity.count);
}

/// How many values the partition key of an entry takes, shards not counted.
double key_values(const model::Workload& workload, const model::Entity& entity,
                  const design::KeyEntry& entry) {
  double values = 1;
  for (const design::KeyTemplate& key : entry.partition) {
    for (const design::KeyPart& part : key.parts) {
      if (const auto* field = std::get_if<design::Field>(&part)) {
        values *= distinct_values(workload, entity, field->attribute);
      }
    }
  }
  return values;
}

/// The greatest share of a key value's ceiling that the hottest value takes at the peak.
double load_share(const design::HotKey& hot) {
  return std::max(hot.peak_write_units / limits::kPartitionWriteUnitsPerSecond,
                  hot.peak_read_units / limits::kPartitionReadUnitsPerSecond);
}

void check_low_cardinality_partition_key(const Context& context, Report& report) {
  for (const design::HotKey& hot : context.design->hot_keys) {
    const double share = load_share(hot);
    if (hot.shards > 1 || share < kNoticeable) continue;
    if (share > context.workload.settings.capacity_target) continue;  // DDB401, DDB402
    for (const design::ItemLayout& layout : context.design->items) {
      if (layout.table != hot.table) continue;
      const model::Entity& entity = context.workload.entity(layout.entity);
      for (const design::KeyEntry& entry : layout.entries) {
        if (entry.index != hot.index) continue;
        const double values = key_values(context.workload, entity, entry);
        if (values >= kEnoughValues) continue;
        return report.add(
            entity.span,
            fmt::format(
                "the partition key of {} has {} for {}, and its hottest takes {:.0f} % of what one "
                "key value can at the peak",
                resource_name(context, hot.table, hot.index),
                values <= 1 ? "one value" : support::format_count(values) + " values", entity.name,
                share * 100),
            "Plan its shards now, while a change of their number is no migration: declare the peak "
            "that "
            "you expect to grow to.");
      }
    }
  }
}

}  // namespace

constinit const Rule kLowCardinalityPartitionKey = {
    .info =
        {.code = "DDB101",
         .name = "low-cardinality-partition-key",
         .severity = support::Severity::warning,
         .since = "0.1.0",
         .summary =
             "An index spreads its load over few partition key values and nears their ceiling.",
         .rationale =
             "All items with one partition key value share one ceiling: 1,000 write units and "
             "3,000 read units a "
             "second. A key of few values (a status, a constant) has no way to spread, so growth "
             "ends in "
             "throttling of this index and, through back-pressure, of every write to the table.",
         .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                   "bp-partition-key-design.html",
         .bad = R"(ddbplan: 1
service: shop
entities:
  Order:
    id: order_id
    count: 10M
    attributes: {order_id: ulid, placed_at: timestamp, total: number, status: {states: {OPEN: 1%, DONE: 99%}, moves: [OPEN -> DONE]}}
access_patterns:
  place: {create: Order, rate: 100/s, peak: 300/s}
  finish: {update: Order, by: order_id, move: status OPEN -> DONE, rate: 100/s, peak: 300/s}
  open: {list: Order, where: status = OPEN, order: placed_at asc, limit: 20, returns: [order_id, placed_at], rate: 1/s}
)",
         .good = R"(ddbplan: 1
service: shop
entities:
  Order:
    id: order_id
    count: 10M
    attributes: {order_id: ulid, placed_at: timestamp, total: number, status: {states: {OPEN: 1%, DONE: 99%}, moves: [OPEN -> DONE]}}
access_patterns:
  place: {create: Order, rate: 10/s, peak: 30/s}
  finish: {update: Order, by: order_id, move: status OPEN -> DONE, rate: 10/s, peak: 30/s}
  open: {list: Order, where: status = OPEN, order: placed_at asc, limit: 20, returns: [order_id, placed_at], rate: 1/s}
)"},
    .phase = Phase::design,
    .check = check_low_cardinality_partition_key};

}  // namespace ddbplan::lint
