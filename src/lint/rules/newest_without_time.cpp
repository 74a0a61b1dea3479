#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"
#include "model/stream_upkeep.h"

namespace ddbplan::lint {
namespace {

void check_newest_without_time(const Context& context, Report& report) {
  for (std::size_t e = 0; e < context.workload.entities.size(); ++e) {
    const model::Entity& owner = context.workload.entities[e];
    for (const model::Attribute& attribute : owner.attributes) {
      const auto& upkeep = attribute.upkeep;
      if (!upkeep || upkeep->kind != model::Upkeep::Kind::newest_of ||
          upkeep->kept != model::Kept::stream ||
          model::age_beside(context.workload, model::EntityId{e}, attribute))
        continue;
      const std::string& source = context.workload.entity(upkeep->source).name;
      report.add(attribute.span.known() ? attribute.span : owner.span,
                 fmt::format("{} of {} is that of whichever {} comes last", attribute.name,
                             owner.name, source),
                 fmt::format("Keep the time of the newest {} beside it (`newest_of: {}.ATTRIBUTE, "
                             "kept: stream`): then one update sets both, and only if it is newer.",
                             source, source));
    }
  }
}

}  // namespace

constinit const Rule kNewestWithoutTime = {
    .info =
        {.code = "DDB606",
         .name = "newest-without-time",
         .severity = support::Severity::warning,
         .since = "0.1.0",
         .summary = "A late event of a stream is taken for the newest.",
         .rationale =
             "A stream has the changes of one item in their order, but those of several items in "
             "any, and a consumer that fails repeats old ones. A time that is the newest of its "
             "rows is only set where it is greater; another value needs such a time beside it to "
             "tell which of two rows is newer.",
         .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                   "Streams.html",
         .bad = R"(ddbplan: 1
service: customs
entities:
  Container: {id: box_no, count: 300k, attributes: {box_no: string 11 B, last: {newest_of: Move.code, optional: true, kept: stream}}}
  Move: {id: move_id, belongs_to: {Container: 40 .. 400}, attributes: {move_id: ulid of at, at: timestamp, code: string 5 B}}
access_patterns:
  add_box: {create: Container, rate: 1/min, peak: 3/min}
  box: {get: Container, by: box_no, rate: 1/s, peak: 3/s}
  move_box: {create: Move, rate: 20/s, peak: 60/s}
  moves: {list: Move, by: box_no, limit: 50, rate: 1/s, peak: 3/s}
)",
         .good = R"(ddbplan: 1
service: customs
entities:
  Container: {id: box_no, count: 300k, attributes: {box_no: string 11 B, last: {newest_of: Move.code, optional: true, kept: stream}, last_at: {newest_of: Move.at, optional: true, kept: stream}}}
  Move: {id: move_id, belongs_to: {Container: 40 .. 400}, attributes: {move_id: ulid of at, at: timestamp, code: string 5 B}}
access_patterns:
  add_box: {create: Container, rate: 1/min, peak: 3/min}
  box: {get: Container, by: box_no, rate: 1/s, peak: 3/s}
  move_box: {create: Move, rate: 20/s, peak: 60/s}
  moves: {list: Move, by: box_no, limit: 50, rate: 1/s, peak: 3/s}
)"},
    .phase = Phase::workload,
    .check = check_newest_without_time};

}  // namespace ddbplan::lint
