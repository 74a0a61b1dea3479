#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "lint/facts.h"
#include "lint/rules/rules.h"
#include "support/text.h"

namespace ddbplan::lint {
namespace {

constexpr double kCeiling = dynamo::limits::kPartitionWriteUnitsPerSecond;

/// The kind of item of which the key has one, which no shards can be drawn for; null: a collection, or an index.
const design::ItemLayout* one_item(const Context& context, const design::HotKey& hot) {
  if (hot.index || hot.shards > 1) return nullptr;
  for (const design::ItemLayout& layout : context.design->items) {
    const bool is_one =
        layout.table == hot.table && layout.role == design::ItemRole::row &&
        !layout.base.shards.sharded() && layout.base.partition.size() == 1 &&
        design::to_string(layout.base.partition.front()) == hot.key &&
        std::all_of(layout.base.sort.begin(), layout.base.sort.end(),
                    [](const auto& key) { return design::attributes_of(key).empty(); });
    if (is_one) return &layout;
  }
  return nullptr;
}

/// What is kept of other rows is half as hot outside of their transactions, and can be a rollup's, whose row may be
/// several items. Empty: nothing is kept, or only of some rows, which a rollup does not tell apart.
std::string help_for_kept(const Context& context, const model::Entity& parent, double units) {
  const double planned = kCeiling * context.workload.settings.capacity_target;
  for (const model::Attribute& attribute : parent.attributes) {
    const auto& upkeep = attribute.upkeep;
    const bool adds_up = upkeep && (upkeep->kind == model::Upkeep::Kind::count_of ||
                                    upkeep->kind == model::Upkeep::Kind::sum_of);
    if (!adds_up || upkeep->kept == model::Kept::never) continue;
    if (upkeep->kept == model::Kept::transaction && units / 2 <= planned)
      return fmt::format(
          "Say `kept: stream` at {}.{}: half the units, and an answer may lag by a second.",
          parent.name, attribute.name);
    const model::Entity& source = context.workload.entity(upkeep->source);
    const model::Relation* relation = source.relation_by(upkeep->through);
    if (upkeep->where || relation == nullptr || relation->parents.size() > 1) continue;
    std::vector<std::string> by = relation->attributes;
    std::erase(by, source.tenant);
    const std::string keep =
        upkeep->kind == model::Upkeep::Kind::count_of ? "count" : "sum " + upkeep->source_attribute;
    return fmt::format(
        "Take {0} out of {1} and keep it in an entity of its own, whose rows are spread over as "
        "many "
        "items as it takes: `{1}Totals: {{rollup: {{of: {2}, by: {{{3}}}, keep: {{{0}: {4}}}, "
        "kept: "
        "stream}}}}`, read by `{{get: {1}Totals, by: {5}}}`. It may lag by a second, and a read "
        "adds "
        "the items up.",
        attribute.name, parent.name, source.name, support::join(by, ", "), keep,
        by.size() == 1 ? by.front() : "[" + support::join(by, ", ") + "]");
  }
  return {};
}

bool has_floor(const Context& context, model::EntityId entity) {
  for (const model::Pattern& pattern : context.workload.patterns) {
    for (const model::Write* write : writes_of(pattern)) {
      if (!write->entities.empty() && write->entities.front() == entity &&
          adds_to_numbers(*write) && write->condition != nullptr)
        return true;
    }
  }
  return false;
}

std::string help_for(const Context& context, const design::HotKey& hot, double units) {
  const design::ItemLayout* layout = one_item(context, hot);
  if (layout == nullptr)
    return fmt::format(
        "It needs {} shards, or fewer writes to one value.",
        std::ceil(hot.peak_write_units / (kCeiling * context.workload.settings.capacity_target)));
  const model::Entity& entity = context.workload.entity(layout->entity);
  if (std::string help = help_for_kept(context, entity, units); !help.empty()) return help;
  if (has_floor(context, layout->entity))
    return fmt::format(
        "{} is one item, and no part of it knows whether the whole is enough. Split it into "
        "allotments, rows of an entity of their own with a floor each; a request may then fail at "
        "one while another has some left.",
        entity.name);
  return fmt::format(
      "{} is one item, which has no shards. Write to it less often, or keep what is written as "
      "rows "
      "of their own and read the newest.",
      entity.name);
}

/// Shards are of a collection of rows.
void report_unused_shards(const Context& context, Report& report) {
  for (const model::PhysicalOverride& physical : context.workload.physical) {
    if (physical.shards.empty()) continue;
    const design::ItemLayout& row =
        context.design->items[context.design->row_layout(physical.entity)];
    const bool asks_for_some = std::any_of(physical.shards.begin(), physical.shards.end(),
                                           [](const auto& named) { return named.second > 1; });
    if (row.base.shards.sharded() || !asks_for_some) continue;
    const std::string& name = context.workload.entity(physical.entity).name;
    report.add_as(support::Severity::error, physical.span,
                  "`shards` of " + name +
                      " would be without effect: each row is one item under a key of its own",
                  "Remove it; what is written to one row cannot be shared among several.");
  }
}

void check_hot_key_writes(const Context& context, Report& report) {
  report_unused_shards(context, report);
  const double target = context.workload.settings.capacity_target;
  for (const design::HotKey& hot : context.design->hot_keys) {
    const double units = hot.peak_write_units / std::max(hot.shards, 1);
    if (units <= kCeiling * target) continue;
    const bool above = units > kCeiling;
    const std::string message = fmt::format(
        "the key {} of {} takes {} write units a second {}{}; one key value takes {}", hot.key,
        resource_name(context, hot.table, hot.index), support::format_grouped(std::llround(units)),
        when_text(hot), hot.shards > 1 ? " in each shard" : "",
        above ? "1,000" : fmt::format("1,000, planned to {:.0f} %", target * 100));
    report.add_as(above ? support::Severity::error : support::Severity::warning,
                  hot_key_span(context, hot), message, help_for(context, hot, units));
  }
}

}  // namespace

constinit const Rule kHotKeyWrites = {
    .info = {.code = "DDB401",
             .name = "hot-key-writes",
             .severity = support::Severity::error,
             .since = "0.1.0",
             .summary = "One partition key value takes more writes than it can.",
             .rationale = "A partition key value takes 1,000 write units a second, whatever the "
                          "table has. A Query that reads the "
                          "whole key in order, an identity that many requests share, or one busy "
                          "parent make such keys. Above "
                          "the ceiling it is an error; above the share of it that is planned for "
                          "(capacity_target), a warning.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "bp-partition-key-design.html",
             .bad = R"(ddbplan: 1
service: polls
entities:
  Poll: {id: poll_id, count: 1k, attributes: {poll_id: ulid, title: string 60 B, votes: integer}}
access_patterns:
  open: {create: Poll, rate: 1/day}
  show: {get: Poll, by: poll_id, rate: 50/s}
  vote: {update: Poll, by: poll_id, add: {votes: +:n}, rate: 500/s, peak: 4000/s, hottest: 2500/s}
)",
             .good = R"(ddbplan: 1
service: polls
entities:
  Poll: {id: poll_id, count: 1k, attributes: {poll_id: ulid, title: string 60 B, votes: integer}}
access_patterns:
  open: {create: Poll, rate: 1/day}
  show: {get: Poll, by: poll_id, rate: 50/s}
  vote: {update: Poll, by: poll_id, add: {votes: +:n}, rate: 50/s, peak: 400/s, hottest: 250/s}
)"},
    .phase = Phase::design,
    .check = check_hot_key_writes};

}  // namespace ddbplan::lint
