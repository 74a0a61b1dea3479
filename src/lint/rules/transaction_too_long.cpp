#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "dynamo/limits.h"
#include "lint/facts.h"
#include "lint/rules/rules.h"
#include "model/fan_out.h"
#include "model/upkeep.h"
#include "support/text.h"

namespace ddbplan::lint {
namespace {

/// Actions of one write at its most, without those of guards and counters.
double actions_of(const model::Workload& workload, const model::Write& write) {
  return std::ceil(write.for_each ? model::fan_out(workload, write).max : write.times.max);
}

void check_declared(const Context& context, const model::Pattern& pattern, Report& report) {
  double actions = static_cast<double>(reads_of(pattern).size());
  for (const model::Write* write : writes_of(pattern))
    actions += actions_of(context.workload, *write);
  if (actions <= dynamo::limits::kTransactionActionsMax) return;
  report.add(pattern.span,
             fmt::format("{} may have {} actions; a transaction takes at most 100", pattern.name,
                         support::format_count(actions)),
             "Lower the maximum of `times` or of the related rows, or do the rest in steps that "
             "may be repeated.");
}

/// An original and all copies of it in one transaction: one action for each row that holds some of them.
void check_copies(const Context& context, const model::Pattern& pattern, Report& report) {
  double actions = static_cast<double>(reads_of(pattern).size());
  std::vector<std::string> names;
  std::set<std::pair<std::size_t, const model::Relation*>> holders;
  for (const model::Write* write : writes_of(pattern)) {
    actions += actions_of(context.workload, *write);
    if (write->entities.empty()) continue;
    for (const model::KeptCopy& copy :
         model::copies_of(context.workload, write->entities.front())) {
      const model::Entity& original = context.workload.entity(write->entities.front());
      if (copy.relation == nullptr || !model::may_change(original, *write, copy.original)) continue;
      names.push_back(context.workload.entity(copy.holder).name + "." + copy.attribute);
      if (holders.emplace(copy.holder.index, copy.relation).second)
        actions += copy.relation->children.max;
    }
  }
  if (names.empty() || actions <= dynamo::limits::kTransactionActionsMax) return;
  report.add(
      pattern.span,
      fmt::format("{} changes {} with their original, up to {} actions; a transaction takes "
                  "at most 100",
                  pattern.name, support::join_list(names), support::format_count(actions)),
      "Say `kept: stream` at the copies, where they may lag by a second, or lower the maximum "
      "of children.");
}

void check_transaction_too_long(const Context& context, Report& report) {
  for (const model::Pattern& pattern : context.workload.patterns) {
    if (is_transaction(pattern)) check_declared(context, pattern, report);
    check_copies(context, pattern, report);
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
