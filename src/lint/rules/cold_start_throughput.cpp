#include <cmath>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

namespace limits = dynamo::limits;

void check_cold_start_throughput(const Context& context, Report& report) {
  if (context.cost->provisioned) return;
  for (const capacity::ResourceLoad& load : capacity::highest_loads(*context.usage)) {
    const bool writes = std::round(load.write.max) > limits::kNewTableWriteUnitsPerSecond;
    const bool reads = std::round(load.read.max) > limits::kNewTableReadUnitsPerSecond;
    if (!writes && !reads) continue;
    const double units = writes ? load.write.max : load.read.max;
    report.add(resource_span(context, load.table, load.index),
               fmt::format("{} takes {} {} units a second at the peak; new on demand it serves {}",
                           resource_name(context, load.table, load.index),
                           support::format_grouped(std::llround(units)), writes ? "write" : "read",
                           writes ? "4,000" : "12,000"),
               "Deploy with the warm throughput that the template asks for, or let the load grow "
               "to it: at "
               "most doubled in 30 minutes.");
  }
}

}  // namespace

constinit const Rule kColdStartThroughput = {
    .info = {.code = "DDB403",
             .name = "cold-start-throughput",
             .severity = support::Severity::info,
             .since = "0.1.0",
             .summary = "The peak is above what a new on-demand table or index serves.",
             .rationale = "On demand is not unlimited: a new table serves 4,000 write and 12,000 "
                          "read units a second, and afterwards "
                          "twice its earlier peak. A launch or a load test above that is throttled "
                          "for half an hour, unless "
                          "warm throughput was asked for.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "on-demand-capacity-mode.html",
             .bad = R"(ddbplan: 1
service: sale
settings: {billing: on-demand}
entities:
  Order: {id: order_id, count: 10M, attributes: {order_id: ulid, total: number}}
access_patterns:
  place: {create: Order, rate: 200/s, peak: 20k/s}
  order: {get: Order, by: order_id, rate: 100/s}
)",
             .good = R"(ddbplan: 1
service: sale
settings: {billing: on-demand}
entities:
  Order: {id: order_id, count: 10M, attributes: {order_id: ulid, total: number}}
access_patterns:
  place: {create: Order, rate: 200/s, peak: 2000/s}
  order: {get: Order, by: order_id, rate: 100/s}
)"},
    .phase = Phase::design,
    .check = check_cold_start_throughput};

}  // namespace ddbplan::lint
