#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"

namespace ddbplan::lint {
namespace {

void check_unguarded_decrement(const Context& context, Report& report) {
  for (const model::Pattern& pattern : context.workload.patterns) {
    for (const model::Write* write : writes_of(pattern)) {
      if (write->condition != nullptr) continue;
      for (const model::Addition& addition : write->add) {
        if (!addition.subtract) continue;
        report.add(
            pattern.span,
            fmt::format("nothing stops {} from taking {} below zero", pattern.name,
                        addition.attribute),
            fmt::format("Add a condition, as in `if: {} >= :quantity`.", addition.attribute));
      }
    }
  }
}

}  // namespace

constinit const Rule kUnguardedDecrement = {
    .info = {.code = "DDB603",
             .name = "unguarded-decrement",
             .severity = support::Severity::warning,
             .since = "0.1.0",
             .summary = "A number is decreased without a condition.",
             .rationale = "Reading the number first does not help: another writer may come "
                          "between. A condition is checked in the same "
                          "request, costs nothing more, and can compare the stored number with the "
                          "amount (it cannot calculate).",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "Expressions.ConditionExpressions.html",
             .bad = R"(ddbplan: 1
service: shop
entities:
  Product: {id: sku, count: 80k, attributes: {sku: string 10 B, stock: integer}}
access_patterns:
  add: {create: Product, rate: 1/min}
  show: {get: Product, by: sku, rate: 50/s}
  sell: {update: Product, by: sku, add: {stock: -:quantity}, rate: 5/s}
)",
             .good = R"(ddbplan: 1
service: shop
entities:
  Product: {id: sku, count: 80k, attributes: {sku: string 10 B, stock: integer}}
access_patterns:
  add: {create: Product, rate: 1/min}
  show: {get: Product, by: sku, rate: 50/s}
  sell: {update: Product, by: sku, add: {stock: -:quantity}, if: stock >= :quantity, rate: 5/s}
)"},
    .phase = Phase::workload,
    .check = check_unguarded_decrement};

}  // namespace ddbplan::lint
