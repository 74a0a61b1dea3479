#include <cmath>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

void check_one(const Context& context, const capacity::ResourceLoad& load, double units,
               std::string_view kind, Report& report) {
  if (units <= dynamo::limits::kTableUnitsPerSecondQuota) return;
  report.add(resource_span(context, load.table, load.index),
             fmt::format("{} takes {} {} units a second at the peak; the default quota is 40,000",
                         resource_name(context, load.table, load.index),
                         support::format_grouped(std::llround(units)), kind),
             "Ask for a higher quota before the launch; it is given by AWS support on request.");
}

void check_throughput_quota(const Context& context, Report& report) {
  for (const capacity::ResourceLoad& load : capacity::highest_loads(*context.usage)) {
    check_one(context, load, load.write.max, "write", report);
    check_one(context, load, load.read.max, "read", report);
  }
}

}  // namespace

constinit const Rule kThroughputQuota = {
    .info = {.code = "DDB404",
             .name = "throughput-quota",
             .severity = support::Severity::warning,
             .since = "0.1.0",
             .summary =
                 "A table or index needs more than the default quota of 40,000 units a second.",
             .rationale = "The quota holds for a table and for each of its global indexes, in both "
                          "modes. It can be raised, but not in "
                          "the minute in which it is reached.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "ServiceQuotas.html",
             .bad = R"(ddbplan: 1
service: fleet
entities:
  Reading: {id: [device_id, at], count: 10M, attributes: {device_id: {type: uuid, distinct: 1M}, at: timestamp, value: number}}
access_patterns:
  ingest: {create: Reading, rate: 10k/s, peak: 60k/s}
  window: {list: Reading, by: device_id, range: at, order: at desc, limit: 20, rate: 10/s}
)",
             .good = R"(ddbplan: 1
service: fleet
entities:
  Reading: {id: [device_id, at], count: 10M, attributes: {device_id: {type: uuid, distinct: 1M}, at: timestamp, value: number}}
access_patterns:
  ingest: {create: Reading, rate: 10k/s, peak: 30k/s}
  window: {list: Reading, by: device_id, range: at, order: at desc, limit: 20, rate: 10/s}
)"},
    .phase = Phase::design,
    .check = check_throughput_quota};

}  // namespace ddbplan::lint
