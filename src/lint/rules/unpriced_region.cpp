#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

void check_unpriced_region(const Context& context, Report& report) {
  for (const std::string& region : context.workload.settings.regions) {
    if (context.prices.find(region) != nullptr) continue;
    const auto near = support::nearest(region, context.prices.regions());
    report.add(key_span(context.source, "regions"),
               fmt::format("the price book has no region `{}`", region),
               near ? fmt::format("Did you mean `{}`?", *near)
                    : "Name a region by its code, as in eu-west-1.");
  }
}

}  // namespace

constinit const Rule kUnpricedRegion = {
    .info = {.code = "DDB501",
             .name = "unpriced-region",
             .severity = support::Severity::error,
             .since = "0.1.0",
             .summary = "The schema names a region that the price book does not have.",
             .rationale = "Designs are chosen by their price, and a price is never guessed. The "
                          "price book is compiled into the "
                          "program; its date is printed among the assumptions of every report.",
             .source = "https://aws.amazon.com/dynamodb/pricing/",
             .bad = R"(ddbplan: 1
service: notes
settings: {regions: [eu-wets-1]}
entities:
  Note: {id: note_id, count: 1k, attributes: {note_id: ulid, text: string 200 B}}
access_patterns:
  write: {create: Note, rate: 10/day}
  read: {get: Note, by: note_id, rate: 5/s}
)",
             .good = R"(ddbplan: 1
service: notes
settings: {regions: [eu-west-1]}
entities:
  Note: {id: note_id, count: 1k, attributes: {note_id: ulid, text: string 200 B}}
access_patterns:
  write: {create: Note, rate: 10/day}
  read: {get: Note, by: note_id, rate: 5/s}
)"},
    .phase = Phase::workload,
    .check = check_unpriced_region};

}  // namespace ddbplan::lint
