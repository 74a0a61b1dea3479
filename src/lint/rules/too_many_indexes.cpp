#include "lint/rules/rules.h"

namespace ddbplan::lint {

constinit const Rule kTooManyIndexes = {
    .info = {
        .code = "DDB202",
        .name = "too-many-indexes",
        .severity = support::Severity::error,
        .since = "0.1.0",
        .summary = "The access patterns need more indexes than a table may have.",
        .rationale = "A table has at most 20 global indexes (a quota that AWS can raise) and 5 "
                     "local ones, or "
                     "what limits: allows. Each index is a copy of the data that every write pays. "
                     "More than a "
                     "handful of lists by different attributes is a search: declare it as one.",
        .source =
            "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html",
        .bad = R"(ddbplan: 1
service: parts
entities:
  Part: {id: part_id, count: 100k, attributes: {part_id: ulid, a00: {type: string 8 B, distinct: 1000}, a01: {type: string 8 B, distinct: 1000}, a02: {type: string 8 B, distinct: 1000}, a03: {type: string 8 B, distinct: 1000}, a04: {type: string 8 B, distinct: 1000}, a05: {type: string 8 B, distinct: 1000}, a06: {type: string 8 B, distinct: 1000}, a07: {type: string 8 B, distinct: 1000}, a08: {type: string 8 B, distinct: 1000}, a09: {type: string 8 B, distinct: 1000}, a10: {type: string 8 B, distinct: 1000}, a11: {type: string 8 B, distinct: 1000}, a12: {type: string 8 B, distinct: 1000}, a13: {type: string 8 B, distinct: 1000}, a14: {type: string 8 B, distinct: 1000}, a15: {type: string 8 B, distinct: 1000}, a16: {type: string 8 B, distinct: 1000}, a17: {type: string 8 B, distinct: 1000}, a18: {type: string 8 B, distinct: 1000}, a19: {type: string 8 B, distinct: 1000}, a20: {type: string 8 B, distinct: 1000}, a21: {type: string 8 B, distinct: 1000}, a22: {type: string 8 B, distinct: 1000}}}
access_patterns:
  add: {create: Part, rate: 1/min}
  by_00: {list: Part, by: a00, limit: 10, returns: [part_id], rate: 5/s}
  by_01: {list: Part, by: a01, limit: 10, returns: [part_id], rate: 5/s}
  by_02: {list: Part, by: a02, limit: 10, returns: [part_id], rate: 5/s}
  by_03: {list: Part, by: a03, limit: 10, returns: [part_id], rate: 5/s}
  by_04: {list: Part, by: a04, limit: 10, returns: [part_id], rate: 5/s}
  by_05: {list: Part, by: a05, limit: 10, returns: [part_id], rate: 5/s}
  by_06: {list: Part, by: a06, limit: 10, returns: [part_id], rate: 5/s}
  by_07: {list: Part, by: a07, limit: 10, returns: [part_id], rate: 5/s}
  by_08: {list: Part, by: a08, limit: 10, returns: [part_id], rate: 5/s}
  by_09: {list: Part, by: a09, limit: 10, returns: [part_id], rate: 5/s}
  by_10: {list: Part, by: a10, limit: 10, returns: [part_id], rate: 5/s}
  by_11: {list: Part, by: a11, limit: 10, returns: [part_id], rate: 5/s}
  by_12: {list: Part, by: a12, limit: 10, returns: [part_id], rate: 5/s}
  by_13: {list: Part, by: a13, limit: 10, returns: [part_id], rate: 5/s}
  by_14: {list: Part, by: a14, limit: 10, returns: [part_id], rate: 5/s}
  by_15: {list: Part, by: a15, limit: 10, returns: [part_id], rate: 5/s}
  by_16: {list: Part, by: a16, limit: 10, returns: [part_id], rate: 5/s}
  by_17: {list: Part, by: a17, limit: 10, returns: [part_id], rate: 5/s}
  by_18: {list: Part, by: a18, limit: 10, returns: [part_id], rate: 5/s}
  by_19: {list: Part, by: a19, limit: 10, returns: [part_id], rate: 5/s}
  by_20: {list: Part, by: a20, limit: 10, returns: [part_id], rate: 5/s}
  by_21: {list: Part, by: a21, limit: 10, returns: [part_id], rate: 5/s}
  by_22: {list: Part, by: a22, limit: 10, returns: [part_id], rate: 5/s}
)",
        .good = R"(ddbplan: 1
service: parts
entities:
  Part: {id: part_id, count: 100k, attributes: {part_id: ulid, a00: {type: string 8 B, distinct: 1000}, a01: {type: string 8 B, distinct: 1000}, a02: {type: string 8 B, distinct: 1000}, a03: {type: string 8 B, distinct: 1000}, a04: {type: string 8 B, distinct: 1000}, a05: {type: string 8 B, distinct: 1000}, a06: {type: string 8 B, distinct: 1000}, a07: {type: string 8 B, distinct: 1000}, a08: {type: string 8 B, distinct: 1000}, a09: {type: string 8 B, distinct: 1000}, a10: {type: string 8 B, distinct: 1000}, a11: {type: string 8 B, distinct: 1000}, a12: {type: string 8 B, distinct: 1000}, a13: {type: string 8 B, distinct: 1000}, a14: {type: string 8 B, distinct: 1000}, a15: {type: string 8 B, distinct: 1000}, a16: {type: string 8 B, distinct: 1000}, a17: {type: string 8 B, distinct: 1000}, a18: {type: string 8 B, distinct: 1000}, a19: {type: string 8 B, distinct: 1000}, a20: {type: string 8 B, distinct: 1000}}}
access_patterns:
  add: {create: Part, rate: 1/min}
  find: {search: Part, text: [a00, a01], rate: 5/s}
  show: {get: Part, by: part_id, rate: 5/s}
)"}};

}  // namespace ddbplan::lint
