#include "lint/rules/rules.h"

namespace ddbplan::lint {

constinit const Rule kTwoTtlAttributes = {
    .info = {
        .code = "DDB702",
        .name = "two-ttl-attributes",
        .severity = support::Severity::error,
        .since = "0.1.0",
        .summary = "Two entities of a table expire by attributes that cannot be one.",
        .rationale =
            "A table has one TTL attribute: a number, the epoch second from which an item may be "
            "deleted. Entities of a single table that expire by other attributes repeat theirs in it; "
            "one that has an attribute of that name with a meaning of its own cannot. Give the "
            "attribute the same name in all entities that expire, or let settings: {layout: auto} "
            "part their tables.",
        .source = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html",
        .bad = R"(ddbplan: 1
service: login
entities:
  Session: {id: session_id, count: 1M, retention: until expires_at, attributes: {session_id: uuid, data: map 600 B}}
  Code: {id: code_id, count: 10k, retention: until valid_until, attributes: {code_id: uuid, digits: string 6 B, expires_at: timestamp}}
access_patterns:
  log_in: {put: Session, rate: 40/s}
  check: {get: Session, by: session_id, rate: 900/s}
  send: {put: Code, rate: 1/s}
  redeem: {get: Code, by: code_id, rate: 1/s}
)",
        .good = R"(ddbplan: 1
service: login
entities:
  Session: {id: session_id, count: 1M, retention: until expires_at, attributes: {session_id: uuid, data: map 600 B}}
  Code: {id: code_id, count: 10k, retention: until expires_at, attributes: {code_id: uuid, digits: string 6 B}}
access_patterns:
  log_in: {put: Session, rate: 40/s}
  check: {get: Session, by: session_id, rate: 900/s}
  send: {put: Code, rate: 1/s}
  redeem: {get: Code, by: code_id, rate: 1/s}
)"}};

}  // namespace ddbplan::lint
