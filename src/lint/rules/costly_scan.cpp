#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

constexpr double kUsdPerMonthMin = 10;

void check_costly_scan(const Context& context, Report& report) {
  for (const design::AccessPlan& plan : context.design->plans) {
    if (plan.served != design::Served::scan) continue;
    const support::Money usd = context.cost->patterns[plan.pattern.index];
    if (usd.usd() < kUsdPerMonthMin) continue;
    const model::Pattern& pattern = context.workload.pattern(plan.pattern);
    report.add(
        pattern.span,
        fmt::format("{} scans a table for {} a month", pattern.name, support::format_money(usd)),
        "An export to S3 (`analyse` instead of `export`) reads no capacity; or ask it less often.");
  }
}

}  // namespace

constinit const Rule kCostlyScan = {
    .info =
        {.code = "DDB502",
         .name = "costly-scan",
         .severity = support::Severity::warning,
         .since = "0.1.0",
         .summary = "A pattern scans a whole table, often enough to be a cost of its own.",
         .rationale =
             "A scan pays for every byte of the table, whatever it returns, and takes the capacity "
             "from the requests that "
             "users wait for. DynamoDB exports to S3 from its backup, without touching the table.",
         .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                   "bp-query-scan.html",
         .bad = R"(ddbplan: 1
service: shop
entities:
  Order: {id: order_id, count: 20M, attributes: {order_id: ulid, total: number, lines: string 1 KB}}
access_patterns:
  place: {create: Order, rate: 1/s}
  order: {get: Order, by: order_id, rate: 5/s}
  nightly: {export: Order, rate: 4/day}
)",
         .good = R"(ddbplan: 1
service: shop
entities:
  Order: {id: order_id, count: 20M, attributes: {order_id: ulid, total: number, lines: string 1 KB}}
access_patterns:
  place: {create: Order, rate: 1/s}
  order: {get: Order, by: order_id, rate: 5/s}
  nightly: {analyse: Order, rate: 4/day}
)"},
    .phase = Phase::design,
    .check = check_costly_scan};

}  // namespace ddbplan::lint
