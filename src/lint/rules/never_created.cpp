#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

void check_never_created(const Context& context, Report& report) {
  for (const model::Pattern& pattern : context.workload.patterns) {
    if (!pattern.implied || pattern.after) continue;
    for (const model::Write* write : writes_of(pattern)) {
      if (write->entities.empty()) continue;
      const model::Entity& entity = context.workload.entity(write->entities.front());
      report.add(entity.span,
                 fmt::format("no access pattern creates {}, so {} are planned for it", entity.name,
                             support::format_rate(pattern.load.mean)),
                 fmt::format("Say how {} comes to be, as in `add: {{create: {}, rate: 1/s}}`.",
                             entity.name, entity.name));
    }
  }
}

}  // namespace

constinit const Rule kNeverCreated = {
    .info = {.code = "DDB102",
             .name = "never-created",
             .severity = support::Severity::warning,
             .since = "0.1.0",
             .summary = "An entity is stored, but no access pattern creates it.",
             .rationale = "Writes are most of the bill and of the heat, and every index multiplies "
                          "them. Without a pattern that "
                          "creates the rows the plan has to guess their rate, and may choose an "
                          "index that is too dear.",
             .source = "",
             .bad = R"(ddbplan: 1
service: notes
entities:
  Note: {id: note_id, count: 1k, attributes: {note_id: ulid, text: string 200 B}}
access_patterns:
  read: {get: Note, by: note_id, rate: 5/s}
)",
             .good = R"(ddbplan: 1
service: notes
entities:
  Note: {id: note_id, count: 1k, attributes: {note_id: ulid, text: string 200 B}}
access_patterns:
  write: {create: Note, rate: 10/day}
  read: {get: Note, by: note_id, rate: 5/s}
)"},
    .phase = Phase::workload,
    .check = check_never_created};

}  // namespace ddbplan::lint
