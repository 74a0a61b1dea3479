#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"
#include "model/upkeep.h"

namespace ddbplan::lint {
namespace {

/// The least, the greatest or the newest of a group: a count or a sum loses a row as it gained it, and these do not.
bool is_extreme(const model::Rollup::Keep& keep) {
  return keep.function != "count" && keep.function != "sum";
}

/// Attributes of the source whose change the extreme cannot follow: its own, and those that say which group has it.
std::vector<std::string> settled_at_creation(const model::Rollup& rollup,
                                             const model::Rollup::Keep& extreme) {
  std::vector<std::string> names = model::grouped_by(rollup);
  names.insert(names.begin(), extreme.attribute);
  return names;
}

void check_write(const Context& context, model::EntityId id, const model::Pattern& pattern,
                 const model::Write& write, Report& report) {
  const model::Entity& rollup = context.workload.entity(id);
  const model::Rollup& definition = *rollup.rollup;
  const auto extreme = std::find_if(definition.keep.begin(), definition.keep.end(), is_extreme);
  if (!is_about(write, definition.of) || extreme == definition.keep.end()) return;
  const model::Entity& source = context.workload.entity(definition.of);
  const std::string kept = rollup.name + "." + extreme->name;
  for (const std::string& name : settled_at_creation(definition, *extreme)) {
    if (!model::may_change(source, write, name)) continue;
    report.add(pattern.span,
               fmt::format("{} changes {}, and {} keeps what it was when the {} came", pattern.name,
                           name, kept, source.name),
               fmt::format("Leave {} as it was and bring a new {} instead, or work out {} from the "
                           "rows where it is read.",
                           name, source.name, kept));
    return;
  }
  // The rows of the rollup may go with them.
  if (write.kind != model::WriteKind::delete_rows || is_about(write, id)) return;
  report.add(
      pattern.span,
      fmt::format("{} deletes {}, and {} may be of one that has gone", pattern.name, source.name,
                  kept),
      fmt::format("Delete the rows of {} with them, or work out {} from the rows where it is read.",
                  rollup.name, kept));
}

/// A newest value of rows that a pattern deletes, and not with the row that keeps it.
void check_newest(const Context& context, model::EntityId owner, const model::Attribute& attribute,
                  Report& report) {
  if (!attribute.upkeep || attribute.upkeep->kind != model::Upkeep::Kind::newest_of ||
      attribute.upkeep->kept == model::Kept::never)
    return;
  const std::string& source = context.workload.entity(attribute.upkeep->source).name;
  const std::string kept = context.workload.entity(owner).name + "." + attribute.name;
  for (const model::Pattern& pattern : context.workload.patterns) {
    for (const model::Write* write : writes_of(pattern)) {
      if (write->kind != model::WriteKind::delete_rows ||
          !is_about(*write, attribute.upkeep->source) || is_about(*write, owner))
        continue;
      report.add(pattern.span,
                 fmt::format("{} deletes {}, and {} may be of one that has gone", pattern.name,
                             source, kept),
                 fmt::format("Read the newest {} where it matters, or make {} `kept: never` and "
                             "work it out.",
                             source, kept));
    }
  }
}

void check_stale_rollup(const Context& context, Report& report) {
  for (std::size_t i = 0; i < context.workload.entities.size(); ++i) {
    const model::Entity& rollup = context.workload.entities[i];
    for (const model::Attribute& attribute : rollup.attributes)
      check_newest(context, model::EntityId{i}, attribute, report);
    // In a transaction such a change is refused (DDB119).
    if (!rollup.rollup || rollup.rollup->kept != model::Kept::stream) continue;
    for (const model::Pattern& pattern : context.workload.patterns) {
      for (const model::Write* write : writes_of(pattern))
        check_write(context, model::EntityId{i}, pattern, *write, report);
    }
  }
}

}  // namespace

constinit const Rule kStaleRollup = {
    .info = {.code = "DDB604",
             .name = "stale-rollup",
             .severity = support::Severity::warning,
             .since = "0.1.0",
             .summary = "Rows change or go in a way that what is kept of them does not follow.",
             .rationale =
                 "Counts and sums of a rollup follow rows that come, change, move to another group "
                 "or are deleted. What the highest, the lowest or the newest value is once the row "
                 "that had it has another, or is gone, only the whole group could tell; so it is "
                 "with `newest_of`. Rows that expire stay in all of them.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "bp-gsi-aggregation.html",
             .bad = R"(ddbplan: 1
service: meters
entities:
  Meter: {id: meter_id, count: 2000, attributes: {meter_id: ulid}}
  Reading:
    {id: [meter_id, at], belongs_to: {Meter: 9k .. 20k}, attributes: {at: epoch_s, watts: number}}
  Daily: {rollup: {of: Reading, by: {meter_id, day: at to day}, keep: {most: max watts}, kept: stream}}
access_patterns:
  install: {create: Meter, rate: 10/day}
  measure: {create: Reading, rate: 20/s}
  correct: {update: Reading, by: [meter_id, at], set: [watts], rate: 30/day}
  readings: {list: Reading, by: meter_id, range: at, order: at asc, limit: 100, rate: 2/s}
  days: {list: Daily, by: meter_id, range: day last 30 days, rate: 5/s}
)",
             .good = R"(ddbplan: 1
service: meters
entities:
  Meter: {id: meter_id, count: 2000, attributes: {meter_id: ulid}}
  Reading:
    {id: [meter_id, at], belongs_to: {Meter: 9k .. 20k}, attributes: {at: epoch_s, watts: number}}
  Daily: {rollup: {of: Reading, by: {meter_id, day: at to day}, keep: {all: sum watts}, kept: stream}}
access_patterns:
  install: {create: Meter, rate: 10/day}
  measure: {create: Reading, rate: 20/s}
  correct: {update: Reading, by: [meter_id, at], set: [watts], rate: 30/day}
  readings: {list: Reading, by: meter_id, range: at, order: at asc, limit: 100, rate: 2/s}
  days: {list: Daily, by: meter_id, range: day last 30 days, rate: 5/s}
)"},
    .phase = Phase::workload,
    .check = check_stale_rollup};

}  // namespace ddbplan::lint
