#include <fmt/format.h>

#include "dynamo/limits.h"
#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

double bytes_max(const model::Workload& workload, const model::Pattern& pattern) {
  double bytes = 0;
  for (const model::Write* write : writes_of(pattern)) {
    if (write->entities.empty()) continue;
    bytes += write->times.max * row_bytes(workload.entity(write->entities.front())).max;
  }
  for (const model::Read* read : reads_of(pattern)) {
    if (!read->entities.empty()) bytes += row_bytes(workload.entity(read->entities.front())).max;
  }
  return bytes;
}

void check_transaction_too_large(const Context& context, Report& report) {
  for (const model::Pattern& pattern : context.workload.patterns) {
    if (!is_transaction(pattern)) continue;
    const double bytes = bytes_max(context.workload, pattern);
    if (bytes <= static_cast<double>(dynamo::limits::kTransactionBytesMax)) continue;
    report.add(pattern.span,
               fmt::format("the items of {} may take {} together; a transaction takes at most 4 MB",
                           pattern.name, support::format_bytes(bytes)),
               "Lower the maxima, or keep the large attributes in rows that the transaction leaves "
               "alone.");
  }
}

}  // namespace

constinit const Rule kTransactionTooLarge = {
    .info = {.code = "DDB304",
             .name = "transaction-too-large",
             .severity = support::Severity::error,
             .since = "0.1.0",
             .summary = "The items of a transaction can be larger than 4 MB together.",
             .rationale = "DynamoDB refuses it whole, and it does so for whole items, not for the "
                          "attributes that change.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "transaction-apis.html",
             .bad = R"(ddbplan: 1
service: press
entities:
  Issue: {id: issue_id, count: 1k, attributes: {issue_id: ulid, title: string 60 B}}
  Page: {id: page_id, belongs_to: {Issue: 30 .. 90}, attributes: {page_id: ulid, body: string 20 KB .. 200 KB}}
access_patterns:
  print: {transaction: [{create: Issue}, {create: Page, times: 30 .. 90}], rate: 1/day}
  issue: {get: Issue, by: issue_id, rate: 1/s}
  page: {get: Page, by: page_id, rate: 1/s}
)",
             .good = R"(ddbplan: 1
service: press
entities:
  Issue: {id: issue_id, count: 1k, attributes: {issue_id: ulid, title: string 60 B}}
  Page: {id: page_id, belongs_to: {Issue: 30 .. 90}, attributes: {page_id: ulid, body: string 20 KB .. 40 KB}}
access_patterns:
  print: {transaction: [{create: Issue}, {create: Page, times: 30 .. 90}], rate: 1/day}
  issue: {get: Issue, by: issue_id, rate: 1/s}
  page: {get: Page, by: page_id, rate: 1/s}
)"},
    .phase = Phase::workload,
    .check = check_transaction_too_large};

}  // namespace ddbplan::lint
