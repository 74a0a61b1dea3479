#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"
#include "support/text.h"

namespace ddbplan::lint {
namespace {

constexpr std::array<std::string_view, 6> kTenantNames = {
    "tenant", "organization", "organisation", "workspace", "company", "account"};
/// One child kind may be a coincidence of names.
constexpr int kChildKindsMin = 2;

int kinds_of_children(const model::Workload& workload, model::EntityId parent) {
  int kinds = 0;
  for (const model::Entity& entity : workload.entities) {
    for (const model::Relation& relation : entity.relations) {
      if (relation.parents.size() == 1 && relation.parents.front() == parent) {
        ++kinds;
        break;
      }
    }
  }
  return kinds;
}

void check_undeclared_tenant(const Context& context, Report& report) {
  if (context.workload.settings.tenant) return;
  for (std::size_t i = 0; i < context.workload.entities.size(); ++i) {
    const model::Entity& entity = context.workload.entities[i];
    const std::string name = support::to_lower_ascii(entity.name);
    const bool named =
        std::find(kTenantNames.begin(), kTenantNames.end(), name) != kTenantNames.end();
    if (!named || entity.id.size() != 1) continue;
    if (kinds_of_children(context.workload, model::EntityId{i}) < kChildKindsMin) continue;
    report.add(
        entity.span,
        fmt::format("{} looks like a tenant, but the schema does not say so", entity.name),
        fmt::format("`settings: {{tenant: {}}}` puts it in front of every key; ignore this if one "
                    "{} may see another's rows.",
                    entity.id.front(), entity.name));
  }
}

}  // namespace

constinit const Rule kUndeclaredTenant = {
    .info = {.code = "DDB802",
             .name = "undeclared-tenant",
             .severity = support::Severity::info,
             .since = "0.1.0",
             .summary = "An entity looks like a tenant, but settings.tenant does not name it.",
             .rationale = "With settings.tenant every key leads with the tenant, every pattern is "
                          "held to one, and IAM can enforce it. "
                          "Without it a request with a foreign identifier reads a foreign row.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "specifying-conditions.html",
             .bad = R"(ddbplan: 1
service: desk
entities:
  Organization: {id: org_id, count: 3k, attributes: {org_id: string 8 B, name: string 20 B}}
  Agent: {id: agent_id, belongs_to: {Organization: 12 .. 900}, attributes: {agent_id: ulid, name: string 20 B}}
  Ticket: {id: ticket_id, belongs_to: {Organization: 100 .. 50k}, attributes: {ticket_id: ulid, subject: string 60 B}}
access_patterns:
  found: {create: Organization, rate: 1/day}
  org: {get: Organization, by: org_id, rate: 1/s}
  hire: {create: Agent, rate: 1/min}
  agent: {get: Agent, by: agent_id, rate: 1/s}
  open: {create: Ticket, rate: 0.1/s}
  show: {get: Ticket, by: ticket_id, rate: 20/s}
)",
             .good = R"(ddbplan: 1
service: desk
settings: {tenant: org_id}
entities:
  Organization: {id: org_id, count: 3k, attributes: {org_id: string 8 B, name: string 20 B}}
  Agent: {id: agent_id, belongs_to: {Organization: 12 .. 900}, attributes: {agent_id: ulid, name: string 20 B}}
  Ticket: {id: ticket_id, belongs_to: {Organization: 100 .. 50k}, attributes: {ticket_id: ulid, subject: string 60 B}}
access_patterns:
  found: {create: Organization, rate: 1/day}
  org: {get: Organization, by: org_id, rate: 1/s}
  hire: {create: Agent, rate: 1/min}
  agent: {get: Agent, by: agent_id, rate: 1/s}
  open: {create: Ticket, rate: 0.1/s}
  show: {get: Ticket, by: ticket_id, rate: 20/s}
)"},
    .phase = Phase::workload,
    .check = check_undeclared_tenant};

}  // namespace ddbplan::lint
