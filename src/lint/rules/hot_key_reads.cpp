#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

constexpr double kCeiling = dynamo::limits::kPartitionReadUnitsPerSecond;

void check_hot_key_reads(const Context& context, Report& report) {
  const double target = context.workload.settings.capacity_target;
  for (const design::HotKey& hot : context.design->hot_keys) {
    const double units = hot.peak_read_units / std::max(hot.shards, 1);
    if (units <= kCeiling * target) continue;
    const bool above = units > kCeiling;
    const std::string message = fmt::format(
        "the key {} of {} takes {} read units a second {}; one key value takes {}", hot.key,
        resource_name(context, hot.table, hot.index), support::format_grouped(std::llround(units)),
        when_text(hot), above ? "3,000" : fmt::format("3,000, planned to {:.0f} %", target * 100));
    report.add_as(above ? support::Severity::error : support::Severity::warning,
                  hot_key_span(context, hot), message,
                  "Read less of it (limit, returns), declare a cache, or spread the question.");
  }
}

}  // namespace

constinit const Rule kHotKeyReads = {
    .info = {.code = "DDB402",
             .name = "hot-key-reads",
             .severity = support::Severity::error,
             .since = "0.1.0",
             .summary = "One partition key value takes more reads than it can.",
             .rationale = "A partition key value takes 3,000 read units a second. Shards do not "
                          "help a read that asks all of them "
                          "(newest, top ten): each still sees the full rate. What helps is a "
                          "cache, copies, or a smaller page. Rows that are got by their key "
                          "have read copies where one item would not do, up to twenty, unless "
                          "an upsert, a batch or a counter writes them, or their size is given "
                          "as a whole (size). "
                          "Above the ceiling it is an error; above the share of it that is planned "
                          "for, a warning.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "bp-partition-key-design.html",
             .bad = R"(ddbplan: 1
service: shop
entities:
  Product: {id: sku, count: 80k, attributes: {sku: string 10 B, title: string 60 B, text: string 6 KB}}
access_patterns:
  add: {create: Product, rate: 1/min}
  page: {get: Product, by: sku, rate: 50k/s, peak: 200k/s, hottest: 90k/s}
)",
             .good = R"(ddbplan: 1
service: shop
entities:
  Product: {id: sku, count: 80k, attributes: {sku: string 10 B, title: string 60 B, text: string 6 KB}}
access_patterns:
  add: {create: Product, rate: 1/min}
  page: {get: Product, by: sku, rate: 5000/s, peak: 20k/s, hottest: 900/s}
)"},
    .phase = Phase::design,
    .check = check_hot_key_reads};

}  // namespace ddbplan::lint
