#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

constexpr double kRequestsMean = 10;

void check_fan_out_read(const Context& context, Report& report) {
  for (std::size_t i = 0; i < context.workload.patterns.size(); ++i) {
    const model::Pattern& pattern = context.workload.patterns[i];
    const auto* read = std::get_if<model::Read>(&pattern.action);
    const bool is_online = read != nullptr && (read->kind == model::ReadKind::get ||
                                               read->kind == model::ReadKind::list ||
                                               read->kind == model::ReadKind::count);
    if (!is_online) continue;
    double requests = 0;
    for (const capacity::StepUsage& step : context.usage->patterns[i].steps) {
      requests += step.requests.mean;
    }
    if (requests <= kRequestsMean) continue;
    report.add(pattern.span,
               fmt::format("a call of {} sends {} requests on average", pattern.name,
                           support::format_number(requests, 1)),
               "See `ddbplan why` for what drives it: shards, alternatives in `where`, or pages.");
  }
}

}  // namespace

constinit const Rule kFanOutRead = {
    .info = {.code = "DDB106",
             .name = "fan-out-read",
             .severity = support::Severity::info,
             .since = "0.1.0",
             .summary = "A read sends many requests for one call.",
             .rationale = "Shards, alternatives and time buckets are read one by one and merged. "
                          "Each request has its own minimum "
                          "charge, and the call is as slow as the slowest of them. Fewer "
                          "alternatives, a rollup, or a narrower "
                          "question may serve.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "bp-partition-key-sharding.html",
             .bad = R"(ddbplan: 1
service: jobs
entities:
  Job:
    id: job_id
    count: 1M
    attributes: {job_id: ulid, due_at: timestamp, kind: {one_of: {A: 10%, B: 10%, C: 10%, D: 10%, E: 10%, F: 10%, G: 10%, H: 10%, I: 5%, J: 5%, K: 5%, L: 5%}}}
access_patterns:
  add: {create: Job, rate: 1/s}
  next: {list: Job, where: kind = A | B | C | D | E | F | G | H | I | J | K, order: due_at asc, limit: 10, returns: [job_id, kind, due_at], rate: 1/s}
  by_kind: {list: Job, by: kind, order: due_at asc, limit: 10, returns: [job_id, due_at], rate: 100/s}
)",
             .good = R"(ddbplan: 1
service: jobs
entities:
  Job:
    id: job_id
    count: 1M
    attributes: {job_id: ulid, due_at: timestamp, kind: {one_of: {A: 10%, B: 10%, C: 10%, D: 10%, E: 10%, F: 10%, G: 10%, H: 10%, I: 5%, J: 5%, K: 5%, L: 5%}}}
access_patterns:
  add: {create: Job, rate: 1/s}
  by_kind: {list: Job, by: kind, order: due_at asc, limit: 10, returns: [job_id, due_at], rate: 100/s}
)"},
    .phase = Phase::design,
    .check = check_fan_out_read};

}  // namespace ddbplan::lint
