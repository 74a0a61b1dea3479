#include <fmt/format.h>

#include "lint/facts.h"
#include "lint/rules/rules.h"
#include "support/text.h"

namespace ddbplan::lint {
namespace {

/// Done once, the action cannot be done again: a row that was new, is gone, or has left the state that it moves from.
bool is_done_once(const model::Write& write) {
  if (write.kind == model::WriteKind::create || write.kind == model::WriteKind::delete_rows)
    return true;
  return write.move && write.move->to && !write.move->from.empty() &&
         !support::contains(write.move->from, *write.move->to);
}

void check_retry_applies_twice(const Context& context, Report& report) {
  for (const model::Pattern& pattern : context.workload.patterns) {
    if (!is_transaction(pattern) || pattern.idempotent) continue;
    bool adds = false;
    bool fails_again = false;
    for (const model::Write* write : writes_of(pattern)) {
      adds = adds || adds_to_numbers(*write);
      // Then the repetition fails as a whole.
      fails_again = fails_again || is_done_once(*write);
    }
    if (!adds || fails_again) continue;
    report.add(
        pattern.span,
        fmt::format("a retry of {} after a lost answer adds a second time", pattern.name),
        "Say `idempotent: 10 min`, and the request carries a token that DynamoDB remembers.");
  }
}

}  // namespace

constinit const Rule kRetryAppliesTwice = {
    .info = {.code = "DDB602",
             .name = "retry-applies-twice",
             .severity = support::Severity::warning,
             .since = "0.1.0",
             .summary = "A transaction that adds to numbers may be applied twice.",
             .rationale = "An answer can be lost after the transaction was done. SDKs and callers "
                          "then try again, and an addition is "
                          "not a value that can be set twice. A client request token makes the "
                          "repetition within ten minutes a "
                          "success that changes nothing.",
             .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
                       "transaction-apis.html",
             .bad = R"(ddbplan: 1
service: bank
entities:
  Account: {id: account_id, count: 1M, attributes: {account_id: ulid, balance: number}}
access_patterns:
  open: {create: Account, rate: 1/min}
  balance: {get: Account, by: account_id, consistency: strong, rate: 50/s}
  transfer: {transaction: [{update: Account, by: account_id, add: {balance: -:amount}, if: balance >= :amount}, {update: Account, by: account_id, add: {balance: +:amount}}], rate: 10/s}
)",
             .good = R"(ddbplan: 1
service: bank
entities:
  Account: {id: account_id, count: 1M, attributes: {account_id: ulid, balance: number}}
access_patterns:
  open: {create: Account, rate: 1/min}
  balance: {get: Account, by: account_id, consistency: strong, rate: 50/s}
  transfer: {transaction: [{update: Account, by: account_id, add: {balance: -:amount}, if: balance >= :amount}, {update: Account, by: account_id, add: {balance: +:amount}}], idempotent: 10 min, rate: 10/s}
)"},
    .phase = Phase::workload,
    .check = check_retry_applies_twice};

}  // namespace ddbplan::lint
