#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

bool is_tally(const model::Upkeep& upkeep) {
  return upkeep.kept != model::Kept::never && (upkeep.kind == model::Upkeep::Kind::count_of ||
                                               upkeep.kind == model::Upkeep::Kind::sum_of);
}

void check_counted_rows_expire(const Context& context, Report& report) {
  for (const model::Entity& owner : context.workload.entities) {
    for (const model::Attribute& attribute : owner.attributes) {
      if (!attribute.upkeep || !is_tally(*attribute.upkeep)) continue;
      const model::Entity& source = context.workload.entity(attribute.upkeep->source);
      if (!source.retention) continue;
      report.add(
          attribute.span.known() ? attribute.span : owner.span,
          fmt::format("{} of {} goes on counting each {} that has expired", attribute.name,
                      owner.name, source.name),
          "TTL deletes in no transaction: subtract in a consumer of the table's stream, which "
          "marks those deletions, or count where the answer is read.");
    }
  }
}

}  // namespace

constinit const Rule kCountedRowsExpire = {
    .info = {.code = "DDB605",
             .name = "counted-rows-expire",
             .severity = support::Severity::info,
             .since = "0.1.0",
             .summary = "What counts or sums up rows does not follow when they expire.",
             .rationale =
                 "A count or a sum is changed by the writes of its rows. Time to live deletes rows "
                 "without any of them, days after they have expired, so that the number is of all "
                 "rows that there ever were, less those that the application deleted itself. Often "
                 "that is what is meant: orders of all times.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "time-to-live-ttl-streams.html",
             .bad = R"(ddbplan: 1
service: hotel
entities:
  Guest: {id: guest_id, count: 100k, attributes: {guest_id: ulid, bookings: {count_of: Booking}}}
  Booking: {id: booking_id, belongs_to: {Guest: 3 .. 90}, retention: 2 years after made_at, attributes: {booking_id: ulid, made_at: timestamp}}
access_patterns:
  join: {create: Guest, rate: 1/min}
  guest: {get: Guest, by: guest_id, rate: 10/s}
  book: {create: Booking, rate: 12.5k/month}
  booking: {get: Booking, by: booking_id, rate: 3/s}
)",
             .good = R"(ddbplan: 1
service: hotel
entities:
  Guest: {id: guest_id, count: 100k, attributes: {guest_id: ulid}}
  Booking: {id: booking_id, belongs_to: {Guest: 3 .. 90}, retention: 2 years after made_at, attributes: {booking_id: ulid, made_at: timestamp}}
access_patterns:
  join: {create: Guest, rate: 1/min}
  guest: {get: Guest, by: guest_id, rate: 10/s}
  book: {create: Booking, rate: 12.5k/month}
  booking: {get: Booking, by: booking_id, rate: 3/s}
  bookings: {count: Booking, by: guest_id, rate: 10/s}
)"},
    .phase = Phase::workload,
    .check = check_counted_rows_expire};

}  // namespace ddbplan::lint
