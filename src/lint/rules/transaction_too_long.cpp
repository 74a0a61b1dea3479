#include <cmath>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

void check_transaction_too_long(const Context& context, Report& report) {
  for (const model::Pattern& pattern : context.workload.patterns) {
    if (!is_transaction(pattern)) continue;
    double actions = static_cast<double>(reads_of(pattern).size());
    for (const model::Write* write : writes_of(pattern)) actions += std::ceil(write->times.max);
    if (actions <= dynamo::limits::kTransactionActionsMax) continue;
    report.add(pattern.span,
               fmt::format("{} may have {} actions; a transaction takes at most 100", pattern.name,
                           support::format_count(actions)),
               "Lower the maximum of `times`, or do the rest in steps that may be repeated.");
  }
}

}  // namespace

constinit const Rule kTransactionTooLong = {
    .info = {.code = "DDB303",
             .name = "transaction-too-long",
             .severity = support::Severity::error,
             .since = "0.1.0",
             .summary = "A transaction can have more than 100 actions.",
             .rationale =
                 "DynamoDB refuses it whole. The maximum counts, not the mean: one large order "
                 "that cannot be placed is a "
                 "defect. Guards, counters and copies that the plan adds count as actions too.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "transaction-apis.html",
             .bad = R"(ddbplan: 1
service: shop
entities:
  Order: {id: order_id, count: 1M, attributes: {order_id: ulid, total: number}}
  Product: {id: sku, count: 80k, attributes: {sku: string 10 B, stock: integer}}
access_patterns:
  add: {create: Product, rate: 1/min}
  place: {transaction: [{create: Order}, {update: Product, by: sku, add: {stock: -:n}, if: stock >= :n, times: 3 .. 150}], idempotent: 10 min, rate: 1/s}
  order: {get: Order, by: order_id, rate: 5/s}
)",
             .good = R"(ddbplan: 1
service: shop
entities:
  Order: {id: order_id, count: 1M, attributes: {order_id: ulid, total: number}}
  Product: {id: sku, count: 80k, attributes: {sku: string 10 B, stock: integer}}
access_patterns:
  add: {create: Product, rate: 1/min}
  place: {transaction: [{create: Order}, {update: Product, by: sku, add: {stock: -:n}, if: stock >= :n, times: 3 .. 40}], idempotent: 10 min, rate: 1/s}
  order: {get: Order, by: order_id, rate: 5/s}
)"},
    .phase = Phase::workload,
    .check = check_transaction_too_long};

}  // namespace ddbplan::lint
