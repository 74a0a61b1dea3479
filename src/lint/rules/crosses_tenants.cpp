#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

void check_crosses_tenants(const Context& context, Report& report) {
  if (!context.workload.settings.tenant) return;
  for (const model::Pattern& pattern : context.workload.patterns) {
    if (!pattern.across_tenants) continue;
    report.add(pattern.span, fmt::format("{} reaches the rows of every tenant", pattern.name),
               "Run it with a role of its own; the tenants' role allows keys of one tenant alone.");
  }
}

}  // namespace

constinit const Rule kCrossesTenants = {
    .info = {.code = "DDB801",
             .name = "crosses-tenants",
             .severity = support::Severity::info,
             .since = "0.1.0",
             .summary = "A pattern reaches the rows of every tenant.",
             .rationale = "Keys that lead with the tenant let IAM hold a caller to them "
                          "(dynamodb:LeadingKeys). A pattern across "
                          "tenants needs a role without that fence, and an index whose keys do not "
                          "separate tenants. Worth knowing "
                          "where they are.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "specifying-conditions.html",
             .bad = R"(ddbplan: 1
service: desk
settings: {tenant: tenant_id}
entities:
  Ticket: {id: ticket_id, count: 1M, attributes: {ticket_id: ulid, due_at: timestamp, subject: string 60 B}}
access_patterns:
  open: {create: Ticket, rate: 1/s}
  show: {get: Ticket, by: ticket_id, rate: 20/s}
  overdue: {list: Ticket, across_tenants: true, range: due_at < now, order: due_at asc, limit: 100, returns: [subject], rate: 1/min}
)",
             .good = R"(ddbplan: 1
service: desk
settings: {tenant: tenant_id}
entities:
  Ticket: {id: ticket_id, count: 1M, attributes: {ticket_id: ulid, due_at: timestamp, subject: string 60 B}}
access_patterns:
  open: {create: Ticket, rate: 1/s}
  show: {get: Ticket, by: ticket_id, rate: 20/s}
)"},
    .phase = Phase::workload,
    .check = check_crosses_tenants};

}  // namespace ddbplan::lint
