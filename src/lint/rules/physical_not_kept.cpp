#include "lint/rules/rules.h"

namespace ddbplan::lint {

constinit const Rule kPhysicalNotKept = {
    .info = {
        .code = "DDB114",
        .name = "physical-not-kept",
        .severity = support::Severity::error,
        .since = "0.1.0",
        .summary = "A key or projection given under physical cannot be kept.",
        .rationale =
            "A hand-made base key holds the whole identity, of attributes that are always there, "
            "never change and are known to every access by key; a # parts its attributes, and its "
            "literals tell its items from the others of the table. A hand-made projection is that "
            "of an index which the plan has, and carries what is read from it. The plan keeps "
            "what is made by hand or says why it cannot; it never changes it in silence.",
        .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                  "HowItWorks.CoreComponents.html",
        .bad = R"(ddbplan: 1
service: fleet
entities:
  Reading: {id: [device_id, at], count: 1M, attributes: {device_id: string 12 B, at: epoch_ms, value: number}}
access_patterns:
  ingest: {create: Reading, rate: 90/s}
  window: {list: Reading, by: device_id, range: at last 24 hours, rate: 4/s}
physical: {Reading: {partition_key: "DEVICE#{device_id}", sort_key: "VALUE#{value}"}}
)",
        .good = R"(ddbplan: 1
service: fleet
entities:
  Reading: {id: [device_id, at], count: 1M, attributes: {device_id: string 12 B, at: epoch_ms, value: number}}
access_patterns:
  ingest: {create: Reading, rate: 90/s}
  window: {list: Reading, by: device_id, range: at last 24 hours, rate: 4/s}
physical: {Reading: {partition_key: "DEVICE#{device_id}", sort_key: "AT#{at}"}}
)"}};

}  // namespace ddbplan::lint
