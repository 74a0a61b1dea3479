#include "lint/rules/rules.h"

namespace ddbplan::lint {

constinit const Rule kSuppressionWithoutReason = {
    .info = {.code = "DDB091",
             .name = "suppression-without-reason",
             .severity = support::Severity::warning,
             .since = "0.1.0",
             .summary = "A ddbplan: ignore comment does not say why.",
             .rationale = "Whoever reads the schema next cannot tell whether the reason still "
                          "holds. Write it behind two "
                          "dashes: # ddbplan: ignore DDB103 -- read by the data lake.",
             .source = "",
             .bad = R"(ddbplan: 1
service: audit
entities:
  Event: {id: event_id, count: 1k, attributes: {event_id: ulid, text: string 200 B}}  # ddbplan: ignore DDB103
access_patterns:
  log: {create: Event, rate: 1/s}
)",
             .good = R"(ddbplan: 1
service: audit
entities:
  # ddbplan: ignore DDB103 -- read by the data lake
  Event: {id: event_id, count: 1k, attributes: {event_id: ulid, text: string 200 B}}
access_patterns:
  log: {create: Event, rate: 1/s}
)"}};

}  // namespace ddbplan::lint
