#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"
#include "support/text.h"

namespace ddbplan::lint {
namespace {

constexpr double kUsdPerMonthMin = 5;
constexpr double kUsdPerCallMin = 0.01;

double index_usd(const Context& context, std::size_t table, const std::string& index) {
  double usd = 0;
  for (const pricing::CostLine& line : context.cost->lines) {
    if (line.table == table && line.index == index) usd += line.usd.usd();
  }
  return usd;
}

void check_index(const Context& context, std::size_t table, const std::string& index,
                 Report& report) {
  const double usd = index_usd(context, table, index);
  if (usd < kUsdPerMonthMin) return;
  const std::vector<model::PatternId> readers = readers_of(context, table, index);
  if (readers.empty()) return;
  double calls = 0;
  std::vector<std::string> names;
  for (const model::PatternId id : readers) {
    const model::Pattern& pattern = context.workload.pattern(id);
    calls += pattern.load.mean.per_second * 3600 * context.workload.settings.hours_per_month;
    names.push_back(pattern.name);
  }
  if (calls <= 0 || usd / calls < kUsdPerCallMin) return;
  report.add(context.workload.pattern(readers.front()).span,
             fmt::format("{} costs {} a month for {} calls of {}: {:.2f} USD each", index,
                         support::format_money(support::Money::from_usd(usd)),
                         support::format_count(calls), support::join_list(names), usd / calls),
             "Ask it less exactly from what is there already, or of an export (`analyse`).");
}

void check_rarely_read_index(const Context& context, Report& report) {
  for (std::size_t table = 0; table < context.design->tables.size(); ++table) {
    for (const design::Index& index : context.design->tables[table].indexes) {
      check_index(context, table, index.name, report);
    }
  }
}

}  // namespace

constinit const Rule kRarelyReadIndex = {
    .info =
        {.code = "DDB204",
         .name = "rarely-read-index",
         .severity = support::Severity::warning,
         .since = "0.1.0",
         .summary = "An index costs much for the few calls that read it.",
         .rationale =
             "An index is paid by its writes, whether it is read or not. A question asked a few "
             "times a day is often "
             "answered cheaper by a scan in the night, an export to S3, or a read that filters.",
         .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                   "bp-indexes-general.html",
         .bad = R"(ddbplan: 1
service: fleet
entities:
  Device: {id: device_id, count: 1k, attributes: {device_id: uuid, name: string 20 B}}
  Reading: {id: [device_id, at], belongs_to: {Device: 2.6M .. 5M}, retention: 30 days after at, attributes: {at: timestamp, fault: {type: string 8 B, distinct: 500}, value: number}}
access_patterns:
  add: {create: Device, rate: 1/day}
  device: {get: Device, by: device_id, rate: 1/s}
  ingest: {create: Reading, rate: 1000/s}
  window: {list: Reading, by: device_id, range: at, order: at desc, limit: 100, rate: 5/s}
  faults: {list: Reading, by: fault, order: at desc, limit: 10, returns: [device_id, at], rate: 1/day}
)",
         .good = R"(ddbplan: 1
service: fleet
entities:
  Device: {id: device_id, count: 1k, attributes: {device_id: uuid, name: string 20 B}}
  Reading: {id: [device_id, at], belongs_to: {Device: 2.6M .. 5M}, retention: 30 days after at, attributes: {at: timestamp, fault: {type: string 8 B, distinct: 500}, value: number}}
access_patterns:
  add: {create: Device, rate: 1/day}
  device: {get: Device, by: device_id, rate: 1/s}
  ingest: {create: Reading, rate: 1000/s}
  window: {list: Reading, by: device_id, range: at, order: at desc, limit: 100, rate: 5/s}
  faults: {analyse: Reading, rate: 1/day}
)"},
    .phase = Phase::design,
    .check = check_rarely_read_index};

}  // namespace ddbplan::lint
