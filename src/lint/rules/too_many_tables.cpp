#include "lint/rules/rules.h"

namespace ddbplan::lint {

constinit const Rule kTooManyTables = {
    .info = {
        .code = "DDB206",
        .name = "too-many-tables",
        .severity = support::Severity::error,
        .since = "0.1.0",
        .summary = "A table for each entity makes more tables than limits: allows.",
        .rationale = "With layout: table-per-entity the number of tables is the number of "
                     "entities. Raise limits: {tables}, or let layout: auto group the entities "
                     "within the limit.",
        .source =
            "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html",
        .bad = R"(ddbplan: 1
service: shop
settings: {layout: table-per-entity}
limits: {tables: 1}
entities:
  Product: {id: sku, count: 80k, attributes: {sku: string 10 B, title: string 60 B}}
  Voucher: {id: code, count: 1k, attributes: {code: string 8 B, percent: integer}}
access_patterns:
  add_product: {create: Product, rate: 1/min}
  product: {get: Product, by: sku, rate: 90/s}
  add_voucher: {create: Voucher, rate: 1/min}
  voucher: {get: Voucher, by: code, rate: 1/s}
)",
        .good = R"(ddbplan: 1
service: shop
settings: {layout: auto}
limits: {tables: 1}
entities:
  Product: {id: sku, count: 80k, attributes: {sku: string 10 B, title: string 60 B}}
  Voucher: {id: code, count: 1k, attributes: {code: string 8 B, percent: integer}}
access_patterns:
  add_product: {create: Product, rate: 1/min}
  product: {get: Product, by: sku, rate: 90/s}
  add_voucher: {create: Voucher, rate: 1/min}
  voucher: {get: Voucher, by: code, rate: 1/s}
)"}};

}  // namespace ddbplan::lint
