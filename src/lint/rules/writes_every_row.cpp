#include <algorithm>

#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

bool may_mean_many(const model::Write& write) {
  return write.kind == model::WriteKind::update || write.kind == model::WriteKind::delete_rows;
}

bool says_which(const model::Write& write) {
  return !write.by.empty() || write.condition != nullptr || write.move || write.for_each;
}

void check_writes_every_row(const Context& context, Report& report) {
  for (const model::Pattern& pattern : context.workload.patterns) {
    // The actions of a transaction name their rows, or it is refused.
    const auto* write = std::get_if<model::Write>(&pattern.action);
    if (write == nullptr || !may_mean_many(*write) || says_which(*write)) continue;
    for (const model::EntityId id : write->entities) {
      const model::Entity& entity = context.workload.entity(id);
      if (entity.singleton) continue;
      report.add(
          pattern.span,
          fmt::format("{} has no `by`, so each call writes all {} rows of {}", pattern.name,
                      support::format_count(entity.count), entity.name),
          fmt::format("Of one row give the identity: `by: [{}]`.", fmt::join(entity.id, ", ")));
    }
  }
}

}  // namespace

constinit const Rule kWritesEveryRow = {
    .info =
        {.code = "DDB107",
         .name = "writes-every-row",
         .severity = support::Severity::warning,
         .since = "0.1.0",
         .summary = "An update or a delete that says nothing about its rows is of all of them.",
         .rationale =
             "DynamoDB writes items one by one, each by its whole key. A pattern whose `by` was "
             "forgotten is planned as what it says: a query for the keys of all rows, over an "
             "index that nothing else may need, and a write for each. Where all rows are meant, "
             "silence this with the reason.",
         .source = "",
         .bad = R"(ddbplan: 1
service: albums
entities:
  Photo: {id: photo_id, count: 10k, attributes: {photo_id: ulid, title: string 30 B}}
access_patterns:
  add: {create: Photo}
  show: {get: Photo, by: photo_id}
  rename: {update: Photo, set: [title]}
)",
         .good = R"(ddbplan: 1
service: albums
entities:
  Photo: {id: photo_id, count: 10k, attributes: {photo_id: ulid, title: string 30 B}}
access_patterns:
  add: {create: Photo}
  show: {get: Photo, by: photo_id}
  rename: {update: Photo, by: photo_id, set: [title]}
)"},
    .phase = Phase::workload,
    .check = check_writes_every_row};

}  // namespace ddbplan::lint
