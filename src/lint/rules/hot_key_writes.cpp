#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

constexpr double kCeiling = dynamo::limits::kPartitionWriteUnitsPerSecond;

void check_hot_key_writes(const Context& context, Report& report) {
  const double target = context.workload.settings.capacity_target;
  for (const design::HotKey& hot : context.design->hot_keys) {
    const double units = hot.peak_write_units / std::max(hot.shards, 1);
    if (units <= kCeiling * target) continue;
    const bool above = units > kCeiling;
    const std::string message = fmt::format(
        "the key {} of {} takes {} write units a second {}{}; one key value takes {}", hot.key,
        resource_name(context, hot.table, hot.index), support::format_grouped(std::llround(units)),
        when_text(hot), hot.shards > 1 ? " in each shard" : "",
        above ? "1,000" : fmt::format("1,000, planned to {:.0f} %", target * 100));
    report.add_as(above ? support::Severity::error : support::Severity::warning,
                  hot_key_span(context, hot), message,
                  fmt::format("It needs {} shards, or fewer writes to one value.",
                              std::ceil(hot.peak_write_units / (kCeiling * target))));
  }
}

}  // namespace

constinit const Rule kHotKeyWrites = {
    .info = {.code = "DDB401",
             .name = "hot-key-writes",
             .severity = support::Severity::error,
             .since = "0.1.0",
             .summary = "One partition key value takes more writes than it can.",
             .rationale = "A partition key value takes 1,000 write units a second, whatever the "
                          "table has. A Query that reads the "
                          "whole key in order, an identity that many requests share, or one busy "
                          "parent make such keys. Above "
                          "the ceiling it is an error; above the share of it that is planned for "
                          "(capacity_target), a warning.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "bp-partition-key-design.html",
             .bad = R"(ddbplan: 1
service: polls
entities:
  Poll: {id: poll_id, count: 1k, attributes: {poll_id: ulid, title: string 60 B, votes: integer}}
access_patterns:
  open: {create: Poll, rate: 1/day}
  show: {get: Poll, by: poll_id, rate: 50/s}
  vote: {update: Poll, by: poll_id, add: {votes: +:n}, rate: 500/s, peak: 4000/s, hottest: 2500/s}
)",
             .good = R"(ddbplan: 1
service: polls
entities:
  Poll: {id: poll_id, count: 1k, attributes: {poll_id: ulid, title: string 60 B, votes: integer}}
access_patterns:
  open: {create: Poll, rate: 1/day}
  show: {get: Poll, by: poll_id, rate: 50/s}
  vote: {update: Poll, by: poll_id, add: {votes: +:n}, rate: 50/s, peak: 400/s, hottest: 250/s}
)"},
    .phase = Phase::design,
    .check = check_hot_key_writes};

}  // namespace ddbplan::lint
