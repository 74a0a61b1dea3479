#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "capacity/steps.h"
#include "capacity/traffic.h"
#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

/// Reading this many times what is returned is worth a word ...
constexpr double kWasteFactor = 10;
/// ... unless it is little anyway: two 4 KB blocks.
constexpr double kWastedBytesMin = 8192;

/// Of a limit for each group that no key tells, how many rows the client keeps of those that a step finds; nullopt: the
/// step is none of these.
std::optional<double> kept_of_groups(const Context& context, const design::AccessPlan& plan,
                                     const design::Step& step, double items) {
  const auto* read = std::get_if<model::Read>(&context.workload.pattern(plan.pattern).action);
  if (read == nullptr || read->limit_per.empty() || !read->limit || step.limit || step.leads_on ||
      step.layouts.empty() || capacity::feeding_step(step))
    return std::nullopt;
  const model::EntityId entity = context.design->items[step.layouts.front()].entity;
  const model::Entity& rows = context.workload.entity(entity);
  double groups = items;
  if (const model::Attribute* attribute = rows.find(read->limit_per))
    groups = capacity::distinct_values(*attribute, items);
  if (const model::Relation* relation = rows.relation_by(read->limit_per);
      relation != nullptr && relation->parents.size() == 1)
    groups = context.workload.entity(relation->parents.front()).count;
  return std::min(items, groups * *read->limit);
}

void check_filtered_read(const Context& context, Report& report) {
  for (const design::AccessPlan& plan : context.design->plans) {
    if (plan.served != design::Served::keys && plan.served != design::Served::filter) continue;
    const model::Pattern& pattern = context.workload.pattern(plan.pattern);
    const std::vector<capacity::StepUsage>& steps =
        context.usage->patterns[plan.pattern.index].steps;
    for (std::size_t i = 0; i < plan.steps.size(); ++i) {
      // Items of other shards that the merge drops are DDB106's.
      const capacity::StepUsage& step = steps[i];
      const auto kept = kept_of_groups(context, plan, plan.steps[i], step.items);
      if (plan.steps[i].filter == nullptr && !kept) continue;
      const double found = kept.value_or(step.items);
      const double bytes = step.items > 0 ? step.bytes * found / step.items : step.bytes;
      if (step.scanned_items < kWasteFactor * found || step.scanned_bytes - bytes < kWastedBytesMin)
        continue;
      report.add(
          pattern.span,
          fmt::format("{} reads {} items ({}) to find {}", pattern.name,
                      support::format_number(step.scanned_items, 1),
                      support::format_bytes(step.scanned_bytes), support::format_number(found, 1)),
          kept ? "The client keeps the first rows of each group. Ask `by` something of what the "
                 "groups belong to, whose rows then lead to one request each, or keep what is "
                 "wanted of a group in a row of its own (`newest_of`, `rollup`)."
               : "Filtered items are paid like returned ones. Put the condition into `by` or "
                 "`range`, or "
                 "say with `matches` how many rows it keeps.");
      break;
    }
  }
}

}  // namespace

constinit const Rule kFilteredRead = {
    .info = {.code = "DDB104",
             .name = "filtered-read",
             .severity = support::Severity::warning,
             .since = "0.1.0",
             .summary = "A pattern reads many times the items that it returns.",
             .rationale = "A filter is applied after the items were read and metered, and a page "
                          "ends after 1 MB read, not after "
                          "1 MB found: such a pattern is dear, slow, and returns empty pages when "
                          "data has grown.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "Query.FilterExpression.html",
             .bad = R"(ddbplan: 1
service: chat
entities:
  Room: {id: room_id, count: 1k, attributes: {room_id: ulid, title: string 30 B}}
  Message: {id: [room_id, message_id], belongs_to: {Room: 1000 .. 5000}, attributes: {message_id: ulid of sent_at, sent_at: timestamp, kind: {one_of: {text: 99%, photo: 1%}}, body: string 180 B}}
access_patterns:
  open: {create: Room, rate: 1/day}
  rooms: {get: Room, by: room_id, rate: 1/s}
  post: {create: Message, rate: 0.05/s}
  turn: {update: Message, by: [room_id, message_id], set: [kind], rate: 0.01/s}
  photos: {list: Message, by: room_id, where: kind = photo, rate: 1/min}
)",
             .good = R"(ddbplan: 1
service: chat
entities:
  Room: {id: room_id, count: 1k, attributes: {room_id: ulid, title: string 30 B}}
  Message: {id: [room_id, message_id], belongs_to: {Room: 1000 .. 5000}, attributes: {message_id: ulid of sent_at, sent_at: timestamp, kind: {one_of: {text: 99%, photo: 1%}}, body: string 180 B}}
access_patterns:
  open: {create: Room, rate: 1/day}
  rooms: {get: Room, by: room_id, rate: 1/s}
  post: {create: Message, rate: 0.05/s}
  latest: {list: Message, by: room_id, order: sent_at desc, limit: 20, rate: 1/min}
)"},
    .phase = Phase::design,
    .check = check_filtered_read};

}  // namespace ddbplan::lint
