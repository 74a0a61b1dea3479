#include <cmath>

#include <cstdint>

#include <fmt/format.h>

#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

/// The first second that takes twelve digits, in the year 5138: no row is meant to live that long, and milliseconds
/// of the present take thirteen.
constexpr double kSecondsMax = 1e11;
constexpr double kSecondsPerYear = 31'556'952;

struct Unit {
  std::string name;
  std::string per_second;
};
Unit unit_of(double value) {
  if (value < 1e14) return {"milliseconds", "1,000"};
  if (value < 1e17) return {"microseconds", "1,000,000"};
  return {"nanoseconds", "1,000,000,000"};
}

std::string year_of(double seconds) {
  return support::format_grouped(static_cast<std::int64_t>(1970 + seconds / kSecondsPerYear));
}

void check_value(const model::SampleRow& sample, const model::Entity& entity, Report& report) {
  const model::Retention& retention = *entity.retention;
  const std::string& name = retention.after ? retention.attribute : retention.base_attribute;
  const auto* value = sample.row.find(name);
  if (value == sample.row.end()) return;
  const auto said = sample.spans.find(name);
  const support::Span span = said == sample.spans.end() ? sample.span : said->second;
  const dynamo::Decimal* number = value->second.as_number();
  if (number == nullptr) {
    report.add(
        span,
        fmt::format("{} of this {} is no number; TTL reads numbers only, and would delete nothing",
                    name, entity.name),
        "Write it as a Number of whole seconds since 1970.");
    return;
  }
  const double seconds = std::abs(number->to_double());
  if (seconds < kSecondsMax) return;
  const Unit unit = unit_of(seconds);
  report.add(span,
             fmt::format("{} of this {} has {} digits, as {} have: TTL reads seconds, and would "
                         "delete the row in the year {}",
                         name, entity.name, fmt::format("{:.0f}", seconds).size(), unit.name,
                         year_of(seconds)),
             "Write whole seconds since 1970: divide by " + unit.per_second + ".");
}

void check_ttl_not_in_seconds(const Context& context, Report& report) {
  for (const model::SampleRow& sample : context.workload.samples) {
    const model::Entity& entity = context.workload.entity(sample.entity);
    if (entity.retention) check_value(sample, entity, report);
  }
}

}  // namespace

constinit const Rule kTtlNotInSeconds = {
    .info = {.code = "DDB705",
             .name = "ttl-not-in-seconds",
             .severity = support::Severity::error,
             .since = "0.1.0",
             .summary = "A sample row's expiry is in milliseconds, or is no number.",
             .rationale =
                 "TTL compares a Number with the present epoch second. A value of 13 digits is "
                 "read as a date tens of thousands of years away, a text is not read at all: "
                 "nothing is ever deleted, nobody is told, and storage grows. Values of sample "
                 "rows (`samples`) are checked for it.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "time-to-live-ttl-before-you-start.html",
             .bad = R"(ddbplan: 1
service: login
entities:
  Session: {id: session_id, count: 1M, retention: until expires_at, attributes: {session_id: uuid, data: map 600 B}}
access_patterns:
  log_in: {put: Session, rate: 40/s}
  check: {get: Session, by: session_id, rate: 900/s}
samples:
  Session:
    - {session_id: 0b87f0f6-41a5-4b2f-8f3e-7a1d4c5e6f70, expires_at: 1781524800000}
)",
             .good = R"(ddbplan: 1
service: login
entities:
  Session: {id: session_id, count: 1M, retention: until expires_at, attributes: {session_id: uuid, data: map 600 B}}
access_patterns:
  log_in: {put: Session, rate: 40/s}
  check: {get: Session, by: session_id, rate: 900/s}
samples:
  Session:
    - {session_id: 0b87f0f6-41a5-4b2f-8f3e-7a1d4c5e6f70, expires_at: 1781524800}
)"},
    .phase = Phase::workload,
    .check = check_ttl_not_in_seconds};

}  // namespace ddbplan::lint
