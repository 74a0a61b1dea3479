#include "lint/rules/rules.h"

namespace ddbplan::lint {

constinit const Rule kNoBaseKey = {
    .info = {.code = "DDB111",
             .name = "no-base-key",
             .severity = support::Severity::error,
             .since = "0.1.0",
             .summary = "No base key can hold the identity of an entity.",
             .rationale =
                 "A key attribute must be there in every row, must never change, and is text, a "
                 "number or "
                 "binary. An identity with an optional part, a part that some pattern changes, or "
                 "a part "
                 "that is a list cannot be a key. Give the entity an identifier of its own.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "HowItWorks.CoreComponents.html",
             .bad = R"(ddbplan: 1
service: shop
entities:
  Price: {id: amount, count: 1k, attributes: {amount: number, label: string 20 B}}
access_patterns:
  add: {create: Price, rate: 1/day}
  show: {get: Price, by: amount, rate: 1/s}
)",
             .good = R"(ddbplan: 1
service: shop
entities:
  Price: {id: price_id, count: 1k, attributes: {price_id: ulid, amount: number, label: string 20 B}}
access_patterns:
  add: {create: Price, rate: 1/day}
  show: {get: Price, by: price_id, rate: 1/s}
)"}};

}  // namespace ddbplan::lint
