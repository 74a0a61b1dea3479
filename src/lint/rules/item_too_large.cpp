#include <fmt/format.h>

#include "dynamo/limits.h"
#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

/// The attribute that takes most, for the message.
const model::Attribute* largest(const model::Entity& entity) {
  const model::Attribute* largest = nullptr;
  for (const model::Attribute& attribute : entity.attributes) {
    if (largest == nullptr || attribute.bytes.max > largest->bytes.max) largest = &attribute;
  }
  return largest;
}

void check_item_too_large(const Context& context, Report& report) {
  for (const model::Entity& entity : context.workload.entities) {
    const double bytes = row_bytes(entity).max;
    if (bytes <= static_cast<double>(dynamo::limits::kItemBytesMax)) continue;
    const model::Attribute* attribute = entity.size ? nullptr : largest(entity);
    const support::Span span =
        attribute != nullptr && attribute->span.known() ? attribute->span : entity.span;
    report.add(
        span,
        fmt::format("a row of {} may take {}; an item holds at most 400 KB", entity.name,
                    support::format_bytes(bytes)),
        "Keep the large part in S3 with its address in the row, or split it into an entity of its "
        "own.");
  }
}

}  // namespace

constinit const Rule kItemTooLarge = {
    .info =
        {.code = "DDB301",
         .name = "item-too-large",
         .severity = support::Severity::error,
         .since = "0.1.0",
         .summary = "A row can grow beyond the 400 KB of an item.",
         .rationale = "DynamoDB refuses the write, usually long after launch and for the best "
                      "customer first. An item of that "
                      "size costs 400 write units each time anything in it changes.",
         .source =
             "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html",
         .bad = R"(ddbplan: 1
service: logs
entities:
  Entry: {id: entry_id, count: 1M, attributes: {entry_id: ulid, body: string 100 KB .. 300 KB, answer: string 50 KB .. 200 KB}}
access_patterns:
  log: {create: Entry, rate: 1/s}
  show: {get: Entry, by: entry_id, rate: 1/s}
)",
         .good = R"(ddbplan: 1
service: logs
entities:
  Entry: {id: entry_id, count: 1M, attributes: {entry_id: ulid, body_address: string 80 B, start: string 1 KB}}
access_patterns:
  log: {create: Entry, rate: 1/s}
  show: {get: Entry, by: entry_id, rate: 1/s}
)"},
    .phase = Phase::workload,
    .check = check_item_too_large};

}  // namespace ddbplan::lint
