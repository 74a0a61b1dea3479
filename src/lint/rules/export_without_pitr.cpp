#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

void check_export_without_pitr(const Context& context, Report& report) {
  const std::optional<model::Backup>& backup = context.workload.settings.backup;
  if (!backup || backup->point_in_time_recovery) return;
  for (const model::Pattern& pattern : context.workload.patterns) {
    const auto* read = std::get_if<model::Read>(&pattern.action);
    if (read == nullptr || read->kind != model::ReadKind::analyse) continue;
    report.add(
        pattern.span,
        fmt::format("{} needs exports to S3, so point-in-time recovery is on, against the settings",
                    pattern.name),
        "Say `backup: {pitr: 35 days}`.",
        {{"the backup settings", key_span(context.source, "backup")}});
  }
}

}  // namespace

constinit const Rule kExportWithoutPitr = {
    .info = {.code = "DDB701",
             .name = "export-without-pitr",
             .severity = support::Severity::warning,
             .since = "0.1.0",
             .summary = "Analysis needs point-in-time recovery, which the settings turn off.",
             .rationale = "DynamoDB exports to S3 from the continuous backup, without reading the "
                          "table. Without point-in-time "
                          "recovery the only way is a scan, paid by the byte; so the plan turns it "
                          "on, and prices it.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "S3DataExport.HowItWorks.html",
             .bad = R"(ddbplan: 1
service: shop
settings: {backup: {pitr: false}}
entities:
  Order: {id: order_id, count: 20M, attributes: {order_id: ulid, total: number}}
access_patterns:
  place: {create: Order, rate: 1/s}
  order: {get: Order, by: order_id, rate: 5/s}
  nightly: {analyse: Order, rate: 1/day}
)",
             .good = R"(ddbplan: 1
service: shop
settings: {backup: {pitr: 35 days}}
entities:
  Order: {id: order_id, count: 20M, attributes: {order_id: ulid, total: number}}
access_patterns:
  place: {create: Order, rate: 1/s}
  order: {get: Order, by: order_id, rate: 5/s}
  nightly: {analyse: Order, rate: 1/day}
)"},
    .phase = Phase::workload,
    .check = check_export_without_pitr};

}  // namespace ddbplan::lint
