#include <set>

#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

void collect(const model::Read& read, std::set<model::EntityId>& used) {
  used.insert(read.entities.begin(), read.entities.end());
  for (const model::WithChildren& with : read.with_children) used.insert(with.child);
  for (const model::WithParent& with : read.with_parents) used.insert(with.parent);
  for (const model::AttributeRef& by : read.by) {
    if (by.via) used.insert(*by.via);
  }
}

/// Entities whose rows are looked at by something: a read, a write that depends on them, a derived entity.
std::set<model::EntityId> used_entities(const model::Workload& workload) {
  std::set<model::EntityId> used(workload.feeds.begin(), workload.feeds.end());
  for (const model::Pattern& pattern : workload.patterns) {
    for (const model::Read* read : reads_of(pattern)) collect(*read, used);
    for (const model::Write* write : writes_of(pattern)) {
      if (write->for_each) used.insert(*write->for_each);
      if (write->condition || write->kind == model::WriteKind::check) {
        used.insert(write->entities.begin(), write->entities.end());
      }
    }
  }
  for (const model::Entity& entity : workload.entities) {
    if (entity.rollup) used.insert(entity.rollup->of);
    for (const model::Attribute& attribute : entity.attributes) {
      if (attribute.upkeep) used.insert(attribute.upkeep->source);
    }
  }
  return used;
}

void check_never_read(const Context& context, Report& report) {
  const std::set<model::EntityId> used = used_entities(context.workload);
  for (std::size_t i = 0; i < context.workload.entities.size(); ++i) {
    const model::Entity& entity = context.workload.entities[i];
    if (used.contains(model::EntityId{i}) || entity.archive) continue;
    report.add(entity.span,
               fmt::format("{} is stored, but no access pattern reads it", entity.name),
               "Add the pattern that does, or leave the entity out.");
  }
}

}  // namespace

constinit const Rule kNeverRead = {
    .info = {.code = "DDB103",
             .name = "never-read",
             .severity = support::Severity::info,
             .since = "0.1.0",
             .summary = "An entity is stored, but no access pattern reads it.",
             .rationale = "DynamoDB keys follow from the questions asked. A question that is added "
                          "after launch may need an index "
                          "that has to be filled from all existing items, or keys that the items "
                          "do not have. And what nobody "
                          "asks for need not be paid for.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "bp-general-nosql-design.html",
             .bad = R"(ddbplan: 1
service: audit
entities:
  Event: {id: event_id, count: 1k, attributes: {event_id: ulid, text: string 200 B}}
access_patterns:
  log: {create: Event, rate: 1/s}
)",
             .good = R"(ddbplan: 1
service: audit
entities:
  Event: {id: event_id, count: 1k, attributes: {event_id: ulid, text: string 200 B}}
access_patterns:
  log: {create: Event, rate: 1/s}
  look_up: {get: Event, by: event_id, rate: 10/day}
)"},
    .phase = Phase::workload,
    .check = check_never_read};

}  // namespace ddbplan::lint
