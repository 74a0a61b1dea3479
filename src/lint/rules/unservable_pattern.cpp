#include "lint/rules/rules.h"

namespace ddbplan::lint {

constinit const Rule kUnservablePattern = {
    .info = {.code = "DDB110",
             .name = "unservable-pattern",
             .severity = support::Severity::error,
             .since = "0.1.0",
             .summary =
                 "No key can serve an access pattern, or a limit of DynamoDB forbids every way to.",
             .rationale =
                 "The planner tried every layout that it knows. The message says what stands in "
                 "the way: a strongly "
                 "consistent read that only a global index could answer, a text search, a read "
                 "without any equality. Change "
                 "the pattern, or say how it is served otherwise (search, analyse, export).",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "bp-general-nosql-design.html",
             .bad = R"(ddbplan: 1
service: shop
entities:
  Product: {id: sku, count: 80k, attributes: {sku: string 10 B, brand: {type: string 8 B, distinct: 900}, maker: {type: string 8 B, distinct: 90}}}
access_patterns:
  add: {create: Product, rate: 1/min}
  show: {get: Product, by: sku, consistency: strong, rate: 50/s}
  of_brand: {list: Product, by: brand, consistency: strong, limit: 20, rate: 5/s}
  of_maker: {list: Product, by: maker, consistency: strong, limit: 20, rate: 5/s}
)",
             .good = R"(ddbplan: 1
service: shop
entities:
  Product: {id: sku, count: 80k, attributes: {sku: string 10 B, brand: {type: string 8 B, distinct: 900}, maker: {type: string 8 B, distinct: 90}}}
access_patterns:
  add: {create: Product, rate: 1/min}
  show: {get: Product, by: sku, consistency: strong, rate: 50/s}
  of_brand: {list: Product, by: brand, limit: 20, rate: 5/s}
  of_maker: {list: Product, by: maker, limit: 20, rate: 5/s}
)"}};

}  // namespace ddbplan::lint
