#include <string>
#include <vector>

#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"
#include "model/upkeep.h"

namespace ddbplan::lint {
namespace {

/// Attributes of the source whose change a group cannot follow: those it is grouped by, and those of which it keeps
/// the extreme or the newest, where what was replaced may have been it.
std::vector<std::string> settled_at_creation(const model::Rollup& rollup) {
  std::vector<std::string> names;
  for (const model::Rollup::By& by : rollup.by) {
    if (by.from) model::collect_attributes(*by.from, names);
  }
  for (const model::Rollup::Keep& keep : rollup.keep) {
    if (keep.function != "count" && keep.function != "sum") names.push_back(keep.attribute);
  }
  return names;
}

void check_write(const Context& context, const model::Entity& rollup, const model::Pattern& pattern,
                 const model::Write& write, Report& report) {
  const model::Rollup& definition = *rollup.rollup;
  if (!is_about(write, definition.of)) return;
  const model::Entity& source = context.workload.entity(definition.of);
  for (const std::string& name : settled_at_creation(definition)) {
    if (!model::may_change(source, write, name)) continue;
    report.add(pattern.span,
               fmt::format("{} changes {}, and {} keeps what it was when the {} came", pattern.name,
                           name, rollup.name, source.name),
               fmt::format("Leave {} as it was and bring a new {} instead, or work out {} from the "
                           "rows where it is read.",
                           name, source.name, rollup.name));
    return;
  }
  bool goes_too = false;
  for (const model::EntityId one : write.entities)
    goes_too = goes_too || &context.workload.entity(one) == &rollup;
  if (write.kind != model::WriteKind::delete_rows || goes_too) return;
  report.add(pattern.span,
             fmt::format("{} deletes {}, and {} goes on counting what has gone", pattern.name,
                         source.name, rollup.name),
             fmt::format("Delete the rows of {} with them, or subtract in the consumer of the "
                         "stream, which sees each deleted row, those that TTL takes included.",
                         rollup.name));
}

void check_stale_rollup(const Context& context, Report& report) {
  for (const model::Entity& rollup : context.workload.entities) {
    // In a transaction such a change is refused (DDB119).
    if (!rollup.rollup || rollup.rollup->kept != model::Kept::stream) continue;
    for (const model::Pattern& pattern : context.workload.patterns) {
      for (const model::Write* write : writes_of(pattern))
        check_write(context, rollup, pattern, *write, report);
    }
  }
}

}  // namespace

constinit const Rule kStaleRollup = {
    .info = {.code = "DDB604",
             .name = "stale-rollup",
             .severity = support::Severity::warning,
             .since = "0.1.0",
             .summary = "Rows change or go in a way that their rollup does not follow.",
             .rationale =
                 "A rollup sums rows up as they come, and adds the difference where a number that "
                 "it sums changes later. It cannot tell what the highest, the lowest or the newest "
                 "value is once the row that had it has another, nor move a row to another group "
                 "without reading the whole group. Rows that go are not taken out, since what "
                 "expires is usually to stay in the sums.",
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
