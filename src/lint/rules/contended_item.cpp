#include <algorithm>

#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"
#include "model/fan_out.h"
#include "model/upkeep.h"

namespace ddbplan::lint {
namespace {

/// Two transactions on one item at a time cancel one of them; each takes some tens of milliseconds, so from
/// about ten a second on, retries are the rule.
constexpr double kPerItemPerSecondMax = 10;

/// The share of a relation's children that the busiest parent has.
double busiest_share(const model::Relation& relation, double children) {
  double share = children > 0 ? std::min(1.0, relation.children.max / children) : 1;
  for (const auto& [name, named] : relation.named_shares) share = std::max(share, named);
  return share;
}

/// Creates of an entity at the peak.
double creates_at_peak(const Context& context, model::EntityId entity) {
  double creates = 0;
  for (const model::Pattern& pattern : context.workload.patterns) {
    for (const model::Write* write : writes_of(pattern)) {
      const bool is_create = write->kind == model::WriteKind::create && !write->entities.empty() &&
                             write->entities.front() == entity;
      if (!is_create) continue;
      const double rows =
          write->for_each ? model::fan_out(context.workload, *write).mean : write->times.mean;
      creates += pattern.load.peak.per_second * rows;
    }
  }
  return creates;
}

/// A rollup's row of the present time, which every new row of its group is counted in.
void report_rollup(const Context& context, const model::Entity& rollup, Report& report) {
  const model::Entity& source = context.workload.entity(rollup.rollup->of);
  double share = 1;
  for (const model::Relation& relation : source.relations) {
    const bool grouped = std::all_of(
        relation.attributes.begin(), relation.attributes.end(), [&](const std::string& name) {
          return std::any_of(rollup.rollup->by.begin(), rollup.rollup->by.end(),
                             [&](const model::Rollup::By& by) { return by.name == name; });
        });
    if (grouped) share = std::min(share, busiest_share(relation, source.count));
  }
  const double hottest = creates_at_peak(context, rollup.rollup->of) * share;
  if (hottest <= kPerItemPerSecondMax) return;
  report.add(rollup.span,
             fmt::format("the busiest row of {} is changed in {} transactions a second at the peak",
                         rollup.name, support::format_number(hottest, 0)),
             "Say `kept: stream`, where a sum may lag by a second.");
}

/// The original that every new holder of a copy checks.
void report_copy(const Context& context, const model::KeptCopy& copy, Report& report) {
  if (copy.relation == nullptr) return;
  const model::Entity& holder = context.workload.entity(copy.holder);
  const double hottest =
      creates_at_peak(context, copy.holder) * busiest_share(*copy.relation, holder.count);
  if (hottest <= kPerItemPerSecondMax) return;
  const model::Attribute* attribute = holder.find(copy.attribute);
  report.add(attribute->span.known() ? attribute->span : holder.span,
             fmt::format("the original of {}.{} is checked in {} transactions a second at the peak",
                         holder.name, copy.attribute, support::format_number(hottest, 0)),
             "Say `kept: stream`, where a copy may lag by a second.");
}

void report_upkeep(const Context& context, const model::Entity& parent,
                   const model::Attribute& attribute, Report& report) {
  const model::Upkeep& upkeep = *attribute.upkeep;
  const model::Entity& source = context.workload.entity(upkeep.source);
  const model::Relation* relation = source.relation_by(upkeep.through);
  if (relation == nullptr) return;
  const double hottest =
      creates_at_peak(context, upkeep.source) * busiest_share(*relation, source.count);
  if (hottest <= kPerItemPerSecondMax) return;
  report.add(attribute.span.known() ? attribute.span : parent.span,
             fmt::format("{} of the busiest {} is changed in {} transactions a second at the peak",
                         attribute.name, parent.name, support::format_number(hottest, 0)),
             "Say `kept: stream`, where an answer may lag by a second.");
}

void check_contended_item(const Context& context, Report& report) {
  for (std::size_t e = 0; e < context.workload.entities.size(); ++e) {
    const model::Entity& entity = context.workload.entities[e];
    if (entity.rollup && entity.rollup->kept == model::Kept::transaction)
      report_rollup(context, entity, report);
    for (const model::KeptCopy& copy : model::copies_in(context.workload, model::EntityId{e}))
      report_copy(context, copy, report);
    for (const model::Attribute& attribute : entity.attributes) {
      const bool in_transaction = attribute.upkeep &&
                                  attribute.upkeep->kept == model::Kept::transaction &&
                                  attribute.upkeep->kind != model::Upkeep::Kind::copy_of;
      if (in_transaction) report_upkeep(context, entity, attribute, report);
    }
  }
  for (const model::Pattern& pattern : context.workload.patterns) {
    const std::optional<support::Rate> hottest = hottest_rate(pattern);
    if (!is_transaction(pattern) || !hottest || hottest->per_second <= kPerItemPerSecondMax)
      continue;
    report.add(
        pattern.span,
        fmt::format("{} takes one item {} times a second at the peak, in transactions that exclude "
                    "each other",
                    pattern.name, support::format_number(hottest->per_second, 0)),
        "Split the item (sharded counters, allotments), or take it out of the transaction.");
  }
}

}  // namespace

constinit const Rule kContendedItem = {
    .info = {.code = "DDB601",
             .name = "contended-item",
             .severity = support::Severity::warning,
             .since = "0.1.0",
             .summary = "Many transactions a second change the same item.",
             .rationale = "Of two transactions that touch one item at the same time one is "
                          "cancelled, and its retry meets the next. "
                          "A counter on the parent that every child's create increments makes the "
                          "busiest parent a queue, far "
                          "below the 1,000 writes a second that its key could take.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "transaction-apis.html",
             .bad = R"(ddbplan: 1
service: video
entities:
  Clip: {id: clip_id, count: 10k, attributes: {clip_id: ulid, title: string 40 B, likes: {count_of: Like}}}
  Like: {id: [clip_id, user_id], belongs_to: {Clip: 100 .. 500k}, attributes: {user_id: ulid}}
access_patterns:
  publish: {create: Clip, rate: 10/day}
  show: {get: Clip, by: clip_id, rate: 50/s}
  like: {create: Like, rate: 100/s, peak: 300/s}
  liked: {get: Like, by: [clip_id, user_id], rate: 50/s}
)",
             .good = R"(ddbplan: 1
service: video
entities:
  Clip: {id: clip_id, count: 10k, attributes: {clip_id: ulid, title: string 40 B}}
  Like: {id: [clip_id, user_id], belongs_to: {Clip: 100 .. 500k}, attributes: {user_id: ulid}}
access_patterns:
  publish: {create: Clip, rate: 10/day}
  show: {get: Clip, by: clip_id, rate: 50/s}
  like: {create: Like, rate: 100/s, peak: 300/s}
  liked: {get: Like, by: [clip_id, user_id], rate: 50/s}
)"},
    .phase = Phase::workload,
    .check = check_contended_item};

}  // namespace ddbplan::lint
