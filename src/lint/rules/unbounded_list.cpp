#include <algorithm>

#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

/// Pages of 1 MB: beyond, the caller waits for seconds.
constexpr double kRequestsMax = 10;

bool is_unbounded(const model::Read& read) {
  return read.kind == model::ReadKind::list && !read.limit && !read.batch;
}

void check_unbounded_list(const Context& context, Report& report) {
  for (std::size_t i = 0; i < context.workload.patterns.size(); ++i) {
    const model::Pattern& pattern = context.workload.patterns[i];
    const auto* read = std::get_if<model::Read>(&pattern.action);
    if (read == nullptr || !is_unbounded(*read)) continue;
    double requests = 0;
    for (const capacity::StepUsage& step : context.usage->patterns[i].steps) {
      requests = std::max(requests, step.requests.max);
    }
    if (requests <= kRequestsMax) continue;
    report.add(pattern.span,
               fmt::format("{} has no limit and may take {} requests, one after the other",
                           pattern.name, support::format_count(requests)),
               "Give it a `limit` (one request's page) and, if a call reads on, `pages`.");
  }
}

}  // namespace

constinit const Rule kUnboundedList = {
    .info = {.code = "DDB105",
             .name = "unbounded-list",
             .severity = support::Severity::warning,
             .since = "0.1.0",
             .summary = "A list without a limit can take many requests.",
             .rationale = "A Query answers at most 1 MB, and the next page can only be asked for "
                          "with the end of the last one. A "
                          "list that is fine for the average parent becomes a chain of hundreds of "
                          "requests for the largest, "
                          "and loads that parent's key with all of them.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "Query.Pagination.html",
             .bad = R"(ddbplan: 1
service: chat
entities:
  Room: {id: room_id, count: 1k, attributes: {room_id: ulid, title: string 30 B}}
  Message: {id: [room_id, message_id], belongs_to: {Room: 5k .. 20M}, attributes: {message_id: ulid of sent_at, sent_at: timestamp, body: string 180 B}}
access_patterns:
  open: {create: Room, rate: 1/day}
  post: {create: Message, rate: 0.16/s}
  history: {list: Message, by: room_id, order: sent_at desc, with: {room_id: [title]}, rate: 1/min}
)",
             .good = R"(ddbplan: 1
service: chat
entities:
  Room: {id: room_id, count: 1k, attributes: {room_id: ulid, title: string 30 B}}
  Message: {id: [room_id, message_id], belongs_to: {Room: 5k .. 20M}, attributes: {message_id: ulid of sent_at, sent_at: timestamp, body: string 180 B}}
access_patterns:
  open: {create: Room, rate: 1/day}
  room: {get: Room, by: room_id, rate: 1/s}
  post: {create: Message, rate: 0.16/s}
  history: {list: Message, by: room_id, order: sent_at desc, limit: 50, rate: 1/min}
)"},
    .phase = Phase::design,
    .check = check_unbounded_list};

}  // namespace ddbplan::lint
